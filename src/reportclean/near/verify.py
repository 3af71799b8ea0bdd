"""Exact Jaccard and containment of shingle sets; no estimate ever decides a match."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels

FILTER_LOSS = 1e-4  # the share of true matches that may be passed over unseen; bands.py adds it to the recall


def fewest_agreeing_rows(threshold: float, num_perm: int) -> int:
    """Rows in which two signatures must agree to be worth an exact count.

    The agreeing rows of a pair at the threshold are binomial, and those of a better pair are more; this is
    the largest number below which a pair at the threshold falls with a probability under ``FILTER_LOSS``
    (84 of 128 rows at 0.8, where it is 4.6e-5). It lies near ``threshold - 4 sigma``, but that rule of thumb
    passes over up to 1 match in 100 at thresholds near 1, where the distribution is skewed.
    """
    fewer = 0.0  # the probability of fewer than `rows`
    for rows in range(num_perm):
        fewer += comb(num_perm, rows) * threshold**rows * (1.0 - threshold) ** (num_perm - rows)
        if fewer >= FILTER_LOSS:
            return rows
    return num_perm


def exact(
    kernels: Kernels,
    sets: tuple[NDArray[np.uint64], NDArray[np.int64]],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Jaccard and containment (of the smaller set in the larger) of pairs of sorted sets.

    Args:
        kernels: Which inner loops to use.
        sets: Sorted shingle hashes without repeats, and their offsets.
        left: Indices of the one side, ``int64``.
        right: Indices of the other, of the same shape.

    Returns:
        Two ``float64`` arrays of that shape; 0 where a set is empty.
    """
    hashes, offsets = sets
    common = kernels.intersections(hashes, offsets, left, right)
    sizes = np.diff(offsets)
    return ratios(common, sizes[left], sizes[right])


def ratios(
    common: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Jaccard and containment of pairs of sets, from how many elements are in both and in each."""
    union = left + right - common
    return common / np.maximum(union, 1), common / np.maximum(np.minimum(left, right), 1)
