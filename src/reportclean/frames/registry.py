"""Which library a table is of. No library is imported: whoever has a table of one has imported it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from reportclean.errors import ConfigError
from reportclean.frames.base import Frame, no_column


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that was given.

    Attributes:
        frame: Its rows.
        given_back: Makes of a frame of the same library what was given.
        single: Whether it is one column rather than a table.
    """

    frame: Frame
    given_back: Callable[[Any], Any] = field(default=_same)
    single: bool = False

    def text_column(self, name: Hashable) -> Hashable:
        """The column of texts.

        Raises:
            ConfigError: There is no such column; the message lists those that are there.
        """
        names = self.frame.names
        if self.single:
            return names[0]
        if name not in names:
            raise no_column("text_column", name, names, max(names, key=self._characters, default=None))
        return name

    def other_column(self, option: str, name: Hashable | None, usual: str) -> Hashable | None:
        """A column that need not be there, unless somebody names it.

        Raises:
            ConfigError: It was named and is not there.
        """
        names = () if self.single else self.frame.names
        if name is None:
            return usual if usual in names else None
        if name not in names:
            raise no_column(option, name, names)
        return name

    def _characters(self, name: Hashable) -> int:
        """How much text a column holds."""
        try:
            return sum(len(text or "") for text in self.frame.texts(name))
        except ConfigError:
            return -1


def opened(value: Any) -> Opened | None:
    """A table, a query or a single column of a library; None for anything else.

    Raises:
        ConfigError: It is of a kind that cannot be given back.
    """
    for library, look in _LIBRARIES.items():
        module = sys.modules.get(library)
        if module is not None and (found := look(module, value)) is not None:
            return found
    if hasattr(value, "__arrow_c_stream__"):
        import pyarrow as pa  # noqa: PLC0415  # slow to import

        return _pyarrow(pa, pa.table(value))
    return None


def _pandas(pandas: Any, value: Any) -> Opened | None:
    from reportclean.frames.pandas_frame import PandasFrame  # noqa: PLC0415  # one library's

    if isinstance(value, pandas.DataFrame):
        return Opened(PandasFrame(value))
    if isinstance(value, pandas.Series):
        frame = value.to_frame("text" if value.name is None else value.name)
        return Opened(PandasFrame(frame), lambda new: new.iloc[:, 0].rename(value.name), single=True)
    return None


def _polars(polars: Any, value: Any) -> Opened | None:
    from reportclean.frames.polars_frame import PolarsFrame  # noqa: PLC0415  # one library's

    if isinstance(value, polars.DataFrame):
        return Opened(PolarsFrame(value))
    if isinstance(value, polars.LazyFrame):
        return Opened(PolarsFrame(value.collect()), lambda new: new.lazy())
    if isinstance(value, polars.Series):
        return Opened(PolarsFrame(value.to_frame()), lambda new: new.to_series(), single=True)
    return None


def _datasets(datasets: Any, value: Any) -> Opened | None:
    if isinstance(value, datasets.IterableDataset | datasets.IterableDatasetDict):
        raise ConfigError(
            f"an {type(value).__name__} is read once and never held; load it without streaming=True"
        )
    if not isinstance(value, datasets.Dataset | datasets.DatasetDict):
        return None
    from reportclean.frames.datasets_frame import DatasetFrame, SplitsFrame  # noqa: PLC0415  # needs pyarrow

    if isinstance(value, datasets.Dataset):
        return Opened(DatasetFrame(value))
    return Opened(SplitsFrame(value, type(value)))


def _pyarrow(pa: Any, value: Any) -> Opened | None:
    if not isinstance(value, pa.Table | pa.RecordBatch | pa.ChunkedArray | pa.Array):
        return None
    from reportclean.frames.arrow_frame import ArrowFrame  # noqa: PLC0415  # one library's

    def batch(table: Any) -> Any:
        """The rows of a table as one batch."""
        found = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
        (one,) = found
        return one

    def array(table: Any) -> Any:
        return batch(table).column(0)

    if isinstance(value, pa.Table):
        return Opened(ArrowFrame(value))
    if isinstance(value, pa.RecordBatch):
        return Opened(ArrowFrame(pa.Table.from_batches([value])), batch)
    table = pa.table({"text": value})
    back = array if isinstance(value, pa.Array) else (lambda new: new.column(0))
    return Opened(ArrowFrame(table), back, single=True)


_LIBRARIES: dict[str, Callable[[Any, Any], Opened | None]] = {
    "pandas": _pandas,
    "polars": _polars,
    "datasets": _datasets,
    "pyarrow": _pyarrow,
}
