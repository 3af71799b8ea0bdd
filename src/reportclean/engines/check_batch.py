"""The part of ``check`` that concerns one document at a time: what a worker process does with a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportclean.document import Finding, Rejected
from reportclean.engines.batches import Settings, index_prepared, prepare
from reportclean.engines.findings import Row, rows_of, with_broken
from reportclean.engines.gathered import BatchIndex
from reportclean.engines.progress import Counts
from reportclean.engines.slow import without_slow
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Prepared, Record, prepared, run_rules, split_text
from reportclean.engines.workers import Task, load
from reportclean.formats.base import ReadOptions
from reportclean.results import CleanText
from reportclean.rules.options import CheckConfig
from reportclean.rules.selection import select_reported, with_boilerplate

MOST_LISTED = 20_000  # findings of a batch of 4 MB; a page full of masks has a fifth of that


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What every worker is told once.

    Attributes:
        check: What is looked for.
        index: How sections are indexed, for duplicates; None where nobody asks for them.
        read: How records are read.
        boilerplate: Lines that stand in many documents of the run, with their number.
    """

    check: CheckConfig
    index: Settings | None
    read: ReadOptions
    boilerplate: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What the collecting process is told of a batch.

    Attributes:
        document_ids: As the records have them, before repeated ones are told apart.
        sources: Per document.
        lines: Per document.
        rows: What was found in the documents.
        rejected: What could not be read.
        characters: Code points of the documents.
        index: Its sections; None where nobody asks for duplicates.
    """

    document_ids: Sequence[str]
    sources: Sequence[str]
    lines: Sequence[int | None]
    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    characters: int
    index: BatchIndex | None

    @property
    def counts(self) -> Counts:
        """What came out."""
        return Counts(len(self.document_ids), len(self.rows), len(self.rejected))


def check_task(task: Task, settings: CheckSettings, spool: Spool) -> CheckedBatch:
    """Read and check the documents of a task."""
    records, rejected = load(task, settings.read)
    return check_batch(task.number, records, rejected, settings, spool)


def check_batch(
    number: int,
    records: Sequence[Record],
    rejected: Sequence[Rejected],
    settings: CheckSettings,
    spool: Spool,
) -> CheckedBatch:
    """Check documents one by one, and index their sections where duplicates are looked for."""
    reported = select_reported(settings.check)
    selection = with_boilerplate(reported.selection, settings.boilerplate)

    def work(some: Sequence[Record]) -> list[CleanText]:
        return run_rules([record.document for record in some], selection)

    made, slow = without_slow(work, records, settings.read.limits)
    rejected = [*rejected, *slow]
    records = [record for record, item in zip(records, made, strict=True) if item is not None]
    results = [item for item in made if item is not None]
    documents = [record.document for record in records]
    unit = settings.check.dedupe.unit
    batch: list[Prepared | None] = []
    index = None
    if settings.index is not None:
        batch = prepare(records, results, unit)
        index = index_prepared(number, batch, (), {}, len(records), settings.index, spool)
    listed = _Listed()
    for position, (record, cleaned) in enumerate(zip(records, results, strict=True)):
        found = listed.take(with_broken(cleaned.findings, reported.rules))
        if found:
            item = batch[position] if batch else prepared(record, cleaned, split_text(cleaned.text, unit))
            sections = _starts(item) if item else []
            listed.add(rows_of(position, record.document, cleaned, found, sections, reported.rules))
    return CheckedBatch(
        [document.id for document in documents],
        [document.source for document in documents],
        [document.line for document in documents],
        listed.all(),
        rejected,
        sum(len(document.text) for document in documents),
        index,
    )


def _starts(document: Prepared) -> list[tuple[int, int]]:
    """Where each section begins in the original, and its ordinal."""
    pairs = zip(document.places, document.sections, strict=True)
    return [(start, section.ordinal) for (start, _, _), section in pairs]


class _Listed:
    """The rows of a batch; a bounded number, since hostile text may have a finding at every character.

    When the batch is full, one more row of each rule stands for all that follow.
    """

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._left_out: Counter[str] = Counter()
        self._broken: Counter[str] = Counter()

    def take(self, findings: Iterable[tuple[Finding, int]]) -> list[tuple[Finding, int]]:
        """Those of a document's findings that are listed."""
        taken: list[tuple[Finding, int]] = []
        for finding, broken in findings:
            if len(self._rows) + len(taken) < MOST_LISTED:
                taken.append((finding, broken))
                continue
            if finding.code not in self._left_out:
                taken.append((finding, 0))
            self._left_out[finding.code] += 1
            self._broken[finding.code] += broken
        return taken

    def add(self, rows: Iterable[Row]) -> None:
        """Add the rows of a document."""
        self._rows.extend(rows)

    def all(self) -> list[Row]:
        """The rows, the last of each rule that has too many standing for the rest."""
        left = dict(self._left_out)
        for index in reversed(range(len(self._rows))):
            row = self._rows[index]
            count = left.pop(row.code, 0)
            if count > 1:
                said = f"{row.message} ({count - 1:,} more from here on are not listed)"
                self._rows[index] = row._replace(
                    message=said, stands_for=count, broken=row.broken + self._broken[row.code]
                )
            if not left:
                break
        return self._rows
