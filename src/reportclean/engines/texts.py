"""Texts of sections by row, and what is made of them: read from the spool batch by batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Edit
from reportclean.engines.spool import Spool, Stored
from reportclean.engines.stages import ShingleSets, shingle_sets
from reportclean.engines.tables import Directory
from reportclean.engines.workers import Crew
from reportclean.kernels import Kernels, choose
from reportclean.near.leaders import SetsOf
from reportclean.near.options import DedupeConfig
from reportclean.near.rows import AT_ONCE
from reportclean.near.spinlexicon import SpinLexicon
from reportclean.text.differing import OUTLINED, Surface, outlines, surfaces

SETS = ".sets"  # of a batch: shingle sets of its sections, written where all of them do not fit in memory
_TEXTS_AT_ONCE = 200  # sections folded together: more do not stay in the cache
_TOKENS_AT_ONCE = 1_000_000  # of the pairs that a job is given together

T = TypeVar("T")


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
    """Clean texts of sections by row, read from the spool batch by batch.

    Attributes:
        at_once: Shingles of sections that are in memory together.
    """

    def __init__(
        self,
        spool: Spool,
        batch_sizes: Sequence[int],
        directory: Directory,
        hands: Crew | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.at_once = at_once
        self._spool = spool
        self._first_documents = np.cumsum([0, *batch_sizes], dtype=np.int64)
        self._directory = directory
        self._hands = hands or Crew()

    def _by_batch(
        self, rows: Sequence[int] | NDArray[np.int64]
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

    def by_batch(
        self, job: Callable[..., T], rows: NDArray[np.int64], *arguments: Any
    ) -> Iterator[tuple[NDArray[np.int64], T]]:
        """What a job makes of the rows of each batch, with their positions among ``rows``."""
        groups = list(self._by_batch(rows))
        parts = self._hands.each(job, ((*call, *arguments) for _, call in groups))
        for (positions, _), part in zip(groups, parts, strict=True):
            yield positions, part

    def of_pairs(
        self,
        job: Callable[..., list[T]],
        pairs: NDArray[np.int64],
        tokens: NDArray[np.int64],
        *arguments: Any,
    ) -> Iterator[T]:
        """What a job makes of pairs of rows, in their order: some of them at a time, read together.

        Args:
            job: Is given where texts are (a list of positions, and the spool, batch and rows of these), and
                the pairs as positions.
            pairs: ``int64`` of shape ``(pairs, 2)``.
            tokens: ``int64``: of each row.
            arguments: What the job is given besides.
        """

        def calls() -> Iterator[tuple[Any, ...]]:
            ends = np.cumsum(tokens[pairs].sum(axis=1))
            begin = 0
            while begin < len(pairs):
                done = ends[begin - 1] if begin else 0
                end = max(begin + 1, int(np.searchsorted(ends, done + _TOKENS_AT_ONCE, "right")))
                wanted, numbers = np.unique(pairs[begin:end], return_inverse=True)
                yield list(self._by_batch(wanted)), numbers.reshape(-1, 2), *arguments
                begin = end

        for part in self._hands.each(job, calls()):
            yield from part

    def shingle_sets(
        self,
        rows: Sequence[int],
        config: DedupeConfig,
        characters: int,
        lexicon: SpinLexicon | None = None,
    ) -> ShingleSets:
        """The sorted shingle sets of rows, in their order."""
        groups = list(self._by_batch(rows))
        made = self._hands.each(section_sets, ((*call, config, characters, lexicon) for _, call in groups))
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

    def opener(
        self,
        tokens: NDArray[np.int64],
        config: DedupeConfig,
        characters: int,
        lexicon: SpinLexicon | None = None,
    ) -> Callable[[NDArray[np.int64]], SetsOf]:
        """What is told once which rows' sets will be asked for, some at a time in any order.

        Where they are too many to be in memory together and batches are on disk, all are written there once,
        batch by batch; else those that are asked for are made each time.

        Args:
            tokens: ``int64``: of each row.
            config: The settings.
            characters: Characters of the whole input, by which the kernels are chosen.
            lexicon: The lexicon of the keys; None for none.
        """

        def open_sets(rows: NDArray[np.int64]) -> SetsOf:
            if int(tokens[rows].sum()) <= self.at_once or self._spool.beside(0, SETS) is None:
                return lambda some: self.shingle_sets(some.tolist(), config, characters, lexicon)
            return self._spilled(rows, config, characters, lexicon)

        return open_sets

    def _spilled(
        self, rows: NDArray[np.int64], config: DedupeConfig, characters: int, lexicon: SpinLexicon | None
    ) -> SetsOf:
        """Write the sets of rows batch by batch."""
        groups = list(self._by_batch(rows))
        made = self._hands.each(write_sets, ((*call, config, characters, lexicon) for _, call in groups))
        lengths, starts, files = (np.zeros(len(rows), dtype=np.int64) for _ in range(3))
        for (positions, (_, number, _)), ends in zip(groups, made, strict=True):
            lengths[positions], starts[positions], files[positions] = np.diff(ends), ends[:-1], number
        order = np.argsort(rows)
        return SpilledSets(self._spool, rows[order], files[order], starts[order], lengths[order])

    def outlines(self, rows: NDArray[np.int64], characters: int) -> NDArray[np.uint64]:
        """The outlines of sections without their own headings, in their order."""
        found = np.empty((len(rows), 2 * OUTLINED), dtype=np.uint64)
        for positions, part in self.by_batch(section_outlines, rows, characters):
            found[positions] = part
        return found

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
    spool: Spool,
    batch: int,
    rows: NDArray[np.int64],
    config: DedupeConfig,
    characters: int,
    lexicon: SpinLexicon | None,
) -> ShingleSets:
    """Sorted shingle sets of sections of a batch, numbered within it."""
    texts = section_texts(spool.read(batch), rows, with_title=True)
    return shingle_sets(texts, config, choose(characters), lexicon)


def write_sets(
    spool: Spool,
    batch: int,
    rows: NDArray[np.int64],
    config: DedupeConfig,
    characters: int,
    lexicon: SpinLexicon | None,
) -> NDArray[np.int64]:
    """Write the sorted shingle sets of sections of a batch beside it; where each begins, and the end."""
    hashes, offsets = section_sets(spool, batch, rows, config, characters, lexicon)
    cast("Path", spool.beside(batch, SETS)).write_bytes(hashes.data)
    return offsets


class SpilledSets:
    """Shingle sets in files of the spool, a file a batch.

    Args:
        spool: Where they are.
        rows: ``int64``: the rows, rising.
        files: ``int64``: the batch of each.
        starts: ``int64``: where its set begins there, in hashes.
        lengths: ``int64``: hashes of each set.
    """

    def __init__(
        self,
        spool: Spool,
        rows: NDArray[np.int64],
        files: NDArray[np.int64],
        starts: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> None:
        self._spool = spool
        self._rows, self._files, self._starts, self._lengths = rows, files, starts, lengths

    def __call__(self, rows: NDArray[np.int64]) -> ShingleSets:
        """The sets of rows, in their order."""
        places = np.searchsorted(self._rows, rows)
        ends = np.concatenate(([0], np.cumsum(self._lengths[places])))
        hashes = np.empty(int(ends[-1]), dtype=np.uint64)
        into = hashes.data.cast("B")
        bounds = (ends * hashes.itemsize).tolist()
        order = np.argsort(places)  # as they stand in the files
        files, begins = np.unique(self._files[places[order]], return_index=True)
        for number, group in zip(files.tolist(), np.split(order, begins[1:]), strict=True):
            with cast("Path", self._spool.beside(number, SETS)).open("rb", buffering=0) as file:
                offsets = (self._starts[places[group]] * hashes.itemsize).tolist()
                for place, offset in zip(group.tolist(), offsets, strict=True):
                    wanted = into[bounds[place] : bounds[place + 1]]
                    if os.preadv(file.fileno(), [wanted], offset) != len(wanted):
                        raise OSError(f"{file.name} is shorter than it was written")
        return hashes, ends


def section_outlines(
    spool: Spool, batch: int, rows: NDArray[np.int64], characters: int
) -> NDArray[np.uint64]:
    """The outlines of sections of a batch without their own headings."""
    texts = section_texts(spool.read(batch), rows, with_title=False)
    made = _of_each(lambda some, kernels: list(outlines(some, kernels)), texts, choose(characters))
    return np.stack(made)


def section_surfaces(spool: Spool, batch: int, rows: NDArray[np.int64], characters: int) -> list[Surface]:
    """The same with their keys taken apart."""
    return _of_each(surfaces, section_texts(spool.read(batch), rows, with_title=False), choose(characters))


def section_values(spool: Spool, batch: int, rows: NDArray[np.int64], characters: int) -> list[str]:
    """The values of sections' surfaces, as one text each: with its frame each would be a text once more."""
    return [one.joined_values() for one in section_surfaces(spool, batch, rows, characters)]


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
