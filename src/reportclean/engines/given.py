"""What a program has in hand as documents, in batches that worker processes can share."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from reportclean.document import Document
from reportclean.engines.folder import temporary_folder
from reportclean.engines.spool import DiskSpool, MemorySpool, Spool
from reportclean.engines.workers import Crew, crew
from reportclean.errors import ConfigError
from reportclean.frames.registry import Opened

_BATCH_CHARACTERS = 1_500_000


@dataclass(frozen=True, slots=True)
class Share:
    """Documents that are worked on together.

    Attributes:
        number: Of the share.
        first: The place of its first document among all.
        documents: About as many characters as the rules like best.
        size: What they are as UTF-8, roughly.
    """

    number: int
    first: int
    documents: Sequence[Document]
    size: int


def shares(documents: Sequence[Document]) -> Iterator[Share]:
    """Documents in groups of about the same number of characters."""
    number = first = characters = size = 0
    for place, item in enumerate(documents, 1):
        characters += len(item.text)
        size += len(item.text) * (1 if item.text.isascii() else 3)
        if characters >= _BATCH_CHARACTERS or place == len(documents):
            yield Share(number, first, documents[first:place], size)
            number, first, characters, size = number + 1, place, 0, 0


@contextmanager
def at_work(workers: int, todo: Sequence[Share], *, kernels: bool) -> Iterator[tuple[Crew, Spool]]:
    """Who does the work, and where texts wait meanwhile: in memory, or on disk where processes share it.

    Args:
        workers: Processes, at most; few documents are done in this one.
        todo: The work.
        kernels: Whether the kernels are needed for it.

    Raises:
        ConfigError: There are fewer workers than one.
    """
    if workers < 1:
        raise ConfigError(f"workers is {workers}; it must be at least 1")
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder()) if workers > 1 else None
        hands = stack.enter_context(crew(workers, todo, kernels=kernels))
        yield hands, DiskSpool(folder) if folder is not None and hands.apart else MemorySpool()


def as_documents(name: str, items: Any) -> list[Document]:
    """Documents and texts; a text is named by its position from ``"0"``.

    Args:
        name: The argument that they were given as.
        items: They, in a list or an iterator.

    Raises:
        ConfigError: It is one text rather than several, or something else.
    """
    if isinstance(items, str | bytes | Document):
        raise ConfigError(f"{name} is one text; give several, as a list or an iterator of texts or Documents")
    if isinstance(items, Mapping) or not isinstance(items, Iterable):
        raise ConfigError(f"{name} is {type(items).__name__}; give a list of texts or Documents, or a table")
    return [_as_document(name, position, item) for position, item in enumerate(items)]


def _as_document(name: str, position: int, item: object) -> Document:
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(str(position), item)
    raise ConfigError(f"{name}[{position}] is {type(item).__name__}; give a str or a Document")


def documents_of(
    table: Opened, text_column: Hashable, id_column: Hashable | None, date_column: Hashable | None
) -> list[Document]:
    """The rows of a table as documents, those without a text among them.

    A row without an id is named by its position from ``"0"``, behind the name of its split where there are
    several. The line of a document is its row counted from 1, as in files.

    Raises:
        ConfigError: There is no such column, or it holds no text.
    """
    texts = table.frame.texts(table.text_column(text_column))
    parts = table.frame.parts
    ids, dates = (
        table.frame.values(column) if column is not None else [None] * len(texts)
        for column in (
            table.other_column("id_column", id_column, "id"),
            table.other_column("date_column", date_column, "date"),
        )
    )
    places = chain.from_iterable(((part, row) for row in range(count)) for part, count in parts)
    several = len(parts) > 1
    return [
        Document(
            _id(value, f"{part}:{row}" if several else str(row)),
            text or "",
            part,
            row + 1,
            {} if date is None else {"date": date},
        )
        for text, value, date, (part, row) in zip(texts, ids, dates, places, strict=True)
    ]


def _id(value: Any, position: str) -> str:
    """An id as a text; numbers that another column type made fractions of are whole again."""
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return position
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
