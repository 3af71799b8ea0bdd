"""What differs between two texts that have most in common: shared shingles first, then characters.

An exact alignment of characters is quadratic. So shingles that stand once in either text are taken as
anchors, the heaviest chain of them that rises in both is kept, and only what lies between two anchors is
aligned character by character, if it is short. What is long and has no shingle in common is one difference.
The time is that of sorting the shingles, whatever the texts are: 1 MB takes about a second where three
characters of a hundred differ, and less where nothing is shared.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points

SHINGLES = (16, 6)  # characters of an anchor; the shorter ones are looked for in what the longer left open
LONGEST_GAP = 2000  # characters of either side that are still aligned one by one
_BASE = np.uint64(0x9E3779B97F4A7C15)


class Difference(NamedTuple):
    """A stretch of one text and what stands in its place in the other; one of the two may be empty.

    Attributes:
        start: First code point in the left text.
        end: One past the last.
        other_start: The same for the right text.
        other_end: The same.
    """

    start: int
    end: int
    other_start: int
    other_end: int


# Stretches that are equal: where they start in either text, and how long they are.
_Block = tuple[int, int, int]


def differences(left: str, right: str) -> list[Difference]:
    """The differences of two texts, in order; what lies between two of them is equal.

    >>> [(d.start, d.end, d.other_start, d.other_end) for d in differences("工作责任感", "工作职责感")]
    [(2, 2, 2, 3), (3, 4, 4, 4)]
    """
    found: list[Difference] = []
    start = other = 0
    for at, other_at, length in [*_equal(left, right), (len(left), len(right), 0)]:
        if at > start or other_at > other:
            found.append(Difference(start, at, other, other_at))
        start, other = at + length, other_at + length
    return found


def _equal(left: str, right: str) -> Iterator[_Block]:
    """Equal stretches in order, those that touch in both texts as one."""
    last = (0, 0, 0)
    for at, other, length in _blocks(left, right, 0, 0, SHINGLES):
        if (at, other) == (last[0] + last[2], last[1] + last[2]):
            last = (last[0], last[1], last[2] + length)
        else:
            if last[2]:
                yield last
            last = (at, other, length)
    if last[2]:
        yield last


def _blocks(left: str, right: str, at: int, other: int, sizes: tuple[int, ...]) -> Iterator[_Block]:
    """Equal stretches of two pieces that start at the given places of their texts."""
    head = common_length(left, right)
    if head:
        yield at, other, head
        left, right, at, other = left[head:], right[head:], at + head, other + head
    if not left or not right:
        return
    tail = common_length(left, right, end=True)
    size, other_size = len(left) - tail, len(right) - tail
    if size and other_size:
        yield from _inner(left[:size], right[:other_size], at, other, sizes)
    if tail:
        yield at + size, other + other_size, tail


def _inner(left: str, right: str, at: int, other: int, sizes: tuple[int, ...]) -> Iterator[_Block]:
    if sizes and min(len(left), len(right)) > sizes[0]:
        anchors = list(_anchors(left, right, sizes[0]))
        if anchors or max(len(left), len(right)) > LONGEST_GAP:
            start = other_start = 0
            for place, other_place, length in [*anchors, (len(left), len(right), 0)]:
                gap, other_gap = left[start:place], right[other_start:other_place]
                yield from _blocks(gap, other_gap, at + start, other + other_start, sizes[1:])
                if length:
                    yield at + place, other + other_place, length
                start, other_start = place + length, other_place + length
            return
    if max(len(left), len(right)) <= LONGEST_GAP:
        for place, other_place, length in _matching(left, right):
            yield at + place, other + other_place, length


def common_length(left: str, right: str, *, end: bool = False) -> int:
    """How many characters two texts have in common at their start, or at their end.

    >>> common_length("全年检修", "全年"), common_length("线路检修", "检修", end=True)
    (2, 2)
    """
    low, high = 0, min(len(left), len(right))
    step = 8
    while low < high:  # doubling steps, then halves: few comparisons of slices
        tried = min(low + step, high)
        if end:
            same = left[len(left) - tried : len(left) - low] == right[len(right) - tried : len(right) - low]
        else:
            same = left[low:tried] == right[low:tried]
        if same:
            low, step = tried, step * 2
        else:
            high, step = tried - 1, max(1, (tried - 1 - low + 1) // 2)
    return low


def _anchors(left: str, right: str, size: int) -> Iterator[_Block]:
    """The heaviest rising chain of stretches whose shingles stand once in either text."""
    hashes, places = _once(left, size)
    other_hashes, other_places = _once(right, size)
    _, mine, theirs = np.intersect1d(hashes, other_hashes, assume_unique=True, return_indices=True)
    order = np.argsort(places[mine])
    starts, others = places[mine][order], other_places[theirs][order]
    if not len(starts):
        return
    breaks = np.flatnonzero((np.diff(starts) != 1) | (np.diff(others) != 1)) + 1
    firsts = np.concatenate(([0], breaks))
    counts = np.diff(np.concatenate((firsts, [len(starts)])))
    runs = list(zip(starts[firsts].tolist(), others[firsts].tolist(), counts.tolist(), strict=True))
    end = other_end = 0
    for start, other, count in _chain(runs):
        over = max(0, end - start, other_end - other)  # shingles of two runs overlap
        length = count + size - 1 - over
        place, other_place = start + over, other + over
        equal = left[place : place + length] == right[other_place : other_place + length]
        if length > 0 and equal:  # a hash alone proves nothing
            yield place, other_place, length
            end, other_end = place + length, other_place + length


def _once(text: str, size: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of the shingles that stand in the text once, rising, and where they stand."""
    points = code_points(text).astype(np.uint64)
    hashes = np.zeros(len(points) - size + 1, dtype=np.uint64)
    for place in range(size):
        hashes = (hashes ^ points[place : place + len(hashes)]) * _BASE
        hashes ^= hashes >> np.uint64(29)
    found, first, count = np.unique(hashes, return_index=True, return_counts=True)
    alone = count == 1
    return found[alone], first[alone].astype(np.int64)


def _chain(runs: list[_Block]) -> list[_Block]:
    """Of runs in order of the left text those that rise in the right one, too, with the most shingles.

    The ends of the chains that are worth going on are kept by place in the right text; a longer one that
    ends sooner makes others useless, so the weights rise with the places.
    """
    ends: list[int] = []
    weights: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for number, (_, other, count) in enumerate(runs):
        place = bisect_left(ends, other)
        weight = count + (weights[place - 1] if place else 0)
        before.append(lasts[place - 1] if place else -1)
        end = other + count - 1
        at = bisect_left(ends, end)
        if at and weights[at - 1] >= weight:
            continue
        upto = max(at, bisect_right(weights, weight, lo=at))
        ends[at:upto], weights[at:upto], lasts[at:upto] = [end], [weight], [number]
    chosen = []
    number = lasts[-1] if lasts else -1
    while number >= 0:
        chosen.append(runs[number])
        number = before[number]
    return chosen[::-1]


def _matching(left: str, right: str) -> Iterator[_Block]:
    """Equal characters of a longest common subsequence, as blocks of one.

    Of several it is the one that rapidfuzz chooses, which on what is aligned here is no faster. Hyyrö's
    bit-parallel rows, as Python's integers are: one row for each character of ``right``, kept for the way
    back. 2,000 characters by 2,000 take 2 ms and half a megabyte.
    """
    places: dict[str, int] = {}
    for place, character in enumerate(left):
        places[character] = places.get(character, 0) | 1 << place
    full = (1 << len(left)) - 1
    row, rows = full, []
    for character in right:
        hit = row & places.get(character, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    pairs: list[_Block] = []
    x, y = len(left), len(right)
    while x and y:
        if rows[y - 1] >> (x - 1) & 1:
            x -= 1
            continue
        y -= 1
        if not y or rows[y - 1] >> (x - 1) & 1:
            x -= 1
            pairs.append((x, y, 1))
    yield from reversed(pairs)
