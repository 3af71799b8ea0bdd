"""CSV and TSV: a row is a record; the text column is cleaned, every other cell passes through.

Quoting is that of RFC 4180, read as leniently as Python's ``csv`` does: a quote means something only where a
cell begins, and a quoted cell may hold line ends. The first row names the columns. Rows are told apart before
the encoding is known, which is right for every encoding whose bytes below 0x40 are ASCII's (UTF-8, GB18030,
Big5, Shift JIS, ISO 8859); a file that begins with the mark of UTF-16 is read as a whole.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import AnyStr

import msgspec

from reportclean.document import Document, Rejected
from reportclean.errors import DecodeError, InputError, LimitError
from reportclean.formats.base import CHUNK_BYTES, NOTE_FIELD, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.jsonl import pass_line
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.whole import whole_file
from reportclean.text.decoding import Decoded, decode

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SHOWN_COLUMNS = 10


class Delimited:
    """Rows of cells with one character between two.

    Args:
        name: Of the format.
        suffixes: Ends of the names of its files.
        delimiter: What stands between two cells.
    """

    def __init__(self, name: str, suffixes: tuple[str, ...], delimiter: str) -> None:
        self.NAME = name
        self.SUFFIXES = suffixes
        self._delimiter = delimiter

    def chunks(self, path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk | Rejected]:
        """Ranges of whole rows without the row of names, and the line of each range's first row.

        Where no row ends within the length that one may have, a quote is taken for one that nothing closes;
        where no line does, it is passed over.

        Raises:
            LimitError: A file in UTF-16 is larger than a document may be: it is read as a whole.
        """
        with path.open("rb") as file:
            if file.read(2) in _UTF16:
                yield from whole_file(path, name, self.NAME, limits)
                return
            file.seek(0)
            offset, line, rest, cut = 0, 1, b"", False
            block = file.read(CHUNK_BYTES)
            while block:
                following = file.read(CHUNK_BYTES)
                rest += block
                may_end = not following or b"\n" in block  # else only the looking grows
                ends = self._ends(rest, whole=not following) if may_end else []
                overlong = bool(following) and len(rest) - (ends[-1] if ends else 0) > limits.line_bytes
                if overlong:
                    ends = self._ends(rest, whole=True)[: None if rest.endswith(b"\n") else -1]
                    if not (ends or offset):
                        raise LimitError("line-bytes", "the row of names is longer than a line may be")
                if not offset and ends:  # the row of names belongs to no range
                    offset, line, rest = ends[0], 1 + rest.count(b"\n", 0, ends[0]), rest[ends[0] :]
                    ends = [end - offset for end in ends[1:]]
                if ends:
                    cut = True
                    yield Chunk(path, name, self.NAME, offset, ends[-1], line)
                    line += rest.count(b"\n", 0, ends[-1])
                    offset, rest = offset + ends[-1], rest[ends[-1] :]
                elif overlong:
                    try:
                        limits.check_line(len(rest))
                    except LimitError as error:
                        yield refusal(name, line, error)
                    file.seek(offset + len(rest))
                    pass_line(file)
                    cut, offset, line, rest = True, file.tell(), line + 1, b""
                    following = file.read(CHUNK_BYTES)
                block = following
            if not cut:
                yield Chunk(path, name, self.NAME, 0, offset)

    def _ends(self, data: bytes, *, whole: bool) -> list[int]:
        return [end for _, end in _rows(data, self._delimiter.encode(), whole=whole)]

    def read(self, chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
        """The rows of a chunk; empty ones are passed over.

        Raises:
            InputError: Two columns have one name, or none has the text's.
        """
        data = chunk.data()
        if not data.strip():
            yield Rejected(chunk.name, None, "empty", "the file is empty")
            return
        try:
            decoded = decode(data, options.encoding or None)
            head = self._head(chunk, decoded)
        except DecodeError as error:
            yield Rejected(chunk.name, chunk.first_line, "undecodable", str(error))
            return
        text, line = decoded.text, chunk.first_line
        starts = _rows(text, self._delimiter, whole=True)
        if head is None:
            begin, end = next(starts, (0, 0))
            head = text[begin:end]
            line += head.count("\n")
        names = self._names(head, options)
        if chunk.offset == 0 and not text[len(head) :].strip():
            yield Rejected(chunk.name, None, "empty", "the file holds no record")
        for begin, end in starts:
            row = text[begin:end].rstrip("\r\n")
            if row:
                yield self._record(row, names, line, chunk, options, decoded)
            line += text.count("\n", begin, end)

    def _head(self, chunk: Chunk, decoded: Decoded) -> str | None:
        """The row of names that stands before the chunk; None where it is the chunk's own first."""
        if chunk.offset == 0:
            return None
        with chunk.path.open("rb") as file:
            data = file.read(min(chunk.offset, CHUNK_BYTES))
        _, end = next(_rows(data, self._delimiter.encode(), whole=True), (0, 0))
        data = data[:end].removeprefix(codecs.BOM_UTF8)
        try:
            return data.decode(decoded.encoding)  # a few names alone say little of their encoding
        except (UnicodeDecodeError, LookupError):
            return decode(data).text

    def _cells(self, row: str) -> list[str]:
        if len(row) >= csv.field_size_limit():
            csv.field_size_limit(len(row) + 1)  # the module has one for all; it is only ever raised
        return next(csv.reader([row], delimiter=self._delimiter), [])

    def _names(self, head: str, options: ReadOptions) -> list[str]:
        names = self._cells(head.rstrip("\r\n"))
        twice = next((name for position, name in enumerate(names) if name in names[:position]), None)
        if twice is not None:
            raise InputError(f"two columns are called {twice!r}, so their cells could not be told apart")
        if options.text_field not in names:
            shown = ", ".join(names[:_SHOWN_COLUMNS]) + (", …" if len(names) > _SHOWN_COLUMNS else "")
            raise InputError(
                f"there is no column {options.text_field!r} (the first row has {shown or 'none'}); "
                "name the right one with --text-field"
            )
        return names

    def _record(
        self, row: str, names: list[str], line: int, chunk: Chunk, options: ReadOptions, decoded: Decoded
    ) -> Loaded | Rejected:
        try:
            options.limits.check_line(len(row.encode("utf-8", "surrogatepass")))
        except LimitError as error:
            return refusal(chunk.name, line, error)
        cells = self._cells(row)
        if len(cells) != len(names):
            said = f"the row has {_counted(len(cells))}, the first row names {len(names)}"
            return Rejected(chunk.name, line, "not-csv", said)
        values = dict(zip(names, cells, strict=True))
        text = values[options.text_field]
        if not text.strip():
            return Rejected(chunk.name, line, "empty", f"column {options.text_field!r} holds no text")
        metadata = {
            "encoding": decoded.encoding,
            "encoding_score": decoded.score,
            "runner_up": decoded.runner_up,
            "date": seconds(values.get(options.date_field)),
        }
        values[options.text_field] = ""
        identity = values.get(options.id_field) or f"{chunk.name}:{line}"
        document = Document(identity, text, chunk.name, line, metadata)
        return Loaded(document, msgspec.json.encode(values))

    def head(self, envelope: bytes, *, noted: bool) -> bytes:
        """The row of names, as it stands before the rows of a file."""
        names = list(msgspec.json.decode(envelope, type=dict[str, str]))
        return self._written([*names, _note_column(names)] if noted else names)

    def encode(
        self, text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None
    ) -> bytes:
        """The row with its new text, in UTF-8; cells are quoted where they must be."""
        values = msgspec.json.decode(envelope, type=dict[str, str])
        values[options.text_field] = text
        cells = list(values.values())
        return self._written(cells if note is None else [*cells, msgspec.json.encode(note).decode()])

    def _written(self, cells: list[str]) -> bytes:
        out = StringIO()
        csv.writer(out, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return out.getvalue().encode("utf-8")


def _counted(cells: int) -> str:
    return f"{cells} cell" + "s" * (cells != 1)


def _note_column(names: list[str]) -> str:
    name = NOTE_FIELD
    while name in names:  # a column of the user's passes through untouched
        name += "_"
    return name


@cache
def _row(delimiter: AnyStr, *, whole: bool) -> re.Pattern[AnyStr]:
    """A row without its line end; possessive throughout, so that it never goes back.

    Where something comes after the data, a quote that nothing closes reaches to the end; where nothing does,
    it is a character like others, so that a broken row costs itself alone.
    """
    closed = '"' if whole else r'(?:"|\Z)'
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+{closed})?+[^,\n]*+'
    pattern = f"(?:{cell},)*+{cell}"
    if isinstance(delimiter, str):
        return re.compile(pattern.replace(",", delimiter))
    return re.compile(pattern.encode().replace(b",", delimiter))


def _rows(data: AnyStr, delimiter: AnyStr, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Start and end of each row, its line end included.

    Args:
        data: Some rows.
        delimiter: What stands between two cells.
        whole: Whether nothing comes after; else what may be but the beginning of a row is left out.
    """
    match = _row(delimiter, whole=whole).match
    start, length = 0, len(data)
    while start < length:
        found = match(data, start)
        end = length if found is None else found.end()  # it matches everywhere, the empty row too
        if end == length and not whole:
            return
        end = min(end + 1, length)
        yield start, end
        start = end


CSV = Delimited("csv", (".csv",), ",")
TSV = Delimited("tsv", (".tsv", ".tab"), "\t")
