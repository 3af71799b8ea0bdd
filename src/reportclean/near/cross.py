"""Sections of one collection held against those of another: the best match of each, none within a side.

Candidates come from the same bands and are verified the same way as within a collection. Nothing is
clustered, so each match is of the section itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.near.bands import Banding, band_keys, shared_buckets
from reportclean.near.minhash import Signatures
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact, fewest_agreeing_rows

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]
SetsOf = Callable[[NDArray[np.int64]], ShingleSets]
_PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """One collection: a row a section.

    Attributes:
        key_hashes: ``uint64`` of shape ``(sections, 2)``: the 128-bit hash of each key.
        tokens: ``int64``: tokens of each key; a section without tokens matches nothing.
        signatures: Of all of them.
        sets_of: The sorted shingle sets of rows.
    """

    key_hashes: NDArray[np.uint64]
    tokens: NDArray[np.int64]
    signatures: Signatures
    sets_of: SetsOf


@dataclass(frozen=True, slots=True)
class Found:
    """The best match of a section.

    Attributes:
        row: Of the other side; the first of those that are equally good.
        jaccard: Exact, on shingles.
        exact: Whether the keys are equal.
    """

    row: int
    jaccard: float
    exact: bool


def best_matches(
    ours: Side, others: Side, kernels: Kernels, banding: Banding, config: DedupeConfig
) -> dict[int, Found]:
    """The best match among the others of each of our rows that has one."""
    first: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(others.tokens > 0).tolist():
        first.setdefault((int(others.key_hashes[row, 0]), int(others.key_hashes[row, 1])), row)
    found: dict[int, Found] = {}
    for row in np.flatnonzero(ours.tokens > 0).tolist():
        twin = first.get((int(ours.key_hashes[row, 0]), int(ours.key_hashes[row, 1])))
        if twin is not None:
            found[row] = Found(twin, 1.0, exact=True)
    theirs = np.array(sorted(first.values()), dtype=np.int64)
    theirs = theirs[others.tokens[theirs] >= config.min_tokens]
    mine = np.flatnonzero(ours.tokens >= config.min_tokens)
    mine = mine[[row not in found for row in mine.tolist()]] if len(mine) else mine
    for left, right, jaccard in _verified(ours, others, mine, theirs, kernels, banding, config):
        known = found.get(left)
        if known is None or (-jaccard, right) < (-known.jaccard, known.row):
            found[left] = Found(right, jaccard, exact=False)
    return found


def _verified(
    ours: Side,
    others: Side,
    mine: NDArray[np.int64],
    theirs: NDArray[np.int64],
    kernels: Kernels,
    banding: Banding,
    config: DedupeConfig,
) -> Iterator[tuple[int, int, float]]:
    """Pairs that match: our row, their row, Jaccard."""
    signatures = np.concatenate((ours.signatures[mine], others.signatures[theirs]))
    buckets = shared_buckets(band_keys(signatures, banding))
    fewest = fewest_agreeing_rows(config.threshold, banding.num_perm)
    lefts, rights = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for left, right in _candidates(buckets[: len(mine)], buckets[len(mine) :]):
        agreeing = kernels.agreeing_rows(signatures, left, right + len(mine))
        lefts.append(left[agreeing >= fewest])
        rights.append(right[agreeing >= fewest])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    if not len(left):
        return
    contested_left, left_in = np.unique(left, return_inverse=True)
    contested_right, right_in = np.unique(right, return_inverse=True)
    sets = _joined(ours.sets_of(mine[contested_left]), others.sets_of(theirs[contested_right]))
    jaccard, _ = exact(kernels, sets, left_in, right_in + len(contested_left))
    for pair in np.flatnonzero(jaccard >= config.threshold).tolist():
        yield int(mine[left[pair]]), int(theirs[right[pair]]), float(jaccard[pair])


def _candidates(
    ours: NDArray[np.int64], others: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs that share a bucket, each once, some at a time.

    Args:
        ours: The numbers of our buckets, a row a section and a column a band; -1 for none.
        others: Theirs.
    """
    orders = [np.argsort(column, kind="stable") for column in others.T]
    ordered = [column[order] for column, order in zip(others.T, orders, strict=True)]
    lows = np.stack([np.searchsorted(o, c, "left") for o, c in zip(ordered, ours.T, strict=True)], axis=1)
    highs = np.stack([np.searchsorted(o, c, "right") for o, c in zip(ordered, ours.T, strict=True)], axis=1)
    counts = np.where(ours >= 0, highs - lows, 0)
    ends = np.cumsum(counts.sum(axis=1))
    begin = 0
    while begin < len(ours):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, "right")))
        pairs = []
        for band, order in enumerate(orders):
            sizes = counts[begin:end, band]
            left = np.repeat(np.arange(begin, end), sizes)
            within = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            right = order[np.repeat(lows[begin:end, band], sizes) + within]
            pairs.append(left * len(others) + right)
        left, right = np.divmod(np.unique(np.concatenate(pairs)), max(len(others), 1))
        yield left, right
        begin = end


def _joined(one: ShingleSets, other: ShingleSets) -> ShingleSets:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1][1:] + one[1][-1]))
