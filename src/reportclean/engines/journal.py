"""The journal of a run: what each prepared batch was made from and of, and the batch itself.

A batch is a few files of the spool and one more with what the deciding process is told; then comes its
manifest, by a rename, and from then on the batch counts. The manifest names each file's size and checksum, so
that a batch that the disk lost in a power cut is made again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

from reportclean.engines import identity
from reportclean.engines.commits import Commit, write_committed
from reportclean.engines.folder import MANIFEST
from reportclean.engines.identity import Seen
from reportclean.engines.progress import Counted, Counts
from reportclean.engines.spool import BATCH_FILES, Spool
from reportclean.engines.workers import Task

S = TypeVar("S")
R = TypeVar("R", bound=Counted)

_INDEX = ".index"  # ends the name of the file with what the deciding process is told
_FILES = (*BATCH_FILES, _INDEX)


class Manifest(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a prepared batch.

    Attributes:
        basis: A digest of what all batches of the run depend on besides their input.
        seen: Its input.
        files: Size and checksum of each of its files, by the end of its name.
    """

    basis: bytes
    seen: list[Seen]
    files: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A prepared batch as the deciding process gets it.

    Attributes:
        index: What it is told of the batch.
        resumed: Whether an earlier run had prepared it.
        changed: Names of the input for which it was prepared again.
    """

    index: R
    resumed: bool = False
    changed: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """What came out."""
        return self.index.counts


class Journal:
    """The batches of a folder, by number.

    Args:
        folder: Where the spool keeps them.
        basis: A digest of what all batches of the run depend on besides their input.
    """

    def __init__(self, folder: Path, basis: bytes) -> None:
        self._folder = folder
        self._basis = basis

    def manifest(self, number: int) -> Manifest | None:
        """That of a batch; None where there is none, or none that can be read."""
        try:
            data = self._path(number, MANIFEST).read_bytes()
            return msgspec.msgpack.decode(data, type=Manifest)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def find(self, task: Task, kind: type[R]) -> Entry[R] | None:
        """The batch of a task from an earlier run; None where it is to be made.

        Args:
            task: The task.
            kind: What the deciding process is told.
        """
        manifest = self.manifest(task.number)
        if manifest is None or manifest.basis != self._basis or identity.changed(manifest.seen, task):
            return None
        try:
            if self._checks(task.number) != manifest.files:
                return None
            index = self._path(task.number, _INDEX).read_bytes()
            return Entry(msgspec.msgpack.decode(index, type=kind, dec_hook=_array), resumed=True)
        except (OSError, msgspec.MsgspecError):
            return None

    def forget(self, task: Task) -> tuple[str, ...]:
        """Give up what there is of a batch; names of the input that is not as it was."""
        manifest = self.manifest(task.number)
        for end in (MANIFEST, *_FILES):  # the manifest first: without it the others count for nothing
            self._path(task.number, end).unlink(missing_ok=True)
        return () if manifest is None else tuple(identity.changed(manifest.seen, task))

    def keep(self, task: Task, seen: list[Seen], index: object) -> None:
        """Make a batch count that the spool has written.

        Raises:
            OSError: The disk is full, or the folder cannot be written.
        """
        data = msgspec.msgpack.encode(index, enc_hook=_plain)
        self._path(task.number, _INDEX).write_bytes(data)
        manifest = Manifest(self._basis, seen, self._checks(task.number))
        write_committed(Commit.BATCH, self._path(task.number, MANIFEST), msgspec.msgpack.encode(manifest))

    def _checks(self, number: int) -> dict[str, tuple[int, int]]:
        """Size and checksum of each file of a batch."""
        paths = {end: self._path(number, end) for end in _FILES}
        found = {end: path.read_bytes() for end, path in paths.items() if path.exists()}
        return {end: (len(data), zlib.crc32(data)) for end, data in found.items()}

    def _path(self, number: int, end: str) -> Path:
        return self._folder / f"{number:08d}{end}"


@dataclass(frozen=True, slots=True)
class Journaled(Generic[S, R]):
    """A job on tasks that leaves each batch in a journal, and takes from there what an earlier run left.

    Attributes:
        job: What is done where there is nothing to take; a function of a module, for processes are told it.
        kind: What it returns: plain values, arrays, and dataclasses of them.
        journal: Where batches are left; None where nobody will ask for them.
    """

    job: Callable[[Task, S, Spool], R]
    kind: type[R]
    journal: Journal | None

    def __call__(self, task: Task, settings: S, spool: Spool) -> Entry[R]:
        """Take or make the batch of a task."""
        if self.journal is None:
            return Entry(self.job(task, settings, spool))
        if (found := self.journal.find(task, self.kind)) is not None:
            return found
        changed = self.journal.forget(task)
        seen = identity.look_at(task)
        index = self.job(task, settings, spool)
        if identity.steady(seen):  # else nobody knows which of its bytes were read
            self.journal.keep(task, seen, index)
        return Entry(index, changed=changed)


def _plain(value: object) -> object:
    """An array as plain values."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    raise TypeError(f"{type(value).__name__} is not kept in a journal")


def _array(_kind: type, value: Any) -> Any:
    """The same back."""
    kind, shape, data = value
    return np.frombuffer(data, dtype=kind).reshape(shape)
