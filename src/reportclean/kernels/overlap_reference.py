"""The inner loops of the overlap finders in numpy: the definition, and what small inputs use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import SHINGLE_MULTIPLIER

_STRETCH = 64  # hashes compared at first; doubled as long as they are equal


def window_anchors(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], steps: NDArray[np.int64], width: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.window_anchors`."""
    reach = int(steps[-1])
    sizes = np.maximum(np.diff(offsets) - reach - width + 1, 0)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    firsts = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    starts = firsts + offsets[:-1][rows]
    if not len(rows):
        return np.empty(0, np.uint64), rows, firsts, rows.copy()
    grams = gram_hashes(hashes, np.arange(len(hashes) - reach), steps)
    least = _least(grams, width)[starts]
    opens = np.ones(len(rows), dtype=bool)
    # The place stays unless the least gram changes or the window's new last gram equals it.
    opens[1:] = (np.diff(rows) > 0) | (np.diff(least) != 0) | (grams[starts[1:] + width - 1] == least[1:])
    at = np.flatnonzero(opens)
    return least[at], rows[at], firsts[at], np.diff(at, append=len(rows))


def _least(hashes: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    """The least of each window, rows or not, by windows of 1, 2, 4, … hashes."""
    least, reach = hashes, 1
    while reach < width:
        step = min(reach, width - reach)
        least = np.minimum(least[: len(least) - step], least[step:])
        reach += step
    return least


def gram_hashes(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], steps: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.gram_hashes`."""
    grams = np.zeros(len(starts), dtype=np.uint64)
    factor = SHINGLE_MULTIPLIER
    for step in steps.tolist():
        grams += hashes[starts + step] * np.uint64(factor)
        factor = factor * SHINGLE_MULTIPLIER % 2**64
    grams = (grams ^ (grams >> np.uint64(32))) * np.uint64(SHINGLE_MULTIPLIER)
    return grams ^ (grams >> np.uint64(32))


def chained_runs(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    pieces: NDArray[np.int64],
    width: int,
    effort: int,
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.chained_runs`."""
    runs: list[tuple[int, int, int, int]] = []
    current, done, left = -1, 0, 0
    for number, (row, start, count, other, other_start) in enumerate(pieces.tolist()):
        mine = hashes[offsets[row] : offsets[row + 1]]
        theirs = hashes[offsets[other] : offsets[other + 1]]
        if row != current:
            current, done, left = row, 0, effort * len(mine)
        known = max(0, done - start)
        if known >= count:
            continue
        begin, other_begin = start + known, other_start + known
        length = _common(mine[begin:], theirs[other_begin:])
        if length < width:
            continue
        before = min(begin, other_begin, left)
        back = _common(mine[begin - before : begin][::-1], theirs[other_begin - before : other_begin][::-1])
        left -= back
        runs.append((number, begin - back, other_begin - back, length + back))
        done = begin + length - width + 1
    return np.array(runs, dtype=np.int64).reshape(-1, 4)


def _common(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    """How far two arrays are equal from their beginnings."""
    most = min(len(one), len(other))
    begin, stretch = 0, _STRETCH
    while begin < most:
        end = min(begin + stretch, most)
        differ = np.flatnonzero(one[begin:end] != other[begin:end])
        if len(differ):
            return begin + int(differ[0])
        begin, stretch = end, 2 * stretch
    return most


def below(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], bound: np.uint64
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.below`."""
    at = np.flatnonzero(hashes < bound)
    return hashes[at], np.searchsorted(at, offsets).astype(np.int64)


def places(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    sets: NDArray[np.uint64],
    set_offsets: NDArray[np.int64],
    short: NDArray[np.int64],
    long: NDArray[np.int64],
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.places`."""
    found = np.zeros((len(short), 2), dtype=np.int64)
    for pair, (one, other) in enumerate(zip(short.tolist(), long.tolist(), strict=True)):
        wanted = sets[set_offsets[one] : set_offsets[one + 1]]
        ordered = hashes[offsets[other] : offsets[other + 1]]
        at = np.minimum(np.searchsorted(wanted, ordered), len(wanted) - 1)
        height = np.concatenate(([0], np.cumsum(np.where(wanted[at] == ordered, 1, -1))))
        end = int(np.argmax(height - np.minimum.accumulate(height)))
        if end:
            found[pair] = end - int(np.argmin(height[: end + 1][::-1])), end
    return found
