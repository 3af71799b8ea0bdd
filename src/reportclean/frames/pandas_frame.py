"""Frames of pandas: the index, the types of columns and the way they say that there is no value stay."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from reportclean.frames.base import no_text, twice


class PandasFrame:
    """A ``pandas.DataFrame``.

    Args:
        frame: It; never changed.
    """

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def names(self) -> list[Hashable]:
        """The labels of the columns; tuples where they have several levels."""
        return list(self._frame.columns)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """All of it."""
        return [("table", len(self._frame))]

    def _place(self, name: Hashable) -> int:
        place = self._frame.columns.get_loc(name)
        if not isinstance(place, int):  # a slice or a mask: several columns
            raise twice(name)
        return place

    def texts(self, name: Hashable) -> list[str | None]:
        """The texts of a column of any type that can hold them: object, string, category, Arrow.

        Raises:
            ConfigError: A value is no text.
        """
        found = self.values(name)
        for row, value in enumerate(found):
            if value is not None and not isinstance(value, str):
                raise no_text(name, type(value).__name__, f" in row {row} (counted from 0)")
        return found

    def values(self, name: Hashable) -> list[Any]:
        """The values of a column; None for NaN, NaT and NA."""
        series = self._frame.iloc[:, self._place(name)]
        return [
            None if none else value
            for value, none in zip(series.tolist(), series.isna().tolist(), strict=True)
        ]

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """The frame with some of its rows and other texts."""
        place = self._place(name)
        part = self._frame.copy() if len(rows) == len(self._frame) else self._frame.iloc[list(rows)].copy()
        part.isetitem(place, _column(part.iloc[:, place], texts))
        return part


def _column(series: Any, texts: Sequence[str | None]) -> Any:
    """A series of the same type and index with other texts; what was no value stays what it was."""
    import pandas as pd  # noqa: PLC0415  # only for those who came with a frame of it

    values = [old if new is None else new for old, new in zip(series.tolist(), texts, strict=True)]
    if isinstance(series.dtype, pd.CategoricalDtype):
        became = dict(zip(series.tolist(), texts, strict=True))
        known = (became.get(category, category) for category in series.dtype.categories)
        categories = list(dict.fromkeys([*known, *(text for text in texts if text is not None)]))
        dtype = pd.CategoricalDtype(categories, series.dtype.ordered)
        return pd.Series(values, series.index, dtype, series.name)
    return pd.Series(values, series.index, series.dtype, series.name)
