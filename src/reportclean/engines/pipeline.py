"""The job itself, whatever feeds it and whatever takes its results: rows in, decision out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Edit, Rejected
from reportclean.engines.decide import Decision, Pair, decide
from reportclean.engines.spool import Spool, Stored
from reportclean.engines.stages import SectionRows, ShingleSets, shingle_sets
from reportclean.engines.tables import Directory, Tables, Written
from reportclean.engines.workers import Crew
from reportclean.kernels import Kernels, choose
from reportclean.near.bands import Banding, choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.text.differing import Outline, Surface, outlines, surfaces

_TEXTS_AT_ONCE = 200  # sections folded together: more do not stay in the cache

T = TypeVar("T")

REPEATED_ID = "STR002"
REPEATED = "DUP003"  # within a document
CODES = {"exact": "DUP001", "near": "DUP002"}  # by kind of match, between documents


@dataclass(frozen=True, slots=True)
class BatchIndex:
    """What the deciding process keeps of a batch; the texts are in the spool.

    Attributes:
        document_ids: As the records have them, before repeated ones are told apart.
        sources: Per document.
        lines: Per document.
        dates: Per document.
        sections: Number of sections per document, front matter included.
        rows: One row a section.
        rejected: What could not be used.
        findings: Number of findings by rule code.
        read: Documents and unusable records, counted when they were read.
        positions: Of the documents among the records of the batch.
    """

    document_ids: Sequence[str]
    sources: Sequence[str]
    lines: Sequence[int | None]
    dates: Sequence[float]
    sections: Sequence[int]
    rows: SectionRows
    rejected: Sequence[Rejected]
    findings: Mapping[str, int]
    read: int
    positions: Sequence[int]


class Named(Protocol):
    """A batch of documents by name."""

    @property
    def document_ids(self) -> Sequence[str]: ...  # noqa: D102  # as in BatchIndex
    @property
    def sources(self) -> Sequence[str]: ...  # noqa: D102  # the same
    @property
    def lines(self) -> Sequence[int | None]: ...  # noqa: D102  # the same


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
    """

    tables: Tables
    spool: Spool
    batch_sizes: Sequence[int]
    rejected: tuple[Rejected, ...]
    findings: Counter[str]
    sections_in: int
    documents_in: int

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
    clock: Clock,
) -> Outcome:
    """Collect the batches and decide.

    Args:
        batches: In order of input; batch ``n`` is number ``n`` of the spool.
        spool: Where the texts are.
        hands: Who reads them again.
        characters: Characters of the whole input, by which the kernels are chosen.
        config: The settings.
        clock: Told how long each stage took.
    """
    banding = choose_bands(config)
    with clock.stage("prepare"):
        parts = list(batches)
    with clock.stage("decide"):
        findings: Counter[str] = Counter()
        for part in parts:
            findings.update(part.findings)
        ids, repeated = unique_ids(parts)
        if repeated:
            findings[REPEATED_ID] += repeated
        directory, rows = collect(parts, ids, banding.num_perm)
        batch_sizes = [len(part.document_ids) for part in parts]
        texts = Texts(spool, batch_sizes, directory, hands)
        decision = decide_rows(directory, rows, texts, characters, banding, config)
        findings.update(duplicate_codes(directory, decision.pairs))
    rejected = tuple(item for part in parts for item in part.rejected)
    sections_in = int(np.count_nonzero(rows.ordinals))
    came_in = sum(part.read for part in parts)
    tables = Tables(directory, rows, decision)
    return Outcome(tables, spool, batch_sizes, rejected, findings, sections_in, came_in)


def collect(parts: Sequence[BatchIndex], ids: Sequence[str], num_perm: int) -> tuple[Directory, SectionRows]:
    """The rows of all batches as one, and which document each belongs to.

    Args:
        parts: The batches in order of input.
        ids: The ids of their documents, each unique.
        num_perm: Permutations of a signature.
    """
    rows = SectionRows.concatenate([SectionRows.empty(num_perm), *(part.rows for part in parts)])
    sizes = [n for part in parts for n in part.sections]
    directory = Directory(
        ids,
        np.cumsum([0, *sizes], dtype=np.int64),
        rows.ordinals,
        [source for part in parts for source in part.sources],
        np.array([date for part in parts for date in part.dates], dtype=np.float64),
    )
    return directory, rows


def decide_rows(
    directory: Directory,
    rows: SectionRows,
    texts: Texts,
    characters: int,
    banding: Banding,
    config: DedupeConfig,
) -> Decision:
    """Cluster the rows of all documents and decide which stay."""
    return decide(
        rows,
        directory.preferred(config.prefer),
        directory.per_row(directory.dates).astype(np.float64),
        directory.section_id,
        lambda chosen: texts.made(section_outlines, chosen, characters),
        lambda chosen: texts.made(section_surfaces, chosen, characters),
        lambda chosen: texts.open_sets(chosen, config, characters),
        choose(characters),
        banding,
        config,
    )


def duplicate_codes(directory: Directory, pairs: Sequence[Pair]) -> list[str]:
    """The rule of each pair, by its kind and by whether a document repeats itself."""
    sides = np.array([(pair.member, pair.representative) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    documents = directory.document_of(sides)
    together = (documents[:, 0] == documents[:, 1]).tolist()
    return [REPEATED if same else CODES[pair.kind] for pair, same in zip(pairs, together, strict=True)]


def unique_ids(parts: Sequence[Named]) -> tuple[list[str], int]:
    """Ids of all documents; a second one with the same id becomes ``ID@PATH:LINE``."""
    seen: set[str] = set()
    counted: Counter[str] = Counter()  # so that a thousand of one name cost a thousand steps
    ids: list[str] = []
    repeated = 0
    for part in parts:
        for plain, source, line in zip(part.document_ids, part.sources, part.lines, strict=True):
            name = plain
            if name in seen:
                repeated += 1
                name = f"{plain}@{source}" if line is None else f"{plain}@{source}:{line}"
            stem = name
            while name in seen:
                counted[stem] += 1
                name = f"{stem}:{counted[stem] + 1}"
            seen.add(name)
            ids.append(name)
    return ids, repeated


class StoredDocument(NamedTuple):
    """A document as the spool has it.

    Attributes:
        number: In the directory.
        text: The clean text.
        edits: What cleaning changed, on the original text.
        places: Where each section starts and ends in the original text.
    """

    number: int
    text: str
    edits: Sequence[Edit]
    places: Sequence[tuple[int, int]]


class Texts:
    """Clean texts of sections by row, read from the spool batch by batch."""

    def __init__(
        self, spool: Spool, batch_sizes: Sequence[int], directory: Directory, hands: Crew | None = None
    ) -> None:
        self._spool = spool
        self._first_documents = np.cumsum([0, *batch_sizes], dtype=np.int64)
        self._directory = directory
        self._hands = hands or Crew()

    def _by_batch(
        self, rows: Sequence[int]
    ) -> Iterator[tuple[NDArray[np.int64], tuple[Spool, int, NDArray[np.int64]]]]:
        """Positions in ``rows``; and the spool, the number of their batch, and the rows counted within it."""
        wanted = np.asarray(rows, dtype=np.int64)
        documents = self._directory.document_of(wanted)
        batches = np.searchsorted(self._first_documents, documents, side="right") - 1
        order = np.argsort(batches, kind="stable")
        numbers, begins = np.unique(batches[order], return_index=True)
        firsts = self._directory.first_rows[self._first_documents[numbers]]
        groups = np.split(order, begins[1:]) if len(order) else []
        for number, group, first in zip(numbers.tolist(), groups, firsts, strict=True):
            yield group, (self._spool, number, wanted[group] - first)

    def made(self, job: Callable[..., list[T]], rows: Sequence[int], characters: int) -> list[T]:
        """What a job makes of rows of one batch, for any rows, in their order."""
        groups = list(self._by_batch(rows))
        parts = self._hands.each(job, ((*call, characters) for _, call in groups))
        found = {
            position: value
            for (positions, _), part in zip(groups, parts, strict=True)
            for position, value in zip(positions.tolist(), part, strict=True)
        }
        return [found[position] for position in range(len(rows))]

    def shingle_sets(self, rows: Sequence[int], config: DedupeConfig, characters: int) -> ShingleSets:
        """The sorted shingle sets of rows, in their order."""
        groups = list(self._by_batch(rows))
        made = self._hands.each(section_sets, ((*call, config, characters) for _, call in groups))
        found = [(positions, sets) for (positions, _), sets in zip(groups, made, strict=True)]
        lengths = np.zeros(len(rows), dtype=np.int64)
        for positions, (_, offsets) in found:
            lengths[positions] = np.diff(offsets)
        ends = np.concatenate(([0], np.cumsum(lengths)))
        hashes = np.empty(int(ends[-1]), dtype=np.uint64)
        while found:  # each part goes as soon as it has its place
            positions, (part, offsets) = found.pop()
            bounds = offsets.tolist()
            for position, begin, end in zip(positions.tolist(), bounds, bounds[1:], strict=False):
                hashes[ends[position] : ends[position + 1]] = part[begin:end]
        return hashes, ends

    def documents(self, numbers: Sequence[int]) -> Iterator[StoredDocument]:
        """Documents by number, in order of input, a batch of the spool at a time."""
        wanted = np.unique(np.asarray(numbers, dtype=np.int64))
        batches = np.searchsorted(self._first_documents, wanted, side="right") - 1
        for batch in np.unique(batches).tolist():
            stored = self._spool.read(batch)
            mine = wanted[batches == batch]
            positions = (mine - self._first_documents[batch]).tolist()
            texts, columns = stored.texts(positions), stored.columns
            edits, places = columns.edits_at(positions), columns.places_at(positions)
            yield from map(StoredDocument, mine.tolist(), texts, edits, places)


def section_texts(stored: Stored, rows: NDArray[np.int64], *, with_title: bool) -> list[str]:
    """The clean texts of sections.

    Args:
        stored: A batch.
        rows: Numbers of its sections.
        with_title: Whether they begin with their own headings.
    """
    columns = stored.columns
    documents = np.searchsorted(np.cumsum(columns.sections_of), rows, side="right")
    wanted, places = np.unique(documents, return_inverse=True)
    texts = stored.texts(wanted.tolist())
    found: list[str] = []
    for row, place in zip(rows.tolist(), places.tolist(), strict=True):
        text = texts[place][columns.starts[row] : columns.ends[row]]
        found.append(text if with_title else text.lstrip().removeprefix(columns.titles[row]))
    return found


def section_sets(
    spool: Spool, batch: int, rows: NDArray[np.int64], config: DedupeConfig, characters: int
) -> ShingleSets:
    """Sorted shingle sets of sections of a batch, numbered within it."""
    texts = section_texts(spool.read(batch), rows, with_title=True)
    return shingle_sets(texts, config, choose(characters))


def section_outlines(spool: Spool, batch: int, rows: NDArray[np.int64], characters: int) -> list[Outline]:
    """The outlines of sections of a batch without their own headings."""
    return _of_each(outlines, section_texts(spool.read(batch), rows, with_title=False), choose(characters))


def section_surfaces(spool: Spool, batch: int, rows: NDArray[np.int64], characters: int) -> list[Surface]:
    """The same with their keys taken apart."""
    return _of_each(surfaces, section_texts(spool.read(batch), rows, with_title=False), choose(characters))


def _of_each(
    made: Callable[[Sequence[str], Kernels], list[T]], texts: Sequence[str], kernels: Kernels
) -> list[T]:
    """What is made of each text, some at a time; of equal ones once."""
    known: dict[str, T] = {}
    different = sorted(set(texts))
    for begin in range(0, len(different), _TEXTS_AT_ONCE):
        part = different[begin : begin + _TEXTS_AT_ONCE]
        known |= zip(part, made(part, kernels), strict=True)
    return [known[text] for text in texts]
