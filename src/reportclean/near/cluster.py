"""From signatures to clusters: groups of equal keys, in rank order, each joining a leader or becoming one.

Every member matches its leader itself, so there are no chains, and no two leaders match each other (up to
the recall of the bands). The same sets of sections come out for any order of input, because rank ends in a
hash of the key; only among equal keys does the earlier input come first.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import ManyPairsWarning
from reportclean.kernels import JIT_FROM_CONTESTED, Kernels, choose
from reportclean.near.bands import Banding, band_keys, shared_buckets
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact, fewest_agreeing_rows

_WARN_BELOW = 0.5  # from here down nearly all sections on one subject become candidates

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What rank looks at: one row a section, in input order.

    Attributes:
        key_hashes: ``uint64`` of shape ``(sections, 2)``: the 128-bit hash of each key.
        tokens: ``int64``: tokens of each key; a section without tokens matches nothing.
        marks: ``int64``: placeholders and repairs counted together.
        preferred: ``bool``: whether the source matches ``prefer``.
        dates: ``float64``: seconds since 1970, for ``keep="newest"``.
    """

    key_hashes: NDArray[np.uint64]
    tokens: NDArray[np.int64]
    marks: NDArray[np.int64]
    preferred: NDArray[np.bool_]
    dates: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Sections with equal keys, in rank order.

    Attributes:
        of_section: ``int64`` of shape ``(sections,)``: the group of each; -1 for one without tokens.
        first: ``int64`` of shape ``(groups,)``: the best-ranked section of each.
    """

    of_section: NDArray[np.int64]
    first: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leaders:
    """The leader of each group, itself where it leads.

    Attributes:
        leader: ``int64`` of shape ``(groups,)``.
        jaccard: ``float64``: of the group with its leader; 1 where it leads.
        containment: ``float64``: of the smaller of the two in the larger.
        candidates: Pairs that shared a bucket and were looked at.
        verified: Pairs whose Jaccard was counted exactly.
    """

    leader: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    candidates: int
    verified: int


def group_by_key(ranked: Ranked, config: DedupeConfig) -> Groups:
    """Group sections with equal keys and put the groups in rank order."""
    rows = np.flatnonzero(ranked.tokens > 0)
    high, low = ranked.key_hashes[rows, 0], ranked.key_hashes[rows, 1]
    columns: list[NDArray[np.generic]] = [rows, low, high]  # the last key is the first to decide
    if config.keep == "first":
        columns = [rows]
    elif config.keep == "longest":
        columns += [-ranked.tokens[rows]]
    else:
        columns += [-ranked.tokens[rows], ranked.marks[rows]]
    if config.keep == "newest":
        columns += [-ranked.dates[rows]]
    columns.append(~ranked.preferred[rows])
    order = np.lexsort(columns)

    _, inverse = np.unique(np.stack((high, low), axis=1), axis=0, return_inverse=True)
    inverse = inverse.ravel()
    place = np.full(int(inverse.max(initial=-1)) + 1, len(rows), dtype=np.int64)
    np.minimum.at(place, inverse[order], np.arange(len(rows)))
    number = np.empty(len(place), dtype=np.int64)
    number[np.argsort(place)] = np.arange(len(place))
    of_section = np.full(len(ranked.tokens), -1, dtype=np.int64)
    of_section[rows] = number[inverse]
    return Groups(of_section, rows[order[np.sort(place)]])


def lead(
    kernels: Kernels,
    signatures: NDArray[np.uint32],
    tokens: NDArray[np.int64],
    shingle_sets: Callable[[NDArray[np.int64]], ShingleSets],
    banding: Banding,
    config: DedupeConfig,
) -> Leaders:
    """Let each group join the best-ranked leader that it matches, or become a leader.

    Args:
        kernels: Which inner loops to use.
        signatures: ``uint32`` of shape ``(groups, num_perm)``, groups in rank order.
        tokens: ``int64``: tokens of each group's key; below ``min_tokens`` a group stays alone.
        shingle_sets: Called once with the groups that share a bucket; gives their sorted shingle hashes.
        banding: The bands in force.
        config: Threshold and least number of tokens.
    """
    leader = np.arange(len(tokens), dtype=np.int64)
    jaccard = np.ones(len(tokens))
    containment = np.ones(len(tokens))
    eligible = np.flatnonzero(tokens >= config.min_tokens)
    buckets = shared_buckets(band_keys(signatures[eligible], banding))
    contested = (buckets >= 0).any(axis=1)
    eligible, buckets = eligible[contested], buckets[contested]
    if len(eligible) == 0:
        return Leaders(leader, jaccard, containment, 0, 0)

    if config.threshold < _WARN_BELOW:
        sizes = np.bincount(buckets[buckets >= 0])
        expected = int((sizes * (sizes - 1) // 2).sum())
        warnings.warn(
            f"at threshold {config.threshold} up to {expected:,} pairs of sections will be looked at; "
            "this may take long",
            ManyPairsWarning,
            stacklevel=2,
        )
    if len(eligible) >= JIT_FROM_CONTESTED:
        kernels = choose(0, len(eligible))
    sets = shingle_sets(eligible)
    rows = np.ascontiguousarray(signatures[eligible])
    fewest = fewest_agreeing_rows(config.threshold, banding.num_perm)
    leaders_in = _BucketLists(buckets)
    candidates = verified = 0
    for item in range(len(eligible)):
        others = leaders_in.together_with(item)
        candidates += len(others)
        if len(others):
            agreeing = kernels.agreeing_rows(rows, np.full(len(others), item), others)
            others = others[agreeing >= fewest]
        if len(others):
            verified += len(others)
            values, contained = exact(kernels, sets, np.full(len(others), item), others)
            matching = np.flatnonzero(values >= config.threshold)
            if len(matching):
                best = matching[0]  # in rank order, since items are
                leader[eligible[item]] = eligible[others[best]]
                jaccard[eligible[item]] = values[best]
                containment[eligible[item]] = contained[best]
                continue
        leaders_in.add(item)
    return Leaders(leader, jaccard, containment, candidates, verified)


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
