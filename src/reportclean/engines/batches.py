"""One batch from documents to index: what a worker process does, and what the library does in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportclean.document import Rejected
from reportclean.engines.pipeline import BatchIndex
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Record, clean_batch, prepared, section_rows, split_texts
from reportclean.engines.workers import Task, load
from reportclean.formats.base import ReadOptions
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
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
    """

    config: DedupeConfig
    clean: CleanConfig
    read: ReadOptions
    characters: int
    boilerplate: Mapping[str, int]


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

    A document of which cleaning leaves nothing goes to quarantine.
    """
    positions: list[int] = []
    out = list(rejected)
    findings: Counter[str] = Counter()
    results = clean_batch([record.document for record in records], settings.clean, settings.boilerplate)
    for position, (record, cleaned) in enumerate(zip(records, results, strict=True)):
        findings.update(finding.code for finding in cleaned.findings)
        if cleaned.text.strip():
            positions.append(position)
        else:
            source = record.document.source or record.document.id
            said = "nothing is left after cleaning" if record.document.text.strip() else "the text is empty"
            out.append(Rejected(source, record.document.line, "empty", said))
    sections = split_texts([results[position].text for position in positions], settings.config.unit)
    batch = tuple(
        prepared(records[position], results[position], found)
        for position, found in zip(positions, sections, strict=True)
    )
    spool.write(number, batch)
    kernels = choose(settings.characters)
    return BatchIndex(
        [item.document_id for item in batch],
        [item.source for item in batch],
        [item.line for item in batch],
        [item.date for item in batch],
        [len(item.sections) for item in batch],
        section_rows(batch, settings.config, choose_bands(settings.config), kernels),
        out,
        findings,
        len(records) + len(rejected),
        positions,
    )
