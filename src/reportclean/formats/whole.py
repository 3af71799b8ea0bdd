"""What the formats share whose files are one document each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportclean.document import Document, Rejected
from reportclean.errors import InputError
from reportclean.formats.base import Chunk, Loaded
from reportclean.formats.limits import Limits


def whole_file(path: Path, name: str, form: str, limits: Limits) -> Iterator[Chunk]:
    """One chunk, the whole file.

    Raises:
        LimitError: It is larger than a document may be.
    """
    size = path.stat().st_size
    limits.check_document(size)
    yield Chunk(path, name, form, 0, size)


def one_document(
    chunk: Chunk, text: str, metadata: dict[str, Any], envelope: bytes = b""
) -> Loaded | Rejected:
    """The document of a file, or why there is none."""
    if not text.strip():
        return Rejected(
            chunk.name, None, "empty", "the file holds no text" if chunk.length else "the file is empty"
        )
    return Loaded(Document(chunk.name, text, chunk.name, None, metadata), envelope)


def missing(form: str, package: str, extra: str) -> InputError:
    """What is said where the library that reads a format is not installed."""
    return InputError(
        f"{form} is read with {package}, which is not installed: pip install 'reportclean[{extra}]'"
    )
