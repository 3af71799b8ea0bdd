"""Compressed files and archives, unpacked into a folder of ours before they are read.

A compressed file is one file under the name without its last end; an archive is a folder of its members.
Nothing in an archive chooses where it is written: members become numbered files, their names are only names,
and a name that leads out of the archive is refused. Beyond a limit nothing more is unpacked. What could be
read of a file that is cut off is used, and that it is cut off is a line in the quarantine.
"""

from __future__ import annotations

import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from reportclean.document import Rejected
from reportclean.errors import InputError, LimitError
from reportclean.formats.archives import ARCHIVES, Member
from reportclean.formats.limits import Budget, Limits, refusal
from reportclean.formats.streams import STREAMS

_BLOCK = 1 << 16  # what a broken stream may still take with it
PACKINGS = (*STREAMS, *ARCHIVES)
_SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz"}
_BROKEN = (EOFError, OSError, InputError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that was unpacked.

    Attributes:
        name: Its name in results: that of the packed file, a member's below it.
        plain: The last part of its name without the ends that stand for packing.
        path: Where its bytes are.
    """

    name: str
    plain: str
    path: Path


def packing(name: str) -> str:
    """The end of a name that says how the file is packed; empty where it is not.

    >>> packing("pages.jsonl.GZ"), packing("a.zip"), packing("a.txt")
    ('.gz', '.zip', '')
    """
    end = PurePosixPath(_long(name)).suffix.lower()
    return end if end in STREAMS or end in ARCHIVES else ""


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive, be it compressed or not.

    >>> is_archive("a.tar.gz"), is_archive("a.tgz"), is_archive("a.txt.gz")
    (True, True, False)
    """
    return packing(plain_name(name)) in ARCHIVES


def plain_name(name: str) -> str:
    """The name of what is in a compressed file.

    >>> plain_name("pages.jsonl.gz"), plain_name("a.txt")
    ('pages.jsonl', 'a.txt')
    """
    kind = packing(name)
    return _long(name)[: -len(kind)] if kind in STREAMS else name


def _long(name: str) -> str:
    """A name with the short forms of two endings written out."""
    for short, long in _SHORT.items():
        if name.lower().endswith(short):
            return name[: -len(short)] + long
    return name


class Unpacker:
    """Unpacks files into a folder.

    Args:
        folder: Exists; a folder of ours is made there, for files under numbers.
        limits: How much may be unpacked.
        wanted: Whether a file of that name is read at all.
        passed_over: Counts members that are not, by the ends of their names.
    """

    def __init__(
        self, folder: Path, limits: Limits, wanted: Callable[[str], object], passed_over: Counter[str]
    ) -> None:
        self._within = folder
        self._folder: Path | None = None
        self._limits = limits
        self._wanted = wanted
        self._passed_over = passed_over
        self._made = 0

    def unpack(self, path: Path, name: str) -> Iterator[Unpacked | Rejected]:
        """The files in a packed file, packed ones in it opened too; and what could not be unpacked.

        Args:
            path: The packed file.
            name: Its name in results.
        """
        plain = _long(PurePosixPath(name).name)
        try:
            yield from self._opened(path, name, plain, Budget(self._limits, path.stat().st_size), 1)
        except LimitError as error:
            yield refusal(name, None, error)

    def _opened(
        self, path: Path, name: str, plain: str, budget: Budget, depth: int
    ) -> Iterator[Unpacked | Rejected]:
        kind = packing(plain)
        if depth > self._limits.nesting:
            said = f"packed more than {self._limits.nesting} times over"
            yield refusal(name, None, LimitError("nesting", said))
        elif kind in STREAMS:
            with path.open("rb") as file:
                yield from self._written(
                    lambda: STREAMS[kind](file), name, plain[: -len(kind)], budget, depth, file
                )
        else:
            names: Counter[str] = Counter()
            try:
                for member in ARCHIVES[kind](path, self._limits):
                    yield from self._member(member, name, names, budget, depth)
            except _BROKEN as error:
                yield _broken(name, error)

    def _member(
        self, member: Member, archive: str, names: Counter[str], budget: Budget, depth: int
    ) -> Iterator[Unpacked | Rejected]:
        """A member of an archive, under a name that stays inside."""
        budget.member()
        inside = PurePosixPath(member.name.replace("\\", "/"))
        name = f"{archive}/{inside}"
        if member.refused or not _stays(inside):
            said = member.refused or "its name leads out of the archive"
            yield Rejected(name, None, "member-refused", said)
        elif any(part.startswith((".", "__MACOSX")) for part in inside.parts):
            self._passed_over["hidden"] += 1
        elif not packing(inside.name) and not self._wanted(inside.name):
            self._passed_over[inside.suffix.lower() or "without ending"] += 1
        else:
            names[name] += 1
            if names[name] > 1:  # an archive may hold several of one name
                name = f"{archive}/{inside.with_name(f'{inside.stem}~{names[name]}{inside.suffix}')}"
            yield from self._written(member.open, name, _long(inside.name), budget, depth)

    def _written(
        self,
        opened: Callable[[], BinaryIO],
        name: str,
        plain: str,
        budget: Budget,
        depth: int,
        packed: BinaryIO | None = None,
    ) -> Iterator[Unpacked | Rejected]:
        """A file written out, and opened again where it is packed itself.

        What it is unpacked from, where that is a file of its own, tells early how it expands.
        """
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=self._within))
        self._made += 1
        path = self._folder / f"{self._made:08d}"
        broken: Exception | None = None
        with path.open("wb") as out:
            try:
                with closing(opened()) as stream:
                    read = getattr(stream, "read1", stream.read)  # what is there, before what is missing
                    while block := read(_BLOCK):
                        budget.spend(len(block))
                        out.write(block)
                        if packed is not None:
                            budget.weigh(out.tell(), packed.tell())
            except _BROKEN as error:
                broken = error
        if packing(plain):
            yield from self._opened(path, name, plain, budget, depth + 1)
            path.unlink()
        elif broken is None or path.stat().st_size:
            yield Unpacked(name, plain, path)
        if broken is not None:
            yield _broken(name, broken)


def _stays(inside: PurePosixPath) -> bool:
    """Whether a path leads nowhere but down."""
    parts = inside.parts
    return bool(parts) and not inside.is_absolute() and ".." not in parts and ":" not in parts[0]


def _broken(name: str, error: Exception) -> Rejected:
    return Rejected(name, None, "not-unpacked", f"it is broken or cut off: {error}")
