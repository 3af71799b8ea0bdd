"""Parquet: a row is a record; the text column is cleaned, every other column passes through as it is.

A document knows the row it came from. What is written first is a list of rows and their new texts; when it is
whole, the other columns are taken from the source once more, row group by row group.
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
        _check_column(file.schema_arrow, options.text_field)
    # As dictionaries, so that one long text in a million rows is not a million texts.
    with _opened(chunk.path, read_dictionary=[options.text_field]) as file:
        packed = chunk.path.stat().st_size * chunk.rows // max(file.metadata.num_rows, 1)
        budget = Budget(options.limits, packed)  # a text may stand in a million rows and in the file once
        known = [name for name in (options.id_field, options.date_field) if name in file.schema_arrow.names]
        for row, text, values in _rows(file, chunk, options.text_field, known):
            if text is None or not text.strip():
                said = f"column {options.text_field!r} holds no text"
                yield Rejected(chunk.name, row + 1, "empty", said)
                continue
            budget.spend(len(text.encode()))
            identity = values.get(options.id_field)
            named = isinstance(identity, str | int) and not isinstance(identity, bool) and identity != ""
            document_id = str(identity) if named else f"{chunk.name}:{row + 1}"
            metadata = {"encoding": "utf-8", "date": seconds(values.get(options.date_field))}
            envelope = msgspec.json.encode((str(chunk.path), row))
            yield Loaded(Document(document_id, text, chunk.name, row + 1, metadata), envelope)


def _rows(
    file: pq.ParquetFile, chunk: Chunk, text_field: str, known: list[str]
) -> Iterator[tuple[int, str | None, dict[str, Any]]]:
    """Row number, text and the known fields of each row of a chunk."""
    ends = list(accumulate(file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)))
    group = bisect_right(ends, chunk.offset)
    row = ends[group] - file.metadata.row_group(group).num_rows
    last = chunk.offset + chunk.rows
    for batch in file.iter_batches(_at_once(file, group), row_groups=[group], columns=[text_field, *known]):
        begin, end = max(chunk.offset - row, 0), min(last - row, batch.num_rows)
        if begin < end:
            part = batch.slice(begin, end - begin)
            others = [part.column(name).to_pylist() for name in known]
            for place, text in enumerate(part.column(text_field)):
                values = dict(zip(known, (column[place] for column in others), strict=True))
                yield row + begin + place, text.as_py(), values
        row += batch.num_rows
        if row >= last:
            return


def _at_once(file: pq.ParquetFile, number: int) -> int:
    """How many rows of a row group are held at a time."""
    group = file.metadata.row_group(number)
    fitting: int = _CHUNK_BYTES * group.num_rows // max(group.total_byte_size, 1)
    return max(1, min(_ROWS_AT_ONCE, fitting))


def _check_column(schema: pa.Schema, name: str) -> None:
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    if name not in schema.names:
        shown = ", ".join(schema.names[:_SHOWN_COLUMNS]) + (", …" if len(schema) > _SHOWN_COLUMNS else "")
        raise InputError(
            f"there is no column {name!r} (it has {shown}); name the right one with --text-field"
        )
    kind = schema.field(name).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise InputError(f"column {name!r} holds {kind}, no text; name another with --text-field")


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
        with (
            _opened(Path(ahead.source), read_dictionary=[ahead.field]) as source,
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
                        parts.append(_taken(pa.Table.from_batches([batch]), chosen, first, schema))
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


def _taken(table: pa.Table, rows: Sequence[_Row], first: int, schema: pa.Schema) -> pa.Table:
    """Rows of a row group with their new texts."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import

    table = table.take([row.row - first for row in rows])
    place = schema.get_field_index(rows[0].field)
    field = schema.field(place)
    texts = pa.array([row.text for row in rows], pa.large_string()).cast(field.type)
    table = table.set_column(place, field, texts)
    if len(schema) > len(table.schema):
        table = table.append_column(schema.field(len(schema) - 1), pa.array([row.note for row in rows]))
    return table
