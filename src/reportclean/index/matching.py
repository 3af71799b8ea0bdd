"""Sections held against a store: which of its keys they match, every match verified on the shingles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.index.keys import shingle_sets
from reportclean.index.store import NO_KEY, PAIRS_AT_ONCE, Batch, Store
from reportclean.kernels import choose
from reportclean.near.cluster import ShingleSets
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Matches:
    """Pairs that match, best first within a section: by Jaccard, then equal keys, then number.

    Attributes:
        rows: ``int64``: rows of the batch, ascending.
        keys: ``int64``: numbers of keys.
        jaccard: ``float64``: exact.
        containment: ``float64``: of the smaller set of shingles in the larger.
        exact: ``bool``: whether the keys are equal.
    """

    rows: NDArray[np.int64]
    keys: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    exact: NDArray[np.bool_]


def find_matches(
    store: Store, batch: Batch, config: DedupeConfig, pairs_at_once: int = PAIRS_AT_ONCE
) -> Matches:
    """Everything in a store that the sections of a batch match.

    Args:
        store: What is asked; it is not changed.
        batch: Signed with the store's settings.
        config: Threshold and least number of tokens.
        pairs_at_once: About how many candidates are looked at together.

    Raises:
        IndexMismatchError: The store was made with settings that cannot answer.
    """
    store.settings.require(config, "the index")
    equal = np.full(len(batch), NO_KEY, dtype=np.int64)
    matchable = np.flatnonzero(batch.matchable())
    equal[matchable] = store.find_keys(batch.key_hashes[matchable])
    rows = np.flatnonzero(equal != NO_KEY)
    ones = np.ones(len(rows))
    found = [(rows, equal[rows], ones, ones, np.ones(len(rows), bool))]
    asking = matchable[batch.columns.tokens[matchable] >= config.min_tokens]
    blocks = store.candidates(batch.signatures[asking], config.threshold, None, pairs_at_once)
    for left, keys in blocks:
        other = keys != equal[asking[left]]
        found.append(_verified(store, batch, asking[left[other]], keys[other], config))
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    order = np.lexsort((columns[1], ~columns[4], -columns[2], columns[0]))
    return Matches(*(column[order] for column in columns))


def _verified(
    store: Store, batch: Batch, rows: NDArray[np.int64], keys: NDArray[np.int64], config: DedupeConfig
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The pairs of a block that match, none of them of equal keys."""
    ours, left = np.unique(rows, return_inverse=True)
    theirs, right = np.unique(keys, return_inverse=True)
    kernels = choose(0, len(theirs))
    mine = shingle_sets(batch.keys.take(ours), config.shingle_size, kernels)
    sets = _joined(mine, store.shingles(theirs)) if len(theirs) else mine
    jaccard, containment = exact(kernels, sets, left, right + len(ours))
    chosen = jaccard >= config.threshold
    return rows[chosen], keys[chosen], jaccard[chosen], containment[chosen], np.zeros(chosen.sum(), bool)


def _joined(one: ShingleSets, other: ShingleSets) -> ShingleSets:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1][1:] + one[1][-1]))
