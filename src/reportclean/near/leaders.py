"""From signatures to leaders: groups in rank order, each joining the best leader that it matches, or leading.

Every member matches its leader itself, so there are no chains, and no two leaders match each other (up to
the recall of the bands). The same sets of sections come out for any order of input.

Nothing but candidates ever decides, so whoever shares none has no part in it: items are first told apart
into components (:mod:`reportclean.near.components`), then whole components are taken together up to a bound
on their shingles, and only theirs are in memory. A component that is larger by itself is gone through in
rank order, some of its items at a time held against the leaders so far.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import ManyPairsWarning
from reportclean.kernels import JIT_FROM_CONTESTED, Kernels, choose
from reportclean.near.bands import Banding, band_keys, shared_buckets
from reportclean.near.cluster import ShingleSets
from reportclean.near.components import SignaturesOf, components
from reportclean.near.options import DedupeConfig
from reportclean.near.rows import AT_ONCE
from reportclean.near.verify import fewest_agreeing_rows, ratios

_WARN_BELOW = 0.5  # from here down nearly all sections on one subject become candidates
_SHARES = 4  # of the bound: half of it for leaders, a quarter for those that are held against them

SetsOf = Callable[[NDArray[np.int64]], ShingleSets]


@dataclass(frozen=True, slots=True)
class Leaders:
    """The leader of each group, itself where it leads.

    Attributes:
        leader: ``int64`` of shape ``(groups,)``.
        jaccard: ``float64``: of the group with its leader; 1 where it leads.
        containment: ``float64``: of the smaller of the two in the larger.
        candidates: Pairs of a group and an earlier leader that shared a bucket and were together in memory.
    """

    leader: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    candidates: int


def lead(
    kernels: Kernels,
    signatures_of: SignaturesOf,
    tokens: NDArray[np.int64],
    open_sets: Callable[[NDArray[np.int64]], SetsOf],
    banding: Banding,
    config: DedupeConfig,
    reading: NDArray[np.int64] | None = None,
    at_once: int = AT_ONCE,
) -> Leaders:
    """Let each group join the best-ranked leader that it matches, or become a leader.

    Args:
        kernels: Which inner loops to use.
        signatures_of: Gives the signatures of groups: ``uint32`` of shape ``(groups, num_perm)``.
        tokens: ``int64``: tokens of each group's key, groups in rank order; below ``min_tokens`` a group
            stays alone.
        open_sets: Called once with the groups that may match another; what it returns is called with some of
            them at a time, each once or seldom, and gives their sorted shingle hashes.
        banding: The bands in force.
        config: Threshold, size of shingle and least number of tokens.
        reading: ``int64``: all groups in the order in which their signatures are best read; rank by default.
        at_once: Shingles in memory at once; a group that is longer by itself.
    """
    joined = _Joined(len(tokens))
    eligible = np.flatnonzero(tokens >= config.min_tokens)
    if len(eligible) == 0:
        return joined.leaders()
    fewest = fewest_agreeing_rows(config.threshold, banding.num_perm)
    number = np.full(len(tokens), -1, dtype=np.int64)
    number[eligible] = np.arange(len(eligible))
    order = number if reading is None else number[reading]
    found, pairs = components(
        lambda some: signatures_of(eligible[some]), order[order >= 0], kernels, banding, fewest, at_once
    )
    if config.threshold < _WARN_BELOW and pairs:
        warnings.warn(
            f"at threshold {config.threshold} up to {pairs:,} pairs of sections will be looked at; "
            "this may take long",
            ManyPairsWarning,
            stacklevel=2,
        )
    contested = eligible[np.bincount(found.first, minlength=len(eligible))[found.first] > 1]
    if len(contested) == 0:
        return joined.leaders()
    if len(contested) >= JIT_FROM_CONTESTED:
        kernels = choose(0, len(contested))
    work = _Work(kernels, signatures_of, open_sets(contested), banding, fewest, config.threshold, joined)
    sizes = np.maximum(tokens - config.shingle_size + 1, 1)
    by_component = contested[np.argsort(found.first[number[contested]], kind="stable")]
    component = found.first[number[by_component]]
    ends = np.flatnonzero(np.diff(component, append=-1)) + 1
    starts = np.concatenate(([0], ends[:-1]))
    for few in cut(np.add.reduceat(sizes[by_component], starts), at_once):
        items = np.sort(by_component[starts[few.start] : ends[few.stop - 1]])
        if few.stop - few.start == 1 and sizes[items].sum() > at_once:
            work.in_turn(items, sizes, at_once)
        else:
            work.at_once(items)
    return joined.leaders()


def cut(sizes: NDArray[np.int64], at_once: int) -> Iterator[slice]:
    """Cut a list into slices of a total size, one item at least."""
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + at_once, "right")))
        yield slice(begin, end)
        begin = end


class _Joined:
    """What is known of all groups."""

    def __init__(self, groups: int) -> None:
        self.leader = np.arange(groups, dtype=np.int64)
        self.jaccard = np.ones(groups)
        self.containment = np.ones(groups)
        self.candidates = 0

    def leaders(self) -> Leaders:
        return Leaders(self.leader, self.jaccard, self.containment, self.candidates)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is needed to find the leaders of some groups."""

    kernels: Kernels
    signatures_of: SignaturesOf
    sets_of: SetsOf
    banding: Banding
    fewest: int
    threshold: float
    joined: _Joined

    def at_once(self, items: NDArray[np.int64], settled: int = 0) -> None:
        """Find the leader of each of some groups in rank order, of which the first may be settled leaders."""
        signatures = np.ascontiguousarray(self.signatures_of(items))
        buckets = shared_buckets(band_keys(signatures, self.banding))
        sets = self.sets_of(items)
        leader, common, candidates = self.kernels.join_leaders(
            signatures, buckets, *sets, self.fewest, float(self.threshold), settled
        )
        sizes = np.diff(sets[1])
        into = self.joined
        into.leader[items] = items[leader]
        into.jaccard[items], into.containment[items] = ratios(common, sizes, sizes[leader])
        into.candidates += candidates

    def in_turn(self, items: NDArray[np.int64], sizes: NDArray[np.int64], at_once: int) -> None:
        """The same for more groups than can be in memory at once, some of them at a time in rank order.

        Whoever matches a leader among those before joins the first of them, as leaders of the same turn are
        ranked behind; the others are settled among themselves.
        """
        leading = items[:0]
        for part in cut(sizes[items], at_once // _SHARES):
            open_ones = items[part]
            for known in cut(sizes[leading], at_once // _SHARES * 2):
                together = np.concatenate((leading[known], open_ones))
                self.at_once(together, settled=known.stop - known.start)
                open_ones = open_ones[self.joined.leader[open_ones] == open_ones]
            if len(open_ones):
                self.at_once(open_ones)
            leading = np.concatenate((leading, open_ones[self.joined.leader[open_ones] == open_ones]))
