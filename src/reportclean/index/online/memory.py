"""Sections in memory, candidates from datasketch's ``MinHashLSH``."""

from __future__ import annotations

from collections.abc import Sequence

from reportclean.index.online.settings import OnlineSettings
from reportclean.index.online.signed import SignedSection
from reportclean.index.online.storage import Found


class MemoryStorage:
    """A :class:`~reportclean.index.online.storage.SectionStorage` that ends with the process.

    Args:
        settings: The index's settings.
    """

    def __init__(self, settings: OnlineSettings) -> None:
        from datasketch import MinHashLSH  # noqa: PLC0415  # half a second

        self._settings = settings
        self._lsh = MinHashLSH(num_perm=settings.permutations, params=(settings.bands, settings.rows))
        self._sections: dict[str, SignedSection] = {}
        self._by_key: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """The number of sections."""
        return len(self._sections)

    def names(self) -> list[str]:
        """All names, as they were added."""
        return list(self._sections)

    def held(self, names: Sequence[str]) -> list[bool]:
        """Which of the names are there."""
        return [name in self._sections for name in names]

    def sections(self, names: Sequence[str]) -> list[SignedSection | None]:
        """The sections of these names, ``None`` where there is none."""
        return [self._sections.get(name) for name in names]

    def add(self, sections: Sequence[tuple[str, SignedSection]]) -> list[bool]:
        """Add each section whose name is free; say which were."""
        return [self._add(name, signed) for name, signed in sections]

    def remove(self, names: Sequence[str]) -> list[bool]:
        """Remove sections; say which were there."""
        return [self._remove(name) for name in names]

    def find(self, signed: SignedSection) -> Found:
        """What may match: the names of equal key, and other candidates with their shingles."""
        equal = self._by_key.get(signed.key, set()) if signed.tokens else set()
        near = self._lsh.query(signed.to_minhash()) if self._settings.matches_near(signed) else ()
        return list(equal), [(name, self._sections[name].shingles) for name in near if name not in equal]

    def close(self) -> None:
        """Nothing is held open."""

    def _add(self, name: str, signed: SignedSection) -> bool:
        if name in self._sections:
            return False
        if self._settings.matches_near(signed):
            self._lsh.insert(name, signed.to_minhash())
        self._sections[name] = signed
        if signed.tokens:
            self._by_key.setdefault(signed.key, set()).add(name)
        return True

    def _remove(self, name: str) -> bool:
        signed = self._sections.pop(name, None)
        if signed is None:
            return False
        if self._settings.matches_near(signed):
            self._lsh.remove(name)
        if signed.tokens:
            self._by_key[signed.key].remove(name)
            if not self._by_key[signed.key]:
                del self._by_key[signed.key]
        return True
