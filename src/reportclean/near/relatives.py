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
from reportclean.near.bands import Banding, band_keys, shared_buckets

MOST = 1000  # pairs; some hundred of them teach what there is to learn
_BANDS, _ROWS = 20, 3  # two sections of Jaccard 0.2 share a bucket in 15 of 100 cases, of 0.4 in 73
_LEAST = 0.12  # of the rows of two signatures agree: what chance gives hardly ever
_CROWD = 16  # members of a bucket from which it holds what stands everywhere
_AT_ONCE = 1 << 16


def relatives(
    kernels: Kernels,
    signatures: NDArray[np.uint32],
    order: NDArray[np.uint64],
    below: int,
    most: int = MOST,
) -> NDArray[np.int64]:
    """Pairs of sections, each section in one of them at most.

    Args:
        kernels: Which inner loops to use.
        signatures: ``uint32`` of shape ``(sections, num_perm)``: no two sections of equal keys.
        order: ``uint64``: a hash of each section's key; of too many pairs those of the least are taken.
        below: Agreeing rows from which a pair is a duplicate, and of no interest.
        most: Pairs, at most.

    Returns:
        ``int64`` of shape ``(pairs, 2)``; the same pairs whatever the order of the sections.
    """
    num_perm = signatures.shape[1]
    buckets = shared_buckets(band_keys(signatures, Banding(min(_BANDS, num_perm // _ROWS), _ROWS, num_perm)))
    best = np.full(len(signatures), -1, dtype=np.int64)
    score = np.full(len(signatures), int(_LEAST * num_perm), dtype=np.int64)
    for left, right in _pairs(buckets):
        agreeing = kernels.agreeing_rows(signatures, left, right)
        near = (agreeing > score[left]) | (agreeing > score[right])
        near &= agreeing < below
        for one, other, rows in zip(
            left[near].tolist(), right[near].tolist(), agreeing[near].tolist(), strict=True
        ):
            for mine, theirs in ((one, other), (other, one)):
                known = best[mine]
                if (-rows, order[theirs]) < (-score[mine], order[known] if known >= 0 else order[theirs]):
                    best[mine], score[mine] = theirs, rows
    mine = np.flatnonzero(best >= 0)
    theirs = best[mine]
    first, second = np.minimum(order[mine], order[theirs]), np.maximum(order[mine], order[theirs])
    ranked = np.lexsort((second, first, -score[mine]))
    taken = np.zeros(len(signatures), dtype=bool)
    chosen = []
    for one, other in zip(mine[ranked].tolist(), theirs[ranked].tolist(), strict=True):
        if not (taken[one] or taken[other]):
            taken[one] = taken[other] = True
            chosen.append((one, other) if order[one] <= order[other] else (other, one))
    chosen.sort(key=lambda pair: (order[pair[0]], order[pair[1]]))
    return np.array(chosen[:most], dtype=np.int64).reshape(-1, 2)


def _pairs(buckets: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs that share a bucket which is no crowd, some at a time; a pair may come again."""
    at = np.argsort(buckets, axis=None, kind="stable")
    numbers = buckets.ravel()[at]
    members, numbers = at[numbers >= 0] // buckets.shape[1], numbers[numbers >= 0]
    small = np.bincount(numbers, minlength=1)[numbers] <= _CROWD
    members, numbers = members[small], numbers[small]
    for step in range(1, _CROWD):
        pairs = np.flatnonzero(numbers[step:] == numbers[:-step])
        if not len(pairs):
            return
        for begin in range(0, len(pairs), _AT_ONCE):
            part = pairs[begin : begin + _AT_ONCE]
            yield members[part], members[part + step]
