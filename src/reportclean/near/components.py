"""Which items may match one another at all, directly or through others: a first look, by sketches alone.

Two items in different components share no bucket, or their signatures agree in too few rows. So leaders can
be found component by component, with what is needed of one in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.near.bands import Banding, band_keys
from reportclean.near.rows import joined_groups

SignaturesOf = Callable[[NDArray[np.int64]], NDArray[np.uint32]]

_SIGNED_AT_ONCE = 16_384  # signatures in memory: 8 MB at 128 permutations
_LARGE = 16  # members of a bucket from which its pairs are too many to be looked at twice
_PAIRS_AT_ONCE = 1 << 18


class Components:
    """Disjoint sets of items, each known by its first.

    Args:
        items: How many there are; at first each is alone.
    """

    def __init__(self, items: int) -> None:
        self.first = np.arange(items, dtype=np.int32)

    def apart(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs are not in one set yet."""
        return np.not_equal(self.first[left], self.first[right])

    def join(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        """Put the two of each pair into one set."""
        while True:
            one, other = self.first[left], self.first[right]
            joining = one != other
            if not joining.any():
                return
            left, right = left[joining], right[joining]
            np.minimum.at(self.first, np.maximum(one, other)[joining], np.minimum(one, other)[joining])
            while not np.array_equal(above := self.first[self.first], self.first):
                self.first = above


def components(
    signatures_of: SignaturesOf,
    reading: NDArray[np.int64],
    kernels: Kernels,
    banding: Banding,
    fewest: int,
    at_once: int,
) -> tuple[Components, int]:
    """Join the items that share a bucket and whose signatures may agree in so many rows.

    In small buckets all pairs are looked at; the members of a large one are taken to be together.

    Args:
        signatures_of: Gives the signatures of items.
        reading: ``int64``: all items, in the order in which their signatures are best read.
        kernels: Which inner loops to use.
        banding: How signatures are cut.
        fewest: Rows.
        at_once: Band keys in memory at once, one of each item at least.

    Returns:
        The sets; and how many pairs share a bucket, counted once a bucket.
    """
    items = len(reading)
    most = banding.num_perm - fewest
    found = Components(items)
    sketches = np.empty((items, 0), dtype=np.uint64)
    width = min(banding.bands, max(1, at_once // max(items, 1)))
    pairs = 0
    for begin in range(0, banding.bands, width):
        bands = range(begin, min(begin + width, banding.bands))
        keys = np.empty((len(bands), items), dtype=np.uint64)
        for first in range(0, items, _SIGNED_AT_ONCE):
            some = reading[first : first + _SIGNED_AT_ONCE]
            signatures = signatures_of(some)
            keys[:, some] = band_keys(signatures, banding, bands).T
            if begin == 0:
                low = kernels.low_bits(np.ascontiguousarray(signatures))
                if first == 0:
                    sketches = np.empty((items, low.shape[1]), dtype=np.uint64)
                sketches[some] = low
        for of_band in keys:
            members, numbers = _shared(of_band)
            sizes = np.bincount(numbers)
            pairs += int((sizes * (sizes - 1) // 2).sum())
            for left, right in _pairs(members, numbers, sizes):
                apart = np.flatnonzero(found.apart(left, right))
                one, other = left[apart], right[apart]
                alike = kernels.differing_low_bits(sketches, one, other) <= most
                found.join(one[alike], other[alike])
            first_of = members[np.flatnonzero(np.diff(numbers, prepend=-1))]
            crowded = sizes[numbers] > _LARGE
            found.join(members[crowded], first_of[numbers[crowded]])
    return found, pairs


def _shared(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The items in buckets of several, bucket by bucket, and the number of each one's bucket."""
    members, opens = joined_groups(keys, np.arange(len(keys)))
    numbers = np.cumsum(opens) - 1
    several = np.bincount(numbers)[numbers] > 1 if len(numbers) else opens
    return members[several], np.cumsum(opens[several]) - 1


def _pairs(
    members: NDArray[np.int64], numbers: NDArray[np.int64], sizes: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs of small buckets, some at a time."""
    small = sizes[numbers] <= _LARGE
    members, numbers = members[small], numbers[small]
    for step in range(1, _LARGE):
        pairs = np.flatnonzero(numbers[step:] == numbers[:-step])
        if not len(pairs):
            return
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            some = pairs[begin : begin + _PAIRS_AT_ONCE]
            yield members[some], members[some + step]
