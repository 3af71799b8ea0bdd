"""MinHash signatures that are datasketch's, bit for bit.

``datasketch.MinHash(num_perm, seed, scheme="affine32", hashfunc=low_word)`` after ``update_batch`` of the
8 little-endian bytes of each shingle hash has the same ``hashvalues``; :func:`low_word` is that ``hashfunc``.
That the minima of ``a * h + b mod 2**32`` estimate the Jaccard without bias is measured (by datasketch's
authors), not proven; nothing rests on it but recall, since every match is verified on the shingles.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels


@runtime_checkable  # for whoever reads rows back from a file
class Signatures(Protocol):
    """Signatures of many sets, wherever they are kept."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.uint32]:
        """Those of some sets, in their order: ``uint32`` of shape ``(rows, num_perm)``."""
        ...


def low_word(shingle: bytes) -> int:
    """The low 32 bits of a shingle hash given as 8 little-endian bytes: datasketch's ``hashfunc``."""
    return int.from_bytes(shingle[:4], "little")


@lru_cache(maxsize=16)
def permutations(num_perm: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Multipliers (odd) and increments of the permutations: two ``uint32`` arrays of ``num_perm``.

    They are drawn as datasketch 2.0 draws them, from numpy's legacy generator, whose stream is frozen.
    """
    generator = np.random.RandomState(seed)  # datasketch's generator, for equal signatures
    multipliers = generator.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    increments = generator.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return multipliers, increments


def signatures(
    kernels: Kernels, hashes: NDArray[np.uint64], offsets: NDArray[np.int64], num_perm: int, seed: int
) -> NDArray[np.uint32]:
    """Signatures of sets of shingle hashes: ``uint32`` of shape ``(sets, num_perm)``."""
    return kernels.signatures(hashes, offsets, *permutations(num_perm, seed))
