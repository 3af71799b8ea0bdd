"""What a table is to the rest: column names, texts, and the same table with other texts and fewer rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from reportclean.errors import ConfigError

_SHOWN_COLUMNS = 10


class ArrowTable(Protocol):
    """Whatever hands its rows over as a stream of Arrow: frames of pandas and polars, tables of pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule protocol."""
        ...


class LazyTable(Protocol):
    """A query of polars, which becomes a frame when it is collected."""

    def collect_schema(self) -> Any:
        """Names and types of its columns."""
        ...


class PandasLike(Protocol):
    """A series of pandas, which type hints know by its positions."""

    @property
    def iloc(self) -> Any:
        """Rows by position."""
        ...


Table: TypeAlias = ArrowTable | LazyTable | PandasLike
TableT = TypeVar("TableT", bound=Table)


class Frame(Protocol):
    """A table of some library; the modules of this package make one each."""

    @property
    def names(self) -> Sequence[Hashable]:
        """The columns."""
        ...

    @property
    def parts(self) -> Sequence[tuple[str, int]]:
        """What it is made of, as names and numbers of rows: one part, but for dictionaries of tables."""
        ...

    def texts(self, name: Hashable) -> list[str | None]:
        """The texts of a column; None where there is none.

        Raises:
            ConfigError: The column holds no text.
        """
        ...

    def values(self, name: Hashable) -> list[Any]:
        """The values of a column as they are in Python; None where there is none."""
        ...

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """The table with some of its rows and other texts; all else as it is, in the order that it has.

        Args:
            name: The column of texts.
            rows: Rows that stay, ascending.
            texts: Theirs; None where there was none before.
        """
        ...


def no_column(
    option: str, name: Hashable, names: Sequence[Hashable], likely: Hashable | None = None
) -> ConfigError:
    """The error that says which columns there are.

    Args:
        option: The argument that names a column.
        name: What it names.
        names: The columns.
        likely: The one of them that is meant, perhaps.
    """
    if not names:
        return ConfigError(f"{option} is {name!r}; the table has no column at all")
    shown = ", ".join(map(repr, names[:_SHOWN_COLUMNS])) + (", …" if len(names) > _SHOWN_COLUMNS else "")
    example = "" if likely is None else f", perhaps with {option}={likely!r}"
    return ConfigError(
        f"{option} is {name!r}; the table has no such column, only {shown}; name the right one{example}"
    )


def no_text(name: Hashable, kind: object, where: str = "") -> ConfigError:
    """The error for a column of something else.

    Args:
        name: The column.
        kind: What it holds.
        where: In which row, if not in all.
    """
    return ConfigError(f"column {name!r} holds {kind}{where}, no text; name another with text_column=…")


def twice(name: Hashable) -> ConfigError:
    """The error for a name that two columns share."""
    return ConfigError(f"the table has more than one column {name!r}; rename one of them")


def mask(rows: Iterable[int], count: int) -> list[bool]:
    """Rows by number as one truth value a row."""
    stays = [False] * count
    for row in rows:
        stays[row] = True
    return stays
