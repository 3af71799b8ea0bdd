"""What the deciding process knows of all batches: their documents by name, and one row a section."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Rejected
from reportclean.engines.history import History
from reportclean.engines.names import Labels, Names
from reportclean.engines.progress import Counts
from reportclean.engines.signed import signatures_of
from reportclean.engines.spool import Spool
from reportclean.engines.stages import ROW_COLUMNS, SectionRows
from reportclean.engines.tables import Directory

_NO_LINE = -1


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

    @property
    def counts(self) -> Counts:
        """What came out."""
        return Counts(len(self.document_ids), sum(self.findings.values()), len(self.rejected))


class Named(Protocol):
    """A batch of documents by name."""

    @property
    def document_ids(self) -> Sequence[str]: ...  # noqa: D102  # as in BatchIndex
    @property
    def sources(self) -> Sequence[str]: ...  # noqa: D102  # the same
    @property
    def lines(self) -> Sequence[int | None]: ...  # noqa: D102  # the same


@dataclass(slots=True)
class Gathered:
    """All batches of a run, compactly.

    Attributes:
        document_ids: As the records have them.
        sources: Per document.
        numbers: Lines per document; -1 where a file is one document.
        dates: Per document.
        sections: Number of sections per document, front matter included.
        rows: Of each batch.
        batch_sizes: Documents of each batch.
        rejected: What could not be used.
        findings: Number of findings by rule code.
        read: Documents and unusable records.
    """

    document_ids: Names = field(default_factory=Names)
    sources: Labels = field(default_factory=Labels)
    numbers: array[int] = field(default_factory=lambda: array("q"))
    dates: array[float] = field(default_factory=lambda: array("d"))
    sections: array[int] = field(default_factory=lambda: array("i"))
    rows: list[SectionRows] = field(default_factory=list)
    batch_sizes: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    read: int = 0

    @staticmethod
    def of(batches: Iterable[BatchIndex]) -> Gathered:
        """Batches in order of input, each of which may go when it is taken in."""
        found = Gathered()
        for batch in batches:
            found.document_ids.extend(batch.document_ids)
            found.sources.extend(batch.sources)
            found.numbers.extend(_NO_LINE if line is None else line for line in batch.lines)
            found.dates.extend(batch.dates)
            found.sections.extend(batch.sections)
            found.rows.append(batch.rows)
            found.batch_sizes.append(len(batch.document_ids))
            found.rejected += batch.rejected
            found.findings.update(batch.findings)
            found.read += batch.read
        return found

    @property
    def lines(self) -> Sequence[int | None]:
        """Per document; None where a file is one document."""
        return [None if line == _NO_LINE else line for line in self.numbers]

    def unique_ids(self, history: History | None) -> tuple[Names, int]:
        """Ids of all documents that no other has, nor any in an index; and how many repeat one of the run."""
        hashes = np.fromiter(map(hash, self.document_ids), np.int64, len(self.document_ids))
        ids, repeated = self.document_ids, 0
        if len(np.unique(hashes)) < len(hashes):
            named, repeated = unique_ids([self])
            ids = Names(named)
        taken: set[str] = set()
        while history is not None and (more := history.taken(ids)):
            taken |= more
            ids = Names(unique_ids([self], taken)[0])
        return ids, repeated

    def collected(self, ids: Sequence[str], spool: Spool, num_perm: int) -> tuple[Directory, SectionRows]:
        """The rows of all batches as one, and which document each belongs to.

        Args:
            ids: Of the documents, each unique.
            spool: Where the batches are.
            num_perm: Permutations of a signature.
        """
        parts, self.rows = self.rows, []  # nobody needs them twice
        numbers, hashes = np.empty(0, np.int64), np.empty((0, 2), np.uint64)
        columns: dict[str, NDArray[Any]] = {}
        for name in ROW_COLUMNS:
            nothing = hashes if name == "key_hashes" else numbers
            columns[name] = np.concatenate([nothing, *(getattr(part, name) for part in parts)])
        rows = SectionRows(**columns, signatures=signatures_of(spool, parts, num_perm))
        firsts = np.concatenate(([0], np.cumsum(np.array(self.sections, dtype=np.int64))))
        dates = np.array(self.dates, dtype=np.float64)
        return Directory(ids, firsts, rows.ordinals, self.sources, dates), rows


def unique_ids(parts: Sequence[Named], taken: Iterable[str] = ()) -> tuple[list[str], int]:
    """Ids of all documents; a second one with the same id becomes ``ID@PATH:LINE``.

    Args:
        parts: The batches in order of input.
        taken: Ids that others have.

    Returns:
        The ids, and how many of them are not as the records have them.
    """
    names = UniqueNames(taken)
    ids: list[str] = []
    repeated = 0
    for part in parts:
        for plain, source, line in zip(part.document_ids, part.sources, part.lines, strict=True):
            repeated += plain in names.seen
            ids.append(names.name(plain, source, line))
    return ids, repeated


class UniqueNames:
    """Names that no two documents have.

    Args:
        taken: Names that others have.

    Attributes:
        seen: The names that are given away.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.seen = set(taken)
        self._counted: Counter[str] = Counter()  # so that a thousand of one name cost a thousand steps

    def name(self, plain: str, source: str, line: int | None) -> str:
        """The name of the next document: its own, or ``ID@PATH:LINE`` where another has that.

        >>> names = UniqueNames(["a"])
        >>> names.name("b", "x.jsonl", 1), names.name("a", "x.jsonl", 2), names.name("a", "x.jsonl", 2)
        ('b', 'a@x.jsonl:2', 'a@x.jsonl:2:2')
        """
        name = plain
        if name in self.seen:
            name = f"{plain}@{source}" if source else plain
            name += f":{line}" if source and line is not None else ""
        stem = name
        while name in self.seen:
            self._counted[stem] += 1
            name = f"{stem}:{self._counted[stem] + 1}"
        self.seen.add(name)
        return name
