"""What a format is: how to cut a file into chunks, read a chunk, and write a document back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from reportclean.document import Document, Rejected
from reportclean.errors import ConfigError, InputError
from reportclean.formats.limits import DEFAULT, Limits

FORMAT_NAMES = (
    "txt",
    "jsonl",
    "csv",
    "tsv",
    "parquet",
    "html",
    "docx",
    "warc",
)  # modules load when they are used
CHUNK_BYTES = 4_000_000  # what a worker takes at a time
NOTE_FIELD = "reportclean"  # where --mark says what would have been done


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How records are read.

    Attributes:
        text_field: The field of a record that holds the text, by its name or by a path; see ``fields``.
        id_field: The field that holds its id.
        date_field: The field that holds its date (ISO 8601), for ``keep="newest"``.
        encoding: Name of the encoding of all input; guessed for each file where it is empty.
        limits: How much one input may cost.
        format: What every input is, whatever it is called; told by its name where it is empty.

    Raises:
        ConfigError: There is no such encoding, or no such format.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    text_field: str = "text"
    id_field: str = "id"
    date_field: str = "date"
    encoding: str = ""
    limits: Limits = DEFAULT
    format: str = ""

    def __post_init__(self) -> None:
        if self.format and self.format not in FORMAT_NAMES:
            raise ConfigError(f"format is {self.format!r}; it must be one of {', '.join(FORMAT_NAMES)}")
        if self.encoding:
            from reportclean.text.decoding import canonical  # noqa: PLC0415  # numpy, only where it is asked

            canonical(self.encoding)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of bytes of a file, holding whole records.

    Attributes:
        path: The file.
        name: Its name in results and below the output folder.
        format: The name of its format.
        offset: First byte.
        length: Number of bytes.
        first_line: Number of the first line in the range, counted from 1.
        target: The same as ``name`` in the bytes of the file system: where the output goes.
        rows: Of a table: how many rows it is, the first of them is ``offset``.
        to: The name of the format that its documents are written in; empty where it is their own.
    """

    path: Path
    name: str
    format: str
    offset: int
    length: int
    first_line: int = 1
    target: bytes = b""
    rows: int = 0
    to: str = ""

    def data(self) -> bytes:
        """The bytes.

        Raises:
            OSError: The file cannot be read.
            InputError: It has become shorter since it was cut into chunks.
        """
        with self.path.open("rb") as file:
            file.seek(self.offset)
            data = file.read(self.length)
        if len(data) != self.length:
            raise InputError(f"{self.path} became shorter while it was read")
        return data


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document as it was read, with what is needed to write it back.

    Attributes:
        document: The document.
        envelope: The rest of its record, as the format wants it back; empty where there is none.
    """

    document: Document
    envelope: bytes = field(default=b"", repr=False)


class Writer(Protocol):
    """How documents stand in an output file."""

    NAME: str

    def head(self, envelope: bytes, *, noted: bool) -> bytes:
        """What stands before the first document of an output file, given that document's envelope.

        Args:
            envelope: Of the first document.
            noted: Whether documents are written with notes.
        """
        ...

    def encode(
        self, text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None
    ) -> bytes:
        """A document as it stands in an output file of this format."""
        ...


class Format(Writer, Protocol):
    """A format; the modules of this package are its instances."""

    SUFFIXES: tuple[str, ...]

    def chunks(self, path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk | Rejected]:
        """Cut a file into chunks of about :data:`CHUNK_BYTES`, without what is beyond a limit."""
        ...

    def read(self, chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
        """The documents of a chunk, and what could not be used of it."""
        ...


class Finishing(Writer, Protocol):
    """A format whose files are first written as something else, document by document."""

    def finish(self, path: Path) -> None:
        """Turn what was written into the file that it stands for."""
        ...


class Rewriting(Format, Protocol):
    """A format whose files can be cleaned where they stand."""

    def rewrite(
        self, data: bytes, path: Path, name: str, options: ReadOptions, cleaned: Callable[[Document], str]
    ) -> Iterator[bytes | Rejected]:
        """The file's bytes with each document replaced by its cleaned text, in the encoding that it has.

        What cannot be read, or not be written back, comes as the bytes that it is, with the reason.
        """
        ...
