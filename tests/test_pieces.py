"""Two texts as one row of pieces, held against plain definitions on tokens taken apart one by one."""

import doctest
import random
import time
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oracles import tokens_of as tokens_one_by_one
from reportclean.text import pieces as module
from reportclean.text.aligning import common_length, differences
from reportclean.text.folding import fold
from reportclean.text.pieces import Region, pieces, tokens_of
from strategies import mixed, reports, texts

few = st.text("甲乙丙，。 aB2", max_size=14)


def row_of(left, right, swaps=()):
    return pieces(tokens_of(left), tokens_of(right), swaps)


@st.composite
def edited(draw):
    """A text and the same with some places written anew."""
    text = draw(st.one_of(reports(), mixed()))
    other = text
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(other)))
        cut = draw(st.integers(0, 6))
        other = other[:place] + draw(st.text("甲乙新0的，\n a會", max_size=5)) + other[place + cut :]
    return text, other


def assert_replays(left, right, row):
    """Joined, the pieces are the texts; each stands where it says, and is what it says."""
    assert "".join(piece.left for piece in row) == left
    assert "".join(piece.right for piece in row) == right
    at = other = 0
    for piece in row:
        assert (piece.left_start, piece.right_start) == (at, other)
        assert piece.left or piece.right
        at, other = at + len(piece.left), other + len(piece.right)
        assert (piece.operation == "equal") == (not piece.about)
        if piece.operation == "equal":
            assert piece.left == piece.right
        else:
            assert piece.left != piece.right
            sides = {"left": (True, False), "right": (False, True), "replaced": (True, True)}
            assert sides[piece.operation] == (bool(piece.left), bool(piece.right))


@given(st.one_of(edited(), st.tuples(few, few), st.tuples(texts(), texts())))
@example(("㍿前进", "株式会社前進"))
@example(("ǆa", "ǆ b"))
def test_the_pieces_joined_are_the_texts(pair):
    left, right = pair
    assert_replays(left, right, row_of(left, right))
    assert_replays(right, left, row_of(right, left))


@given(st.one_of(reports(), mixed()), st.sampled_from(["，", " ", "\n", "　"]))
def test_what_matching_does_not_see_is_said_so(text, sign):
    other = "".join(sign + line for line in text.splitlines(keepends=True)) + sign
    assert {piece.about for piece in row_of(text, other)} <= {"", "signs", "form"} or fold(text) != fold(
        other
    )


@given(st.one_of(edited(), st.tuples(few, few)))
def test_keys_are_equal_where_no_piece_says_otherwise(pair):
    left, right = pair
    seen = {piece.about for piece in row_of(left, right)} - {"", "form", "signs", "masks", "years"}
    same = tokens_one_by_one(left) == tokens_one_by_one(right)
    assert not same or not seen - {"numbers"}  # the number of an article is masked, too
    assert same or row_of(left, right) == [] or {p.about for p in row_of(left, right)} - {"", "form", "signs"}


def most_in_common(left, right):
    """Length of a longest common subsequence, by its definition."""

    @cache
    def best(i, j):
        if i == len(left) or j == len(right):
            return 0
        if left[i] == right[j]:
            return 1 + best(i + 1, j + 1)
        return max(best(i + 1, j), best(i, j + 1))

    return best(0, 0)


words = st.lists(st.sampled_from(["甲", "乙", "Road", "farm", "20xx年"]), max_size=6).map(" ".join)


@given(words, words)
def test_tokens_are_aligned_as_a_slow_definition_does_it(left, right):
    mine, theirs = tokens_of(left), tokens_of(right)
    row = differences(*module._as_characters(mine.names, theirs.names))
    equal = len(mine.names) - sum(one.end - one.start for one in row)
    assert equal == most_in_common(tuple(mine.names), tuple(theirs.names))
    assert mine.names == tokens_one_by_one(left)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("工會組織", "工会组织", [("form", "會組織", "会组织")]),
        ("甲，乙。", "甲，乙！", [("signs", "。", "！")]),
        ("20xx年检修", "2015年检修", [("masks", "20xx", "2015")]),
        ("２０１５年检修", "二〇一五年检修", [("form", "２０１５", "二〇一五")]),
        ("2015年检修", "2016年检修", [("years", "2015", "2016")]),
        ("检修120公里", "检修300公里", [("numbers", "120", "300")]),
        ("检修一百二十公里", "检修三百公里", [("numbers", "一百二十", "三百")]),
        ("在____区检修", "在朝阳区检修", [("masks", "____", "朝阳")]),
        ("责任感强", "职责感强", [("words", "责任", "职责")]),
        ("甲乙，丙丁，戊己", "甲乙，戊己", [("words", "丙丁，", "")]),
        ("甲乙，丙丁。", "甲乙。", [("words", "，丙丁", "")]),
        ("甲乙。", "甲乙，丙丁。", [("words", "", "，丙丁")]),
        (
            "the quick brown fox jumps",
            "the quick red fox jumped",
            [("words", "brown", "red"), ("words", "jumps", "jumped")],
        ),
    ],
)
def test_differences_are_named(left, right, expected):
    row = row_of(left, right)
    assert_replays(left, right, row)
    assert [(piece.about, piece.left, piece.right) for piece in row if piece.about] == expected


def test_swaps_are_pieces_of_their_own():
    swap = Region(2, 4, 2, 4, "swap")
    row = row_of("增强责任感受", "增强职责新感受", [swap])
    assert [(p.about, p.left, p.right) for p in row] == [
        ("", "增强", "增强"), ("swap", "责任", "职责"), ("words", "", "新"), ("", "感受", "感受"),
    ]  # fmt: skip
    across = row_of("甲乙丙丁戊己", "甲乙丙丁戊己", [Region(0, 2, 2, 4, "swap")])
    assert [p.operation for p in across] == ["equal"]  # the alignment does not go that way


@settings(max_examples=100)
@given(edited(), st.lists(st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 4)] * 2), max_size=5))
def test_whatever_swaps_are_claimed_the_texts_come_back(pair, claimed):
    left, right = map(tokens_of, pair)
    swaps, at, other = [], 0, 0
    for first, other_first, size, other_size in sorted(claimed):
        start, other_start = max(at, first), max(other, other_first)
        if start + size <= len(left.names) and other_start + other_size <= len(right.names):
            at, other = start + size, other_start + other_size
            swaps.append(Region(start, at, other_start, other, "swap"))
    row = pieces(left, right, swaps)
    assert "".join(p.left for p in row) == pair[0]
    assert "".join(p.right for p in row) == pair[1]


@given(few, few)
def test_common_length(left, right):
    head = next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    assert common_length(left, right) == head
    assert common_length(left[::-1], right[::-1], end=True) == head


RNG = random.Random(1)
HOSTILE = {
    "one character": ("年" * 100_000, "年" * 99_990),
    "signs alone": ("。，" * 200_000, "，。" * 200_000),
    "two at random": tuple("".join(RNG.choices("甲乙", k=100_000)) for _ in range(2)),
    "words at random": tuple("".join(RNG.choices("ab ", k=300_000)) for _ in range(2)),
    "marks": ("e\u0301" * 50_000, "é" * 50_000),
    "numbers": ("1 " * 100_000, "2 " * 100_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_little(name):
    left, right = HOSTILE[name]
    start = time.process_time()
    assert_replays(left, right, row_of(left, right))
    assert time.process_time() - start < 15  # under one second, and machines differ


def test_more_words_than_there_are_characters_to_stand_for_them(monkeypatch):
    monkeypatch.setattr(module, "CODE_POINTS", 5)
    left, right = "aa bb cc dd ee ff", "aa bb cc dd xx ff"
    assert_replays(left, right, row_of(left, right))


def test_docstrings():
    assert not doctest.testmod(module).failed
