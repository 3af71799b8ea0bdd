"""Files into an index, and files held against one: the stages of ``dedupe`` up to the signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Rejected
from reportclean.engines.batches import prepare
from reportclean.engines.boilerplate import count_lines
from reportclean.engines.folder import temporary_folder
from reportclean.engines.gathered import UniqueNames
from reportclean.engines.options import RunOptions
from reportclean.engines.progress import Counts, Progress, Teller, silent
from reportclean.engines.spool import DiskSpool, Spool
from reportclean.engines.stages import Prepared, clean_batch, key_hashes, repairs
from reportclean.engines.workers import Task, crew, load, plan, run_all
from reportclean.formats.remote import Input
from reportclean.index.keys import key_texts
from reportclean.index.matching import find_matches
from reportclean.index.settings import IndexSettings
from reportclean.index.store import Batch, Columns, Store
from reportclean.kernels import choose
from reportclean.near.minhash import signatures
from reportclean.near.options import DedupeConfig
from reportclean.text.differing import Differs, surfaces, what_differs
from reportclean.text.folding import fold_batch


@dataclass(frozen=True, slots=True)
class IndexTask:
    """What every worker is told once.

    Attributes:
        settings: What sections are signed with.
        options: How records are read and cleaned.
        characters: Characters of the whole input, by which the kernels are chosen.
        boilerplate: Lines that stand in many documents of the run, with their number.
    """

    settings: IndexSettings
    options: RunOptions
    characters: int
    boilerplate: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Signed:
    """The documents of a task.

    Attributes:
        batch: Their sections; the document ids are as the records have them.
        documents: Per section, the document's place in the task.
        places: Per document, its source and line, to tell repeated ids apart.
        rejected: What could not be used.
    """

    batch: Batch
    documents: NDArray[np.int64]
    places: Sequence[tuple[str, int | None]]
    rejected: Sequence[Rejected]

    @property
    def counts(self) -> Counts:
        """What came out."""
        return Counts(len(self.places), 0, len(self.rejected))


@dataclass(frozen=True, slots=True)
class Grown:
    """What became of documents that were to be added.

    Attributes:
        documents: How many came in, unusable records among them.
        added: Documents that the index did not have.
        known: Those whose id it had; they were left out.
        sections: Sections added.
        fresh: Keys that the index did not have.
        rejected: What could not be used.
    """

    documents: int
    added: int
    known: int
    sections: int
    fresh: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A section in an index that a section of the input matches.

    Attributes:
        section_id: Of the input.
        match_id: Of the index.
        source: Where the index had it from.
        jaccard: Exact, on shingles.
        containment: Of the smaller set of shingles in the larger.
        kind: ``"exact"`` for equal matching keys, else ``"near"``.
        differs: In what; see ``matches.parquet``.
        copies: Sections of the index with the key of this match.
    """

    section_id: str
    match_id: str
    source: str
    jaccard: float
    containment: float
    kind: str
    differs: Differs
    copies: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a task found out.

    Attributes:
        documents: How many came in, unusable records among them.
        sections: Sections that came in, front matter left out.
        answers: Matches, a section's best first.
        rejected: What could not be used.
    """

    documents: int
    sections: int
    answers: tuple[Answer, ...]
    rejected: tuple[Rejected, ...]


def sign_task(task: Task, told: IndexTask, _spool: Spool) -> Signed:
    """Read, clean, split and sign the documents of a task."""
    records, rejected = load(task, told.options.read)
    results = clean_batch([record.document for record in records], told.options.clean, told.boilerplate)
    found = prepare(records, results, told.settings.unit)
    empty = [
        Rejected(one.document.source or one.document.id, one.document.line, "empty", "no text is left")
        for one, item in zip(records, found, strict=True)
        if item is None
    ]
    documents = [item for item in found if item is not None]
    return Signed(
        sign(documents, told),
        np.repeat(np.arange(len(documents)), [len(item.sections) for item in documents]),
        [(item.source, item.line) for item in documents],
        (*rejected, *empty),
    )


def sign(documents: Sequence[Prepared], told: IndexTask) -> Batch:
    """The sections of documents as a store takes them."""
    settings = told.settings
    kernels = choose(told.characters)
    texts = [text for item in documents for text in item.section_texts()]
    titles = [section.title for item in documents for section in item.sections]
    keys = fold_batch(texts, kernels)
    hashes, offsets = kernels.shingle_hashes(keys.codes, keys.offsets, settings.shingle_size)
    counts = [len(item.sections) for item in documents]
    names = [item.document_id for item in documents for _ in item.sections]
    columns = Columns(
        [""] * len(texts),  # once repeated ids of documents are told apart
        names,
        [item.source for item in documents for _ in item.sections],
        np.array([s.ordinal for item in documents for s in item.sections], dtype=np.int64),
        keys.token_counts(),
        keys.placeholders,
        np.array([n for item in documents for n in repairs(item)], dtype=np.int64),
        np.repeat(np.array([item.date for item in documents], dtype=np.float64), counts),
        np.zeros(len(texts), dtype=bool),
        [text.lstrip().removeprefix(title) for text, title in zip(texts, titles, strict=True)],
        titles,
    )
    signed = signatures(kernels, hashes, offsets, settings.num_perm, settings.seed)
    return Batch(columns, key_hashes(keys), signed, key_texts(keys))


def signed_files(
    paths: Sequence[Input], settings: IndexSettings, options: RunOptions, progress: Progress
) -> Iterator[Signed]:
    """The sections of files, a task at a time, with ids that tell repeated documents apart.

    Raises:
        InputError: A path does not exist, or nothing can be read.
    """
    names = UniqueNames()
    with temporary_folder() as work:
        tasks = plan(paths, (), work, options.read).tasks
        characters = sum(task.size for task in tasks) // 3
        told = IndexTask(settings, options, characters, count_lines(tasks, options))
        with crew(options.workers, tasks, kernels=True) as hands:
            for part in run_all(hands, sign_task, tasks, told, DiskSpool(work), Teller(progress)):
                yield _named(part, names)


def _named(part: Signed, names: UniqueNames) -> Signed:
    """The same with unique ids; a second document of an id becomes ``ID@PATH:LINE``, as in ``dedupe``."""
    plain = part.batch.columns.document_ids
    starts = np.searchsorted(part.documents, np.arange(len(part.places)))
    ids = [
        names.name(plain[start], source, line)
        for start, (source, line) in zip(starts.tolist(), part.places, strict=True)
    ]
    of_sections = [ids[place] for place in part.documents.tolist()]
    section_ids = [
        f"{name}#{ordinal}"
        for name, ordinal in zip(of_sections, part.batch.columns.ordinals.tolist(), strict=True)
    ]
    columns = replace(part.batch.columns, section_ids=section_ids, document_ids=of_sections)
    return replace(part, batch=replace(part.batch, columns=columns))


def add_files(
    store: Store, paths: Sequence[Input], options: RunOptions, progress: Progress = silent
) -> Grown:
    """Add the documents of files to a store; those whose id it has are left out, and counted.

    Each task is added as a whole, so that a run that was stopped can be started again.

    Raises:
        InputError: A path does not exist, or nothing can be read.
    """
    came = added = known = sections = fresh = 0
    rejected: list[Rejected] = []
    for part in signed_files(paths, store.settings, options, progress):
        came += len(part.places) + len(part.rejected)
        rejected += part.rejected
        there = set(store.columns(store.of_documents(part.batch.columns.document_ids))[0].document_ids)
        rows = np.flatnonzero([name not in there for name in part.batch.columns.document_ids])
        known += len(there)
        if len(rows):
            batch = part.batch.take(rows)
            became = store.add(batch)
            added += len(set(batch.columns.document_ids))
            sections += len(batch)
            fresh += len(np.unique(became.keys[became.fresh]))
    return Grown(came, added, known, sections, fresh, tuple(rejected))


def query_files(
    store: Store,
    paths: Sequence[Input],
    config: DedupeConfig,
    options: RunOptions,
    most: int,
    progress: Progress = silent,
) -> Iterator[Asked]:
    """What the sections of files match in a store, a task at a time. The store is not changed.

    Args:
        store: What is asked.
        paths: Files and folders.
        config: Threshold and least number of tokens.
        options: How records are read and cleaned.
        most: Matches told of a section.
        progress: Told now and then how far the run has come.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        IndexMismatchError: The store cannot answer with these settings.
    """
    for part in signed_files(paths, store.settings, options, progress):
        answers = answer(store, part.batch, config, most)
        sections = int(np.count_nonzero(part.batch.columns.ordinals))
        yield Asked(len(part.places) + len(part.rejected), sections, tuple(answers), tuple(part.rejected))


def answer(store: Store, batch: Batch, config: DedupeConfig, most: int) -> list[Answer]:
    """The matches of a batch's sections, each by the first section that has its key."""
    found = find_matches(store, batch, config)
    place = np.arange(len(found.rows)) - np.searchsorted(found.rows, found.rows)
    told = np.flatnonzero(place < most)
    keys, of_match = np.unique(found.keys[told], return_inverse=True)
    positions, sections = store.of_keys(keys)
    firsts = np.searchsorted(positions, np.arange(len(keys)))
    copies = np.bincount(positions, minlength=len(keys))
    theirs, _ = store.columns(sections[firsts] if len(keys) else sections)
    rows = found.rows[told]
    asked = np.unique(rows)
    ours = dict(
        zip(asked.tolist(), surfaces([batch.columns.bodies[row] for row in asked.tolist()]), strict=True)
    )
    others = surfaces(theirs.bodies)
    return [
        Answer(
            batch.columns.section_ids[row],
            theirs.section_ids[match],
            theirs.sources[match],
            float(found.jaccard[pair]),
            float(found.containment[pair]),
            "exact" if found.exact[pair] else "near",
            what_differs(others[match], ours[row]),
            int(copies[match]),
        )
        for pair, row, match in zip(told.tolist(), rows.tolist(), of_match.tolist(), strict=True)
    ]
