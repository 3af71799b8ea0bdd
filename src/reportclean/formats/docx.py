"""DOCX: a file is a document; its paragraphs are lines, its tables rows of cells with tabs between.

Headers, footers, notes and text boxes are left out. What is written is a new file of the clean paragraphs.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reportclean.document import Rejected
from reportclean.errors import LimitError
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.markup import check_elements
from reportclean.formats.timed import in_time
from reportclean.formats.whole import missing, one_document, whole_file
from reportclean.formats.zipped import open_zip

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table

NAME = "docx"
SUFFIXES: tuple[str, ...] = (".docx",)

_PARTS = 10_000  # members; pictures are some
_SMALLER = 4  # an element costs so much less than one of a page
_BLOCK = 1 << 20
_NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip file: the same text makes the same bytes
_NESTING = 50  # tables in tables


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk]:
    """One chunk, the whole file."""
    return whole_file(path, name, NAME, limits)


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The file's document, with its title and date in the metadata.

    Raises:
        InputError: python-docx is not installed.
    """
    data = chunk.data()
    try:
        _check_parts(data, options.limits)
        text, found = paragraphs(data, options.limits)
    except LimitError as error:
        yield refusal(chunk.name, None, error)
        return
    except ValueError as error:
        yield Rejected(chunk.name, None, "not-docx", str(error))
        return
    metadata = {"date": seconds(found["date"]), "title": found["title"]}
    yield one_document(chunk, text, metadata, msgspec.json.encode(found))


def _check_parts(data: bytes, limits: Limits) -> None:
    """Hold what is in a Word file against the limits before it is parsed.

    Raises:
        InputError: It is no zip file.
        LimitError: It is beyond a limit.
    """
    own = replace(
        limits,
        members=min(limits.members, _PARTS),
        expanded_bytes=min(limits.expanded_bytes, limits.document_bytes),
    )
    elements = 0
    with open_zip(BytesIO(data), own) as archive:
        for info in archive.infolist():
            if info.filename.endswith(".xml"):
                with archive.open(info) as part:
                    while block := part.read(_BLOCK):
                        elements += block.count(b"<") - block.count(b"</")
                        check_elements(elements, limits.elements * _SMALLER)


def paragraphs(data: bytes, limits: Limits = DEFAULT) -> tuple[str, dict[str, str]]:
    """The text of a Word file, and its title and date (ISO 8601), empty where unknown.

    Raises:
        InputError: python-docx is not installed.
        LimitError: Its tables or its elements are nested too deeply, or it takes too long.
        ValueError: It is no Word file.
    """
    opened = _library()
    try:
        with in_time(limits):
            word = opened(BytesIO(data))
            text = "\n".join(_lines(word, 0))
        core = word.core_properties
        date = core.modified or core.created
        return text, {"title": core.title or "", "date": date.isoformat() if date else ""}
    except LimitError:
        raise
    except Exception as error:  # whatever a file does to the parser, it is that file's fault alone
        if "Excessive depth" in str(error):
            raise LimitError("depth", "its elements are nested too deeply") from error
        raise ValueError(f"it cannot be read as a Word file: {type(error).__name__}: {error}") from error


def _library() -> Callable[..., Word]:
    try:
        from docx import Document as word  # noqa: N813, PLC0415  # a function of that name; an extra
    except ImportError:
        raise missing("DOCX", "python-docx", "docx") from None
    return word


def _lines(container: Any, depth: int) -> Iterator[str]:
    """Paragraphs and rows in their order."""
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            yield from _rows(block, depth)
        else:
            yield block.text


def _rows(table: Table, depth: int) -> Iterator[str]:
    """A table's rows; a cell that spans several is told once a row."""
    if depth > _NESTING:
        raise LimitError("nesting", f"tables stand in tables, more than {_NESTING} deep")
    for row in table.rows:
        cells = [
            cell for left, cell in pairwise((None, *row.cells)) if cell != left
        ]  # merged cells come often
        yield "\t".join(" ".join(_lines(cell, depth + 1)).strip() for cell in cells)


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the file."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:  # noqa: ARG001  # the same
    """A Word file of the text, a paragraph a line; a note stands in the tables alone."""
    word = _library()()
    for line in text.removesuffix("\n").split("\n"):
        word.add_paragraph("".join(sign for sign in line if sign.isprintable() or sign == "\t"))
    word.core_properties.title = msgspec.json.decode(envelope, type=dict[str, str])["title"][:255]
    made, out = BytesIO(), BytesIO()
    word.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(
                zipfile.ZipInfo(member.filename, _NEVER), source.read(member), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
