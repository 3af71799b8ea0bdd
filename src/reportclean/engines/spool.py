"""Where prepared batches wait for the second pass: in memory, or in files of the folder being written.

The files are MessagePack of plain records; nothing in them is executed when they are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from reportclean.engines.stages import Prepared

Batch = tuple[Prepared, ...]


class Spool(Protocol):
    """Batches by number, written once and read in any order."""

    def write(self, number: int, batch: Batch) -> None:
        """Keep a batch."""
        ...

    def read(self, number: int) -> Batch:
        """The batch of a number."""
        ...


class MemorySpool:
    """Batches held as they are."""

    def __init__(self) -> None:
        self._batches: dict[int, Batch] = {}

    def write(self, number: int, batch: Batch) -> None:
        """Keep a batch."""
        self._batches[number] = batch

    def read(self, number: int) -> Batch:
        """The batch of a number."""
        return self._batches[number]


class DiskSpool:
    """Batches as files of a folder, so that worker processes hand over texts without a pipe.

    Args:
        folder: Exists and is empty.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.msgpack"

    def write(self, number: int, batch: Batch) -> None:
        """Write a batch.

        Raises:
            OSError: The disk is full, or the folder cannot be written.
        """
        self._path(number).write_bytes(msgspec.msgpack.encode(batch))

    def read(self, number: int) -> Batch:
        """Read a batch back."""
        return msgspec.msgpack.decode(self._path(number).read_bytes(), type=Batch)
