"""Sorted arrays in which the keys that share a bucket with a signature are found by bisection.

A segment holds the entries of a range of key numbers: for every key the first half of its hash (to find
equal keys), for every key that is long enough its band keys (to find candidates). Segments are never
changed. New keys make a new one; when many of about the same size have come together they are merged,
so that a number is copied a few times in its life and a query looks into few segments.

Besides its entries a segment holds the low byte of each row of its signatures. Where two signatures agree
the bytes agree, so candidates can be passed over by their bytes with none lost that the signatures keep,
and that takes one line of memory for each instead of a query of a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.near.bands import Banding, band_keys

FAN = 8  # segments of one size before they are merged
MOST_KEYS = 400_000  # in a merged segment: merging takes 0.5 KB of memory a key
_ENTRIES_AT_ONCE = 2_000_000
_AGREEMENTS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Segment:
    """Entries of the keys ``first <= number < last``.

    Attributes:
        first: The first key number.
        last: The number after the last.
        values: ``uint64``, sorted: halves of hashes, and band keys.
        numbers: ``uint32``: the key of each entry, counted from ``first``; ascending among equal values.
        checks: ``uint64`` of shape ``(last - first,)``: the second half of each key's hash.
        sketches: ``uint8`` of shape ``(last - first, num_perm)``: low bytes of signatures.
    """

    first: int
    last: int
    values: NDArray[np.uint64]
    numbers: NDArray[np.uint32]
    checks: NDArray[np.uint64]
    sketches: NDArray[np.uint8]


def build(
    first: int,
    key_hashes: NDArray[np.uint64],
    signatures: NDArray[np.uint32],
    long_enough: NDArray[np.bool_],
    banding: Banding,
) -> Segment:
    """The segment of new keys.

    Args:
        first: The number of the first of them.
        key_hashes: ``uint64`` of shape ``(keys, 2)``.
        signatures: ``uint32`` of shape ``(keys, num_perm)``.
        long_enough: ``bool``: whether a key may match others that are not equal.
        banding: How signatures are cut.
    """
    numbers = np.arange(len(key_hashes), dtype=np.uint32)
    banded = np.flatnonzero(long_enough)
    bands = band_keys(signatures[banded], banding)
    values = np.concatenate((key_hashes[:, 0], bands.T.ravel()))
    owners = np.concatenate((numbers, np.tile(numbers[banded], banding.bands)))
    return from_entries(first, values, owners, key_hashes[:, 1], signatures.astype(np.uint8))


def from_entries(
    first: int,
    values: NDArray[np.uint64],
    numbers: NDArray[np.uint32],
    checks: NDArray[np.uint64],
    sketches: NDArray[np.uint8],
) -> Segment:
    """A segment of entries that are not sorted yet; among equal values they must be."""
    order = np.argsort(values, kind="stable")
    checks = np.ascontiguousarray(checks)
    return Segment(first, first + len(checks), values[order], numbers[order], checks, sketches)


def merge(parts: Sequence[Segment], dead: NDArray[np.int64]) -> Segment:
    """Several neighbouring segments as one.

    Args:
        parts: Each begins where the one before it ends.
        dead: Numbers, sorted, whose entries are left out.
    """
    first, last = parts[0].first, parts[-1].last
    entries = sum(len(part.values) for part in parts)
    values, numbers = np.empty(entries, np.uint64), np.empty(entries, np.uint32)
    done = 0
    for piece in _pieces(parts):
        of_piece = [part.values[a:b] for part, (a, b) in zip(parts, piece, strict=True)]
        owners = [
            part.numbers[a:b] + np.uint32(part.first - first)
            for part, (a, b) in zip(parts, piece, strict=True)
        ]
        merged, owner = np.concatenate(of_piece), np.concatenate(owners)
        order = np.argsort(merged, kind="stable")
        merged, owner = merged[order], owner[order]
        if len(dead):
            kept = ~np.isin(owner, dead - first)
            merged, owner = merged[kept], owner[kept]
        values[done : done + len(merged)], numbers[done : done + len(merged)] = merged, owner
        done += len(merged)
    checks = np.concatenate([part.checks for part in parts])
    sketches = np.concatenate([part.sketches for part in parts])
    return Segment(first, last, values[:done], numbers[:done], checks, sketches)


def _pieces(parts: Sequence[Segment]) -> Iterator[list[tuple[int, int]]]:
    """Ranges of each part's entries, such that equal values are in one piece and pieces are small."""
    largest = max((part.values for part in parts), key=len)
    total = sum(len(part.values) for part in parts)
    pieces = max(1, total // _ENTRIES_AT_ONCE)
    pivots = largest[np.linspace(0, len(largest) - 1, pieces + 1, dtype=np.int64)[1:-1]]
    cuts = [[0, *np.searchsorted(part.values, pivots, "left").tolist(), len(part.values)] for part in parts]
    for piece in range(len(pivots) + 1):
        yield [(cut[piece], cut[piece + 1]) for cut in cuts]


def run_to_merge(segments: Sequence[Segment]) -> int:
    """How many of the last segments should become one; 0 for none."""
    run = total = 0
    for segment in reversed(segments):
        size = segment.last - segment.first
        total += size
        if size >= FAN * (segments[-1].last - segments[-1].first) or total > MOST_KEYS:
            break
        run += 1
    return run if run >= FAN else 0


def groups_to_compact(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Neighbours that may be one segment together."""
    group: list[Segment] = []
    for segment in segments:
        if group and segment.last - group[0].first > MOST_KEYS:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def find_equal(segments: Sequence[Segment], key_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The number of the key with each hash, ``int64``; -1 where there is none."""
    found = np.full(len(key_hashes), -1, dtype=np.int64)
    wanted = np.ascontiguousarray(key_hashes[:, 0])
    for segment in segments:
        rows, numbers = _expanded(segment, wanted, *_bounds(segment, wanted))
        same = segment.checks[numbers - segment.first] == key_hashes[rows, 1]
        found[rows[same]] = numbers[same]
    return found


def candidates(
    segments: Sequence[Segment],
    signatures: NDArray[np.uint32],
    before: NDArray[np.int64] | None,
    fewest: int,
    banding: Banding,
    pairs_at_once: int,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs that share a bucket and agree in enough rows, each once, block by block.

    The sections of a block have their first candidate in common or nearly so, and with it most others: what
    verification fetches for a block is little.

    Args:
        segments: Where to look.
        signatures: ``uint32`` of shape ``(sections, num_perm)``: what candidates are wanted for.
        before: Per section, the number below which a key counts; None for every key.
        fewest: Rows in which a pair must agree.
        banding: How signatures are cut.
        pairs_at_once: About how many pairs a block may have before equal ones are left out.

    Yields:
        Positions in ``signatures`` and numbers of keys, sorted by both.
    """
    if not (len(signatures) and segments):
        return
    wanted = band_keys(signatures, banding)
    bounds = [_bounds(segment, wanted) for segment in segments]
    counts = sum((highs - lows).sum(axis=1) for lows, highs in bounds)
    nearest = np.full(len(wanted), np.iinfo(np.int64).max)
    for segment, (lows, highs) in zip(segments, bounds, strict=True):
        occupied = highs > lows
        numbers = np.where(occupied, _at(segment.numbers, lows) + segment.first, np.iinfo(np.int64).max)
        nearest = np.minimum(nearest, numbers.min(axis=1, initial=np.iinfo(np.int64).max))
    order = np.lexsort((np.arange(len(nearest)), nearest))
    order = order[np.asarray(counts)[order] > 0]
    ends = np.cumsum(np.asarray(counts)[order])
    sketches = signatures.astype(np.uint8)
    begin = 0
    while begin < len(order):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + pairs_at_once, "right")))
        chosen = np.sort(order[begin:end])
        pairs = [np.empty((0, 2), np.int64)]
        for segment, (lows, highs) in zip(segments, bounds, strict=True):
            rows, numbers = _expanded(segment, wanted[chosen], lows[chosen], highs[chosen])
            pairs.append(_agreeing(segment, sketches, chosen[rows], numbers, before, fewest))
        left, right = np.concatenate(pairs).T
        by_both = np.lexsort((right, left))
        yield left[by_both], right[by_both]
        begin = end


def _bounds(segment: Segment, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the entries of each value begin and end; bisection is kind to the cache in sorted order."""
    flat = wanted.ravel()
    order = np.argsort(flat)
    lows, highs = np.empty(len(flat), np.int64), np.empty(len(flat), np.int64)
    lows[order] = np.searchsorted(segment.values, flat[order], "left")
    highs[order] = np.searchsorted(segment.values, flat[order], "right")
    return lows.reshape(wanted.shape), highs.reshape(wanted.shape)


def _at(numbers: NDArray[np.uint32], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(numbers):
        return np.zeros(positions.shape, np.int64)
    return numbers[np.minimum(positions, len(numbers) - 1)].astype(np.int64)


def _expanded(
    segment: Segment,
    wanted: NDArray[np.uint64],
    lows: NDArray[np.int64],
    highs: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of ``wanted`` with every key that has one of their values, each pair once."""
    sizes = (highs - lows).ravel()
    rows = np.repeat(np.arange(sizes.size) // max(1, wanted.size // max(1, len(wanted))), sizes)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    numbers = segment.numbers[np.repeat(lows.ravel(), sizes) + within].astype(np.int64)
    span = segment.last - segment.first
    rows, numbers = np.divmod(np.unique(rows * span + numbers), max(1, span))
    return rows, numbers + segment.first


def _agreeing(
    segment: Segment,
    sketches: NDArray[np.uint8],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    before: NDArray[np.int64] | None,
    fewest: int,
) -> NDArray[np.int64]:
    """The pairs that count, as ``int64`` of shape ``(pairs, 2)``."""
    if before is not None:
        allowed = right < before[left]
        left, right = left[allowed], right[allowed]
    kept = np.empty(len(left), dtype=bool)
    for begin in range(0, len(left), _AGREEMENTS_AT_ONCE):
        part = slice(begin, begin + _AGREEMENTS_AT_ONCE)
        same = sketches[left[part]] == segment.sketches[right[part] - segment.first]
        kept[part] = np.count_nonzero(same, axis=1) >= fewest
    return np.stack((left[kept], right[kept]), axis=1)
