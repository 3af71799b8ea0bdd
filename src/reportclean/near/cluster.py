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
from reportclean.near.verify import fewest_agreeing_rows, ratios

_WARN_BELOW = 0.5  # from here down nearly all sections on one subject become candidates

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]

_LARGE = 16  # members of a bucket from which its pairs are too many to be looked at twice
_PAIRS_AT_ONCE = 1 << 16


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
        candidates: Pairs of a group and an earlier leader that shared a bucket.
    """

    leader: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    candidates: int


def criteria(ranked: Ranked, config: DedupeConfig) -> dict[str, NDArray[np.generic]]:
    """What rank goes by, the first to decide first; the smaller number is the better rank.

    ``preferred``, ``newest``, ``marks``, ``longest``, ``hash``, ``hash, low half`` and ``first``, as
    far as ``config`` asks for them.
    """
    found: dict[str, NDArray[np.generic]] = {"preferred": ~ranked.preferred}
    if config.keep == "newest":
        found["newest"] = -ranked.dates
    if config.keep in {"best", "newest"}:
        found["marks"] = ranked.marks
    if config.keep != "first":
        found["longest"] = -ranked.tokens
        found |= {"hash": ranked.key_hashes[:, 0], "hash, low half": ranked.key_hashes[:, 1]}
    return found | {"first": np.arange(len(ranked.tokens))}


def group_by_key(ranked: Ranked, config: DedupeConfig) -> Groups:
    """Group sections with equal keys and put the groups in rank order."""
    rows = np.flatnonzero(ranked.tokens > 0)
    high, low = ranked.key_hashes[rows, 0], ranked.key_hashes[rows, 1]
    # The last key is the first to decide.
    order = np.lexsort([column[rows] for column in reversed(criteria(ranked, config).values())])

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
        return Leaders(leader, jaccard, containment, 0)

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
    fewest = fewest_agreeing_rows(config.threshold, banding.num_perm)
    rows = np.ascontiguousarray(signatures[eligible])
    agreeing = _agreeing(kernels, rows, buckets, fewest)
    eligible, buckets, rows = eligible[agreeing], buckets[agreeing], rows[agreeing]
    if len(eligible) == 0:
        return Leaders(leader, jaccard, containment, 0)
    sets = shingle_sets(eligible)
    joined, common, candidates = kernels.join_leaders(
        rows, np.ascontiguousarray(buckets), *sets, fewest, float(config.threshold)
    )
    leader[eligible] = eligible[joined]
    sizes = np.diff(sets[1])
    jaccard[eligible], containment[eligible] = ratios(common, sizes, sizes[joined])
    return Leaders(leader, jaccard, containment, candidates)


def _agreeing(
    kernels: Kernels, signatures: NDArray[np.uint32], buckets: NDArray[np.int64], fewest: int
) -> NDArray[np.bool_]:
    """Which items may match any other: the sets of the others need not be made.

    In a large corpus nearly every section shares some bucket with another by chance. In small buckets all
    pairs are looked at; who is in a large one is taken to agree with somebody there.
    """
    order = np.argsort(buckets, axis=None, kind="stable")
    numbers = buckets.ravel()[order]
    members, numbers = order[numbers >= 0] // buckets.shape[1], numbers[numbers >= 0]
    found = np.zeros(len(buckets), dtype=bool)
    large = np.bincount(numbers)[numbers] > _LARGE
    found[members[large]] = True
    members, numbers = members[~large], numbers[~large]
    for step in range(1, _LARGE):
        pairs = np.flatnonzero(numbers[step:] == numbers[:-step])
        if not len(pairs):
            break
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            left = members[pairs[begin : begin + _PAIRS_AT_ONCE]]
            right = members[pairs[begin : begin + _PAIRS_AT_ONCE] + step]
            agree = kernels.agreeing_rows(signatures, left, right) >= fewest
            found[left[agree]] = found[right[agree]] = True
    return found
