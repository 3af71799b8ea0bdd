"""Sections held against a store: which of its keys they match, every match verified on the shingles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reportclean.index.keys import shingle_sets
from reportclean.index.store import NO_KEY, PAIRS_AT_ONCE, Batch, Store
from reportclean.kernels import choose
from reportclean.near.cluster import ShingleSets
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact

_ASKED_AT_ONCE = 16_384  # sections whose band keys are looked up together
_PAIRS_HELD = 50_000  # of these; the shingles of their keys are in memory


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

    def best(self) -> Matches:
        """The first of each section."""
        firsts = np.flatnonzero(np.diff(self.rows, prepend=-1))
        return Matches(*(getattr(self, name)[firsts] for name in Matches.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Sections that may match something, one row each.

    Attributes:
        tokens: ``int64``: of each key.
        key_hashes: ``uint64`` of shape ``(sections, 2)``: 128 bits of each key.
        signatures_of: Gives the signatures of rows.
        sets_of: Gives the sorted shingle hashes of rows, which rise.
    """

    tokens: NDArray[np.int64]
    key_hashes: NDArray[np.uint64]
    signatures_of: Callable[[NDArray[np.int64]], NDArray[np.uint32]]
    sets_of: Callable[[NDArray[np.int64]], ShingleSets]

    @staticmethod
    def of(batch: Batch, rows: NDArray[np.int64], shingle_size: int) -> Asked:
        """Some rows of a batch."""
        return Asked(
            batch.columns.tokens[rows],
            batch.key_hashes[rows],
            lambda some: batch.signatures[rows[some]],
            lambda some: shingle_sets(batch.keys.take(rows[some]), shingle_size, choose(0, len(some))),
        )


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
    rows = np.flatnonzero(batch.matchable())
    asked = Asked.of(batch, rows, config.shingle_size)
    equal = _equal(store, asked)
    found = [equal]
    asking = np.flatnonzero(asked.tokens >= config.min_tokens)
    for left, keys in store.candidates(asked.signatures_of(asking), config.threshold, None, pairs_at_once):
        other = ~_among(equal, asking[left], keys)
        found.append(_verified(store, asked, asking[left[other]], keys[other], config))
    matches = _ordered(found)
    return replace(matches, rows=rows[matches.rows])


def find_closest(store: Store, asked: Asked, config: DedupeConfig) -> Matches:
    """For each section the key that it matches best, where it matches any.

    Args:
        store: What is asked; it is not changed.
        asked: Signed with the store's settings.
        config: Threshold and least number of tokens.
    """
    equal = _equal(store, asked)
    found = [equal]
    left_over = np.ones(len(asked.tokens), dtype=bool)
    left_over[equal.rows] = False  # nothing is closer than an equal key
    asking = np.flatnonzero(left_over & (asked.tokens >= config.min_tokens))
    for begin in range(0, len(asking), _ASKED_AT_ONCE):
        some = asking[begin : begin + _ASKED_AT_ONCE]
        for left, keys in store.candidates(asked.signatures_of(some), config.threshold, None, _PAIRS_HELD):
            found.append(_ordered([_verified(store, asked, some[left], keys, config)]).best())
    return _ordered(found).best()


def _equal(store: Store, asked: Asked) -> Matches:
    """The sections whose keys the store has."""
    equal = store.find_keys(asked.key_hashes)
    rows = np.flatnonzero(equal != NO_KEY)
    ones = np.ones(len(rows))
    return Matches(rows, equal[rows], ones, ones, np.ones(len(rows), bool))


def _among(equal: Matches, rows: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs of rows and keys are pairs of equal keys."""
    place = np.searchsorted(equal.rows, rows)
    there = place < len(equal.rows)
    there[there] = equal.rows[place[there]] == rows[there]
    there[there] = equal.keys[place[there]] == keys[there]
    return there


def _ordered(parts: list[Matches]) -> Matches:
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in Matches.__slots__]
    order = np.lexsort((columns[1], ~columns[4], -columns[2], columns[0]))
    return Matches(*(column[order] for column in columns))


def _verified(
    store: Store, asked: Asked, rows: NDArray[np.int64], keys: NDArray[np.int64], config: DedupeConfig
) -> Matches:
    """The pairs of a block that match, none of them of equal keys."""
    ours, left = np.unique(rows, return_inverse=True)
    theirs, right = np.unique(keys, return_inverse=True)
    kernels = choose(0, len(theirs))
    mine = asked.sets_of(ours)
    sets = _joined(mine, store.shingles(theirs)) if len(theirs) else mine
    jaccard, containment = exact(kernels, sets, left, right + len(ours))
    chosen = jaccard >= config.threshold
    return Matches(
        rows[chosen], keys[chosen], jaccard[chosen], containment[chosen], np.zeros(chosen.sum(), bool)
    )


def _joined(one: ShingleSets, other: ShingleSets) -> ShingleSets:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1][1:] + one[1][-1]))
