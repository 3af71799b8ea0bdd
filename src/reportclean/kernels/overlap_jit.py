"""The inner loops of the overlap finders in numba: the same functions as ``overlap_reference``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import SHINGLE_MULTIPLIER
from reportclean.kernels.jit import _compiled

_CHAIN = np.uint64(SHINGLE_MULTIPLIER)
_S32 = np.uint64(32)


@_compiled
def window_anchors(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], reach: int, width: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.window_anchors`."""
    pairs = np.empty(len(hashes), dtype=np.uint64)
    opens = np.empty(len(hashes), dtype=np.int64)  # windows whose least pair stands elsewhere than the last's
    places = np.empty(len(hashes), dtype=np.int64)
    counts = np.zeros(len(offsets), dtype=np.int64)  # anchors up to the end of each row
    written = 0
    for row in range(len(offsets) - 1):
        begin, end = offsets[row], offsets[row + 1] - reach
        for at in range(begin, end):
            pair = (hashes[at] * _CHAIN ^ hashes[at + reach]) * _CHAIN
            pairs[at] = pair ^ (pair >> _S32)
        place = begin - 1
        for first in range(begin, end - width + 1):
            last = first + width - 1
            if place < first:  # the least pair has left the window, or there was none
                place = first
                least = pairs[first]
                for at in range(first + 1, last + 1):
                    if pairs[at] <= least:
                        place = at
                        least = pairs[at]
            elif pairs[last] <= least:
                place = last
                least = pairs[last]
            else:
                continue
            opens[written] = first
            places[written] = place
            written += 1
        counts[row + 1] = written
    rows = np.empty(written, dtype=np.int64)
    windows = np.empty(written, dtype=np.int64)
    for row in range(len(offsets) - 1):
        after = offsets[row + 1] - reach - width + 1
        for number in range(counts[row + 1] - 1, counts[row] - 1, -1):
            rows[number] = row
            windows[number] = after - opens[number]
            after = opens[number]
    return pairs[places[:written]], rows, opens[:written] - offsets[rows], windows


@_compiled
def gram_hashes(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], steps: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.gram_hashes`."""
    grams = np.empty(len(starts), dtype=np.uint64)
    for number in range(len(starts)):
        value = np.uint64(len(steps))
        for step in steps:
            value = (value ^ hashes[starts[number] + step]) * _CHAIN
            value ^= value >> _S32
        grams[number] = value
    return grams


@_compiled
def chained_runs(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    pieces: NDArray[np.int64],
    width: int,
    effort: int,
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.chained_runs`."""
    runs = np.empty((len(pieces), 4), dtype=np.int64)
    written = 0
    current, done, left = -1, 0, 0
    for number in range(len(pieces)):
        row, start, count, other, other_start = pieces[number]
        size = offsets[row + 1] - offsets[row]
        if row != current:
            current, done, left = row, 0, effort * size
        known = max(0, done - start)
        if known >= count:
            continue
        begin, other_begin = start + known, other_start + known
        mine, theirs = offsets[row] + begin, offsets[other] + other_begin
        most = min(size - begin, offsets[other + 1] - theirs)
        length = 0
        while length < most and hashes[mine + length] == hashes[theirs + length]:
            length += 1
        if length < width:
            continue
        before = min(begin, other_begin, left)
        back = 0
        while back < before and hashes[mine - back - 1] == hashes[theirs - back - 1]:
            back += 1
        left -= back
        runs[written] = (number, begin - back, other_begin - back, length + back)
        written += 1
        done = begin + length - width + 1
    return runs[:written].copy()
