"""Parquet: a row is a record; the text column is cleaned, every other column passes through as it is.

A column may be a field of a struct, named by a path as in JSON. A document knows the row it came from. What
is written first is a list of rows and their new texts; when it is whole, the other columns are taken from the
source once more, row group by row group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reportclean.document import Document, Rejected
from reportclean.errors import InputError
from reportclean.formats.base import NOTE_FIELD, Chunk, Loaded, ReadOptions
from reportclean.formats.dates import seconds
from reportclean.formats.fields import fields_of, find, hollow, steps
from reportclean.formats.limits import DEFAULT, Budget, Limits

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

NAME = "parquet"
SUFFIXES: tuple[str, ...] = (".parquet", ".pq")

# A row group is read from its start to get at rows in its midst, so large ones are not cut too small.
_CHUNK_BYTES = 16_000_000
_ROWS_AT_ONCE = 1_000
_WRITTEN_BYTES = 64_000_000  # of a row group of ours, at most; small ones stay as they were
_SHOWN_COLUMNS = 10

_Way = tuple[str, ...]  # a column, and the fields of structs in it


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """A row of an output file before it is one."""

    source: str
    row: int
    field: str
    text: str
    note: str | None


def chunks(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[Chunk]:
    """Ranges of rows; none goes over the end of a row group.

    Raises:
        InputError: It is no Parquet file.
        LimitError: It unpacks to more than it may, as it says itself.
    """
    with _opened(path) as file:
        _check_size(file, Budget(limits, path.stat().st_size))
        first = 0
        for number in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(number)
            pieces = max(1, min(group.num_rows, group.total_byte_size // _CHUNK_BYTES))
            bounds = [group.num_rows * piece // pieces for piece in range(pieces + 1)]
            for begin, end in pairwise(bounds):
                if end > begin:
                    size = group.total_byte_size * (end - begin) // group.num_rows
                    yield Chunk(path, name, NAME, first + begin, size, first + begin + 1, rows=end - begin)
            first += group.num_rows
        if not first:
            yield Chunk(path, name, NAME, 0, 0)


def _check_size(file: pq.ParquetFile, budget: Budget) -> None:
    """Hold what the row groups say of themselves, and of each of their columns, against the limits.

    Raises:
        InputError: A size is negative.
        LimitError: They are beyond a limit.
    """
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        columns = [group.column(place).total_uncompressed_size for place in range(group.num_columns)]
        if min(group.total_byte_size, group.num_rows, *columns) < 0:
            raise InputError("it is no Parquet file, or it is broken: a size in it is negative")
        budget.spend(max(group.total_byte_size, sum(columns)))


def read(chunk: Chunk, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """The rows of a chunk; a record's line is its row, counted from 1.

    Raises:
        InputError: There is no such column, or it does not hold text.
        LimitError: Its texts are beyond what they may unpack to.
    """
    if not chunk.rows:
        yield Rejected(chunk.name, None, "empty", "the file holds no record")
        return
    with _opened(chunk.path) as file:
        column = _text_column(file.schema_arrow, options.text_field)
    # As dictionaries, so that one long text in a million rows is not a million texts.
    with _opened(chunk.path, read_dictionary=[".".join(column)]) as file:
        packed = chunk.path.stat().st_size * chunk.rows // max(file.metadata.num_rows, 1)
        budget = Budget(options.limits, packed)  # a text may stand in a million rows and in the file once
        named = {name: _column(file.schema_arrow, name) for name in (options.id_field, options.date_field)}
        known = {name: path for name, path in named.items() if path is not None}
        everything = bool(chunk.to)  # the other columns go elsewhere, now
        for row, text, values, others in _rows(file, chunk, column, known, everything=everything):
            if text is None or not text.strip():
                said = f"column {options.text_field!r} holds no text"
                yield Rejected(chunk.name, row + 1, "empty", said)
                continue
            budget.spend(len(text.encode()))
            identity = values.get(options.id_field)
            is_id = isinstance(identity, str | int) and not isinstance(identity, bool) and identity != ""
            document_id = str(identity) if is_id else f"{chunk.name}:{row + 1}"
            metadata = {"encoding": "utf-8", "date": seconds(values.get(options.date_field))}
            if everything:
                envelope = _hollowed(others, options.text_field)
                budget.spend(len(envelope))
            else:
                envelope = msgspec.json.encode((str(chunk.path), row))
            yield Loaded(Document(document_id, text, chunk.name, row + 1, metadata), envelope)


def _rows(
    file: pq.ParquetFile, chunk: Chunk, column: _Way, known: dict[str, _Way], *, everything: bool
) -> Iterator[tuple[int, str | None, dict[str, Any], dict[str, Any]]]:
    """Row number, text, the known fields and, where it is asked for, the whole row of each row of a chunk."""
    ends = list(accumulate(file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)))
    group = bisect_right(ends, chunk.offset)
    row = ends[group] - file.metadata.row_group(group).num_rows
    last = chunk.offset + chunk.rows
    columns = None if everything else [".".join(way) for way in (column, *known.values())]
    for batch in file.iter_batches(_at_once(file, group), row_groups=[group], columns=columns):
        begin, end = max(chunk.offset - row, 0), min(last - row, batch.num_rows)
        if begin < end:
            part = batch.slice(begin, end - begin)
            blank = _without_text(part, column) if everything else part
            others = [_within(part, way).to_pylist() for way in known.values()]
            for place, text in enumerate(_within(part, column)):
                values = dict(zip(known, (cells[place] for cells in others), strict=True))
                all_columns = blank.slice(place, 1).to_pylist()[0] if everything else {}
                yield row + begin + place, text.as_py(), values, all_columns
        row += batch.num_rows
        if row >= last:
            return


def _without_text(rows: pa.RecordBatch, column: _Way) -> pa.RecordBatch:
    """The rows with empty texts where these are a column of their own: one may stand in all of them."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    if column[1:]:
        return rows
    place = rows.schema.get_field_index(column[0])
    return rows.set_column(place, column[0], pa.array([""] * rows.num_rows))


def _hollowed(record: dict[str, Any], text_field: str) -> bytes:
    """A row as a record of JSON with a hole in the place of its text; dates are ISO 8601, bytes Base64."""
    found = find(fields_of(msgspec.json.encode(record, enc_hook=str)), text_field)
    if found is None:
        raise InputError(f"there is no column {text_field!r}; name the right one with --text-field")
    return hollow(found.around)


def _at_once(file: pq.ParquetFile, number: int) -> int:
    """How many rows of a row group are held at a time."""
    group = file.metadata.row_group(number)
    fitting: int = _CHUNK_BYTES * group.num_rows // max(group.total_byte_size, 1)
    return max(1, min(_ROWS_AT_ONCE, fitting))


def _column(schema: pa.Schema, name: str) -> _Way | None:
    """The way to a column, or to a field in a column of structs; None where there is none."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    if name in schema.names:
        return (name,)
    first, *others = way = steps(name)
    if first not in schema.names:
        return None
    kind = schema.field(first).type
    for step in others:
        place = kind.get_field_index(step) if pa.types.is_struct(kind) else -1
        if place < 0:
            return None
        kind = kind.field(place).type
    return way


def _text_column(schema: pa.Schema, name: str) -> _Way:
    """The way to the column of that name, which holds text.

    Raises:
        InputError: There is none, or it does not.
    """
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    way = _column(schema, name)
    if way is None:
        shown = ", ".join(schema.names[:_SHOWN_COLUMNS]) + (", …" if len(schema) > _SHOWN_COLUMNS else "")
        raise InputError(
            f"there is no column {name!r} (it has {shown}); name the right one with --text-field"
        )
    kind = schema.field(way[0]).type
    for step in way[1:]:
        kind = kind.field(step).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise InputError(f"column {name!r} holds {kind}, no text; name another with --text-field")
    return way


def _within(rows: pa.RecordBatch, way: _Way) -> pa.Array:
    """The values that a way leads to, null where one on the way is."""
    import pyarrow.compute as pc  # noqa: PLC0415  # slow to import

    cells = rows.column(way[0])
    return pc.struct_field(cells, list(way[1:])) if way[1:] else cells


@contextmanager
def _opened(path: Path, **settings: Any) -> Iterator[pq.ParquetFile]:
    import pyarrow as pa  # noqa: PLC0415  # slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    try:
        with path.open("rb") as source, pq.ParquetFile(source, **settings) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"it is no Parquet file, or it is broken: {error}") from error


def head(envelope: bytes, *, noted: bool) -> bytes:  # noqa: ARG001  # the formats' common form
    """Nothing stands before the list of rows."""
    return b""


def encode(text: str, envelope: bytes, options: ReadOptions, note: dict[str, object] | None) -> bytes:
    """The row and its new text, a line of the list that :func:`finish` reads."""
    source, row = msgspec.json.decode(envelope, type=tuple[str, int])
    said = None if note is None else msgspec.json.encode(note).decode()
    return msgspec.json.encode(_Row(source, row, options.text_field, text, said)) + b"\n"


def finish(path: Path) -> None:
    """Turn a list of rows, ascending, into the Parquet file that it stands for.

    Raises:
        InputError: The source is no longer what it was.
    """
    import pyarrow as pa  # noqa: PLC0415  # slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    made = path.with_name(path.name + ".making")
    with path.open("rb") as lines:
        rows = map(msgspec.json.Decoder(_Row).decode, lines)
        ahead = next(rows)
        with _opened(Path(ahead.source)) as source:
            schema = _with_note(source.schema_arrow, noted=ahead.note is not None)
            column = _text_column(source.schema_arrow, ahead.field)
        with (
            _opened(Path(ahead.source), read_dictionary=[".".join(column)]) as source,
            made.open("wb") as out,
            pq.ParquetWriter(out, schema, compression="zstd") as writer,
        ):
            first, waiting = 0, [ahead]
            for number in range(source.metadata.num_row_groups):
                parts: list[pa.Table] = []
                for batch in source.iter_batches(_at_once(source, number), row_groups=[number]):
                    end = first + batch.num_rows
                    for row in rows:
                        waiting.append(row)
                        if row.row >= end:
                            break
                    chosen = [row for row in waiting if row.row < end]
                    waiting = [row for row in waiting if row.row >= end]
                    if chosen:
                        parts.append(_taken(batch, chosen, first, column, schema))
                    if sum(part.nbytes for part in parts) > _WRITTEN_BYTES:
                        writer.write_table(pa.concat_tables(parts))
                        parts.clear()
                    first = end
                if parts:
                    writer.write_table(pa.concat_tables(parts))
            if waiting:
                raise InputError(f"{ahead.source} has fewer rows than when it was read; run again")
    made.replace(path)


def _with_note(schema: pa.Schema, *, noted: bool) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    name = NOTE_FIELD
    while name in schema.names:  # a column of the user's passes through untouched
        name += "_"
    return schema.append(pa.field(name, pa.string())) if noted else schema


def _taken(
    batch: pa.RecordBatch, rows: Sequence[_Row], first: int, column: _Way, schema: pa.Schema
) -> pa.Table:
    """Rows of a row group with their new texts."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    batch = batch.take(pa.array([row.row - first for row in rows], pa.int64()))
    place = schema.get_field_index(column[0])
    texts = pa.array([row.text for row in rows], pa.large_string())
    cells = _replaced(batch.column(place), column[1:], texts, schema.field(place).type)
    arrays = [*batch.columns[:place], cells, *batch.columns[place + 1 :]]
    if len(schema) > len(arrays):
        arrays.append(pa.array([row.note for row in rows]))
    return pa.Table.from_arrays(arrays, schema=schema)


def _replaced(cells: pa.Array, way: _Way, texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cells with new texts in the place that a way leads to; none of them is null on that way.

    Args:
        cells: The old ones.
        way: Fields of structs.
        texts: The new texts.
        kind: What the cells are to be.
    """
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    if not way:
        return texts.cast(kind)
    place = kind.get_field_index(way[0])
    inner = [
        _replaced(cells.field(n), way[1:], texts, kind.field(n).type) if n == place else cells.field(n)
        for n in range(kind.num_fields)
    ]
    return pa.StructArray.from_arrays(inner, fields=list(kind))
