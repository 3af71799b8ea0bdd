"""Tables of pyarrow."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.types as kinds

from reportclean.frames.base import mask, no_text, twice

_MOST_CHARACTERS = (
    100_000_000  # of a chunk: Arrow's ``string`` holds 2 GiB, and a character has up to 4 bytes
)


class ArrowFrame:
    """A ``pyarrow.Table``.

    Args:
        table: It.
    """

    def __init__(self, table: Any) -> None:
        self._table = table

    @property
    def names(self) -> list[Hashable]:
        """The columns."""
        return list(self._table.column_names)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """All of it."""
        return [("table", self._table.num_rows)]

    def _place(self, name: Hashable) -> int:
        if self._table.column_names.count(name) > 1:
            raise twice(name)
        place: int = self._table.column_names.index(name)
        return place

    def texts(self, name: Hashable) -> list[str | None]:
        """The texts of a column of strings of any layout, a dictionary of them, or of nothing.

        Raises:
            ConfigError: The column is of another type.
        """
        column = self._table.column(self._place(name))
        kind = column.type.value_type if kinds.is_dictionary(column.type) else column.type
        if not (_is_text(kind) or kinds.is_null(kind)):
            raise no_text(name, column.type)
        found: list[str | None] = column.to_pylist()
        return found

    def values(self, name: Hashable) -> list[Any]:
        """The values of a column; a moment finer than a microsecond is cut to one."""
        column = self._table.column(self._place(name))
        if kinds.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        found: list[Any] = column.to_pylist()
        return found

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """The table with some of its rows and other texts."""
        table, place = self._table, self._place(name)
        field = table.schema.field(place)
        column = _column(field.type, texts)
        return _some(table, rows).set_column(place, field.with_type(column.type), column)


def _is_text(kind: Any) -> bool:
    return any(test(kind) for test in (kinds.is_string, kinds.is_large_string, kinds.is_string_view))


def _some(table: Any, rows: Sequence[int]) -> Any:
    """Rows of a table, ascending."""
    if len(rows) == table.num_rows:
        return table
    try:
        return table.filter(pa.array(mask(rows, table.num_rows), pa.bool_()))
    except (
        pa.ArrowNotImplementedError
    ):  # of a type, such as string_view, that this pyarrow cannot choose from
        runs = groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])
        parts = [[row for _, row in run] for _, run in runs]
        return pa.concat_tables([table.slice(0, 0), *(table.slice(part[0], len(part)) for part in parts)])


def _column(kind: Any, texts: Sequence[str | None]) -> Any:
    """Texts as a column of a type, in chunks that it can hold.

    The numbers of a dictionary become wider where there are more texts than they reach.
    """
    parts = [texts] if kinds.is_dictionary(kind) else _chunks(texts)
    return pa.chunked_array([pa.array(part, kind) for part in parts])


def _chunks(texts: Sequence[str | None]) -> Iterator[Sequence[str | None]]:
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text or "")
        if size > _MOST_CHARACTERS:
            yield texts[first : number + 1]
            first, size = number + 1, 0
    yield texts[first:]
