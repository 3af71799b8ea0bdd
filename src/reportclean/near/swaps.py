"""Which words stand in place of which in two texts that have most in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
_PER_TENTH = 0.0002  # of a nat: and then the commoner


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
    for region in _regions(differences(left, right)):
        one = region
        if not _is_swap(left[one.start : one.end], right[one.other_start : one.other_end], words()):
            one = _widened(region, len(left), len(right))
        x, y = left[one.start : one.end], right[one.other_start : one.other_end]
        if max(len(x), len(y)) > _LONGEST_REGION:
            others += 1
            continue
        swaps, rest = _taken_apart(x, y)
        others += sum(1 for piece in rest if not _VALUE.fullmatch(piece))
        found += [Swap(x[a:b], y[c:d], one.start + a, one.other_start + c) for a, b, c, d in swaps]
    return Swapped(left, right, tuple(found), others)


def _regions(found: Sequence[Difference]) -> Iterator[Difference]:
    """Differences; those that a word or less parts, as one."""
    last: Difference | None = None
    for one in found:
        if last is not None and one.start - last.end <= _CONTEXT:
            last = Difference(last.start, one.end, last.other_start, one.other_end)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _widened(one: Difference, size: int, other_size: int) -> Difference:
    """With the equal characters around it that may belong to a word; the next difference is further off."""
    before = min(_CONTEXT, one.start, one.other_start)
    after = min(_CONTEXT, size - one.end, other_size - one.other_end)
    return Difference(one.start - before, one.end + after, one.other_start - before, one.other_end + after)


def _is_swap(x: str, y: str, known: Words) -> bool:
    return x in known and y in known and _are_two(x, y)


@lru_cache(maxsize=1 << 14)  # of a few hundred bytes; spinners write the same again and again
def _taken_apart(  # noqa: PLR0912  # a loop of some hundred steps a character: each call in it would show
    x: str, y: str
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """The cheapest way through two short texts: swaps of words, and what is left over, left or right."""
    known = words()
    if _is_swap(x, y, known):  # mostly
        return (Difference(0, len(x), 0, len(y)),), ()
    rows, columns = len(x), len(y)
    far = float(rows + columns + 1) * 2
    step: list[list[tuple[int, int]]] = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
    mine, theirs = _worded(x, known), _worded(y, known)
    their_words = [{size: price for size, price in there if price} for there in theirs]
    below: list[list[float]] = []  # the costs of the rows below, the next one first
    for i in range(rows, -1, -1):
        cost = [far] * (columns + 1)
        if i == rows:
            cost[columns] = 0.0
        next_row = below[0] if below else cost
        here, steps = mine[i], step[i]
        character = x[i] if i < rows else None
        for j in range(columns, -1, -1):
            best, way = cost[j], (0, 0)
            if i < rows:
                if j < columns and character == y[j]:
                    best, way = next_row[j + 1], (1, 1)
                if next_row[j] + _LEFT_OVER < best:
                    best, way = next_row[j] + _LEFT_OVER, (1, 0)
            if j < columns and cost[j + 1] + _LEFT_OVER < best:
                best, way = cost[j + 1] + _LEFT_OVER, (0, 1)
            if best > _KNOWN and (there := theirs[j]):  # a swap costs more than that
                for a, price in here:
                    onward = below[a - 1]
                    if price:
                        for b, other_price in there:
                            if other_price:
                                total = _KNOWN + price + other_price + onward[j + b]
                            elif a == b:  # a word not known is as long as its twin
                                total = _HALF_KNOWN + price + other_price + onward[j + b]
                            else:
                                continue
                            if total < best and _are_two(x[i : i + a], y[j : j + b]):
                                best, way = total, (a, b)
                    elif (other_words := their_words[j]) and (other_price := other_words.get(a, 0.0)):
                        total = _HALF_KNOWN + price + other_price + onward[j + a]
                        if total < best and _are_two(x[i : i + a], y[j : j + a]):
                            best, way = total, (a, a)
            cost[j], steps[j] = best, way
        below.insert(0, cost)
        del below[LONGEST:]
    swaps, rest = _followed(x, y, step)
    return tuple(swaps), tuple(rest)


def _worded(text: str, known: Words) -> list[list[tuple[int, float]]]:
    """For each place the words that may begin there: their length and what they cost, 0 for one not known."""
    found: list[list[tuple[int, float]]] = []
    end = 0  # of the Han characters from here on
    for start in range(len(text) + 1):
        if end <= start:
            run = _HAN.match(text, start)
            end = run.end() if run else start
        here = []
        for size in range(SHORTEST, min(LONGEST, len(text) - start) + 1):
            cost = known.cost.get(text[start : start + size])
            if cost is not None:
                here.append((size, size * _PER_CHARACTER + cost * _PER_TENTH))
            elif start + size <= end:
                here.append((size, 0.0))
        found.append(here)
    return found


def _are_two(word: str, other: str) -> bool:
    """Whether neither is in the other: that would be something put in."""
    return word not in other and other not in word


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
