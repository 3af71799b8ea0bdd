"""Locality-sensitive hashing: cut each signature into bands; sets that agree in a whole band are candidates.

With b bands of r rows, two sets of Jaccard J become candidates with probability

    P(J) = 1 - (1 - J**r)**b                     (the S-curve; Mining of Massive Datasets, section 3.4)

Verification removes false candidates, so bands are chosen for recall: the largest r (the fewest false
candidates) with P(threshold) >= 0.999 plus what verification's first filter may lose, where
b = permutations // r. At low thresholds such bands let nearly everything through; below 0.7 the
permutations are doubled until P(threshold / 2) <= 0.3, at most to 512. There they are doubled too where
even bands of one row fall short of the recall; below a threshold of about 0.015 even 512 do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.near.options import MAX_PERMUTATIONS, DedupeConfig
from reportclean.near.verify import FILTER_LOSS

RECALL = 0.999
_DOUBLE_BELOW = 0.7
_FALSE_CANDIDATES = 0.3


@dataclass(frozen=True, slots=True)
class Banding:
    """How signatures are cut.

    Attributes:
        bands: Number of bands.
        rows: Rows in a band; ``bands * rows <= num_perm``.
        num_perm: Permutations of a signature.
    """

    bands: int
    rows: int
    num_perm: int

    def candidate_probability(self, jaccard: float) -> float:
        """P(two sets of this Jaccard become candidates), under ideal permutations."""
        return 1.0 - (1.0 - float(jaccard) ** self.rows) ** self.bands

    def reaches_recall(self, threshold: float) -> bool:
        """Whether pairs at the threshold are found often enough, the losses of verification counted in."""
        return self.candidate_probability(threshold) >= RECALL + FILTER_LOSS


def _best_for(threshold: float, num_perm: int) -> Banding:
    for rows in range(num_perm // 2, 0, -1):  # at least two bands: what datasketch's index asks for
        banding = Banding(num_perm // rows, rows, num_perm)
        if banding.reaches_recall(threshold):
            return banding
    return Banding(num_perm, 1, num_perm)


def choose_bands(config: DedupeConfig) -> Banding:
    """The bands for a threshold, with the permutations that they need.

    >>> choose_bands(DedupeConfig(threshold=0.8))
    Banding(bands=25, rows=5, num_perm=128)
    """
    banding = _best_for(config.threshold, config.num_perm)
    while (
        config.threshold < _DOUBLE_BELOW
        and banding.num_perm * 2 <= MAX_PERMUTATIONS
        and not (
            banding.reaches_recall(config.threshold)
            and banding.candidate_probability(config.threshold / 2) <= _FALSE_CANDIDATES
        )
    ):
        banding = _best_for(config.threshold, banding.num_perm * 2)
    return banding


def band_keys(
    signatures: NDArray[np.uint32], banding: Banding, bands: range | None = None
) -> NDArray[np.uint64]:
    """A 64-bit key per band: ``uint64`` of shape ``(sets, bands)``; of all bands, or of some.

    A key begins with its band's number in the high half, out of the reach of the 32-bit rows, so the keys of
    all bands may be sorted as one array. A collision makes a false candidate (about 10^-9 for 10^5 sets),
    which verification removes.
    """
    bands = range(banding.bands) if bands is None else bands
    part = signatures[:, bands.start * banding.rows : bands.stop * banding.rows]
    rows = part.reshape(-1, len(bands), banding.rows)
    numbers = np.arange(bands.start + 1, bands.stop + 1, dtype=np.uint64) << np.uint64(32)
    keys = np.broadcast_to(numbers, rows.shape[:2]).copy()
    for row in range(banding.rows):
        keys = (keys ^ rows[:, :, row]) * np.uint64(0xD6E8FEB86659FD93)
        keys ^= keys >> np.uint64(32)
    return keys


def shared_buckets(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Number the buckets that hold more than one set.

    Args:
        keys: What :func:`band_keys` gives.

    Returns:
        ``int64`` of the same shape: the bucket's number, or -1 where a set is alone in it.
    """
    flat = keys.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    first = np.empty(len(flat), dtype=bool)
    first[:1] = True
    first[1:] = ordered[1:] != ordered[:-1]
    number = np.cumsum(first) - 1
    sizes = np.bincount(number, minlength=1)
    buckets = np.empty(len(flat), dtype=np.int64)
    buckets[order] = np.where(sizes[number] > 1, number, -1) if len(flat) else number
    return buckets.reshape(keys.shape)
