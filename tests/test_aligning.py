import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.text import aligning
from reportclean.text.aligning import Difference, differences
from strategies import mixed


def longest_common(left, right):
    """Length of a longest common subsequence, row by row."""
    row = [0] * (len(right) + 1)
    for a in left:
        last = row
        row = [0]
        for place, b in enumerate(right):
            row.append(last[place] + 1 if a == b else max(last[place + 1], row[-1]))
    return row[-1]


def assert_true(left, right):
    """The differences are in order, apart, and what lies between them is equal."""
    end = other_end = 0
    for number, one in enumerate(differences(left, right)):
        assert left[end : one.start] == right[other_end : one.other_start]
        assert number == 0 or one.start > end
        assert (one.start, one.other_start) != (one.end, one.other_end)
        end, other_end = one.end, one.other_end
    assert left[end:] == right[other_end:]


few = st.text("甲乙丙", max_size=40)


@given(few, few)
def test_short_texts_have_a_longest_common_subsequence_in_common(left, right):
    left, right = left[: aligning.SHINGLES[-1]], right[: aligning.SHINGLES[-1] * 4]
    assert_true(left, right)
    equal = len(left) - sum(one.end - one.start for one in differences(left, right))
    assert equal == longest_common(left, right)


@given(few, few)
def test_characters_are_matched_as_rapidfuzz_matches_them(left, right):
    indel = pytest.importorskip("rapidfuzz.distance").Indel
    left = left[: aligning.SHINGLES[-1]]
    merged = []
    for op in indel.opcodes(left, right):
        if op.tag == "equal":
            continue
        if merged and merged[-1].end == op.src_start and merged[-1].other_end == op.dest_start:
            merged[-1] = merged[-1]._replace(end=op.src_end, other_end=op.dest_end)
        else:
            merged.append(Difference(op.src_start, op.src_end, op.dest_start, op.dest_end))
    assert differences(left, right) == merged


@given(
    mixed(),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.text("甲乙丙a1", max_size=9)), max_size=6),
)
def test_edited_texts(text, edits):
    text = text * 3
    other = text
    for where, cut, put in edits:
        place = int(where * len(other))
        other = other[:place] + put + other[place + cut :]
    assert_true(text, other)
    assert_true(other, text)
    assert differences(text, text) == []


def test_long_texts_are_aligned_on_what_they_share():
    rng = random.Random(1)
    text = "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(50_000))
    assert differences(text, text[:20_000] + "新" + text[20_001:]) == [
        Difference(20_000, 20_001, 20_000, 20_001)
    ]
    dropped = text[:10_000] + text[25_000:]
    assert differences(text, dropped) == [Difference(10_000, 25_000, 10_000, 10_000)]
    moved = text[30_000:] + text[:30_000]
    (first, second) = differences(text, moved)
    assert (first.end - first.start) + (second.end - second.start) == 20_000  # the longer part stays
    edited = list(text)
    for place in range(50, 50_000, 100):
        edited[place] = "x"
    assert len(differences(text, "".join(edited))) == 500


HOSTILE = {
    "one character": ("a" * 1_000_000, "a" * 999_995),
    "one character, another at either end": ("a" * 1_000_000, "b" + "a" * 1_000_000 + "c"),
    "two in turn": ("ab" * 500_000, "ba" * 499_000),
    "two at random": tuple("".join(random.Random(n).choices("ab", k=1_000_000)) for n in (1, 2)),
    "nothing shared": ("甲" * 1_000_000, "乙" * 1_000_000),
    "against nothing": ("甲乙" * 500_000, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_little(name):
    left, right = HOSTILE[name]
    start = time.process_time()
    assert_true(left, right)
    assert time.process_time() - start < 10  # 0.4 s, and machines differ


@settings(max_examples=20)
@given(st.integers(0, 1 << 30))
def test_the_longest_gaps_cost_little(seed):
    rng = random.Random(seed)
    size = aligning.LONGEST_GAP - 4
    left, right = ("".join(rng.choices("甲乙丙丁", k=size)) for _ in range(2))
    assert_true("头" + left + "尾", "首" + right + "末")


def test_a_hash_alone_proves_nothing(monkeypatch):
    """With all shingles taken for equal no stretch is called equal that is not."""

    def one_hash(text, _):
        return np.array([7], dtype=np.uint64), np.array([len(text) // 3], dtype=np.int64)

    monkeypatch.setattr(aligning, "_once", one_hash)
    assert_true("甲乙丙丁戊己庚辛壬癸" * 5, "子丑寅卯辰巳午未申酉" * 4)
