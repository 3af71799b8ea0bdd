"""The job itself, whatever feeds it and whatever takes its results: rows in, decision out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Rejected
from reportclean.engines.budget import Budget
from reportclean.engines.decide import Decision, Known, Pair, decide
from reportclean.engines.gathered import BatchIndex, Gathered
from reportclean.engines.history import History, as_prepared
from reportclean.engines.spool import Spool
from reportclean.engines.spun import SpinningsOf, decide_spun
from reportclean.engines.stages import ROW_COLUMNS, SectionRows
from reportclean.engines.tables import Directory, Tables, Written
from reportclean.engines.texts import Texts, section_values
from reportclean.engines.workers import Crew
from reportclean.index.store import Columns
from reportclean.kernels import choose
from reportclean.near.bands import Banding, choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon

REPEATED_ID = "STR002"
REPEATED = "DUP003"  # within a document
CODES = {"exact": "DUP001", "near": "DUP002", "spun": "DUP004"}  # by kind of match, between documents


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided run: its tables, and its documents one by one.

    Attributes:
        tables: The rows of the results.
        spool: Where the prepared documents are.
        batch_sizes: Documents in each batch.
        rejected: What could not be used, in order of input.
        findings: Number of findings by rule code.
        sections_in: Sections that came in, front matter left out.
        documents_in: Documents and unusable records, counted when they were read.
        lesson: The swaps of spun copies that the run learned.
        directory: Which document each row belongs to; behind the run's own those of elders.
        rows: All sections, as they were signed first.
        kept: ``bool``: per row, whether it stays.
        elder_sizes: Elders in each batch behind the run's own.
        known: The rows that match one of them, None where there is no index.
    """

    tables: Tables
    spool: Spool
    batch_sizes: Sequence[int]
    rejected: tuple[Rejected, ...]
    findings: Counter[str]
    sections_in: int
    documents_in: int
    lesson: SpinLexicon
    directory: Directory
    rows: SectionRows
    kept: NDArray[np.bool_]
    elder_sizes: Sequence[int] = ()
    known: Known | None = None

    @property
    def own_rows(self) -> int:
        """How many rows are the run's own."""
        return int(self.directory.first_rows[sum(self.batch_sizes)])

    def elders(self) -> Iterator[dict[str, Sequence[Any]]]:
        """The sections of indexes that stand for sections of the run, by column, some at a time."""
        first, document = self.own_rows, sum(self.batch_sizes)
        for number, size in enumerate(self.elder_sizes, len(self.batch_sizes)):
            stored, rows = self.spool.read(number), range(first, first + size)
            yield {
                "section_id": [self.directory.section_id(row) for row in rows],
                "document_id": self.directory.document_ids[document : document + size],
                "ordinal": self.directory.ordinals[first : first + size].tolist(),
                "title": stored.columns.titles,
                "source": stored.columns.sources,
                "index": [self.known.where[row] for row in rows] if self.known else [],
                "text": stored.texts(range(size)),
            }
            first, document = first + size, document + size

    def batches(self) -> Iterator[Written]:
        """All documents in order of input, a batch in memory at a time."""
        first = 0
        for batch, size in enumerate(self.batch_sizes):
            if size:
                yield self.tables.batch(first, self.spool.read(batch))
            first += size


def conclude(
    batches: Iterable[BatchIndex],
    spool: Spool,
    hands: Crew,
    characters: int,
    config: DedupeConfig,
    lexicon: SpinLexicon | None,
    clock: Clock,
    history: History | None = None,
    budget: Budget | None = None,
) -> Outcome:
    """Collect the batches and decide.

    Args:
        batches: In order of input; batch ``n`` is number ``n`` of the spool.
        spool: Where the texts are.
        hands: Who reads them again.
        characters: Characters of the whole input, by which the kernels are chosen.
        config: The settings.
        lexicon: What the keys were made with; None for no lexicon.
        clock: Told how long each stage took.
        history: What stood before; None for nothing.
        budget: What may be in memory together; as much as is quick where it is None.
    """
    at_once = (budget or Budget()).shingles
    banding = choose_bands(config)
    with clock.stage("prepare"):
        found = Gathered.of(batches)
    with clock.stage("decide"):
        findings, batch_sizes = Counter(found.findings), found.batch_sizes
        ids, repeated = found.unique_ids(history)
        if repeated:
            findings[REPEATED_ID] += repeated
        directory, rows = found.collected(ids, spool, banding.num_perm)
        texts = Texts(spool, batch_sizes, directory, hands, at_once)
        known = Known.nothing()
        elder_sizes: list[int] = []
        if history is not None:
            elders = history.elders(rows, texts, characters, config)
            known = elders.known(len(rows.ordinals))
            older = history.columns(elders)
            directory, rows, elder_sizes = _with_elders(directory, rows, older, spool, len(batch_sizes))
            texts = Texts(spool, [*batch_sizes, *elder_sizes], directory, hands, at_once)
        decision, lesson = decide_rows(directory, rows, texts, characters, banding, config, lexicon, known)
        findings.update(duplicate_codes(directory, decision.pairs))
    sections_in = int(np.count_nonzero(rows.ordinals))
    tables = Tables(directory, rows, decision)
    return Outcome(
        tables,
        spool,
        batch_sizes,
        tuple(found.rejected),
        findings,
        sections_in,
        found.read,
        lesson,
        directory,
        rows,
        decision.kept,
        elder_sizes,
        None if history is None else known,
    )


def _with_elders(
    directory: Directory, rows: SectionRows, elders: Iterable[Columns], spool: Spool, batch: int
) -> tuple[Directory, SectionRows, list[int]]:
    """The sections of indexes as batches of documents behind the run's own, whose texts go to the spool.

    Their rows have the ordinal 0 and no signature, so that they match nothing; the directory knows the true
    ordinals.

    Args:
        directory: Of the run.
        rows: Of the run.
        elders: The sections, batch by batch.
        spool: Where texts are.
        batch: The number of the first batch.

    Returns:
        Both with the elders behind, and the size of each batch.
    """
    directories, sizes = [directory], list[int]()
    more: dict[str, list[NDArray[Any]]] = {name: [getattr(rows, name)] for name in ROW_COLUMNS}
    for columns in elders:
        spool.write(batch + len(sizes), as_prepared(columns))
        size = len(columns)
        nothing = (np.zeros(size, np.int64), np.zeros((size, 2), np.uint64))
        facts = (nothing[0], columns.tokens, columns.placeholders, columns.repairs, nothing[1])
        for name, fact in zip(ROW_COLUMNS, facts, strict=True):
            more[name].append(fact)
        places = (np.arange(size + 1), columns.ordinals, columns.sources, columns.dates)
        directories.append(Directory(columns.document_ids, *places))
        sizes.append(size)
    if not sizes:
        return directory, rows, sizes
    columns_of_all = {name: np.concatenate(parts) for name, parts in more.items()}
    return Directory.concatenate(directories), replace(rows, **columns_of_all), sizes


def decide_rows(
    directory: Directory,
    rows: SectionRows,
    texts: Texts,
    characters: int,
    banding: Banding,
    config: DedupeConfig,
    lexicon: SpinLexicon | None,
    known: Known | None = None,
) -> tuple[Decision, SpinLexicon]:
    """Cluster the rows of all documents and decide which stay; and the swaps that were learned."""
    preferred = directory.preferred(config.prefer)
    dates = directory.per_row(directory.dates).astype(np.float64)

    def decided(
        signed: SectionRows, worded: SpinLexicon | None, spun: NDArray[np.bool_], spinnings_of: SpinningsOf
    ) -> Decision:
        return decide(
            signed,
            preferred,
            dates,
            spun,
            directory.section_id,
            lambda chosen: texts.outlines(chosen, characters),
            lambda chosen: texts.made(section_values, chosen, characters),
            texts.opener(signed.tokens, config, characters, worded),
            spinnings_of,
            choose(characters),
            banding,
            config,
            known or Known.nothing(),
            texts.at_once,
        )

    return decide_spun(rows, texts, decided, lexicon, characters, config)


def duplicate_codes(directory: Directory, pairs: Sequence[Pair]) -> list[str]:
    """The rule of each pair, by its kind and by whether a document repeats itself."""
    sides = np.array([(pair.member, pair.representative) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    documents = directory.document_of(sides)
    together = (documents[:, 0] == documents[:, 1]).tolist()
    return [REPEATED if same else CODES[pair.kind] for pair, same in zip(pairs, together, strict=True)]
