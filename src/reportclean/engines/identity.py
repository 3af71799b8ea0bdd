"""What a batch was made from, so that a later run can tell whether the same would come out again.

A piece of input is what it was if the file system says that its file was not touched since; where it says
otherwise (the file was copied, unpacked again, or came through standard input) its bytes decide.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from reportclean.document import Rejected
from reportclean.engines.workers import Task
from reportclean.formats.base import Chunk
from reportclean.formats.registry import finishing

_SETTLED = 2 * 10**9  # ns: no clock of a file system ticks more seldom than every two seconds
_BLOCK = 1 << 22
_DIGEST_SIZE = 16

Touched = tuple[int, int, int, int, int]  # device, number, size, times of the contents and of the entry


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A piece of input as a run found it.

    Attributes:
        name: Its name in results.
        place: A digest of all that it is but its bytes: which range of what, how it is called and read.
        path: The file, in the bytes of the file system.
        touched: What the file system said of the file; None where it said nothing.
        settled: Whether that will tell of any change from then on.
        content: A digest of its bytes; empty where they could not be read.
    """

    name: str
    place: bytes
    path: bytes = b""
    touched: Touched | None = None
    settled: bool = False
    content: bytes = b""


def look_at(task: Task) -> list[Seen]:
    """What the pieces of a task are now."""
    return [_look(piece) for piece in task.pieces]


def changed(before: Sequence[Seen], task: Task) -> list[str]:
    """Names of what is not as it was, each once; none where a task is made of the same bytes as before."""
    names: list[str] = []
    earlier = {seen.place: seen for seen in before}
    places = [_place(piece) for piece in task.pieces]
    for piece, place in zip(task.pieces, places, strict=True):
        if place not in earlier or not _same(earlier[place], piece):
            names.append(_name(piece))
    if not names and places != [seen.place for seen in before]:
        left = set(places)
        names = [seen.name for seen in before if seen.place not in left]
    return list(dict.fromkeys(names))


def steady(before: Sequence[Seen]) -> bool:
    """Whether no file was touched since it was looked at."""
    return all(seen.touched == _touched(Path(os.fsdecode(seen.path))) for seen in before if seen.path)


def shares(before: Sequence[Seen], task: Task) -> bool:
    """Whether any piece of a task is called and cut as one was before, whatever its bytes."""
    earlier = {seen.place for seen in before}
    return any(_place(piece) in earlier for piece in task.pieces)


def _name(piece: Chunk | Rejected) -> str:
    return piece.source if isinstance(piece, Rejected) else piece.name


def _place(piece: Chunk | Rejected) -> bytes:
    """The path is no part of it, but where a format goes back to its source when it writes."""
    if isinstance(piece, Rejected):
        values: Sequence[object] = (piece.source, piece.line, piece.reason, piece.detail)
    else:
        path = os.fsencode(piece.path) if finishing(piece.format) else b""
        target = (piece.name, piece.format, piece.target, piece.to)
        values = (*target, piece.offset, piece.length, piece.first_line, piece.rows, path)
    return hashlib.blake2b(msgspec.msgpack.encode(values), digest_size=_DIGEST_SIZE).digest()


def _look(piece: Chunk | Rejected) -> Seen:
    if isinstance(piece, Rejected):
        return Seen(_name(piece), _place(piece))
    touched, content = _touched(piece.path), _content(piece)
    settled = bool(content) and touched is not None and time.time_ns() - max(touched[3:]) > _SETTLED
    return Seen(piece.name, _place(piece), os.fsencode(piece.path), touched, settled, content)


def _same(before: Seen, piece: Chunk | Rejected) -> bool:
    if isinstance(piece, Rejected):
        return True
    if before.settled and before.path == os.fsencode(piece.path) and before.touched == _touched(piece.path):
        return True
    return before.content == _content(piece)


def _touched(path: Path) -> Touched | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _content(piece: Chunk) -> bytes:
    """A digest of a piece's bytes, of a table those of its whole file; empty where they cannot be read."""
    try:
        if piece.rows:
            return _whole_file(piece.path, _touched(piece.path))
        return _digest(piece.path, piece.offset, piece.length)
    except OSError:
        return b""


@lru_cache(maxsize=8)
def _whole_file(path: Path, touched: Touched | None) -> bytes:
    return _digest(path, 0, touched[2] if touched else 0)


def _digest(path: Path, offset: int, length: int) -> bytes:
    found = hashlib.blake2b(digest_size=_DIGEST_SIZE)
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        while length and (block := file.read(min(length, _BLOCK))):
            found.update(block)
            length -= len(block)
    return found.digest()
