"""The kernels in numba: the same functions as ``reference``, compiled once a machine and cached.

They release the GIL and take the same arrays. If the package's folder and the user's cache folder are
both read-only, they are compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reportclean.kernels.constants import (
    CODE_POINT,
    FMIX32,
    FMIX64,
    PLACE,
    SHINGLE_MULTIPLIER,
    TOKEN_START,
)

_F = TypeVar("_F", bound=Callable[..., Any])

_START = np.uint32(TOKEN_START)
_POINT = np.uint32(CODE_POINT)
_A64, _B64 = np.uint64(FMIX64[0]), np.uint64(FMIX64[1])
_A32, _B32 = np.uint32(FMIX32[0]), np.uint32(FMIX32[1])
_PLACE = np.uint64(PLACE)
_CHAIN = np.uint64(SHINGLE_MULTIPLIER)
_S33, _S32 = np.uint64(33), np.uint64(32)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)


def _compiled(function: _F) -> _F:
    try:
        return cast("_F", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba found no folder to write its cache to
        return cast("_F", njit(nogil=True)(function))


@_compiled
def _fmix64(value: np.uint64) -> np.uint64:
    value ^= value >> _S33
    value *= _A64
    value ^= value >> _S33
    value *= _B64
    return value ^ (value >> _S33)


@_compiled
def _fmix32(value: np.uint32) -> np.uint32:
    value ^= value >> np.uint32(16)
    value = np.uint32(value * _A32)
    value ^= value >> np.uint32(13)
    value = np.uint32(value * _B32)
    return np.uint32(value ^ (value >> np.uint32(16)))


@_compiled
def shingle_hashes(
    codes: NDArray[np.uint32], offsets: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.shingle_hashes`."""
    texts = len(offsets) - 1
    tokens = np.empty(len(codes), dtype=np.uint64)
    hashes = np.empty(len(codes), dtype=np.uint64)
    out_offsets = np.zeros(texts + 1, dtype=np.int64)
    written = 0
    for text in range(texts):
        count = 0
        total = _ZERO
        place = _ZERO
        for position in range(offsets[text], offsets[text + 1]):
            code = codes[position]
            if code & _START:
                if place != _ZERO:
                    tokens[count] = _fmix64(total)
                    count += 1
                total = _ZERO
                place = _ZERO
            place += _ONE
            total += _fmix64(np.uint64(code & _POINT) + place * _PLACE)
        if place != _ZERO:
            tokens[count] = _fmix64(total)
            count += 1
        span = min(size, count)
        for first in range(count - span + 1 if count else 0):
            value = np.uint64(span)
            for step in range(span):
                value = (value ^ tokens[first + step]) * _CHAIN
                value ^= value >> _S32
            hashes[written] = value
            written += 1
        out_offsets[text + 1] = written
    return hashes[:written].copy(), out_offsets


@_compiled
def signatures(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    multipliers: NDArray[np.uint32],
    increments: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """See :meth:`reportclean.kernels.Kernels.signatures`."""
    sets, permutations = len(offsets) - 1, len(multipliers)
    out = np.full((sets, permutations), np.uint32(0xFFFFFFFF), dtype=np.uint32)
    for item in range(sets):
        lowest = out[item]
        for position in range(offsets[item], offsets[item + 1]):
            mixed = _fmix32(np.uint32(hashes[position] & np.uint64(0xFFFFFFFF)))
            for row in range(permutations):
                lowest[row] = min(lowest[row], np.uint32(multipliers[row] * mixed + increments[row]))
    return out


@_compiled
def sorted_sets(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.sorted_sets`."""
    out = np.empty(len(hashes), dtype=np.uint64)
    out_offsets = np.zeros(len(offsets), dtype=np.int64)
    written = 0
    for item in range(len(offsets) - 1):
        part = np.sort(hashes[offsets[item] : offsets[item + 1]])
        for position in range(len(part)):
            if position == 0 or part[position] != part[position - 1]:
                out[written] = part[position]
                written += 1
        out_offsets[item + 1] = written
    return out[:written].copy(), out_offsets


@_compiled
def intersections(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.intersections`."""
    counts = np.zeros(len(left), dtype=np.int64)
    for pair in range(len(left)):
        i, i_end = offsets[left[pair]], offsets[left[pair] + 1]
        j, j_end = offsets[right[pair]], offsets[right[pair] + 1]
        common = 0
        while i < i_end and j < j_end:
            a, b = hashes[i], hashes[j]
            common += a == b
            i += a <= b
            j += b <= a
        counts[pair] = common
    return counts


@_compiled
def agreeing_rows(
    signatures: NDArray[np.uint32], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.agreeing_rows`."""
    counts = np.zeros(len(left), dtype=np.int64)
    for pair in range(len(left)):
        a, b = signatures[left[pair]], signatures[right[pair]]
        agree = 0
        for row in range(signatures.shape[1]):
            agree += a[row] == b[row]
        counts[pair] = agree
    return counts
