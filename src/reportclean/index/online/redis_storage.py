"""Sections on a Redis server, shared by processes and machines.

The buckets are datasketch's, byte for byte: ``MinHashLSH(storage_config=…, prepickle=False)`` with the same
basename reads them. Its own calls are not used to fill them: they take two round trips a band, see that a
name is free before they take it, and drop a bucket that was empty a round trip ago, with whatever came into
it since. One script does each of these at once (lua/; common.lua says where things are).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import IndexMismatchError, ReportcleanError, StoreError
from reportclean.index.online.records import key_digest, pack, signature_bytes, unpack
from reportclean.index.online.redis_server import RedisServer
from reportclean.index.online.settings import OnlineSettings
from reportclean.index.online.signed import SignedSection
from reportclean.index.online.storage import Found, parts
from reportclean.near.options import DedupeConfig

_MOST_BYTES = 8_000_000  # of records in one answer; the rest is fetched in parts
_NO_NAME = b"\xff"  # no UTF-8; datasketch would file an empty name where it lists the names


@cache
def _script(name: str) -> str:
    folder = Path(__file__).parent / "lua"
    return "".join((folder / f"{part}.lua").read_text(encoding="utf-8") for part in ("common", name))


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass") or _NO_NAME


def _decoded(name: bytes) -> str:
    return "" if name == _NO_NAME else name.decode("utf-8", "surrogatepass")


class RedisStorage:
    """A :class:`~reportclean.index.online.storage.SectionStorage` on a Redis server.

    Args:
        server: Where.
        name: The index's name on that server.
        config: What the index must have been made with; ``None`` takes what it has.
        expire: Seconds that its sections must stay; ``None`` takes what it has.

    Raises:
        IndexMismatchError: The index has other settings.
        StoreError: The server cannot be reached, or refuses.
    """

    def __init__(
        self, server: RedisServer, name: str, config: DedupeConfig | None, expire: float | None
    ) -> None:
        self._server = server
        self._base = basename(name)
        self._where = f"the index {name!r} at {server.address}"
        try:
            kept = self._kept(OnlineSettings.of(config or DedupeConfig(), expire))
            self.settings = OnlineSettings.from_json(kept, self._where)
            asked = self.settings.expire if expire is None else expire
            OnlineSettings.of(config or self.settings.config(), asked).require_same(
                self.settings, self._where
            )
        except ReportcleanError:
            server.close()
            raise
        self._life = round(1000 * (self.settings.expire or 0))  # ms
        self._head = (self._base, kept, self._life, self.settings.bands, 4 * self.settings.rows)
        self._add, self._remove, self._find = (
            server.client.register_script(_script(part)) for part in ("add", "remove", "query")
        )

    def __len__(self) -> int:
        """The number of sections."""
        with self._server.speaking():
            pipe = self._server.client.pipeline()
            pipe.hlen(self._base + b"_records")
            pipe.zcount(self._base + b"_deadlines", "-inf", self._now())
            filed, overdue = pipe.execute()
        return max(
            0, int(filed) - int(overdue)
        )  # where the server lost a record, its deadline may still be there

    def names(self) -> list[str]:
        """All names, in no order."""
        with self._server.speaking():
            pipe = self._server.client.pipeline()
            pipe.hkeys(self._base + b"_records")
            pipe.zrangebyscore(self._base + b"_deadlines", "-inf", self._now())
            filed, overdue = pipe.execute()
        gone = set(overdue)
        return [_decoded(name) for name in filed if name not in gone]

    def held(self, names: Sequence[str]) -> list[bool]:
        """Which of the names are there."""
        now = self._now()
        with self._server.speaking():
            pipe = self._server.client.pipeline(transaction=False)
            for name in names:
                pipe.hexists(self._base + b"_records", _encoded(name))
                pipe.zscore(self._base + b"_deadlines", _encoded(name))
            answers = iter(pipe.execute())
        return [
            bool(filed) and (end is None or end > now) for filed, end in zip(answers, answers, strict=True)
        ]

    def sections(self, names: Sequence[str]) -> list[SignedSection | None]:
        """The sections of these names, ``None`` where there is none."""
        if not names:
            return []
        with self._server.speaking():
            records = self._server.client.hmget(self._base + b"_records", [*map(_encoded, names)])
        return [self._unpacked(name, record) for name, record in zip(names, records, strict=True)]

    def add(self, sections: Sequence[tuple[str, SignedSection]]) -> list[bool]:
        """Add each section whose name is free; say which were."""
        return self._written(
            self._add, [(_encoded(name), pack(signed, self.settings)) for name, signed in sections]
        )

    def remove(self, names: Sequence[str]) -> list[bool]:
        """Remove sections; say which were there."""
        return self._written(self._remove, [(_encoded(name),) for name in names])

    def find(self, signed: SignedSection) -> Found:
        """What may match, in one round trip unless it is more than 8 MB."""
        digest = key_digest(signed.key) if signed.tokens else b""
        signature = signature_bytes(signed) if self.settings.matches_near(signed) else b""
        with self._server.speaking():
            state, *answer = self._find(self._keys(), (*self._head, digest, signature, _MOST_BYTES))
        if state < 0:
            raise self._replaced()
        equal, near, records = answer
        names = [_decoded(name) for name in near]
        return [_decoded(name) for name in equal], list(self._shingles(names, records))

    def close(self) -> None:
        """Close the connections; they open again when they are needed."""
        self._server.close()

    def _kept(self, settings: OnlineSettings) -> bytes:
        """The settings of the index that is there; where there is none it is made with these."""
        key, client = self._base + b"_settings", self._server.client
        with self._server.speaking():
            kept: bytes | None = client.get(key)
            if kept is None:
                client.set(key, settings.to_json(), nx=True)  # another process may be as fast
                kept = client.get(key)
        return settings.to_json() if kept is None else kept

    def _keys(self) -> list[bytes]:
        return [self._base + b"_settings"]

    def _now(self) -> int:
        """The server's time in ms, which decides what is overdue; 0 where nothing ever is."""
        if not self._life:
            return 0
        with self._server.speaking():
            seconds, micros = self._server.client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def _written(self, script: Any, calls: Sequence[tuple[bytes, ...]]) -> list[bool]:
        states: list[int] = []
        with self._server.speaking(writing=True):
            if len(calls) == 1:
                states.append(script(self._keys(), (*self._head, *calls[0])))
            else:
                for part in parts(calls):
                    pipe = self._server.client.pipeline(transaction=False)
                    for call in part:
                        script(self._keys(), (*self._head, *call), client=pipe)
                    states += pipe.execute()
        if -1 in states:
            raise self._replaced()
        return [state == 1 for state in states]

    def _shingles(
        self, names: Sequence[str], records: Sequence[bytes]
    ) -> Iterator[tuple[str, NDArray[np.uint64]]]:
        for name, record in zip(names, records, strict=False):
            signed = self._unpacked(name, record)
            if signed is not None:
                yield name, signed.shingles
        for part in parts(names[len(records) :]):
            for name, signed in zip(part, self.sections(part), strict=True):
                if signed is not None:  # else it was removed in the meantime
                    yield name, signed.shingles

    def _unpacked(self, name: str, record: bytes | None) -> SignedSection | None:
        if record is None:
            return None
        try:
            return unpack(record, self.settings)
        except ValueError as error:
            raise StoreError(
                f"{self._where}: section {name!r} cannot be read: {error}; remove it and add it again"
            ) from error

    def _replaced(self) -> IndexMismatchError:
        return IndexMismatchError(f"{self._where} was made anew with other settings; open it again")


def basename(name: str) -> bytes:
    """What all keys of an index begin with; no other name's keys do. datasketch calls it so, too."""
    return b"reportclean:{%b}" % name.encode()


def drop(server: RedisServer, name: str) -> None:
    """Delete an index, whatever its settings."""
    with server.speaking(writing=True):
        found = list(server.client.scan_iter(match=basename(name) + b"_*", count=1000))
        for part in parts(found):
            server.client.unlink(*part)
