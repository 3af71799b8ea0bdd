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
    DROPPED,
    EXPANSION,
    FMIX32,
    FMIX64,
    PLACE,
    SHINGLE_MULTIPLIER,
    SINGLE,
    SKETCHED_BITS,
    TOKEN_START,
    TRANSPARENT,
)

_F = TypeVar("_F", bound=Callable[..., Any])

_START = np.uint32(TOKEN_START)
_POINT = np.uint32(CODE_POINT)
_SINGLE, _EXPANSION = np.uint32(SINGLE), np.uint32(EXPANSION)
_NO_MORE = np.iinfo(np.int64).max
_ONE32 = np.uint32(1)
_A64, _B64 = np.uint64(FMIX64[0]), np.uint64(FMIX64[1])
_A32, _B32 = np.uint32(FMIX32[0]), np.uint32(FMIX32[1])
_PLACE = np.uint64(PLACE)
_CHAIN = np.uint64(SHINGLE_MULTIPLIER)
_S33, _S32 = np.uint64(33), np.uint64(32)
_S2, _S4, _S6, _S56, _S63 = (np.uint64(shift) for shift in (2, 4, 6, 56, 63))
_ODD_BITS, _PAIRS_OF_BITS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_FOURS_OF_BITS, _BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_PLANES = 8  # bits of each row that are compared first
_SKETCHED = SKETCHED_BITS
_SHARP = 0.75  # from this threshold on a bit for each element tells sets apart that do not match; below, four
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_CROWDED = 32  # hashes with the same high bits, from which on they are no accident


def _compiled(function: _F) -> _F:
    try:
        return cast("_F", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba found no folder to write its cache to
        return cast("_F", njit(nogil=True)(function))


@_compiled
def folded(
    points: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    table: NDArray[np.uint32],
    expansions: NDArray[np.uint32],
    expansion_offsets: NDArray[np.int64],
    mask_spans: NDArray[np.int64],
    mask_values: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.folded`."""
    room = len(points)
    for position in range(len(points)):
        value = table[points[position]]
        if value & _EXPANSION:
            room += expansion_offsets[(value & _POINT) + _ONE32] - expansion_offsets[value & _POINT]
    codes = np.empty(room, dtype=np.uint32)
    offsets = np.zeros(len(bounds), dtype=np.int64)
    written = mask = position = 0
    ends_token = True  # so that what comes next starts one
    next_mask = mask_spans[0, 0] if len(mask_spans) else _NO_MORE
    for text in range(len(bounds) - 1):
        offsets[text] = written
        while position < bounds[text + 1]:
            if position == next_mask:
                codes[written] = mask_values[mask] | _START
                written += 1
                ends_token = True
                position = mask_spans[mask, 1]
                mask += 1
                next_mask = mask_spans[mask, 0] if mask < len(mask_spans) else _NO_MORE
                continue
            value = table[points[position]]
            position += 1
            place = last = 0
            if value & _EXPANSION:
                place, last = expansion_offsets[value & _POINT], expansion_offsets[(value & _POINT) + _ONE32]
                value = expansions[place]
            while True:
                if value == DROPPED:
                    ends_token = True
                elif value != TRANSPARENT:
                    is_single = value & _SINGLE != 0
                    codes[written] = value | _START if is_single or ends_token else value
                    written += 1
                    ends_token = is_single
                place += 1
                if place >= last:
                    break
                value = expansions[place]
    offsets[-1] = written
    return codes[:written].copy(), offsets


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
def _sort(values: NDArray[np.uint64], spare: NDArray[np.uint64]) -> None:
    """Sort hashes in place; ``spare`` has their number of places at least.

    They are spread evenly, so each is put where its high bits say, and little is left to be moved. Where many
    have the same high bits (a text that repeats itself), wider gaps come first: a shell sort.
    """
    size = len(values)
    bits = 0
    while (1 << bits) < size:
        bits += 1
    gap = 1
    if bits:
        shift = np.uint64(64 - bits)
        ends = np.zeros((1 << bits) + 1, dtype=np.int64)
        for value in values:
            ends[np.int64(value >> shift) + 1] += 1
        crowded = 0
        for place in range(1, len(ends)):
            crowded = max(crowded, ends[place])
            ends[place] += ends[place - 1]
        spare[:size] = values
        for position in range(size):
            part = np.int64(spare[position] >> shift)
            values[ends[part]] = spare[position]
            ends[part] += 1
        if crowded > _CROWDED:
            while gap < size // 3:
                gap = 3 * gap + 1
    while gap:
        for position in range(gap, size):
            value = values[position]
            place = position
            while place >= gap and values[place - gap] > value:
                values[place] = values[place - gap]
                place -= gap
            values[place] = value
        gap //= 3


@_compiled
def sorted_sets(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.sorted_sets`."""
    out = hashes.copy()
    longest = 0
    for item in range(len(offsets) - 1):
        longest = max(longest, offsets[item + 1] - offsets[item])
    spare = np.empty(longest, dtype=np.uint64)
    out_offsets = np.zeros(len(offsets), dtype=np.int64)
    written = 0
    for item in range(len(offsets) - 1):
        begin, end = offsets[item], offsets[item + 1]
        _sort(out[begin:end], spare)
        for position in range(begin, end):
            if position == begin or out[position] != out[written - 1]:
                out[written] = out[position]
                written += 1
        out_offsets[item + 1] = written
    return out[:written].copy(), out_offsets


@_compiled
def _common(hashes: NDArray[np.uint64], offsets: NDArray[np.int64], left: int, right: int) -> int:
    """Common elements of two sorted sets."""
    i, i_end = offsets[left], offsets[left + 1]
    j, j_end = offsets[right], offsets[right + 1]
    common = 0
    while i < i_end and j < j_end:
        a, b = hashes[i], hashes[j]
        common += a == b
        i += a <= b
        j += b <= a
    return common


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
        counts[pair] = _common(hashes, offsets, left[pair], right[pair])
    return counts


@_compiled
def agreeing_rows(
    signatures: NDArray[np.uint32] | NDArray[np.uint8], left: NDArray[np.int64], right: NDArray[np.int64]
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


@_compiled
def _sketches(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], bits: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """An odd sketch of each set, and their offsets: a bit tells whether an odd number of hashes falls on it.

    A sketch has a power of two of words: at least ``bits`` bits for each hash.
    """
    sets = len(offsets) - 1
    out_offsets = np.zeros(sets + 1, dtype=np.int64)
    for item in range(sets):
        words = 1
        while words * 64 < bits * (offsets[item + 1] - offsets[item]):
            words *= 2
        out_offsets[item + 1] = out_offsets[item] + words
    out = np.zeros(out_offsets[sets], dtype=np.uint64)
    for item in range(sets):
        begin = out_offsets[item]
        mask = np.uint64(out_offsets[item + 1] - begin - 1)
        for position in range(offsets[item], offsets[item + 1]):
            value = hashes[position]
            out[begin + np.int64((value >> _S6) & mask)] ^= _ONE << (value & _S63)
    return out, out_offsets


@_compiled
def _low_bits(signatures: NDArray[np.uint32], planes: int) -> NDArray[np.uint64]:
    """The lowest bits of all rows of each signature: ``planes`` words for each 64 rows, one for each bit."""
    items, rows = signatures.shape
    out = np.zeros((items, (rows + 63) // 64 * planes), dtype=np.uint64)
    for item in range(items):
        for row in range(rows):
            value = np.uint64(signatures[item, row])
            for plane in range(planes):
                bit = (value >> np.uint64(plane)) & _ONE
                out[item, (row >> 6) * planes + plane] |= bit << np.uint64(row & 63)
    return out


@_compiled
def low_bits(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """See :meth:`reportclean.kernels.Kernels.low_bits`."""
    return _low_bits(signatures, _SKETCHED)


@_compiled
def _bit_count(value: np.uint64) -> int:
    """Compiled to one instruction."""
    value -= (value >> _ONE) & _ODD_BITS
    value = (value & _PAIRS_OF_BITS) + ((value >> _S2) & _PAIRS_OF_BITS)
    value = (value + (value >> _S4)) & _FOURS_OF_BITS
    return int(np.int64((value * _BYTES) >> _S56))


@_compiled
def differing_low_bits(
    sketches: NDArray[np.uint64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.differing_low_bits`."""
    counts = np.zeros(len(left), dtype=np.int64)
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        differing = 0
        for word in range(0, sketches.shape[1], _SKETCHED):
            value = _ZERO
            for plane in range(_SKETCHED):
                value |= sketches[one, word + plane] ^ sketches[other, word + plane]
            differing += _bit_count(value)
        counts[pair] = differing
    return counts


@_compiled
def _differ_more(
    sketches: NDArray[np.uint64], offsets: NDArray[np.int64], left: int, right: int, most: int
) -> bool:
    """Whether two sketches differ in more than so many bits; the longer one is folded to the shorter's size.

    Each element of one set alone flips one bit, so sets differ in no fewer elements than sketches in bits.
    """
    shorter, longer = offsets[left], offsets[right]
    words, more = offsets[left + 1] - shorter, offsets[right + 1] - longer
    if more < words:
        shorter, longer, words, more = longer, shorter, more, words
    differing = 0
    if words == more:
        for word in range(words):
            differing += _bit_count(sketches[shorter + word] ^ sketches[longer + word])
        return differing > most
    for word in range(words):
        value = sketches[shorter + word]
        for place in range(longer + word, longer + more, words):
            value ^= sketches[place]
        differing += _bit_count(value)
    return differing > most


@_compiled
def _leaders_together_with(
    item: int,
    buckets: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    members: NDArray[np.int32],
    seen: NDArray[np.int32],
    found: NDArray[np.int32],
) -> int:
    """Put the leaders that share a bucket with an item into ``found``, each once; how many there are."""
    count = 0
    for bucket in buckets[item]:
        for place in range(starts[bucket], ends[bucket]) if bucket >= 0 else range(0):
            other = members[place]
            found[count] = other  # no branch: half of them would be guessed wrong
            count += seen[other] != item
            seen[other] = item
    return count


@_compiled
def _alike_in_low_bits(
    item: int, low_bits: NDArray[np.uint64], most: int, others: NDArray[np.int32], count: int
) -> int:
    """Keep those of ``others`` whose low bits differ in so many rows at most; how many there are.

    Rows whose low bits differ, differ; so nothing is lost that agrees in all other rows.
    """
    kept = 0
    for place in range(count):
        other = others[place]
        differing = 0
        for word in range(0, low_bits.shape[1], _PLANES):
            value = _ZERO
            for plane in range(_PLANES):
                value |= low_bits[item, word + plane] ^ low_bits[other, word + plane]
            differing += _bit_count(value)
        others[kept] = other
        kept += differing <= most
    return kept


@_compiled
def _first_match(
    item: int,
    others: NDArray[np.int32],
    count: int,
    signatures: NDArray[np.uint32],
    fewest: int,
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    sketches: NDArray[np.uint64],
    places: NDArray[np.int64],
    threshold: float,
) -> tuple[int, int]:
    """The first in rank of ``others`` that an item matches, else itself; how many elements they share.

    Of two sets that match, at most ``(1 - t) / (1 + t)`` of all elements are in one alone; so sketches that
    differ in more spare an exact count, and lose nothing.
    """
    size = offsets[item + 1] - offsets[item]
    share = (1.0 - threshold) / (1.0 + threshold)
    best, common = item, size
    for number in range(count):
        other = others[number]
        if other > best:
            continue
        agreeing = 0
        for row in range(signatures.shape[1]):
            agreeing += signatures[item, row] == signatures[other, row]
        if agreeing < fewest:
            continue
        both = size + offsets[other + 1] - offsets[other]
        if _differ_more(sketches, places, item, other, int(share * both) + 1):
            continue
        shared = _common(hashes, offsets, item, other)
        if shared / max(both - shared, 1) >= threshold:
            best, common = int(other), shared
    return best, common


@_compiled
def join_leaders(
    signatures: NDArray[np.uint32],
    buckets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    fewest: int,
    threshold: float,
    settled: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """See :meth:`reportclean.kernels.Kernels.join_leaders`."""
    items = len(buckets)
    ends = np.zeros(buckets.max() + 2 if items else 1, dtype=np.int64)
    for bucket in buckets.ravel():
        ends[bucket + 1] += 1
    ends[0] = 0  # what is in no bucket
    starts = np.cumsum(ends)
    ends = starts.copy()  # of the leaders so far in each bucket
    members = np.empty(starts[-1], dtype=np.int32)
    low_bits = _low_bits(signatures, _PLANES)
    most = signatures.shape[1] - fewest
    sketches, places = _sketches(hashes, offsets, 1 if threshold >= _SHARP else 4)
    seen = np.full(items, -1, dtype=np.int32)
    others = np.empty(items + 1, dtype=np.int32)
    leader, common = np.empty(items, dtype=np.int64), np.empty(items, dtype=np.int64)
    candidates = 0
    for item in range(items):
        leader[item], common[item] = item, offsets[item + 1] - offsets[item]
        if item >= settled:
            count = _leaders_together_with(item, buckets, starts, ends, members, seen, others)
            candidates += count
            count = _alike_in_low_bits(item, low_bits, most, others, count)
            leader[item], common[item] = _first_match(
                item, others, count, signatures, fewest, hashes, offsets, sketches, places, threshold
            )
        if leader[item] == item and (settled == 0 or item < settled):
            for bucket in buckets[item]:
                if bucket >= 0:
                    members[ends[bucket]] = item
                    ends[bucket] += 1
    return leader, common, candidates
