"""What decides whether two sections match and which of them stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from reportclean.errors import ConfigError

Keep = Literal["best", "first", "longest", "newest"]
Unit = Literal["section", "document"]
KEEP: tuple[Keep, ...] = ("best", "first", "longest", "newest")
UNITS: tuple[Unit, ...] = ("section", "document")

MAX_PERMUTATIONS = 512
MAX_SHINGLE_SIZE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupeConfig:
    """Settings of a deduplication; every field has the command's option of the same name.

    Attributes:
        threshold: Jaccard on shingles from which two sections match, above 0 and at most 1.
        shingle_size: Consecutive tokens in a shingle, 1 to 64.
        num_perm: Permutations of a signature, 16 to 512; doubled by itself at thresholds below 0.7.
        seed: Seed of the permutations, 0 to 2**32 - 1.
        min_tokens: Sections of fewer tokens match only when their keys are equal.
        unit: What is compared: the sections of a document, or whole documents.
        keep: Which member of a cluster stays.
        prefer: Glob on the source path; a member whose source matches stays before any other.
        keep_updates: Keep members that differ from the representative in years or numbers only.
        mark: Remove nothing; say of each section what would have been done.
        spun: Tell spun copies from other near-duplicates, keep the original rather than them, and find more
            of them by the swaps that the run itself learned.
        spin_lexicon: A file of swaps, such as the ``spin-lexicon.tsv`` of an earlier result: the matching key
            has one wording for the words that it names. Empty for none.

    Raises:
        ConfigError: A value is out of its range; the message names the option.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    threshold: float = 0.8
    shingle_size: int = 5
    num_perm: int = 128
    seed: int = 1
    min_tokens: int = 20
    unit: Unit = "section"
    keep: Keep = "best"
    prefer: str = ""
    keep_updates: bool = False
    mark: bool = False
    spun: bool = True
    spin_lexicon: str = ""

    def __post_init__(self) -> None:
        number = isinstance(self.threshold, int | float) and not isinstance(self.threshold, bool)
        _require("threshold", self.threshold, number and 0 < self.threshold <= 1, "above 0 and at most 1")
        _require("prefer", self.prefer, isinstance(self.prefer, str), "a glob, or empty")
        path = isinstance(self.spin_lexicon, str)
        _require("spin_lexicon", self.spin_lexicon, path, "the path of a file, or empty")
        for name in ("keep_updates", "mark", "spun"):
            _require(name, getattr(self, name), isinstance(getattr(self, name), bool), "true or false")
        for name, lowest, highest in (
            ("shingle_size", 1, MAX_SHINGLE_SIZE),
            ("num_perm", 16, MAX_PERMUTATIONS),
            ("seed", 0, 2**32 - 1),
            ("min_tokens", 0, 2**31),
        ):
            value = getattr(self, name)
            whole = isinstance(value, int) and not isinstance(value, bool)
            _require(
                name,
                value,
                whole and lowest <= value <= highest,
                f"a whole number from {lowest} to {highest}",
            )
        _require("unit", self.unit, self.unit in UNITS, "one of " + ", ".join(UNITS))
        _require("keep", self.keep, self.keep in KEEP, "one of " + ", ".join(KEEP))


def _require(name: str, value: object, holds: bool, wanted: str) -> None:
    if not holds:
        raise ConfigError(f"{name} is {value!r}; it must be {wanted}")
