"""The inner loops of the overlap finders in numba: the same functions as ``overlap_reference``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import SHINGLE_MULTIPLIER
from reportclean.kernels.jit import _compiled

_CHAIN = np.uint64(SHINGLE_MULTIPLIER)
_S32 = np.uint64(32)


@_compiled
def _gram(hashes: NDArray[np.uint64], start: int, steps: NDArray[np.int64]) -> np.uint64:
    total = np.uint64(0)
    factor = _CHAIN
    for step in steps:
        total += hashes[start + step] * factor
        factor *= _CHAIN
    total = (total ^ (total >> _S32)) * _CHAIN
    return total ^ (total >> _S32)


@_compiled
def window_anchors(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], steps: NDArray[np.int64], width: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.window_anchors`."""
    reach = steps[-1]
    longest = 0
    for row in range(len(offsets) - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    grams = np.empty(longest, dtype=np.uint64)
    least = np.empty(longest, dtype=np.uint64)
    found = np.empty(len(hashes) + 1, dtype=np.uint64)
    opens = np.empty(
        len(hashes) + 1, dtype=np.int64
    )  # windows whose least gram is not that of the window before
    ends = np.zeros(len(offsets), dtype=np.int64)
    written = 0
    for row in range(len(offsets) - 1):
        begin = offsets[row]
        count = max(0, offsets[row + 1] - reach - begin)
        for at in range(count):
            grams[at] = _gram(hashes, begin + at, steps)
            least[at] = grams[at]
        reached = 1
        while reached < width:  # the least of windows of 1, 2, 4, … grams
            step = min(reached, width - reached)
            for at in range(count - reached - step + 1):
                least[at] = min(least[at], least[at + step])
            reached += step
        for at in range(count - width + 1):
            found[written] = least[at]
            opens[written] = at
            written += at == 0 or least[at] != least[at - 1] or grams[at + width - 1] == least[at]
        ends[row + 1] = written
    rows = np.empty(written, dtype=np.int64)
    windows = np.empty(written, dtype=np.int64)
    for row in range(len(offsets) - 1):
        after = offsets[row + 1] - offsets[row] - reach - width + 1
        for number in range(ends[row + 1] - 1, ends[row] - 1, -1):
            rows[number] = row
            windows[number] = after - opens[number]
            after = opens[number]
    return found[:written].copy(), rows, opens[:written].copy(), windows


@_compiled
def gram_hashes(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], steps: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.gram_hashes`."""
    grams = np.empty(len(starts), dtype=np.uint64)
    for number in range(len(starts)):
        grams[number] = _gram(hashes, starts[number], steps)
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


@_compiled
def below(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], bound: np.uint64
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.overlap.OverlapKernels.below`."""
    out = np.empty(len(hashes), dtype=np.uint64)
    out_offsets = np.zeros(len(offsets), dtype=np.int64)
    written = 0
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            out[written] = hashes[at]
            written += hashes[at] < bound
        out_offsets[row + 1] = written
    return out[:written].copy(), out_offsets


@_compiled
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
    for pair in range(len(short)):
        wanted = sets[set_offsets[short[pair]] : set_offsets[short[pair] + 1]]
        height = start = best = 0
        first = offsets[long[pair]]
        for at in range(first, offsets[long[pair] + 1]):
            low, high = 0, len(wanted)
            while low < high:
                middle = (low + high) // 2
                if wanted[middle] < hashes[at]:
                    low = middle + 1
                else:
                    high = middle
            if height <= 0:
                height = 0
                start = at - first
            height += 1 if low < len(wanted) and wanted[low] == hashes[at] else -1
            if height > best:
                best = height
                found[pair] = (start, at - first + 1)
    return found
