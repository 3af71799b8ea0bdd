"""An index of sections in memory, on datasketch's ``MinHashLSH``: add, query, remove.

Candidates come from datasketch; every answer is verified on the shingles. This is the one module that
imports datasketch (and scipy with it, half a second and more).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import IndexMismatchError
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.minhash import low_word, permutations, signatures
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact
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


@dataclass(frozen=True, slots=True)
class IndexMatch:
    """An indexed section that matches a query.

    Attributes:
        key: The name under which it was added.
        jaccard: Exact, on shingles.
        containment: Of the smaller set of shingles in the larger.
        kind: ``"exact"`` for equal matching keys, else ``"near"``.
    """

    key: str
    jaccard: float
    containment: float
    kind: Literal["exact", "near"]


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


class SectionIndex:
    """Sections by name, to be asked which of them a text repeats.

    Args:
        config: Threshold, shingle size, permutations, seed and least number of tokens.

    >>> index = SectionIndex()
    >>> report = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件。"
    >>> index.add("page-1#3", report)
    >>> [(match.key, match.kind) for match in index.query(report.replace("，", ""))]
    [('page-1#3', 'exact')]
    """

    def __init__(self, config: DedupeConfig | None = None) -> None:
        from datasketch import MinHashLSH  # noqa: PLC0415  # half a second

        self.config = config or DedupeConfig()
        self._banding = choose_bands(self.config)
        self._lsh = MinHashLSH(
            num_perm=self._banding.num_perm, params=(self._banding.bands, self._banding.rows)
        )
        self._sections: dict[str, SignedSection] = {}
        self._by_key: dict[str, dict[str, None]] = {}

    def __len__(self) -> int:
        """The number of sections."""
        return len(self._sections)

    def __contains__(self, key: object) -> bool:
        """Whether a section of that name is there."""
        return key in self._sections

    def add(self, key: str, section: str | SignedSection) -> None:
        """Add a section under a name.

        Raises:
            TypeError: The name is no text.
            KeyError: The name is taken.
            IndexMismatchError: The section was signed with other settings.
        """
        if not isinstance(key, str):
            raise TypeError(f"the name of a section must be a str, not {type(key).__name__}")
        if key in self._sections:
            raise KeyError(f"{key!r} is in the index already; remove it first")
        signed = self._signed(section)
        if self._is_near_matchable(signed):
            self._lsh.insert(key, signed.to_minhash())
        self._sections[key] = signed
        if signed.tokens:
            self._by_key.setdefault(signed.key, {})[key] = None

    def query(self, section: str | SignedSection) -> list[IndexMatch]:
        """The sections that match, best first: by Jaccard, then equal keys, then name.

        Raises:
            IndexMismatchError: The section was signed with other settings.
        """
        signed = self._signed(section)
        equal = set(self._by_key.get(signed.key, ())) if signed.tokens else set()
        candidates: set[str] = set()
        if self._is_near_matchable(signed):
            candidates = set(self._lsh.query(signed.to_minhash())) - equal
        found = [IndexMatch(name, 1.0, 1.0, "exact") for name in equal]
        found += self._verified(signed, sorted(candidates))
        return sorted(found, key=lambda match: (-match.jaccard, match.kind != "exact", match.key))

    def remove(self, key: str) -> None:
        """Remove a section.

        Raises:
            KeyError: There is none of that name.
        """
        signed = self._sections.pop(key)
        if self._is_near_matchable(signed):
            self._lsh.remove(key)
        if signed.tokens:
            del self._by_key[signed.key][key]
            if not self._by_key[signed.key]:
                del self._by_key[signed.key]

    def merge(self, other: SectionIndex) -> None:
        """Add every section of another index.

        Raises:
            IndexMismatchError: The other index has another threshold, seed, number of permutations, size
                of shingle or least number of tokens. Nothing is added then.
            KeyError: A name is in both. Nothing is added then.
        """
        for name in ("threshold", "shingle_size", "num_perm", "seed", "min_tokens"):
            mine, theirs = getattr(self.config, name), getattr(other.config, name)
            if mine != theirs:
                raise IndexMismatchError(
                    f"the other index has {name} {theirs}, this one {mine}; build both with the same settings"
                )
        both = self._sections.keys() & other._sections.keys()
        if both:
            raise KeyError(f"{min(both)!r} is in both indexes")
        for key, signed in other._sections.items():
            self.add(key, signed)

    def _signed(self, section: str | SignedSection) -> SignedSection:
        if isinstance(section, str):
            return sign(section, self.config)
        wanted = {
            "num_perm": self._banding.num_perm,
            "seed": self.config.seed,
            "shingle_size": self.config.shingle_size,
            "fold_version": fold_table().version,
        }
        for name, value in wanted.items():
            if getattr(section, name) != value:
                raise IndexMismatchError(
                    f"the section was signed with {name} {getattr(section, name)}, the index has {value}; "
                    "sign it with the index's config"
                )
        return section

    def _is_near_matchable(self, signed: SignedSection) -> bool:
        return signed.tokens >= max(1, self.config.min_tokens)

    def _verified(self, signed: SignedSection, names: list[str]) -> list[IndexMatch]:
        if not names:
            return []
        sets = [signed.shingles, *(self._sections[name].shingles for name in names)]
        offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
        right = np.arange(1, len(sets), dtype=np.int64)
        jaccard, containment = exact(choose(0), (np.concatenate(sets), offsets), np.zeros_like(right), right)
        return [
            IndexMatch(name, float(j), float(c), "near")
            for name, j, c in zip(names, jaccard, containment, strict=True)
            if j >= self.config.threshold
        ]
