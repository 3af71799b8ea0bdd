"""Sections that stand inside longer ones: candidates by FracMinHash, containment counted exactly, the place.

Of each section the shingle hashes below a fixed fraction of their range are kept (FracMinHash, or scaled
MinHash: Irber et al., Lightweight compositional analysis of metagenomes with FracMinHash, 2022; sourmash).
The kept hashes of a section are found again in whatever contains it, however much longer that is. They come
from the high bits, signatures from the low ones.

Candidates: a section is looked for in longer ones only. It must share as many of its kept hashes with a
container as one of the asked containment would but once in 500 times; if so, one of its rarest hashes is
among the shared (the prefix filter: Chaudhuri, Ganti and Kaushik, ICDE 2006), so only these are followed, through an
array sorted by hash. A hash that stands everywhere is followed to the ``LONGEST`` longest sections that have
it, and ``MOST`` candidates are counted exactly for each section, those that share the most. So the work is
linear in the sections whatever they hold. What that costs is that some containers of a section that has many
are not named, and that a section whose every hash stands in more than ``LONGEST`` longer ones may be missed;
``Contained.limited`` counts the sections of which a followed hash was cut so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, log, log1p

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.near.rows import AT_ONCE, Fetched, Shingles, ShinglesOf, joined_groups
from reportclean.near.verify import exact

LEAST_TOKENS = 100  # of a section that is to be found as often as RECALL says; shorter ones are found less often
RECALL = 0.995
LONGEST = 16
MOST = 4
_FILTER_LOSS = 0.002
_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Sketches:
    """The kept hashes of a collection.

    Attributes:
        hashes: ``uint64``: sorted and without repeats within a section.
        offsets: ``int64`` of shape ``(sections + 1,)``: where those of each section begin and end.
        sizes: ``int64`` of shape ``(sections,)``: shingles of each section, repeats counted.
    """

    hashes: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @staticmethod
    def concatenate(parts: Sequence[Sketches]) -> Sketches:
        """Those of several batches."""
        counts = np.concatenate([np.empty(0, np.int64), *(np.diff(part.offsets) for part in parts)])
        return Sketches(
            np.concatenate([np.empty(0, np.uint64), *(part.hashes for part in parts)]),
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            np.concatenate([np.empty(0, np.int64), *(part.sizes for part in parts)]),
        )


@dataclass(frozen=True, slots=True)
class Contained:
    """Sections that stand in longer ones, sorted by the short and then the long row.

    Attributes:
        short_rows: ``int64``: the section that is contained: the one of fewer different shingles.
        long_rows: ``int64``: the section that contains it.
        containment: ``float64``: the share of the short one's shingles that the long one has; exact.
        jaccard: ``float64``: of the two; exact.
        starts: ``int64``: where in the long one it stands, in tokens of the key.
        ends: ``int64``: one past its last token.
        limited: Sections for which a hash was not followed to every longer section that has it.
    """

    short_rows: NDArray[np.int64]
    long_rows: NDArray[np.int64]
    containment: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    limited: int

    def __len__(self) -> int:
        return len(self.short_rows)


def fraction(containment: float, shingle_size: int, tokens: int = LEAST_TOKENS) -> float:
    """The share of hashes to be kept.

    The smallest at which a section of so many tokens and that containment shares a kept hash with its
    container with a probability of :data:`RECALL`.

    >>> round(fraction(0.8, 5), 4)
    0.0665
    """
    common = max(1.0, containment * (tokens - shingle_size + 1))
    return -float(np.expm1(log1p(-RECALL) / common))


def sketch(kernels: Kernels, shingles: Shingles, share: float) -> Sketches:
    """The hashes of each section that lie in the lowest ``share`` of the range."""
    hashes, offsets = shingles
    low = hashes < np.uint64(min(int(share * 2**64), 2**64 - 1))
    before = np.concatenate(([0], np.cumsum(low)))
    return Sketches(*kernels.sorted_sets(hashes[low], before[offsets]), np.diff(offsets))


def fewest_shared(kept: int, containment: float) -> int:
    """Kept hashes that a section must share with its container, at least 1.

    Of ``kept`` hashes each is shared with the probability ``containment``; fewer than this are with a probability
    of :data:`_FILTER_LOSS` at most.

    >>> [fewest_shared(kept, 0.8) for kept in (1, 5, 10, 50)]
    [1, 1, 4, 31]
    """
    fewer = 0.0
    for shared in range(kept):
        fewer += comb(kept, shared) * containment**shared * (1.0 - containment) ** (kept - shared)
        if fewer > _FILTER_LOSS:
            return max(1, shared)
    return max(1, kept)
