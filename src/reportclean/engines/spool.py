"""Where prepared batches wait for the second pass: in memory, or in files of the folder being written.

A batch is kept by column, so that whole columns become tables, and its texts apart, so that those that are
asked for are read alone. The files are MessagePack of plain values, UTF-8, and the records as they are
written where nothing is removed of them; nothing in them is executed when they are read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import msgspec

from reportclean.document import Edit
from reportclean.engines.stages import Prepared


class Columns(msgspec.Struct, frozen=True, array_like=True):
    """The documents of a batch by column, texts left out; the attributes are those of :class:`Prepared`.

    Attributes:
        document_ids: Per document.
        sources: Per document.
        lines: Per document.
        formats: Per document.
        targets: Per document.
        encodings: Per document.
        encoding_scores: Per document.
        runner_ups: Per document.
        envelopes: Per document.
        edits_of: Number of edits per document.
        findings_of: Number of findings per document.
        sections_of: Number of sections per document, front matter included.
        ordinals: Per section.
        titles: Per section.
        cues: Per section.
        starts: Per section, in the clean text.
        ends: The same.
        source_starts: Per section, in the original text.
        source_ends: The same.
        source_lines: The same.
        edits: Of all documents: start, end, before, after, code.
    """

    document_ids: Sequence[str]
    sources: Sequence[str]
    lines: Sequence[int | None]
    formats: Sequence[str]
    targets: Sequence[bytes]
    encodings: Sequence[str]
    encoding_scores: Sequence[float | None]
    runner_ups: Sequence[str]
    envelopes: Sequence[bytes]
    edits_of: Sequence[int]
    findings_of: Sequence[int]
    sections_of: Sequence[int]
    ordinals: Sequence[int]
    titles: Sequence[str]
    cues: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    source_starts: Sequence[int]
    source_ends: Sequence[int]
    source_lines: Sequence[int]
    edits: Sequence[tuple[int, int, str, str, str]]

    @staticmethod
    def of(batch: Sequence[Prepared]) -> Columns:
        """Those of prepared documents."""
        sections = [section for item in batch for section in item.sections]
        places = [place for item in batch for place in item.places]
        return Columns(
            [item.document_id for item in batch],
            [item.source for item in batch],
            [item.line for item in batch],
            [item.format for item in batch],
            [item.target for item in batch],
            [item.encoding for item in batch],
            [item.encoding_score for item in batch],
            [item.runner_up for item in batch],
            [item.envelope for item in batch],
            [len(item.edits) for item in batch],
            [sum(item.findings.values()) for item in batch],
            [len(item.sections) for item in batch],
            [section.ordinal for section in sections],
            [section.title for section in sections],
            [section.cue for section in sections],
            [section.start for section in sections],
            [section.end for section in sections],
            [start for start, _, _ in places],
            [end for _, end, _ in places],
            [line for _, _, line in places],
            [(e.start, e.end, e.before, e.after, e.code) for item in batch for e in item.edits],
        )

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.document_ids)

    def edits_at(self, positions: Sequence[int]) -> list[list[Edit]]:
        """The edits of each of some documents."""
        ends = [0, *accumulate(self.edits_of)]
        return [[Edit(*values) for values in self.edits[ends[n] : ends[n + 1]]] for n in positions]

    def places_at(self, positions: Sequence[int]) -> list[list[tuple[int, int]]]:
        """Where the sections of each of some documents start and end in the original text."""
        ends = [0, *accumulate(self.sections_of)]
        starts, stops = self.source_starts, self.source_ends
        return [
            list(zip(starts[ends[n] : ends[n + 1]], stops[ends[n] : ends[n + 1]], strict=True))
            for n in positions
        ]


class Stored(Protocol):
    """A batch read back."""

    @property
    def columns(self) -> Columns:
        """All but the texts."""
        ...

    def texts(self, positions: Sequence[int]) -> list[str]:
        """The clean texts of the documents at these positions."""
        ...


class Spool(Protocol):
    """Batches by number, written once and read in any order."""

    def write(self, number: int, batch: Sequence[Prepared], records: Sequence[bytes] = ()) -> None:
        """Keep a batch, and its documents as they are written where nothing is removed of them."""
        ...

    def read(self, number: int) -> Stored:
        """The batch of a number."""
        ...

    def beside(self, number: int, suffix: str) -> Path | None:
        """A file for something else that is made of a batch; None where nothing is kept on disk."""
        ...


class MemoryStored:
    """A batch held in memory."""

    def __init__(self, batch: Sequence[Prepared]) -> None:
        self.columns = Columns.of(batch)
        self._texts = [item.text for item in batch]

    def texts(self, positions: Sequence[int]) -> list[str]:
        """The clean texts of the documents at these positions."""
        return [self._texts[position] for position in positions]


class MemorySpool:
    """Batches held as they are."""

    def __init__(self) -> None:
        self._batches: dict[int, MemoryStored] = {}

    def write(self, number: int, batch: Sequence[Prepared], records: Sequence[bytes] = ()) -> None:  # noqa: ARG002  # the spools' common form
        """Keep a batch; its texts are at hand, and nobody writes them."""
        self._batches[number] = MemoryStored(batch)

    def read(self, number: int) -> MemoryStored:
        """The batch of a number."""
        return self._batches[number]

    def beside(self, number: int, suffix: str) -> None:  # noqa: ARG002  # the spools' common form
        """Nothing is on disk."""
        return


class _Index(msgspec.Struct, frozen=True, array_like=True):
    """Of a batch on disk: its columns, and where each text and each record ends in their files."""

    columns: Columns
    text_ends: Sequence[int]
    record_ends: Sequence[int]


_TEXTS, _RECORDS, _COLUMNS, SIGNATURES = BATCH_FILES = (".texts", ".records", ".columns", ".signatures")


class DiskStored:
    """A batch in files.

    Args:
        path: Of the file that tells where all is, without its ending.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _index(self) -> _Index:
        return msgspec.msgpack.decode(self._path.with_suffix(_COLUMNS).read_bytes(), type=_Index)

    @property
    def columns(self) -> Columns:
        """All but the texts."""
        return self._index.columns

    def texts(self, positions: Sequence[int]) -> list[str]:
        """The clean texts of the documents at these positions."""
        ends = [0, *self._index.text_ends]
        with self._path.with_suffix(_TEXTS).open("rb") as file:
            return [
                os.pread(file.fileno(), ends[position + 1] - ends[position], ends[position]).decode()
                for position in positions
            ]

    @cached_property
    def records(self) -> tuple[memoryview, list[int]]:
        """The documents as they are written where nothing is removed of them, and where each begins."""
        data = self._path.with_suffix(_RECORDS).read_bytes()
        return memoryview(data), [0, *self._index.record_ends]


class DiskSpool:
    """Batches as files of a folder, so that worker processes hand over texts without a pipe.

    Args:
        folder: Exists.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}"

    def write(self, number: int, batch: Sequence[Prepared], records: Sequence[bytes] = ()) -> None:
        """Write a batch.

        Raises:
            OSError: The disk is full, or the folder cannot be written.
        """
        path = self._path(number)
        text_ends = _write(path.with_suffix(_TEXTS), [item.text.encode() for item in batch])
        record_ends = _write(path.with_suffix(_RECORDS), records) if records else []
        index = _Index(Columns.of(batch), text_ends, record_ends)
        path.with_suffix(_COLUMNS).write_bytes(msgspec.msgpack.encode(index))

    def read(self, number: int) -> DiskStored:
        """The batch of a number, of which is read what is asked for."""
        return DiskStored(self._path(number))

    def beside(self, number: int, suffix: str) -> Path:
        """A file for something else that is made of a batch."""
        return self._path(number).with_suffix(suffix)


def _write(path: Path, parts: Sequence[bytes]) -> list[int]:
    """Write parts one behind the other; where each ends."""
    path.write_bytes(b"".join(parts))
    return list(accumulate(map(len, parts)))
