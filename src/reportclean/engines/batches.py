"""One batch from documents to index: what a worker process does, and what the library does in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportclean.document import Rejected
from reportclean.engines.gathered import BatchIndex
from reportclean.engines.signed import keep_apart
from reportclean.engines.slow import without_slow
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Prepared, Record, clean_batch, prepared, section_rows, split_texts
from reportclean.engines.workers import Task, load
from reportclean.formats.base import ReadOptions
from reportclean.formats.registry import WRITERS
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig, Unit
from reportclean.near.spinlexicon import SpinLexicon
from reportclean.results import CleanText
from reportclean.rules.options import CleanConfig


@dataclass(frozen=True, slots=True)
class Settings:
    """What every worker is told once.

    Attributes:
        config: What matches.
        clean: Which rules run and which fixes are applied.
        read: How records are read.
        characters: Characters of the whole input, by which the kernels are chosen.
        boilerplate: Lines that stand in many documents of the run, with their number.
        records: Whether documents are kept as they are written where nothing is removed of them.
        lexicon: One wording for the words that it names, in the matching keys; None for none.
    """

    config: DedupeConfig
    clean: CleanConfig
    read: ReadOptions
    characters: int
    boilerplate: Mapping[str, int]
    records: bool = False
    lexicon: SpinLexicon | None = None


def run_task(task: Task, settings: Settings, spool: Spool) -> BatchIndex:
    """Read, prepare and sign the documents of a task; their texts go to the spool."""
    records, rejected = load(task, settings.read)
    return index_batch(task.number, records, rejected, settings, spool)


def index_batch(
    number: int,
    records: Sequence[Record],
    rejected: Sequence[Rejected],
    settings: Settings,
    spool: Spool,
) -> BatchIndex:
    """Prepare and sign documents given with their format and envelope.

    A document of which cleaning leaves nothing goes to quarantine, as does one that takes too long.
    """

    def work(some: Sequence[Record]) -> list[tuple[CleanText, Prepared | None]]:
        results = clean_batch([record.document for record in some], settings.clean, settings.boilerplate)
        return list(zip(results, prepare(some, results, settings.config.unit), strict=True))

    made, slow = without_slow(work, records, settings.read.limits)
    empty = [_empty(record) for record, item in zip(records, made, strict=True) if item and item[1] is None]
    out = [*rejected, *slow, *empty]
    batch = [item and item[1] for item in made]
    findings = Counter(finding.code for item in made if item for finding in item[0].findings)
    return index_prepared(number, batch, out, findings, len(records) + len(rejected), settings, spool)


def prepare(records: Sequence[Record], results: Sequence[CleanText], unit: Unit) -> list[Prepared | None]:
    """Split cleaned documents; None in the place of one of which nothing is left."""
    found = split_texts([cleaned.text for cleaned in results], unit)
    return [
        prepared(record, cleaned, sections) if cleaned.text.strip() else None
        for record, cleaned, sections in zip(records, results, found, strict=True)
    ]


def _empty(record: Record) -> Rejected:
    document = record.document
    said = "nothing is left after cleaning" if document.text.strip() else "the text is empty"
    return Rejected(document.source or document.id, document.line, "empty", said)


def index_prepared(
    number: int,
    documents: Sequence[Prepared | None],
    rejected: Sequence[Rejected],
    findings: Mapping[str, int],
    read: int,
    settings: Settings,
    spool: Spool,
) -> BatchIndex:
    """Sign the documents of a batch; their texts go to the spool.

    Args:
        number: Of the batch.
        documents: What :func:`prepare` made of its records.
        rejected: What could not be used.
        findings: Number of findings by rule code.
        read: Documents and unusable records, counted when they were read.
        settings: What every worker is told once.
        spool: Where the texts go.
    """
    positions = [position for position, item in enumerate(documents) if item is not None]
    batch = [item for item in documents if item is not None]
    spool.write(number, batch, encoded(batch, settings.read) if settings.records else ())
    kernels = choose(settings.characters)
    rows = section_rows(batch, settings.config, choose_bands(settings.config), kernels, settings.lexicon)
    return BatchIndex(
        [item.document_id for item in batch],
        [item.source for item in batch],
        [item.line for item in batch],
        [item.date for item in batch],
        [len(item.sections) for item in batch],
        keep_apart(spool, number, rows),
        rejected,
        findings,
        read,
        positions,
    )


def encoded(batch: Sequence[Prepared], options: ReadOptions) -> list[bytes]:
    """Documents as they are written where nothing is removed of them."""
    return [WRITERS[item.format].encode(item.text, item.envelope, options, None) for item in batch]
