"""Plain text: a file is a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportclean.document import Document, Rejected
from reportclean.errors import DecodeError
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.text.decoding import decode

NAME = "txt"
SUFFIXES: tuple[str, ...] = (".txt", ".text")


def chunks(path: Path, name: str) -> Iterator[Chunk]:
    """One chunk, the whole file."""
    yield Chunk(path, name, NAME, 0, path.stat().st_size)


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:  # noqa: ARG001  # the formats' common form
    """The file's document; its date is the file's time of modification."""
    data = chunk.data()
    try:
        decoded = decode(data)
    except DecodeError as error:
        yield Rejected(chunk.name, None, "undecodable", str(error))
        return
    if not decoded.text.strip():
        yield Rejected(chunk.name, None, "empty", "the file holds no text" if data else "the file is empty")
        return
    metadata = {
        "encoding": decoded.encoding,
        "encoding_score": decoded.score,
        "runner_up": decoded.runner_up,
        "date": chunk.path.stat().st_mtime,
        "decode_hits": decoded.hits,
    }
    yield Loaded(Document(chunk.name, decoded.text, chunk.name, None, metadata))


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the formats' common form
    """The text in UTF-8; a note has no place in plain text and stands in the tables alone."""
    return text.encode("utf-8")
