"""A text that was looked up gives the hits of the text itself."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportclean.rules.registry import all_rules
from reportclean.text import scanned
from reportclean.text.charclass import classes_of, table
from reportclean.text.joining import SEPARATOR
from reportclean.text.placeholders import find_masks
from reportclean.text.scanned import (
    ANCHORS,
    SPACES,
    At,
    Scanned,
    anchored,
    begins,
    document_starts,
    feeds_before,
    matches_from,
    tops_with,
)
from strategies import HOSTILE_PIECES, hostile, mixed, reports

CASES = sorted((Path(__file__).parent / "cases").rglob("*.json"))
FINDERS = [*dict.fromkeys(rule.finder for rule in all_rules() if rule.finder is not None), find_masks]


def anchored_patterns():
    """Every pattern with its places, as the finders give them to ``anchored``."""
    seen = {}

    def spy(_text, pattern, *ats):
        seen[pattern.pattern] = (pattern, ats)
        return iter(())

    users = [module for name, module in sys.modules.items() if name.startswith("reportclean.text.")]
    users = [module for module in users if getattr(module, "anchored", None) is anchored]
    for module in users:
        module.anchored = spy
    try:
        for finder in FINDERS:
            list(finder(Scanned("甲")))
    finally:
        for module in users:
            module.anchored = anchored
    return list(seen.values())


PATTERNS = anchored_patterns()


def spans(matches):
    return [match.span() for match in matches]


def test_the_patterns_are_found():
    assert len(PATTERNS) > 40


@pytest.mark.skipif(settings().max_examples < 1000, reason="a soak of minutes: --hypothesis-profile=soak")
@pytest.mark.parametrize(("pattern", "ats"), PATTERNS, ids=range(len(PATTERNS)))
@settings(suppress_health_check=list(HealthCheck), max_examples=300, deadline=None)
@given(data=st.data())
def test_a_pattern_finds_by_its_places_what_it_finds_by_itself(pattern, ats, data):
    made = st.from_regex(pattern).filter(lambda text: len(text) < 300)
    around = st.sampled_from(
        ["", "\n", "甲", "甲乙，", " ", "\u3000\u3000", "。", "1", "a", "（", "x", "\n\x00\n"]
    )
    pieces = data.draw(st.lists(st.one_of(made, around), min_size=1, max_size=5))
    text = "".join(pieces)
    assert spans(anchored(Scanned(text), pattern, *ats)) == spans(pattern.finditer(text))


def texts_in(value):
    """Every string in a file of cases."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def test_finders_find_the_same_in_all_cases_and_in_the_documentation():
    cases = [text for path in CASES for text in texts_in(json.loads(path.read_text("utf-8")))]
    cases += [rule.doc for rule in all_rules()]
    assert len(cases) > 500
    text = SEPARATOR.join(cases)
    looked = Scanned(text)
    for finder in FINDERS:
        found = list(finder(text))
        assert list(finder(looked)) == found, finder.__name__


@given(pieces=st.lists(st.one_of(reports(), mixed(), hostile(), st.sampled_from(HOSTILE_PIECES)), max_size=4))
def test_finders_find_the_same_in_a_scanned_text(pieces):
    text = SEPARATOR.join(pieces)
    looked = Scanned(text)
    for finder in FINDERS:
        assert list(finder(looked)) == list(finder(text)), finder.__name__


def test_every_anchor_is_where_some_pattern_begins():
    used = {sign for _, ats in PATTERNS for at in ats for sign in at.first}
    # Asked for by finders themselves: borders, tops, counts, where a bracket closes.
    apart = set("\n\x00/:-_|–—.… \u3000篇份则則”’）)》」』")
    assert set(ANCHORS) == used | apart
    assert len(set(ANCHORS)) == len(ANCHORS) < 256


def test_places_are_those_of_the_text():
    text = Scanned("甲。。乙\n。丙1\n2")
    assert text.places("。").tolist() == [1, 2, 5]
    assert text.places("1").tolist() == [7]
    assert begins(text, At("。", "乙")).tolist() == [2]
    assert begins(text, At("。", before="\n")).tolist() == [5]
    assert begins(text, At("。\n", third="丙")).tolist() == [4]
    assert begins(text, At("2", "甲")).tolist() == []
    with pytest.raises(ValueError, match="substring"):
        text.places("甲")


@given(
    st.lists(
        st.one_of(st.text(max_size=6), st.sampled_from(["甲乙", "ab", "", "〇", "\U0003fffd"])), max_size=8
    )
)
def test_classes_of_stretches_are_those_of_their_texts(pieces):
    ends = np.cumsum([len(piece) + 1 for piece in pieces], dtype=np.int64) - 1
    starts = ends - np.array([len(piece) for piece in pieces], dtype=np.int64)
    found = Scanned("。".join(pieces)).classes_between(starts, ends)
    assert found.tolist() == [int(classes_of(piece)) for piece in pieces]


def test_every_character_has_the_classes_of_its_number():
    numbers, classes = scanned._numbers()
    assert np.array_equal(classes[numbers], table())


@given(
    st.lists(st.sampled_from(["甲", "\n", "、", "乙丙", "\n\n"]), max_size=14).map("".join), st.integers(1, 4)
)
def test_line_feeds_are_those_with_a_sign_within_reach(text, reach):
    looked = Scanned(text)
    expected = [m.start() for m in re.finditer(rf"\n(?=[^\n、]{{0,{reach - 1}}}、)", text)]
    assert feeds_before(looked, looked.places("、"), reach) == expected


def test_matches_from_places_do_not_overlap():
    assert spans(matches_from("aaaa", re.compile("aa"), [0, 1, 2, 3])) == [(0, 2), (2, 4)]


def test_beyond_the_end_stands_a_line_feed():
    assert Scanned("甲").codes_at(np.array([0, 1, 5])).tolist() == [ord("甲"), 10, 10]


def test_what_lies_above_the_basic_plane_is_no_member():
    assert not scanned.among(np.array([0x20000, 0xFFFF], np.uint32), "甲").any()


@given(st.lists(st.sampled_from(["甲", "\n", "\x00", SEPARATOR, "乙丙"]), max_size=12).map("".join))
def test_documents_start_behind_borders(text):
    expected = [0, *(m.start() + 3 for m in re.finditer("(?=\n\x00\n)", text))]
    assert Scanned(text).documents.tolist() == document_starts(text) == expected


@given(st.lists(st.sampled_from(["甲", "\n", "…", SEPARATOR]), max_size=14).map("".join), st.integers(1, 3))
def test_tops_are_the_first_lines_of_each_document(text, lines):
    looked = Scanned(text)
    bounds = [*document_starts(text), len(text) + 3]
    expected = [
        start
        for start, end in pairwise(bounds)
        if "…" in "\n".join(text[start : max(start, end - 3)].split("\n")[:lines])
    ]
    assert tops_with(looked, looked.places("…"), lines) == expected


def test_space_is_what_python_takes_for_space():
    assert set(SPACES) == {chr(point) for point in range(0x110000) if chr(point).isspace()}
    assert all(re.fullmatch(r"\s", sign) for sign in SPACES)
