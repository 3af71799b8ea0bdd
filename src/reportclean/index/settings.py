"""What an index was made with. Signatures made otherwise must never be compared with its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache

import numpy as np

from reportclean.errors import IndexMismatchError
from reportclean.kernels import choose
from reportclean.kernels.constants import TOKEN_START
from reportclean.near.bands import Banding, band_keys, choose_bands
from reportclean.near.minhash import signatures
from reportclean.near.options import DedupeConfig, Unit
from reportclean.text.folding import fold_table


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """The settings that an index is bound to.

    Attributes:
        threshold: The lowest Jaccard at which its bands find matches.
        shingle_size: Tokens in a shingle.
        num_perm: Permutations of a signature, doubled where the threshold needs it.
        bands: Bands of a signature.
        rows: Rows in a band.
        seed: Seed of the permutations.
        min_tokens: Sections of fewer tokens match only when their keys are equal.
        unit: What is compared: sections, or whole documents.
        fold_version: Version of the fold table.
        arithmetic: A digest of what the hashes make of fixed input: other arithmetic, other digest.
    """

    threshold: float
    shingle_size: int
    num_perm: int
    bands: int
    rows: int
    seed: int
    min_tokens: int
    unit: Unit
    fold_version: int
    arithmetic: str

    @staticmethod
    def of(config: DedupeConfig) -> IndexSettings:
        """What an index made with this configuration is bound to.

        Raises:
            IndexMismatchError: A spin lexicon is named, which would change the keys.
        """
        if config.spin_lexicon:
            raise IndexMismatchError(
                f"an index knows no spin lexicon: its keys are made without {config.spin_lexicon}; "
                "leave spin_lexicon out"
            )
        banding = choose_bands(config)
        return IndexSettings(
            threshold=float(config.threshold),
            shingle_size=config.shingle_size,
            num_perm=banding.num_perm,
            bands=banding.bands,
            rows=banding.rows,
            seed=config.seed,
            min_tokens=config.min_tokens,
            unit=config.unit,
            fold_version=fold_table().version,
            arithmetic=_arithmetic(),
        )

    @staticmethod
    def read(words: Mapping[str, str]) -> IndexSettings:
        """The settings out of a table of words, as :meth:`words` wrote it."""
        numbers = {
            name: int(words[name])
            for name in ("shingle_size", "num_perm", "bands", "rows", "seed", "min_tokens", "fold_version")
        }
        unit: Unit = "document" if words["unit"] == "document" else "section"
        return IndexSettings(
            threshold=float(words["threshold"]), unit=unit, arithmetic=words["arithmetic"], **numbers
        )

    def words(self) -> dict[str, str]:
        """The settings as words, to be stored."""
        return {name: str(value) for name, value in asdict(self).items()}

    @property
    def banding(self) -> Banding:
        """How signatures are cut."""
        return Banding(self.bands, self.rows, self.num_perm)

    def config(self) -> DedupeConfig:
        """The configuration that sections are signed and asked for with, where nobody wants another."""
        return DedupeConfig(
            threshold=self.threshold,
            shingle_size=self.shingle_size,
            num_perm=self.num_perm,
            seed=self.seed,
            min_tokens=self.min_tokens,
            unit=self.unit,
        )

    def require(self, config: DedupeConfig, name: str) -> None:
        """Refuse a configuration whose answers this index cannot give.

        Args:
            config: What somebody wants to ask or add with.
            name: What the index is called, for the message.

        Raises:
            IndexMismatchError: It was made with other settings; the message says what to do.
        """
        IndexSettings.of(config)
        current = (fold_table().version, _arithmetic())
        if (self.fold_version, self.arithmetic) != current:
            raise IndexMismatchError(
                f"{name} was made by another version of reportclean (fold table {self.fold_version}, here "
                f"{current[0]}): its keys and hashes cannot be compared; build it again from its documents"
            )
        for option in ("shingle_size", "seed", "unit"):
            mine, wanted = getattr(self, option), getattr(config, option)
            if mine != wanted:
                raise IndexMismatchError(_refusal(name, option, mine, wanted))
        if config.threshold < self.threshold:
            raise IndexMismatchError(
                f"{name} was made for threshold {self.threshold} and may miss matches at {config.threshold}; "
                f"use --threshold {self.threshold} or higher, or build the index again with the lower one"
            )
        if config.min_tokens < self.min_tokens:
            raise IndexMismatchError(
                f"{name} knows sections under {self.min_tokens} tokens by equal keys only and cannot answer "
                f"for --min-tokens {config.min_tokens}; use {self.min_tokens} or more, or build another"
            )
        permutations = choose_bands(replace(config, threshold=self.threshold)).num_perm
        if permutations != self.num_perm:
            raise IndexMismatchError(_refusal(name, "num_perm", self.num_perm, permutations))


def _refusal(name: str, option: str, mine: object, wanted: object) -> str:
    flag = "--" + option.replace("_", "-")
    return f"{name} was made with {flag} {mine}, not {wanted}; use {flag} {mine}, or build another index"


@cache
def _arithmetic() -> str:
    """Hash fixed input and digest what comes out, so that no version number has to be remembered."""
    kernels = choose(0)
    codes = np.arange(0x4E00, 0x4E40, dtype=np.uint32) | np.uint32(TOKEN_START)
    hashes, offsets = kernels.shingle_hashes(codes, np.array([0, len(codes)], dtype=np.int64), 5)
    signed = signatures(kernels, hashes, offsets, 16, 1)
    parts = (hashes.astype("<u8"), signed.astype("<u4"), band_keys(signed, Banding(4, 4, 16)).astype("<u8"))
    return hashlib.blake2b(b"".join(part.tobytes() for part in parts), digest_size=8).hexdigest()
