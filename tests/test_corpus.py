"""The corpus with planted truth: the same each time, and its labels are true."""

import os
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
import quality
from grammar import expand, grammar, languages, written
from oracles import jaccard, shingles_of, tokens_of
from processes import tree_pss
from reportclean import fold
from strategies import reports
from variants import KINDS

MEGABYTES = 1.2


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Documents by id, their truth, and what the generator counted."""
    folder = tmp_path_factory.mktemp("corpus")
    counted = corpus.write(MEGABYTES, folder / "c.jsonl", folder / "t.jsonl", processes=2)
    documents = [msgspec.json.decode(line) for line in (folder / "c.jsonl").read_bytes().splitlines()]
    return {doc["id"]: doc["text"] for doc in documents}, quality.read_truth(folder / "t.jsonl"), counted


def sections(made):
    texts, truth, _ = made
    for document in truth:
        for section in document.sections:
            yield section.group, section.kind, texts[document.id][section.start : section.end], document


@pytest.fixture(scope="module")
def originals(made):
    """Texts of the reports that stand alone, by group."""
    return {group: text for group, kind, text, _ in sections(made) if kind == "original"}


@cache
def key(kind, text):
    """The shingles of the key, after the repair that can be done perfectly."""
    return shingles_of(tokens_of(text.encode("latin-1").decode() if kind == "latin1" else text), 5)


def grams(text):
    return {text[at : at + 5] for at in range(len(text) - 4)}


def test_the_same_bytes_for_the_same_seed_with_any_number_of_processes(tmp_path):
    def written_with(name, **settings):
        out, truth = tmp_path / name, tmp_path / f"{name}-truth"
        corpus.write(MEGABYTES, out, truth, **settings)
        return out.read_bytes(), truth.read_bytes()

    alone = written_with("alone", processes=1)
    assert alone == written_with("two", processes=2)
    assert alone != written_with("other", seed=2)


def test_a_larger_corpus_begins_with_the_smaller(tmp_path):
    for megabytes in (0.5, 1.5):
        corpus.write(megabytes, tmp_path / f"{megabytes}", tmp_path / f"{megabytes}-truth")
    small, large = (tmp_path / name for name in ("0.5", "1.5"))
    assert large.read_bytes().startswith(small.read_bytes())
    assert large.stat().st_size > 2 * small.stat().st_size


def test_counts_and_shares_are_those_stated(made):
    texts, truth, counted = made
    assert counted["bytes"] == sum(len(text.encode()) for text in texts.values())
    assert MEGABYTES <= counted["bytes"] / 1e6 < MEGABYTES + 1.5
    assert counted["documents"] == len(texts) == len(truth)
    kinds = Counter(kind for _, kind, _, _ in sections(made))
    assert kinds == {kind: counted[kind] for kind in ("original", "template", *KINDS)}
    alone = Counter(doc.sections[0].kind for doc in truth if len(doc.sections) == 1)
    assert sum(alone[kind] for kind in KINDS) == 0.2 * kinds.total()
    assert alone["template"] == 0.1 * kinds.total()
    assert not alone["exact"]
    assert all(alone[kind] for kind in KINDS if kind != "exact")


def test_every_group_has_one_original_and_every_section_its_own_place(made):
    originals, copies = Counter(), set()
    for group, kind, text, _ in sections(made):
        assert text.strip()
        if kind in ("original", "template"):
            originals[group] += 1
        else:
            copies.add(group)
    assert set(originals.values()) == {1}
    assert copies <= originals.keys()
    for document in made[1]:
        for left, right in zip(document.sections, document.sections[1:], strict=False):
            assert left.end < right.start


def test_compilations_promise_as_many_articles_as_they_have(made):
    texts, truth, _ = made
    pages = [document for document in truth if len(document.sections) > 1]
    assert pages
    for page in pages:
        title = texts[page.id].split("\n", 1)[0]
        assert title.endswith(f"精选{len(page.sections)}篇")
        for section in page.sections:
            heading = texts[page.id][section.start : section.end].split("\n", 1)[0]
            assert "篇" in heading
            assert "。" not in heading


@pytest.mark.parametrize("kind", [kind for kind, (_, least) in KINDS.items() if least is not None])
def test_what_is_left_of_a_report_is_what_its_kind_promises(made, originals, kind):
    found = [
        jaccard(key(kind, text), key("", originals[group]))
        for group, of_kind, text, document in sections(made)
        if of_kind == kind and (len(document.sections) == 1 or kind == "exact")
    ]
    assert found
    least = KINDS[kind][1] - (0.1 if kind == "exact" else 0)  # an exact copy has the heading of its page
    assert min(found) >= least


def test_what_a_threshold_need_not_find_is_changed_but_not_unlike(made, originals):
    spun = [
        jaccard(key("", text), key("", originals[group]))
        for group, kind, text, _ in sections(made)
        if kind == "spun"
    ]
    assert 0.5 < np.mean(spun) < 0.8
    garbled = [(text, originals[group]) for group, kind, text, _ in sections(made) if kind == "gbk"]
    for text, original in garbled:
        assert not grams(text) & grams(original)
        restored = text.encode("gb18030").decode("utf-8", "replace")
        assert jaccard(grams(restored), grams(original)) > 0.2


def test_different_reports_share_next_to_nothing(made):
    found = [grams(text) for _, kind, text, _ in sections(made) if kind == "original"]
    assert max(jaccard(a, b) for a, b in combinations(found[:80], 2)) < 0.3


@pytest.mark.parametrize("root", ["zh", "en", "ja"])
def test_reports_far_apart_and_of_one_language_share_next_to_nothing(root):
    numbers = range(0, 60_000_000, 1_000_003)
    made = expand(1, numbers, [root] * len(numbers))
    found = [grams(written(grammar().words[words].tolist(), root)) for words in made]
    assert max(jaccard(a, b) for a, b in combinations(found, 2)) < 0.3


def test_forms_of_one_template_share_boilerplate_but_are_no_duplicates(made):
    forms = defaultdict(list)
    for group, kind, text, _ in sections(made):
        if kind == "template":
            forms[group.split("/")[0]].append(key("", text))
    pairs = [jaccard(a, b) for of_one in forms.values() for a, b in combinations(of_one, 2)]
    assert len(pairs) > 10
    assert min(pairs) > 0.15
    assert max(pairs) < 0.78


def test_a_report_is_the_same_alone_and_among_others():
    among = expand(3, [5, 900_000, 17], ["zh", "en", "zh"])
    for number, root, words in zip([5, 900_000, 17], ["zh", "en", "zh"], among, strict=True):
        assert np.array_equal(words, expand(3, [number], [root])[0])
    assert languages(3, [17, 5])[1] == languages(3, [5])[0]


MISSED = [
    # group, kind, stayed, judged; recall, precision, missed
    ([("a", "original", True, True), ("a", "year", False, True)], 1.0, 1.0, {}),
    ([("a", "original", True, True), ("a", "year", True, True)], 0.0, 1.0, {"year": 1}),
    (
        [("a", "year", True, True), ("a", "original", False, True), ("a", "spun", True, True)],
        0.5,
        1.0,
        {"spun": 1},
    ),
    ([("a", "original", False, True), ("b", "original", True, True)], 1.0, 0.0, {}),
    ([("a", "original", False, True), ("a", "exact", True, False)], 1.0, 1.0, {}),
]


@pytest.mark.parametrize(("rows", "recall", "precision", "missed"), MISSED)
def test_removals_are_judged_by_group(rows, recall, precision, missed):
    found = quality.removals(rows)
    assert (found.recall, found.precision, dict(found.missed)) == (recall, precision, missed)


@given(st.lists(reports(), max_size=3).map("\n".join))
def test_the_oracle_reads_tokens_off_the_key_as_folding_cuts_them(text):
    assert quality.tokens_of(fold(text)) == tokens_of(text)


def test_the_oracle_agrees_with_greedy_sets_and_sees_what_was_missed():
    texts = [text for number in range(6) for text in _pair(number)]
    keys = [quality.tokens_of(fold(text)) for text in texts]
    right = np.array([number % 2 == 1 for number in range(len(texts))])
    good = quality.compared(keys, right)
    assert (good.removed, good.also, good.more, good.kept_pairs) == (6, 6, 0, 0)
    wrong = right.copy()
    wrong[0], wrong[1] = True, False
    bad = quality.compared(keys, wrong)
    assert (bad.also, bad.more) == (5, 1)
    nothing = quality.compared(keys, np.zeros(len(texts), dtype=bool))
    assert nothing.kept_pairs == 6
    assert nothing.highest > 0.9


def _pair(number):
    words = expand(5, [number], ["zh"])[0]
    text = written(grammar().words[words].tolist(), "zh")
    return text, text[:-6] + "另行补报"


def test_memory_is_that_of_the_tree():
    assert tree_pss(os.getpid()) > 10_000_000
    assert tree_pss(2**22 + 1) == 0
