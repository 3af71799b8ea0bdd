"""Winnowing: the few places of a section by which equal passages are sure to find each other.

Of every window of consecutive k-grams the one of the least hash is kept (Schleimer, Wilkerson and Aiken,
Winnowing: local algorithms for document fingerprinting, SIGMOD 2003). Two equal runs of tokens that hold a
window keep the same hash of it; of random text two in ``width + 1`` are kept. Short grams keep few, but are
phrases that stand everywhere; here they are two thirds of the shortest run: 20 tokens of 30, of which 16 in
100 are kept. An anchor also knows for which windows it stands, so that what it finds can be told window by
window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.overlap import OverlapKernels
from reportclean.near.rows import Shingles, joined_groups


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of a collection, in the order of rows and windows.

    Attributes:
        hashes: ``uint64``: of the k-gram kept.
        rows: ``int64``: the section.
        firsts: ``int64``: the first window that it stands for, by the shingle at which that begins.
        counts: ``int64``: the number of these windows, which are consecutive.
        sizes: ``int64`` of shape ``(sections,)``: shingles of each section.
        width: Shingles that a window spans: those of the shortest run to be found.
    """

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    firsts: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    width: int

    @staticmethod
    def concatenate(parts: Sequence[Anchors]) -> Anchors:
        """Those of several batches, of which there is at least one; rows are counted on."""
        rows, before = [], 0
        for part in parts:
            rows.append(part.rows + before)
            before += len(part.sizes)
        joined = (
            np.concatenate([getattr(part, n) for part in parts]) for n in ("hashes", "firsts", "counts")
        )
        hashes, firsts, counts = joined
        sizes = np.concatenate([part.sizes for part in parts])
        return Anchors(hashes, np.concatenate(rows), firsts, counts, sizes, parts[0].width)

    def only(self, chosen: NDArray[np.bool_]) -> Anchors:
        """Those of the chosen rows; all rows keep their numbers."""
        return self._at(np.flatnonzero(chosen[self.rows]))

    def repeated(self) -> Anchors:
        """Those whose hash another anchor has, too; a few more where high bits of hashes are equal."""
        items, opens = joined_groups(self.hashes, np.arange(len(self.hashes)))
        alone = opens.copy()
        alone[:-1] &= opens[1:]
        return self._at(np.sort(items[~alone]))

    def _at(self, at: NDArray[np.int64]) -> Anchors:
        return Anchors(
            self.hashes[at], self.rows[at], self.firsts[at], self.counts[at], self.sizes, self.width
        )


def winnow(kernels: OverlapKernels, shingles: Shingles, shingle_size: int, min_tokens: int) -> Anchors:
    """The anchors by which runs of ``min_tokens`` equal tokens find each other.

    Args:
        kernels: Which inner loops to use.
        shingles: Hashes of the shingles of each section, in order, and their offsets.
        shingle_size: Tokens in a shingle.
        min_tokens: Tokens in the shortest run to be found, ``shingle_size`` or more.

    Raises:
        ValueError: ``min_tokens`` is less than ``shingle_size``.
    """
    width = min_tokens - shingle_size + 1
    if width < 1:
        raise ValueError(f"min_tokens is {min_tokens}; it must be at least the shingle size, {shingle_size}")
    reach = (width - 1) * 3 // 5
    found = kernels.window_anchors(*shingles, steps_to(reach, shingle_size), width - reach)
    return Anchors(*found, np.diff(shingles[1]), width)


def steps_to(reach: int, shingle_size: int) -> NDArray[np.int64]:
    """Which shingles of ``reach + 1`` consecutive ones hold all of their tokens, as few as there can be.

    >>> steps_to(12, 5).tolist()
    [0, 5, 10, 12]
    """
    return np.unique(np.append(np.arange(0, reach + 1, shingle_size), reach))
