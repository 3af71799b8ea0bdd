"""Tables that are first written as JSON Lines: only when all records are there are their columns known.

A field of any record is a column, in order of first appearance. A cell without a value is empty (null); what
has no place in a cell, an object or a list, stands there as JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec

from reportclean.formats import jsonl
from reportclean.formats.base import ReadOptions

_ROWS = 10_000  # of a row group
_BYTES = 64_000_000  # the same
_EXACT = 2**53  # up to here a float is every integer


class ByLines:
    """A format of tables whose files are made of JSON Lines.

    Args:
        name: Of the writer.
        make: Turns lines, which may be gone through twice, into the file.
    """

    def __init__(self, name: str, make: Callable[[Callable[[], Iterator[bytes]], Path], None]) -> None:
        self.NAME = name
        self._make = make

    def head(self, envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG002  # the formats' common form
        """Nothing stands before the lines."""
        return b""

    def encode(
        self, text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None
    ) -> bytes:
        """The record as a line."""
        return jsonl.encode(text, envelope, options, note)

    def finish(self, path: Path) -> None:
        """Turn lines into the table that they stand for."""

        def lines() -> Iterator[bytes]:
            with path.open("rb") as file:
                yield from file

        made = path.with_name(path.name + ".making")
        self._make(lines, made)
        made.replace(path)


def _records(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            yield msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):  # NaN, half of a surrogate pair
            yield json.loads(line.decode("utf-8", "surrogatepass"))


def _cell(value: object) -> str:
    """A value as text; none is empty."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return jsonl.without_surrogates(text)[0]


def _delimited(delimiter: str) -> Callable[[Callable[[], Iterator[bytes]], Path], None]:
    def make(lines: Callable[[], Iterator[bytes]], made: Path) -> None:
        names = dict.fromkeys(name for record in _records(lines()) for name in record)
        with made.open("wb") as file, TextIOWrapper(file, "utf-8", newline="") as out:
            writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
            writer.writerow(map(_cell, names))
            writer.writerows([_cell(record.get(name)) for name in names] for record in _records(lines()))

    return make


def _kind(value: object) -> str:
    """What a column must be to hold a value; ``text`` holds any."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_EXACT <= value <= _EXACT else "long" if -(2**63) <= value < 2**63 else "text"
    return "float" if isinstance(value, float) else "text"


def _parquet(lines: Callable[[], Iterator[bytes]], made: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  # slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    kinds: dict[str, set[str]] = {}
    for record in _records(lines()):
        for name, value in record.items():
            kinds.setdefault(name, set()).add(_kind(value))
    schema = pa.schema(
        [(jsonl.without_surrogates(name)[0], _arrow(found - {""})) for name, found in kinds.items()]
    )

    def table(rows: Sequence[dict[str, Any]]) -> Any:
        arrays = []
        for name, field in zip(kinds, schema, strict=True):
            cells = [row.get(name) for row in rows]
            if pa.types.is_string(field.type):
                cells = [None if value is None else _cell(value) for value in cells]
            arrays.append(pa.array(cells, field.type))
        return pa.Table.from_arrays(arrays, schema=schema)

    with made.open("wb") as out, pq.ParquetWriter(out, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        size = 0
        for line in lines():
            rows += _records([line])
            size += len(line)
            if len(rows) >= _ROWS or size >= _BYTES:
                writer.write_table(table(rows))
                rows, size = [], 0
        if rows:
            writer.write_table(table(rows))


def _arrow(kinds: set[str]) -> Any:
    """The type of a column that holds values of these kinds."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    if kinds and kinds <= {"int", "long"}:
        return pa.int64()
    if kinds and kinds <= {"int", "float"}:
        return pa.float64()
    return pa.bool_() if kinds == {"bool"} else pa.string()


BY_LINES = {
    "csv": ByLines("csv by lines", _delimited(",")),
    "tsv": ByLines("tsv by lines", _delimited("\t")),
    "parquet": ByLines("parquet by lines", _parquet),
}
