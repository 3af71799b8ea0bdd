"""Passages that stand in several places: maximal runs of equal tokens, of which the first place is named.

Sections are taken in the order of their rows. A *gram* is a window of as many tokens as the shortest passage
has; it is repeated where an equal gram stands earlier. Repeated grams are linked to their first place,
never to every other, so a passage that stands in 100,000 places makes 99,999 links. From left to right the
first repeated gram that no passage holds is extended in both directions to the maximal run that it shares
with its first place; that is the next passage. So

- a later place is in some passage if and only if it is part of ``min_tokens`` tokens that stand earlier;
- the first place of a passage is the first place of one of its grams, so the passage as a whole stands
  nowhere before it;
- all of this does not depend on hashes, but for accidents of 64 bits.

Grams are not looked at everywhere, which would cost as much as signing: equal grams have equal winnowed
anchors, so only those are whose anchor is found twice. Time is linear in the tokens; memory is a hundred
bytes for each repeated anchor (a sixth of the tokens at most, in random text) and what ``at_once`` says.
A run that would have to be compared to the left more often than 64 times the section's length may start later
than it could: that takes a text made for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.overlap import OverlapKernels
from reportclean.near.anchors import Anchors, steps_to
from reportclean.near.rows import AT_ONCE, Fetched, ShinglesOf, equal_groups, joined_groups

MIN_TOKENS = 30
_EFFORT = 64


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages, sorted by the later place; ``int64`` arrays of one length, positions in tokens of the key.

    Attributes:
        later_rows: The section that repeats.
        later_starts: Where the passage begins there.
        first_rows: The section in which it stands first, which may be the same.
        first_starts: Where it begins there; the two places may overlap within one section.
        tokens: Its length.
    """

    later_rows: NDArray[np.int64]
    later_starts: NDArray[np.int64]
    first_rows: NDArray[np.int64]
    first_starts: NDArray[np.int64]
    tokens: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tokens)

    def only(self, chosen: NDArray[np.bool_]) -> Passages:
        """Some of them, in the same order."""
        return Passages(*(getattr(self, name)[chosen] for name in self.__slots__))

    def numbered(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number the first places: the number of each passage's, and how many later places each has."""
        places = np.stack((self.first_rows, self.first_starts, self.tokens), axis=1)
        _, numbers, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
        return numbers.ravel(), counts


def shared_passages(
    anchors: Anchors,
    shingles_of: ShinglesOf,
    kernels: OverlapKernels,
    shingle_size: int,
    at_once: int = AT_ONCE,
) -> Passages:
    """Every passage of the sections that the anchors were taken of.

    Args:
        anchors: Of the sections in question; :meth:`Anchors.only` leaves out removed ones.
        shingles_of: Gives the shingle hashes of rows (rising), in order and with repeats, and their offsets.
        kernels: Which inner loops to use.
        shingle_size: Tokens in a shingle.
        at_once: Shingles, and grams, in memory at once.
    """
    anchors = anchors.repeated()
    rows = anchors.rows[np.flatnonzero(np.diff(anchors.rows, prepend=-1))]
    fetched = Fetched(shingles_of, rows, anchors.sizes, at_once)
    steps = steps_to(anchors.width - 1, shingle_size)
    none = np.empty((0, 5), dtype=np.int64)
    pieces = np.concatenate([none, *_pieces(anchors, fetched, kernels, steps, at_once)])
    pieces = pieces[np.lexsort((pieces[:, 1], pieces[:, 0]))]
    runs = np.concatenate([none, *_runs(pieces, fetched, anchors, kernels)])
    runs[:, 4] += shingle_size - 1
    runs = runs[np.lexsort((runs[:, 4], runs[:, 1], runs[:, 0]))]
    return Passages(*(np.ascontiguousarray(column) for column in runs.T))


def _pieces(
    anchors: Anchors, fetched: Fetched, kernels: OverlapKernels, steps: NDArray[np.int64], at_once: int
) -> Iterator[NDArray[np.int64]]:
    """Consecutive repeated grams with their first places: row, start, number, first row, start there."""
    items, opens = joined_groups(anchors.hashes, np.arange(len(anchors.hashes)))
    groups = np.flatnonzero(opens)
    grams = np.add.reduceat(anchors.counts[items], groups) if len(groups) else groups
    ends = np.cumsum(grams)
    begin = 0
    while begin < len(groups):  # equal grams have equal anchors, so groups may be looked at by turns
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + at_once, "right")))
        last = groups[end] if end < len(groups) else len(items)
        yield _linked(anchors, np.sort(items[groups[begin] : last]), fetched, kernels, steps)
        begin = end


def _linked(
    anchors: Anchors,
    chosen: NDArray[np.int64],
    fetched: Fetched,
    kernels: OverlapKernels,
    steps: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The same for the grams of some anchors, among which are all that are equal to one of them."""
    counts = anchors.counts[chosen]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = np.repeat(anchors.firsts[chosen], counts) + within
    rows = np.repeat(anchors.rows[chosen], counts)
    hashes = _grams(rows, starts, fetched, anchors, kernels, steps)
    order, opens = equal_groups(hashes)  # the first of a group is the first in the collection
    firsts = np.empty_like(order)
    firsts[order] = np.repeat(order[opens], np.diff(np.flatnonzero(opens), append=len(order)))
    later = np.flatnonzero(firsts != np.arange(len(order)))
    columns = (rows[later], starts[later], rows[firsts[later]], starts[firsts[later]])
    opens = np.ones(len(later), dtype=bool)
    opens[1:] = np.any(
        [np.diff(column) != step for column, step in zip(columns, (0, 1, 0, 1), strict=True)], axis=0
    )
    at = np.flatnonzero(opens)
    row, start, first_row, first_start = (column[at] for column in columns)
    return np.stack((row, start, np.diff(at, append=len(later)), first_row, first_start), axis=1)


def _grams(
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    fetched: Fetched,
    anchors: Anchors,
    kernels: OverlapKernels,
    steps: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """The hash of each gram, given by row (rising) and start."""
    hashes = np.empty(len(rows), dtype=np.uint64)
    bounds = np.append(np.flatnonzero(np.diff(rows, prepend=-1)), len(rows))
    wanted = rows[bounds[:-1]]
    for part in fetched.batches(anchors.sizes[wanted]):
        (shingles, offsets), numbers = fetched.of(wanted[part])
        begin, end = bounds[part.start], bounds[part.stop]
        row_starts = np.repeat(offsets[numbers], np.diff(bounds[part.start : part.stop + 1]))
        hashes[begin:end] = kernels.gram_hashes(shingles, row_starts + starts[begin:end], steps)
    return hashes


def _runs(
    pieces: NDArray[np.int64], fetched: Fetched, anchors: Anchors, kernels: OverlapKernels
) -> Iterator[NDArray[np.int64]]:
    """Maximal runs of shingles: later row and start, first row and start, length."""
    opens = np.flatnonzero(np.diff(pieces[:, 0], prepend=-1))
    rows = pieces[opens, 0]
    bounds = np.append(opens, len(pieces))
    needed = anchors.sizes[rows] + (
        np.add.reduceat(anchors.sizes[pieces[:, 3]], opens) if len(opens) else np.empty(0, np.int64)
    )
    for part in fetched.batches(needed):
        chosen = pieces[bounds[part.start] : bounds[part.stop]]
        (shingles, offsets), numbers = fetched.of(wanted := np.unique(chosen[:, [0, 3]]))
        local = chosen.copy()
        for column in (0, 3):
            local[:, column] = numbers[np.searchsorted(wanted, chosen[:, column])]
        runs = kernels.chained_runs(shingles, offsets, local, anchors.width, _EFFORT)
        piece = chosen[runs[:, 0]]
        yield np.stack((piece[:, 0], runs[:, 1], piece[:, 3], runs[:, 2], runs[:, 3]), axis=1)


def removable(passages: Passages, min_tokens: int = MIN_TOKENS) -> tuple[NDArray[np.int64], ...]:
    """What ``--remove-passages`` cuts: every later place, never the first.

    A token that is cut stands in its passage's first place, which stays or is cut for the sake of a place
    before it; so a copy of each stays. Where the two places overlap, as in a line of one word, the first
    ``min_tokens`` tokens stay.

    Args:
        passages: As they were found.
        min_tokens: Tokens of the shortest passage that was looked for.

    Returns:
        Rows, starts and ends in tokens: disjoint spans that do not touch, sorted.
    """
    same = passages.later_rows == passages.first_rows
    starts = np.where(
        same, np.maximum(passages.later_starts, passages.first_starts + min_tokens), passages.later_starts
    )
    ends = passages.later_starts + passages.tokens
    filled = starts < ends
    rows, starts, ends = passages.later_rows[filled], starts[filled], ends[filled]
    order = np.lexsort((starts, rows))
    rows, starts, ends = rows[order], starts[order], ends[order]
    if not len(rows):
        return rows, starts, ends
    # One axis for all rows, each beyond the end of the last, so that the furthest end is a running maximum.
    shift = rows * (int(ends.max()) + 2)
    furthest = np.maximum.accumulate(ends + shift)
    opens = np.flatnonzero(np.concatenate(([True], (starts + shift)[1:] > furthest[:-1])))
    closes = np.append(opens[1:], len(rows)) - 1
    return rows[opens], starts[opens], (furthest - shift)[closes]
