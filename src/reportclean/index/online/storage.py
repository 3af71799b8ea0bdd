"""What every storage of the online index does; the index itself knows no more than this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportclean.index.online.signed import SignedSection

Candidates = list[tuple[str, NDArray[np.uint64]]]  # names and shingles
Found = tuple[list[str], Candidates]  # names of equal key, and the others

_Item = TypeVar("_Item")


def parts(items: Sequence[_Item], size: int = 200) -> Iterator[Sequence[_Item]]:
    """Consecutive parts, so that no round trip carries too much."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class SectionStorage(Protocol):
    """Signed sections by name.

    Each section is added and removed whole: no question ever sees half of one. Methods take several names
    at once so that a storage behind a network answers them in one round trip.
    """

    def __len__(self) -> int:
        """The number of sections."""

    def names(self) -> list[str]:
        """All names, in no order."""

    def held(self, names: Sequence[str]) -> list[bool]:
        """Which of the names are there."""

    def sections(self, names: Sequence[str]) -> list[SignedSection | None]:
        """The sections of these names, ``None`` where there is none."""

    def add(self, sections: Sequence[tuple[str, SignedSection]]) -> list[bool]:
        """Add each section whose name is free; say which were."""

    def remove(self, names: Sequence[str]) -> list[bool]:
        """Remove sections; say which were there."""

    def find(self, signed: SignedSection) -> Found:
        """What may match: the names of equal key, and other candidates with their shingles."""

    def close(self) -> None:
        """Give back what the storage holds open."""
