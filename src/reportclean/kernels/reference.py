"""The kernels in numpy: the definition that the fast ones are held against, and what small inputs use.

Hash of a shingle: the MurmurHash3 finaliser (a bijection on 64 bits) mixes each character with its place
in the token; a token is the mixed sum of its characters; a shingle chains its tokens by exclusive-or,
multiply and shift, beginning with their number. All arithmetic wraps modulo 2**64. That different
shingles get different hashes is measured, not proven; 64 bits make an accident a matter of 10^-9 for a
corpus of 10^5 sections, and a match is also held against its signature.
"""

from __future__ import annotations

import numpy as np
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

_CHUNK = 4096  # shingles a step in `signatures`: 128 rows of them stay within the cache


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
    values = table[points]
    for (start, end), mask in zip(mask_spans.tolist(), mask_values.tolist(), strict=True):
        values[start:end] = DROPPED
        values[start] = mask
    if np.any(values & np.uint32(EXPANSION)):
        values, bounds = _expanded(values, bounds, expansions, expansion_offsets)
    transparent = values == TRANSPARENT
    if transparent.any():
        bounds = bounds - np.concatenate(([0], np.cumsum(transparent)))[bounds]
        values = values[~transparent]
    kept = np.flatnonzero(values)
    codes = values[kept]
    single = codes & np.uint32(SINGLE) != 0
    starts = single.copy()
    starts[:1] = True
    starts[1:] |= single[:-1] | (np.diff(kept) > 1)
    codes[starts] |= np.uint32(TOKEN_START)
    return codes, np.searchsorted(kept, bounds).astype(np.int64)


def _expanded(
    values: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    expansions: NDArray[np.uint32],
    expansion_offsets: NDArray[np.int64],
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Replace each expansion by its values; bounds are moved along."""
    places = np.flatnonzero(values & np.uint32(EXPANSION))
    index = values[places] & np.uint32(CODE_POINT)
    begins, ends = expansion_offsets[index], expansion_offsets[index + np.uint32(1)]
    pieces: list[NDArray[np.uint32]] = []
    done = 0
    for place, begin, end in zip(places.tolist(), begins.tolist(), ends.tolist(), strict=True):
        pieces += (values[done:place], expansions[begin:end])
        done = place + 1
    moved = np.concatenate(([0], np.cumsum(ends - begins - 1)))
    return np.concatenate((*pieces, values[done:])), bounds + moved[np.searchsorted(places, bounds)]


def _fmix64(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(FMIX64[0])
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(FMIX64[1])
    return values ^ (values >> np.uint64(33))


def _fmix32(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    values = values ^ (values >> np.uint32(16))
    values = values * np.uint32(FMIX32[0])
    values = values ^ (values >> np.uint32(13))
    values = values * np.uint32(FMIX32[1])
    return values ^ (values >> np.uint32(16))


def _token_hashes(
    codes: NDArray[np.uint32], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    is_start = codes & np.uint32(TOKEN_START) != 0
    starts = np.flatnonzero(is_start)
    token_offsets = np.searchsorted(starts, offsets).astype(np.int64)
    if len(starts) == 0:
        return np.empty(0, np.uint64), token_offsets
    place = np.arange(len(codes), dtype=np.int64) - np.repeat(starts, np.diff(starts, append=len(codes)))
    points = (codes & np.uint32(CODE_POINT)).astype(np.uint64)
    mixed = _fmix64(points + (place.astype(np.uint64) + np.uint64(1)) * np.uint64(PLACE))
    return _fmix64(np.add.reduceat(mixed, starts)), token_offsets


def _chained(tokens: NDArray[np.uint64], starts: NDArray[np.int64], size: int) -> NDArray[np.uint64]:
    hashes = np.full(len(starts), size, dtype=np.uint64)
    for step in range(size):
        hashes = (hashes ^ tokens[starts + step]) * np.uint64(SHINGLE_MULTIPLIER)
        hashes = hashes ^ (hashes >> np.uint64(32))
    return hashes


def shingle_hashes(
    codes: NDArray[np.uint32], offsets: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.shingle_hashes`."""
    tokens, token_offsets = _token_hashes(codes, offsets)
    lengths = np.diff(token_offsets)
    counts = np.where(lengths >= size, lengths - size + 1, np.minimum(lengths, 1))
    out_offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    first = np.repeat(token_offsets[:-1] - out_offsets[:-1], counts)
    starts = first + np.arange(out_offsets[-1], dtype=np.int64)
    spans = np.repeat(np.minimum(lengths, size), counts)
    hashes = np.empty(len(starts), dtype=np.uint64)
    for span in np.unique(spans).tolist():
        chosen = spans == span
        hashes[chosen] = _chained(tokens, starts[chosen], span)
    return hashes, out_offsets


def signatures(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    multipliers: NDArray[np.uint32],
    increments: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """See :meth:`reportclean.kernels.Kernels.signatures`."""
    out = np.full((len(offsets) - 1, len(multipliers)), 0xFFFFFFFF, dtype=np.uint32)
    mixed = _fmix32(hashes.astype(np.uint32))
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    for begin in range(0, len(mixed), _CHUNK):
        part = mixed[begin : begin + _CHUNK]
        owners = owner[begin : begin + _CHUNK]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        permuted = multipliers[:, None] * part[None, :] + increments[:, None]
        lowest = np.minimum.reduceat(permuted, starts, axis=1).T
        rows = owners[starts]  # a set may be spread over several chunks
        out[rows] = np.minimum(out[rows], lowest)
    return out


def sorted_sets(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """See :meth:`reportclean.kernels.Kernels.sorted_sets`."""
    sets = [np.unique(hashes[a:b]) for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    out_offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
    return np.concatenate([np.empty(0, np.uint64), *sets]), out_offsets


def intersections(
    hashes: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.intersections`."""
    counts = np.empty(len(left), dtype=np.int64)
    for pair, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        both = np.concatenate((hashes[offsets[i] : offsets[i + 1]], hashes[offsets[j] : offsets[j + 1]]))
        both.sort()
        counts[pair] = np.count_nonzero(both[1:] == both[:-1])
    return counts


def agreeing_rows(
    signatures: NDArray[np.uint32] | NDArray[np.uint8], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.agreeing_rows`."""
    agreeing = np.empty(len(left), dtype=np.int64)
    for begin in range(0, len(left), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        agreeing[part] = np.count_nonzero(signatures[left[part]] == signatures[right[part]], axis=1)
    return agreeing


def low_bits(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """See :meth:`reportclean.kernels.Kernels.low_bits`."""
    words = (signatures.shape[1] + 63) // 64
    out = np.zeros((len(signatures), words, SKETCHED_BITS), dtype=np.uint64)
    bits = np.zeros((len(signatures), words * 64), dtype=np.uint8)
    for plane in range(SKETCHED_BITS):
        bits[:, : signatures.shape[1]] = signatures >> np.uint32(plane) & np.uint32(1)
        out[:, :, plane] = np.packbits(bits, axis=1, bitorder="little").view("<u8")
    return out.reshape(len(signatures), words * SKETCHED_BITS)


def differing_low_bits(
    sketches: NDArray[np.uint64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See :meth:`reportclean.kernels.Kernels.differing_low_bits`."""
    differing = np.empty(len(left), dtype=np.int64)
    words = sketches.shape[1] // SKETCHED_BITS
    for begin in range(0, len(left), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        apart = sketches[left[part]] ^ sketches[right[part]]
        rows = np.bitwise_or.reduce(apart.reshape(-1, words, SKETCHED_BITS), axis=2).view(np.uint8)
        differing[part] = np.count_nonzero(np.unpackbits(rows, axis=1), axis=1)
    return differing


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
    leader = np.arange(len(buckets))
    sizes = np.diff(offsets)
    common = sizes.copy()
    leaders_in = _BucketLists(buckets)
    candidates = 0
    for item in range(settled):
        leaders_in.add(item)
    for item in range(settled, len(buckets)):
        others = leaders_in.together_with(item)
        candidates += len(others)
        others = others[agreeing_rows(signatures, np.full(len(others), item), others) >= fewest]
        shared = intersections(hashes, offsets, np.full(len(others), item), others)
        union = sizes[item] + sizes[others] - shared
        matching = np.flatnonzero(shared / np.maximum(union, 1) >= threshold)
        if len(matching):
            best = matching[0]  # in rank order, since items are
            leader[item], common[item] = others[best], shared[best]
        elif not settled:
            leaders_in.add(item)
    return leader, common, candidates


class _BucketLists:
    """The leaders in each bucket so far, as slices of one array that has room for every member.

    Args:
        buckets: ``int64`` of shape ``(items, bands)``: number of the bucket, -1 for none.
    """

    def __init__(self, buckets: NDArray[np.int64]) -> None:
        self._mine = [[bucket for bucket in row if bucket >= 0] for row in buckets.tolist()]
        sizes = np.bincount(buckets[buckets >= 0])
        self._starts = (np.cumsum(sizes) - sizes).tolist()
        self._filled = list(self._starts)
        self._members = np.empty(int(sizes.sum()), dtype=np.int64)
        self._marked = np.zeros(len(buckets), dtype=bool)

    def add(self, item: int) -> None:
        """Make an item a leader in its buckets."""
        for bucket in self._mine[item]:
            self._members[self._filled[bucket]] = item
            self._filled[bucket] += 1

    def together_with(self, item: int) -> NDArray[np.int64]:
        """The leaders that share a bucket with an item, in rank order."""
        slices = [
            self._members[self._starts[bucket] : self._filled[bucket]]
            for bucket in self._mine[item]
            if self._filled[bucket] > self._starts[bucket]
        ]
        if not slices:
            return np.empty(0, dtype=np.int64)
        for leaders in slices:
            self._marked[leaders] = True
        found = np.flatnonzero(self._marked[:item])
        self._marked[found] = False
        return found
