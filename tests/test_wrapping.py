"""Line ends weighed as arrays give what each gives by itself."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle_wraps
from reportclean.text.artefacts.lineends import unfinished_lines
from reportclean.text.artefacts.wrapping import find_wraps
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import Scanned
from sentences import sentences
from strategies import HOSTILE_PIECES, hostile, mixed, reports

CASES = sorted((Path(__file__).parent / "cases" / "artefacts").rglob("*.json"))
MADE = sentences(400, seed=11)


def wrapped(text, width, indent, rng):
    """A text cut into lines of about a width, as programs cut it."""
    lines = []
    while text:
        cut = max(1, width + rng.choice([0, 0, 0, -1, 1]))
        lines.append(text[:cut])
        text = text[cut:]
    return ("\n" + indent).join(lines)


def made(seed):
    """A document of sentences, some of its paragraphs cut into lines, some with odd ends and beginnings."""
    rng = random.Random(seed)
    paragraphs = []
    for _ in range(rng.randrange(1, 9)):
        text = "".join(rng.sample(MADE, rng.randrange(1, 4)))
        if rng.random() < 0.5:
            text = wrapped(
                text, rng.choice([16, 20, 30, 45]), rng.choice(["", "", "", "\u3000\u3000", " "]), rng
            )
        if rng.random() < 0.4:
            at = rng.randrange(len(text) + 1)
            text = (
                text[:at]
                + rng.choice(["\n", " \n", "（\n", "\n“", "  \r\n", "，\n", "\n，", "\nabc"])
                + text[at:]
            )
        if rng.random() < 0.1:
            text = rng.choice(["一、", "\x00", "# ", "电话："]) + text
        paragraphs.append(text)
    return "\n".join(paragraphs)


@pytest.mark.parametrize(
    "seeds", [range(at, at + 30) for at in range(0, 300, 30)], ids=lambda seeds: seeds[0]
)
def test_made_documents_are_joined_as_the_rules_say(seeds):
    text = SEPARATOR.join(map(made, seeds))
    found = list(find_wraps(text))
    assert found == list(oracle_wraps.find_wraps(text))
    assert found == list(find_wraps(Scanned(text)))
    assert len(found) > 30


def test_every_kind_of_evidence_is_met():
    stems = {hit.stem for seed in range(300) for hit in find_wraps(made(seed))}
    assert stems == {
        *("word", "bracket", "punctuation", "binding", "suffix", "fragment", "clause", "column", "company")
    }


def test_cases_are_joined_as_the_rules_say():
    texts = [text for path in CASES for text in strings(json.loads(path.read_text("utf-8")))]
    assert len(texts) > 50
    joined = SEPARATOR.join(texts)
    assert list(find_wraps(joined)) == list(oracle_wraps.find_wraps(joined))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


PIECES = st.sampled_from(
    [
        *"，。“”（）\n\n\n 1a#\r\x00\u3000",
        "二是",
        "加强管理",
        "工作总结报告会议精神",
        "我们一定要把安全生产",
        "\U00020000",
        "通过",
        "电话：",
    ]
)


@settings(max_examples=400)
@given(
    st.one_of(
        st.lists(PIECES, max_size=60).map("".join),
        st.lists(st.one_of(reports(), mixed(), hostile(), st.sampled_from(HOSTILE_PIECES)), max_size=4).map(
            SEPARATOR.join
        ),
    )
)
def test_any_text_is_joined_as_the_rules_say(text):
    assert list(find_wraps(text)) == list(oracle_wraps.find_wraps(text))
    ends = unfinished_lines(Scanned(text)) if "\n" in text else []
    assert list(zip(*(part.tolist() for part in ends), strict=True)) == list(oracle_wraps.candidates(text))


def test_pairs_are_bound_by_what_they_are_likelier_together():
    text = "加强管理，做好服务abc\U0003fffd甲"
    points = code_points(text)
    expected = model().each_point(points)[1:] - model().alone[points[1:]]
    assert np.array_equal(model().bound(points[:-1], points[1:]), expected)
