"""Frames of polars."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from reportclean.frames.base import mask, no_text


class PolarsFrame:
    """A ``polars.DataFrame``.

    Args:
        frame: It; never changed.
    """

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def names(self) -> list[Hashable]:
        """The columns."""
        return list(self._frame.columns)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """All of it."""
        return [("table", self._frame.height)]

    def texts(self, name: Hashable) -> list[str | None]:
        """The texts of a column of String, Categorical, Enum, or of nothing.

        Raises:
            ConfigError: The column is of another type.
        """
        import polars as pl  # noqa: PLC0415  # only for those who came with a frame of it

        series = self._frame.get_column(name)
        if not isinstance(series.dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
            raise no_text(name, series.dtype)
        found: list[str | None] = series.cast(pl.String).to_list()
        return found

    def values(self, name: Hashable) -> list[Any]:
        """The values of a column."""
        found: list[Any] = self._frame.get_column(name).to_list()
        return found

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """The frame with some of its rows and other texts."""
        import polars as pl  # noqa: PLC0415  # only for those who came with a frame of it

        frame, dtype = self._frame, self._frame.schema[name]
        if len(rows) < frame.height:
            frame = frame.filter(pl.Series(mask(rows, frame.height), dtype=pl.Boolean))
        column = pl.Series(str(name), texts, pl.String)
        if isinstance(dtype, pl.Enum):  # it knows no texts but those it was made of
            new = (text for text in texts if text is not None)
            dtype = pl.Enum(list(dict.fromkeys([*dtype.categories.to_list(), *new])))
        return frame.with_columns(column if isinstance(dtype, pl.Null) else column.cast(dtype))
