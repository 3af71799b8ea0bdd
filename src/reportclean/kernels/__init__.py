"""The inner loops, twice: ``reference`` in numpy, obviously right, and ``jit`` in numba, fast.

Both have the functions of :class:`Kernels` and agree bit for bit. Small inputs run on numpy: importing
numba costs a fraction of a second, and compiling (once a machine) about a second more.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

JIT_FROM_CHARACTERS = 2_500_000  # about 8 MB of Chinese text: where numba has earned back its start
JIT_FROM_CONTESTED = 2_000  # sections that share buckets, of which each may be held against every other


class Kernels(Protocol):
    """What both modules offer. Arrays are C-contiguous; offsets have one entry more than sets."""

    def folded(
        self,
        points: NDArray[np.uint32],
        bounds: NDArray[np.int64],
        table: NDArray[np.uint32],
        expansions: NDArray[np.uint32],
        expansion_offsets: NDArray[np.int64],
        mask_spans: NDArray[np.int64],
        mask_values: NDArray[np.uint32],
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The keys of joined texts, and where each begins and ends.

        Args:
            points: Code points of the texts, with something between two that is dropped.
            bounds: Where each text begins, and the end.
            table: By code point what it is folded to, as :class:`reportclean.text.folding.FoldTable` has it.
            expansions: Of the same.
            expansion_offsets: Of the same.
            mask_spans: Where masks begin and end, in order and disjoint: of shape ``(masks, 2)``.
            mask_values: What stands in the place of each.
        """
        ...

    def shingle_hashes(
        self, codes: NDArray[np.uint32], offsets: NDArray[np.int64], size: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Hashes of the shingles of each key, in order, and their offsets.

        Args:
            codes: Keys as :class:`reportclean.text.folding.Keys` holds them.
            offsets: Where each key begins and ends in ``codes``.
            size: Tokens in a shingle. A shorter key is one shingle; an empty one has none.
        """
        ...

    def signatures(
        self,
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        multipliers: NDArray[np.uint32],
        increments: NDArray[np.uint32],
    ) -> NDArray[np.uint32]:
        """MinHash signatures (datasketch's affine32) of shape ``(sets, permutations)``.

        The input hash is the low 32 bits of a shingle hash. An empty set gives all ones.
        """
        ...

    def sorted_sets(
        self, hashes: NDArray[np.uint64], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Each set sorted and without repeats, with the new offsets."""
        ...

    def intersections(
        self,
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        left: NDArray[np.int64],
        right: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Common elements of each pair of sorted sets: ``int64`` of the shape of ``left``."""
        ...

    def agreeing_rows(
        self,
        signatures: NDArray[np.uint32] | NDArray[np.uint8],
        left: NDArray[np.int64],
        right: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Rows in which each pair of signatures agrees: ``int64`` of the shape of ``left``."""
        ...

    def low_bits(self, signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
        """A sketch of each signature, an eighth of its size: the lowest bits of its rows.

        Returns:
            Of shape ``(sets, words)``: for each 64 rows ``SKETCHED_BITS`` words, one for each bit.
        """
        ...

    def differing_low_bits(
        self, sketches: NDArray[np.uint64], left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Rows in which each pair of sketches differs: no more than those in which the signatures differ."""
        ...

    def join_leaders(
        self,
        signatures: NDArray[np.uint32],
        buckets: NDArray[np.int64],
        hashes: NDArray[np.uint64],
        offsets: NDArray[np.int64],
        fewest: int,
        threshold: float,
        settled: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Let each item join the first leader that it matches, or become a leader itself.

        A leader is looked at only if it shares a bucket with the item and their signatures agree in
        ``fewest`` rows; it is matched if the exact Jaccard of their sets reaches the threshold.

        Args:
            signatures: Of shape ``(items, permutations)``, items in rank order.
            buckets: The item's bucket in each band, -1 for none: of shape ``(items, bands)``.
            hashes: The sorted sets of the items.
            offsets: Of the sets.
            fewest: Rows.
            threshold: Above 0 and at most 1.
            settled: 0; or how many of the first items are known to lead, and then nobody else does: an item
                that joins none of them is given as its own leader, and the others do not join it.

        Returns:
            Each item's leader, itself where it leads; the number of elements that it shares with that; and
            how many pairs of an item and an earlier leader shared a bucket.
        """
        ...


def choose(characters: int, contested: int = 0) -> Kernels:
    """The kernels for an input of so many characters: numba's where it is installed and pays.

    Args:
        characters: Characters to be folded and signed.
        contested: Sections to be held against one another.
    """
    large = characters >= JIT_FROM_CHARACTERS or contested >= JIT_FROM_CONTESTED
    fast = large and find_spec("numba") is not None
    return cast("Kernels", import_module(f"reportclean.kernels.{'jit' if fast else 'reference'}"))


def warm(kernels: Kernels) -> None:
    """Call every kernel once on next to nothing, so that compiled ones are loaded.

    numba prints whatever interrupts it while it loads; a caller can hold interrupts back around this.
    """
    none, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    words, bounds = np.ones(1, dtype=np.uint32), np.array([0, 1], dtype=np.int64)
    points, table = np.zeros(1, dtype=np.uint32), np.zeros(1, dtype=np.uint32)
    points.flags.writeable = table.flags.writeable = False  # as the real ones are: types of their own
    kernels.folded(points, bounds, table, words, bounds, none.reshape(-1, 2), words[:0])
    hashes, offsets = kernels.shingle_hashes(words, bounds, 1)
    signatures = kernels.signatures(hashes, offsets, words, words)
    sets = kernels.sorted_sets(hashes, offsets)
    kernels.intersections(*sets, one, one)
    kernels.agreeing_rows(signatures, none, none)
    kernels.differing_low_bits(kernels.low_bits(signatures), none, none)
    kernels.join_leaders(signatures, np.zeros((1, 1), dtype=np.int64), *sets, 0, 1.0, 0)
