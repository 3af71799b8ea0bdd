"""Plain text: a file is a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from reportclean.document import Document, Rejected
from reportclean.errors import DecodeError
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.formats.limits import DEFAULT, Limits
from reportclean.formats.whole import whole_file
from reportclean.text.decoding import decode

NAME = "txt"
SUFFIXES: tuple[str, ...] = (".txt", ".text")

_LONGEST_MARK = 4  # bytes of a byte order mark


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk]:
    """One chunk, the whole file."""
    return whole_file(path, name, NAME, limits)


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The file's document; its date is the file's time of modification."""
    found = _document(chunk.data(), chunk.path, chunk.name, options)
    yield found if isinstance(found, Rejected) else Loaded(found)


def _document(data: bytes, path: Path, name: str, options: ReadOptions) -> Document | Rejected:
    try:
        decoded = decode(data, options.encoding or None)
    except DecodeError as error:
        return Rejected(name, None, "undecodable", str(error))
    if not decoded.text.strip():
        return Rejected(name, None, "empty", "the file holds no text" if data else "the file is empty")
    metadata = {
        "encoding": decoded.encoding,
        "encoding_score": decoded.score,
        "runner_up": decoded.runner_up,
        "date": path.stat().st_mtime,
        "decode_hits": decoded.hits,
    }
    return Document(name, decoded.text, name, None, metadata)


def rewrite(
    data: bytes, path: Path, name: str, options: ReadOptions, cleaned: Callable[[Document], str]
) -> Iterator[bytes | Rejected]:
    """The file with its text cleaned; its byte order mark, encoding and line ends stay."""
    found = _document(data, path, name, options)
    if isinstance(found, Rejected):
        yield found
        yield data
        return
    encoding = found.metadata["encoding"]
    try:
        body, text = found.text.encode(encoding), cleaned(found).encode(encoding)
    except (LookupError, ValueError):
        body = text = b""
    mark = data[: len(data) - len(body)]
    if body and mark + body == data and len(mark) <= _LONGEST_MARK:
        yield mark + text
    else:
        said = f"its bytes cannot be written back exactly as {encoding}; make a UTF-8 copy with -o"
        yield Rejected(name, None, "not-reversible", said)
        yield data


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the text."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the formats' common form
    """The text in UTF-8; a note has no place in plain text and stands in the tables alone."""
    return text.encode("utf-8")
