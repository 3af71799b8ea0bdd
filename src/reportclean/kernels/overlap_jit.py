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
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], width: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.window_anchors`."""
    room = 16 + 4 * len(hashes) // (width + 1)  # twice what random hashes need
    least = np.empty(room, dtype=np.uint64)
    rows = np.empty(room, dtype=np.int64)
    firsts = np.empty(room, dtype=np.int64)
    counts = np.empty(room, dtype=np.int64)
    written = 0
    for row in range(len(offsets) - 1):
        begin, end = offsets[row], offsets[row + 1]
        place = -1
        for first in range(begin, end - width + 1):
            last = first + width - 1
            old = place
            if place < first:  # the least hash has left the window, or there was none
                place = first
                for at in range(first + 1, last + 1):
                    if hashes[at] <= hashes[place]:
                        place = at
            elif hashes[last] <= hashes[place]:
                place = last
            if place != old:
                if written == room:
                    room *= 2
                    least = _longer(least)
                    rows = _longer(rows)
                    firsts = _longer(firsts)
                    counts = _longer(counts)
                least[written] = hashes[place]
                rows[written] = row
                firsts[written] = first - begin
                counts[written] = 0
                written += 1
            counts[written - 1] += 1
    return least[:written].copy(), rows[:written].copy(), firsts[:written].copy(), counts[:written].copy()


@_compiled
def _longer(values):  # type: ignore[no-untyped-def]  # of either type of array
    more = np.empty(2 * len(values), dtype=values.dtype)
    more[: len(values)] = values
    return more


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
