"""Which words stand in place of which in two texts that have most in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reportclean.text.aligning import Difference, differences
from reportclean.text.words import LONGEST, Words, words

SHORTEST = 2
_CONTEXT = LONGEST - 1  # equal characters beside a difference that may belong to the word
_LONGEST_REGION = 40  # characters of either side that are still taken apart into words
_VALUE = re.compile(r"[0-9a-z\ufdd0-\ufdef 〇零一二三四五六七八九十百千万亿两年月日]*")
_HAN = re.compile("[\u4e00-\u9fff]+")
# What a way through a region costs: a swap of two words, of a word and something else, a character left over.
_KNOWN, _HALF_KNOWN, _LEFT_OVER = 1.0, 1.7, 1.1
_PER_CHARACTER = 0.01  # of two words that fit the shorter is meant
_PER_NAT = 0.002  # and then the commoner


class Swap(NamedTuple):
    """A word of the left text and the word in its place in the right one.

    Attributes:
        left: The word, two to four Han characters.
        right: The same.
        start: Where it begins in the left text.
        other_start: And in the right one.
    """

    left: str
    right: str
    start: int
    other_start: int


@dataclass(frozen=True)
class Swapped:
    """Two texts taken apart into what is equal, swaps of words and other differences.

    Attributes:
        left: The one text.
        right: The other.
        swaps: In order of both texts.
        others: Differences that are no swap of words; numbers, dates and masks are not counted.
    """

    left: str
    right: str
    swaps: tuple[Swap, ...]
    others: int

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How often each word stands in place of each."""
        return Counter((swap.left, swap.right) for swap in self.swaps)


def swapped(left: str, right: str) -> Swapped:
    """The swaps of two texts or, better, of their keys, where signs and script make no difference.

    >>> dict(swapped("增强工作责任感通过学习", "增强工作职责感透过学习").counts)
    {('责任', '职责'): 1, ('通过', '透过'): 1}
    """
    found: list[Swap] = []
    others = 0
    for region in _regions(differences(left, right), len(left)):
        x, y = left[region.start : region.end], right[region.other_start : region.other_end]
        if max(len(x), len(y)) > _LONGEST_REGION:
            others += 1
            continue
        swaps, rest = _taken_apart(x, y, words())
        others += sum(1 for piece in rest if not _VALUE.fullmatch(piece))
        found += [Swap(x[a:b], y[c:d], region.start + a, region.other_start + c) for a, b, c, d in swaps]
    return Swapped(left, right, tuple(found), others)


def _regions(found: Sequence[Difference], size: int) -> Iterator[Difference]:
    """Differences with the equal characters around them; those whose surroundings meet as one."""
    last: Difference | None = None
    for one in found:
        if last is not None and one.start - last.end <= _CONTEXT:
            last = Difference(last.start, one.end, last.other_start, one.other_end)
            continue
        if last is not None:
            yield _widened(last, one.start - last.end, size)
        last = one
    if last is not None:
        yield _widened(last, size - last.end, size)


def _widened(one: Difference, after: int, size: int) -> Difference:
    before, after = min(_CONTEXT, one.start, one.other_start), min(_CONTEXT, after, size - one.end)
    return Difference(one.start - before, one.end + after, one.other_start - before, one.other_end + after)


def _taken_apart(x: str, y: str, known: Words) -> tuple[list[Difference], list[str]]:
    """The cheapest way through two short texts: swaps of words, and what is left over, left or right."""
    rows, columns = len(x), len(y)
    far = float(rows + columns + 1) * 2
    cost = [[far] * (columns + 1) for _ in range(rows + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    cost[rows][columns] = 0.0
    mine, theirs = _worded(x, known), _worded(y, known)
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            best, way = cost[i][j], (0, 0)
            if i < rows and j < columns and x[i] == y[j]:
                best, way = cost[i + 1][j + 1], (1, 1)
            if i < rows and cost[i + 1][j] + _LEFT_OVER < best:
                best, way = cost[i + 1][j] + _LEFT_OVER, (1, 0)
            if j < columns and cost[i][j + 1] + _LEFT_OVER < best:
                best, way = cost[i][j + 1] + _LEFT_OVER, (0, 1)
            for a, weight, one_known in mine[i] if j < columns else ():
                for b, other_weight, other_known in theirs[j]:
                    if not (one_known or other_known):
                        continue
                    price = _KNOWN if one_known and other_known else _HALF_KNOWN
                    price += cost[i + a][j + b] - _PER_NAT * (weight + other_weight)
                    if price < best and x[i : i + a] != y[j : j + b]:
                        best, way = price, (a, b)
            cost[i][j], step[i][j] = best, way
    return _followed(x, y, step)


def _worded(text: str, known: Words) -> list[list[tuple[int, float, bool]]]:
    """For each place the words that may begin there: their length, what they cost more, whether known."""
    found: list[list[tuple[int, float, bool]]] = []
    for start in range(len(text) + 1):
        here = []
        for size in range(SHORTEST, min(LONGEST, len(text) - start) + 1):
            word = text[start : start + size]
            if not _HAN.fullmatch(word):
                break
            is_known = word in known
            weight = known.weight(word) if is_known else 10.0 * -size
            here.append((size, weight - size * _PER_CHARACTER / _PER_NAT, is_known))
        found.append(here)
    return found


def _followed(x: str, y: str, step: list[list[tuple[int, int]]]) -> tuple[list[Difference], list[str]]:
    swaps: list[Difference] = []
    rest: list[str] = []
    i = j = 0
    open_piece = False
    while i < len(x) or j < len(y):
        a, b = step[i][j]
        if a >= SHORTEST:
            swaps.append(Difference(i, i + a, j, j + b))
            open_piece = False
        elif a != b:
            piece = x[i : i + a] + y[j : j + b]
            if open_piece:
                rest[-1] += piece
            else:
                rest.append(piece)
            open_piece = True
        else:
            open_piece = False
        i, j = i + a, j + b
    return swaps, rest
