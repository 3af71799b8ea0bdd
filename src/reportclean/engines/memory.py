"""The job on texts that a program has in hand: no files, no processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from reportclean.document import Document
from reportclean.engines.batches import Settings, index_batch
from reportclean.engines.pipeline import Clock, conclude
from reportclean.engines.spool import MemorySpool
from reportclean.engines.stages import Record
from reportclean.engines.tables import Written
from reportclean.engines.texts import section_texts
from reportclean.engines.workers import Crew
from reportclean.errors import ConfigError
from reportclean.formats.base import ReadOptions
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import read_lexicon
from reportclean.results import DedupeResult, DocumentResult, LearnedSwap, SectionResult
from reportclean.rules.options import CleanConfig

_BATCH_CHARACTERS = 1_500_000

R = TypeVar("R")


def dedupe(
    documents: Iterable[Document | str],
    config: DedupeConfig | None = None,
    clean: CleanConfig | None = None,
) -> DedupeResult:
    """Clean, split and deduplicate documents.

    Args:
        documents: Documents, or plain texts, which are numbered by position from ``"0"``.
        config: What matches and what stays; the defaults where there is none.
        clean: Which rules run and which fixes are applied; all rules and the safe fixes where there is none.

    Returns:
        Clusters, matches, and which sections stay.

    Raises:
        ConfigError: ``documents`` is one text rather than several.

    >>> report = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件。"
    >>> result = dedupe([report, report.replace("，", "、"), "读者服务部新办借书证八百张。"])
    >>> [section.section_id for section in result.removed]
    ['1#1']
    """
    if isinstance(documents, str | bytes | Document):
        raise ConfigError(
            "documents is one text; give several, as a list or an iterator of texts or Documents"
        )
    config = config or DedupeConfig()
    lexicon = read_lexicon(config.spin_lexicon)
    spool = MemorySpool()
    given = [as_document(position, item) for position, item in enumerate(documents)]
    characters = sum(len(item.text) for item in given)
    settings = Settings(config, clean or CleanConfig(), ReadOptions(), characters, {}, lexicon=lexicon)
    indices = []
    originals: list[Document] = []
    for number, batch in enumerate(in_batches(given)):
        indices.append(index_batch(number, [Record(item) for item in batch], (), settings, spool))
        originals += [batch[position] for position in indices[-1].positions]
    outcome = conclude(indices, spool, Crew(), characters, config, lexicon, Clock())
    batches = list(outcome.batches())
    rows = [row for written in batches for row in _rows(DocumentResult, written.documents)]
    texts = [text for written in batches for text in written.kept_texts(range(len(written.whole)))]
    return DedupeResult(
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
            replace(original, id=row.document_id, text=text)
            for original, row, text in zip(originals, rows, texts, strict=True)
            if row.kept
        ),
        {name: text for written in batches for name, text in _section_texts(written)},
    )


def _rows(record: Callable[..., R], columns: Mapping[str, Sequence[Any]]) -> Iterator[R]:
    """Columns as records."""
    return map(record, *columns.values())


def _section_texts(written: Written) -> Iterator[tuple[str, str]]:
    """The clean text of each section by its id."""
    names = written.sections["section_id"]
    return zip(names, section_texts(written.stored, np.arange(len(names)), with_title=True), strict=True)


def as_document(position: int, item: Document | str) -> Document:
    """A document, or a text with its position as its id.

    Raises:
        ConfigError: It is neither.
    """
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(str(position), item)
    raise ConfigError(f"documents[{position}] is {type(item).__name__}; give a str or a Document")


def in_batches(documents: Sequence[Document]) -> Iterable[list[Document]]:
    """Documents in groups of about the size that the rules like best."""
    batch: list[Document] = []
    size = 0
    for item in documents:
        batch.append(item)
        size += len(item.text)
        if size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
