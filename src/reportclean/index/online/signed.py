"""One section, folded and signed: what an index holds and what it is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.minhash import low_word, permutations, signatures
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_batch, fold_table, key_to_str

if TYPE_CHECKING:
    from datasketch import MinHash


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class SignedSection:
    """A section's signature with what it was made with.

    Attributes:
        key: The matching key.
        tokens: Its tokens.
        signature: ``uint32`` of shape ``(num_perm,)``.
        shingles: Sorted ``uint64`` shingle hashes without repeats.
        num_perm: Permutations.
        seed: Their seed.
        shingle_size: Tokens in a shingle.
        fold_version: Version of the fold table.
    """

    key: str
    tokens: int
    signature: NDArray[np.uint32]
    shingles: NDArray[np.uint64]
    num_perm: int
    seed: int
    shingle_size: int
    fold_version: int

    def to_minhash(self) -> MinHash:
        """The signature as datasketch's object, for any index of datasketch's."""
        from datasketch import MinHash  # noqa: PLC0415  # half a second

        return MinHash(
            seed=self.seed,
            hashfunc=low_word,
            hashvalues=self.signature,
            permutations=permutations(self.num_perm, self.seed),
            scheme="affine32",
        )


def sign(text: str, config: DedupeConfig | None = None) -> SignedSection:
    """Fold and sign one section.

    Args:
        text: The section, clean or not; it is taken as one section, whatever it holds.
        config: Shingle size, permutations and seed; permutations are doubled as the threshold needs it.
    """
    config = config or DedupeConfig()
    banding = choose_bands(config)
    kernels = choose(len(text))
    keys = fold_batch([text], kernels)
    hashes, offsets = kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    return SignedSection(
        key_to_str(keys.codes),
        int(keys.token_counts()[0]),
        signatures(kernels, hashes, offsets, banding.num_perm, config.seed)[0],
        kernels.sorted_sets(hashes, offsets)[0],
        banding.num_perm,
        config.seed,
        config.shingle_size,
        fold_table().version,
    )
