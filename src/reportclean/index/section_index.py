"""An index of sections: add, query, remove. In memory, or on a Redis server that several processes share.

Candidates come from the storage, by datasketch's buckets; every answer is verified on the shingles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from reportclean.errors import ConfigError
from reportclean.index.online.memory import MemoryStorage
from reportclean.index.online.redis_server import RedisServer
from reportclean.index.online.redis_storage import RedisStorage, drop
from reportclean.index.online.settings import OnlineSettings
from reportclean.index.online.signed import SignedSection, sign
from reportclean.index.online.storage import Candidates, SectionStorage, parts
from reportclean.kernels import choose
from reportclean.near.options import DedupeConfig
from reportclean.near.verify import exact

_NAME = re.compile(r"[\w.-]{1,100}")
_LONGEST = 1_000_000_000  # seconds, 31 years


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


class SectionIndex:
    """Sections by name, to be asked which of them a text repeats.

    Args:
        config: Threshold, shingle size, permutations, seed and least number of tokens. On a server ``None``
            takes those of the index that is there.
        storage: ``None`` for memory, or ``redis://host:port/db``. Processes that open the same name there
            share one index; what one adds the others find.
        name: The index's name on the server (``"sections"``): letters, digits, ``.``, ``_`` and ``-``.
        expire: Seconds after which a section is gone, on a server; ``None`` is for ever, or as the index
            that is there has it.

    Raises:
        ConfigError: A value cannot be used, or an extra is not installed.
        IndexMismatchError: The index that is there has other settings.
        StoreError: The server cannot be reached. Every method may raise it.

    >>> index = SectionIndex()
    >>> report = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件。"
    >>> index.add("page-1#3", report)
    >>> [(match.key, match.kind) for match in index.query(report.replace("，", ""))]
    [('page-1#3', 'exact')]
    """

    def __init__(
        self,
        config: DedupeConfig | None = None,
        storage: str | None = None,
        *,
        name: str | None = None,
        expire: float | None = None,
    ) -> None:
        if storage is None:
            for option, value in (("name", name), ("expire", expire)):
                if value is not None:
                    raise ConfigError(f"{option} is for an index on a server: give storage, too")
            self._settings = OnlineSettings.of(config or DedupeConfig())
            self._storage: SectionStorage = MemoryStorage(self._settings)
        else:
            kept = RedisStorage(RedisServer(storage), _checked_name(name), config, _checked_expire(expire))
            self._storage, self._settings = kept, kept.settings
        self.config = config or self._settings.config()

    @staticmethod
    def drop(storage: str, name: str) -> None:
        """Delete an index on a server with all of its sections, whatever its settings; nobody should use it.

        Raises:
            ConfigError: The URL or the name cannot be used.
            StoreError: The server cannot be reached.
        """
        server = RedisServer(storage)
        try:
            drop(server, _checked_name(name))
        finally:
            server.close()

    def __enter__(self) -> Self:
        """The index itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connections to the server; what was added stays there."""
        self._storage.close()

    def __len__(self) -> int:
        """The number of sections."""
        return len(self._storage)

    def __contains__(self, key: object) -> bool:
        """Whether a section of that name is there."""
        return isinstance(key, str) and self._storage.held([key])[0]

    def add(self, key: str, section: str | SignedSection) -> None:
        """Add a section under a name.

        Raises:
            TypeError: The name is no text.
            KeyError: The name is taken.
            IndexMismatchError: The section was signed with other settings.
        """
        if not isinstance(key, str):
            raise TypeError(f"the name of a section must be a str, not {type(key).__name__}")
        if not self._storage.add([(key, self._signed(section))])[0]:
            raise KeyError(f"{key!r} is in the index already; remove it first")

    def query(self, section: str | SignedSection) -> list[IndexMatch]:
        """The sections that match, best first: by Jaccard, then equal keys, then name.

        Raises:
            IndexMismatchError: The section was signed with other settings.
        """
        signed = self._signed(section)
        equal, candidates = self._storage.find(signed)
        found = [IndexMatch(name, 1.0, 1.0, "exact") for name in equal]
        found += self._verified(signed, candidates)
        return sorted(found, key=lambda match: (-match.jaccard, match.kind != "exact", match.key))

    def remove(self, key: str) -> None:
        """Remove a section.

        Raises:
            KeyError: There is none of that name.
        """
        if not (isinstance(key, str) and self._storage.remove([key])[0]):
            raise KeyError(key)

    def merge(self, other: SectionIndex) -> None:
        """Add every section of another index, wherever the two are; many at once are added faster so.

        Raises:
            IndexMismatchError: The other index has another threshold, seed, number of permutations, size
                of shingle or least number of tokens. Nothing is added then.
            KeyError: A name is in both. Nothing is added then.
            StoreError: A server failed; each section that was added by then is there whole.
        """
        self._settings.require_mergeable(other._settings)
        names = other._storage.names()
        held = [name for part in parts(names) for name in self._taken(part)]
        if held:
            raise KeyError(f"{min(held)!r} is in both indexes")
        added: list[str] = []
        for part in parts(names):
            sections = zip(part, other._storage.sections(part), strict=True)
            there = [(name, signed) for name, signed in sections if signed is not None]
            free = self._storage.add(there)
            added += [name for (name, _), is_free in zip(there, free, strict=True) if is_free]
            if not all(free):  # another process was faster
                self._storage.remove(added)
                taken = there[free.index(False)][0]
                raise KeyError(f"{taken!r} is in both indexes")

    def _taken(self, names: Sequence[str]) -> list[str]:
        return [name for name, held in zip(names, self._storage.held(names), strict=True) if held]

    def _signed(self, section: str | SignedSection) -> SignedSection:
        if isinstance(section, str):
            return sign(section, self.config)
        self._settings.require(section)
        return section

    def _verified(self, signed: SignedSection, candidates: Candidates) -> list[IndexMatch]:
        if not candidates:
            return []
        sets = [signed.shingles, *(shingles for _, shingles in candidates)]
        offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
        right = np.arange(1, len(sets), dtype=np.int64)
        jaccard, containment = exact(choose(0), (np.concatenate(sets), offsets), np.zeros_like(right), right)
        return [
            IndexMatch(name, float(j), float(c), "near")
            for (name, _), j, c in zip(candidates, jaccard, containment, strict=True)
            if j >= self.config.threshold
        ]


def _checked_name(name: str | None) -> str:
    if name is None:
        return "sections"
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise ConfigError(f"name is {name!r}; it must be 1 to 100 letters, digits, '.', '_' or '-'")
    return name


def _checked_expire(expire: float | None) -> float | None:
    number = isinstance(expire, int | float) and not isinstance(expire, bool)
    if expire is not None and not (number and 0.001 <= expire <= _LONGEST):
        raise ConfigError(f"expire is {expire!r}; it must be a number of seconds, from 0.001 to {_LONGEST}")
    return expire
