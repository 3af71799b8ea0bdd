"""The ways through two short texts, held against every way that there is."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

import reportclean as rc
from corpora import report
from reportclean.near import swaps
from reportclean.near.swaps import swapped
from reportclean.text.words import words

PIECES = [
    *"积极用心责任职文明礼貌通过透，2了a",
    "积极",
    "用心",
    "责任",
    "职责",
    "文明",
    "礼貌",
    "情况",
    "状况",
]


def plainly(x, y):
    """The cheapest way through two texts, all costs in one table."""
    known = words()
    cost = {}

    def price(a, b):
        mine, theirs = (
            len(word) * swaps._PER_CHARACTER + known.cost[word] * swaps._PER_TENTH if word in known else 0
            for word in (a, b)
        )
        if mine and theirs:
            return swaps._KNOWN + mine + theirs
        han = all(
            "\u4e00" <= c <= "\u9fff" for word, costs in ((a, mine), (b, theirs)) if not costs for c in word
        )
        return swaps._HALF_KNOWN + mine + theirs if han and len(a) == len(b) and (mine or theirs) else None

    for i in range(len(x), -1, -1):
        for j in range(len(y), -1, -1):
            ways = []
            if i < len(x) and j < len(y) and x[i] == y[j]:
                ways.append((cost[i + 1, j + 1][0], (1, 1)))
            if i < len(x):
                ways.append((cost[i + 1, j][0] + swaps._LEFT_OVER, (1, 0)))
            if j < len(y):
                ways.append((cost[i, j + 1][0] + swaps._LEFT_OVER, (0, 1)))
            for a in range(2, 5):
                for b in range(2, 5):
                    one, other = x[i : i + a], y[j : j + b]
                    fits = len(one) == a and len(other) == b and one not in other and other not in one
                    if fits and (much := price(one, other)) is not None:
                        ways.append((much + cost[i + a, j + b][0], (a, b)))
            cost[i, j] = min(ways, key=lambda way: way[0], default=(0.0, (0, 0)))
    step = [[cost[i, j][1] for j in range(len(y) + 1)] for i in range(len(x) + 1)]
    found, rest = swaps._followed(x, y, step)
    return tuple(found), tuple(rest)


texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@given(texts, texts)
@settings(max_examples=200, deadline=None)
def test_the_cheapest_way_is_found(x, y):
    if x in words() and y in words() and x not in y and y not in x:
        assert swaps._taken_apart(x, y) == (((0, len(x), 0, len(y)),), ())
    else:
        assert swaps._taken_apart(x, y) == plainly(x, y)


def test_the_same_is_found_in_regions_of_reports(monkeypatch):
    rng = random.Random(1)
    table = [("工作", "作业"), ("进行", "开展"), ("提高", "提升"), ("同志", "战友"), ("全年", "整年")]
    pairs = []
    for number in range(4):
        text = rc.fold(report(number))
        other = text
        for word, instead in rng.sample(table, 3):
            other = other.replace(word, instead)
        cut = rng.randrange(len(other) - 4)
        pairs.append((text, other[:cut] + other[cut + 3 :]))
    fast = [swapped(left, right) for left, right in pairs]
    monkeypatch.setattr(swaps, "_taken_apart", plainly)
    assert fast == [swapped(left, right) for left, right in pairs]
    assert any(found.swaps for found in fast)
