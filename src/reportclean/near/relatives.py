"""Sections with much in common that do not match: where a run learns what spinners swap.

A copy with every fifth word replaced shares a third of its shingles with the original. No threshold would
take the two for duplicates, but a few such pairs are enough to learn the swaps that make all of them match.
So of each section the one that is most like it is named, for a bounded number of sections; what is a spun
copy and what is another report on the same subject is for the words to tell (near/spinning.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.near.bands import Banding, band_keys
from reportclean.near.minhash import Signatures
from reportclean.near.rows import AT_ONCE, equal_groups

MOST = 1000  # pairs; some hundred of them teach what there is to learn
_BANDS, _ROWS = 20, 3  # two sections of Jaccard 0.2 share a bucket in 15 of 100 cases, of 0.4 in 73
_LEAST = 0.12  # of the rows of two signatures agree: what chance gives hardly ever
_CROWD = 16  # members of a bucket from which it holds what stands everywhere
_PAIRS_AT_ONCE = 1 << 16
_SIGNED_AT_ONCE = 16_384  # signatures in memory


def relatives(
    kernels: Kernels,
    signatures: Signatures,
    rows: NDArray[np.int64],
    order: NDArray[np.uint64],
    num_perm: int,
    below: int,
    most: int = MOST,
    at_once: int = AT_ONCE,
) -> NDArray[np.int64]:
    """Pairs of sections, each section in one of them at most.

    Args:
        kernels: Which inner loops to use.
        signatures: Of all rows.
        rows: ``int64``: the sections, no two of equal keys.
        order: ``uint64``: a hash of each one's key; of too many pairs those of the least are taken.
        num_perm: Permutations of a signature.
        below: Agreeing rows from which a pair is a duplicate, and of no interest.
        most: Pairs, at most.
        at_once: Band keys in memory at once, one of each section at least.

    Returns:
        ``int64`` of shape ``(pairs, 2)``, places in ``rows``; the same pairs whatever the order of the
        sections.
    """
    best = _Best(order, int(_LEAST * num_perm))
    banding = Banding(min(_BANDS, num_perm // _ROWS), _ROWS, num_perm)
    low = np.empty((len(rows), num_perm), dtype=np.uint8)  # where signatures agree, their low bytes do
    width = min(banding.bands, max(1, at_once // max(len(rows), 1)))
    for begin in range(0, banding.bands, width):
        bands = range(begin, min(begin + width, banding.bands))
        keys = np.empty((len(bands), len(rows)), dtype=np.uint64)
        for first in range(0, len(rows), _SIGNED_AT_ONCE):
            some = slice(first, first + _SIGNED_AT_ONCE)
            signed = signatures[rows[some]]
            low[some] = signed
            keys[:, some] = band_keys(signed, banding, bands).T
        for of_band in keys:
            for left, right in _pairs(of_band):
                likely = best.may_gain(left, right, kernels.agreeing_rows(low, left, right))
                left, right = left[likely], right[likely]  # noqa: PLW2901  # fewer of the same
                both, numbers = np.unique(np.stack((left, right)), return_inverse=True)
                one, other = numbers.reshape(2, -1)
                agreeing = kernels.agreeing_rows(signatures[rows[both]], one, other)
                strangers = agreeing < below
                best.learn(left[strangers], right[strangers], agreeing[strangers])
    return best.pairs(most)


class _Best:
    """Of each section the one most like it, so far: by agreeing rows, then by the hash of its key.

    Args:
        order: ``uint64``: a hash of each section's key.
        least: Agreeing rows that say nothing.
    """

    def __init__(self, order: NDArray[np.uint64], least: int) -> None:
        self._order = order
        self._best = np.full(len(order), -1, dtype=np.int64)
        self._score = np.full(len(order), least + 1, dtype=np.int64)

    def may_gain(
        self, left: NDArray[np.int64], right: NDArray[np.int64], agreeing: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which pairs may be the best of either side, if they agree in so many rows."""
        found: NDArray[np.bool_] = (agreeing >= self._score[left]) | (agreeing >= self._score[right])
        return found

    def learn(self, left: NDArray[np.int64], right: NDArray[np.int64], agreeing: NDArray[np.int64]) -> None:
        """Take in pairs."""
        mine, theirs = np.concatenate((left, right)), np.concatenate((right, left))
        rows = np.concatenate((agreeing, agreeing))
        by_rank = np.lexsort((self._order[theirs], -rows, mine))
        firsts = by_rank[np.flatnonzero(np.diff(mine[by_rank], prepend=-1))]
        mine, theirs, rows = mine[firsts], theirs[firsts], rows[firsts]
        known = self._best[mine]
        better = rows > self._score[mine]
        equal = rows == self._score[mine]
        better |= equal & ((known < 0) | (self._order[theirs] < self._order[known]))
        self._best[mine[better]], self._score[mine[better]] = theirs[better], rows[better]

    def pairs(self, most: int) -> NDArray[np.int64]:
        """So many pairs at most, the most alike; each section in one."""
        order = self._order
        mine = np.flatnonzero(self._best >= 0)
        theirs = self._best[mine]
        first, second = np.minimum(order[mine], order[theirs]), np.maximum(order[mine], order[theirs])
        ranked = np.lexsort((second, first, -self._score[mine]))
        taken = np.zeros(len(order), dtype=bool)
        chosen = []
        for one, other in zip(mine[ranked].tolist(), theirs[ranked].tolist(), strict=True):
            if not (taken[one] or taken[other]):
                taken[one] = taken[other] = True
                chosen.append((one, other) if order[one] <= order[other] else (other, one))
        chosen.sort(key=lambda pair: (order[pair[0]], order[pair[1]]))
        return np.array(chosen[:most], dtype=np.int64).reshape(-1, 2)


def _pairs(keys: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs that share a bucket of a band which is no crowd, some at a time."""
    members, opens = equal_groups(keys)
    numbers = np.cumsum(opens) - 1
    sizes = np.bincount(numbers, minlength=1)[numbers]
    chosen = (sizes > 1) & (sizes <= _CROWD)
    members, numbers = members[chosen], numbers[chosen]
    for step in range(1, _CROWD):
        pairs = np.flatnonzero(numbers[step:] == numbers[:-step])
        if not len(pairs):
            return
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            part = pairs[begin : begin + _PAIRS_AT_ONCE]
            yield members[part], members[part + step]
