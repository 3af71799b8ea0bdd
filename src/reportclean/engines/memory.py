"""The job on texts and tables that a program has in hand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np

from reportclean.document import Document
from reportclean.engines.batches import Settings, index_batch
from reportclean.engines.boilerplate import count_in
from reportclean.engines.gathered import BatchIndex
from reportclean.engines.given import Share, as_documents, at_work, documents_of, shares
from reportclean.engines.indexes import Indexes, opened_indexes
from reportclean.engines.pipeline import Clock, conclude
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Record
from reportclean.engines.tables import Written
from reportclean.engines.texts import section_texts
from reportclean.formats.base import ReadOptions
from reportclean.frames.base import TableT
from reportclean.frames.registry import opened
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import read_lexicon
from reportclean.results import DedupeResult, DocumentResult, LearnedSwap, SectionResult, TableResult
from reportclean.rules.options import CleanConfig

R = TypeVar("R")
StrPath = str | PathLike[str]


@overload
def dedupe(
    documents: TableT,
    config: DedupeConfig | None = None,
    clean: CleanConfig | None = None,
    *,
    text_column: Hashable = "text",
    id_column: Hashable | None = None,
    date_column: Hashable | None = None,
    workers: int = 1,
    index: StrPath | None = None,
    against: StrPath | Sequence[StrPath] = (),
) -> TableResult[TableT]: ...
@overload
def dedupe(
    documents: Iterable[Document | str],
    config: DedupeConfig | None = None,
    clean: CleanConfig | None = None,
    *,
    workers: int = 1,
    index: StrPath | None = None,
    against: StrPath | Sequence[StrPath] = (),
) -> DedupeResult: ...
def dedupe(
    documents: Any,
    config: DedupeConfig | None = None,
    clean: CleanConfig | None = None,
    *,
    text_column: Hashable = "text",
    id_column: Hashable | None = None,
    date_column: Hashable | None = None,
    workers: int = 1,
    index: StrPath | None = None,
    against: StrPath | Sequence[StrPath] = (),
) -> DedupeResult:
    """Clean, split and deduplicate documents.

    Args:
        documents: Documents, or plain texts, which are numbered by position from ``"0"``; or a table of
            pandas, polars or pyarrow, a single column of one, a ``datasets.Dataset`` or ``DatasetDict``. Any
            other object with ``__arrow_c_stream__`` comes back as a ``pyarrow.Table``.
        config: What matches and what stays; the defaults where there is none.
        clean: Which rules run and which fixes are applied; all rules and the safe fixes where there is none.
        text_column: Of a table, the column with the texts.
        id_column: The column with the ids; ``id`` where there is one, else rows are numbered from ``"0"``.
        date_column: The column with the dates, for ``keep="newest"``; ``date`` where there is one.
        workers: Worker processes, at most; few documents are done in this one.
        index: A file of sections that earlier runs kept: what matches one of them is removed, and what this
            run keeps is added, all of it or nothing. It is made where there is none.
        against: One or several files of the same kind, which stay as they are.

    Returns:
        Clusters, matches, and which sections stay; of a table also what stays of it, as a table of the same
        type. A row without a text is in quarantine, as in files, and not in that table.

    Raises:
        ConfigError: ``documents`` is one text rather than several; or the table has no such column, or no
            text in it; or ``duckdb`` is needed and not installed.
        StoreError: An index is in use, missing, or none.
        IndexMismatchError: An index was made with other settings.

    >>> report = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件。"
    >>> result = dedupe([report, report.replace("，", "、"), "读者服务部新办借书证八百张。"])
    >>> [section.section_id for section in result.removed]
    ['1#1']
    """
    config, clean = config or DedupeConfig(), clean or CleanConfig()
    table = opened(documents)
    held = _held(index, against, config, workers)
    if table is None:
        return _decided(as_documents("documents", documents), config, clean, workers, held)[0]
    given = documents_of(table, text_column, id_column, date_column)
    result, rows = _decided(given, config, clean, workers, held)
    texts = [document.text for document in result.kept_documents]
    left = table.given_back(table.frame.rebuilt(table.text_column(text_column), rows, texts))
    values = {one.name: getattr(result, one.name) for one in fields(result)}
    return TableResult(**values, table=left, rows=tuple(rows))


def index_share(share: Share, settings: Settings, spool: Spool) -> BatchIndex:
    """Prepare and sign documents in hand; their texts go to the spool."""
    return index_batch(share.number, [Record(item) for item in share.documents], (), settings, spool)


def _held(
    index: StrPath | None, against: StrPath | Sequence[StrPath], config: DedupeConfig, workers: int
) -> AbstractContextManager[Indexes]:
    """The indexes that are named, once they are opened."""
    others = [against] if isinstance(against, str | PathLike) else against
    return opened_indexes(
        None if index is None else Path(index), [Path(one) for one in others], config, threads=max(workers, 1)
    )


def _decided(
    given: Sequence[Document],
    config: DedupeConfig,
    clean: CleanConfig,
    workers: int,
    held: AbstractContextManager[Indexes],
) -> tuple[DedupeResult, list[int]]:
    """The result, and the places of the kept documents among those that were given."""
    lexicon = read_lexicon(config.spin_lexicon)
    characters = sum(len(item.text) for item in given)
    boilerplate = count_in((item.text for item in given), clean.boilerplate_min_documents)
    settings = Settings(config, clean, ReadOptions(), characters, boilerplate, lexicon=lexicon)
    todo = list(shares(given))
    with (
        held as indexes,
        at_work(workers, todo, kernels=True) as (hands, spool),
        indexes.changing(),
    ):
        calls = ((share, settings, spool) for share in todo)
        indices = list(hands.each(index_share, calls))
        outcome = conclude(indices, spool, hands, characters, config, lexicon, Clock(), indexes.history)
        batches = list(indexes.adding(outcome, config, characters))
        rows = [row for written in batches for row in _rows(DocumentResult, written.documents)]
        texts = [text for written in batches for text in written.kept_texts(range(len(written.whole)))]
        of_sections = {name: text for written in batches for name, text in _section_texts(written)}
        for part in outcome.elders():
            of_sections |= zip(part["section_id"], part["text"], strict=True)
    used = [
        share.first + place for share, index in zip(todo, indices, strict=True) for place in index.positions
    ]
    kept = [place for place, row in zip(used, rows, strict=True) if row.kept]
    result = DedupeResult(
        tuple(rows),
        tuple(section for written in batches for section in _rows(SectionResult, written.sections)),
        tuple(outcome.tables.matches()),
        tuple(outcome.tables.swaps()),
        tuple(LearnedSwap(*row) for row in outcome.lesson.rows()),
        tuple(outcome.tables.passages()),
        tuple(outcome.tables.repeats()),
        tuple(outcome.tables.clusters()),
        outcome.rejected,
        dict(sorted(outcome.findings.items())),
        tuple(
            replace(given[place], id=row.document_id, text=text)
            for place, row, text in zip(used, rows, texts, strict=True)
            if row.kept
        ),
        of_sections,
    )
    return result, kept


def _rows(record: Callable[..., R], columns: Mapping[str, Sequence[Any]]) -> Iterator[R]:
    """Columns as records."""
    return map(record, *columns.values())


def _section_texts(written: Written) -> Iterator[tuple[str, str]]:
    """The clean text of each section by its id."""
    names = written.sections["section_id"]
    return zip(names, section_texts(written.stored, np.arange(len(names)), with_title=True), strict=True)
