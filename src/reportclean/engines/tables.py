"""Decisions and prepared documents as the rows of the results: one place for ids, reasons and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.decide import Decision, Pair
from reportclean.engines.names import Labels, Names
from reportclean.engines.spool import Stored
from reportclean.engines.stages import SectionRows
from reportclean.results import Cluster, Match, Passage, Repeat, Swap


@dataclass(frozen=True, slots=True)
class Directory:
    """Which document each row belongs to.

    Attributes:
        document_ids: Per document, in order of input.
        first_rows: Per document, its first row; one entry more at the end.
        ordinals: Per row.
        sources: Per document.
        dates: Per document.
    """

    document_ids: Sequence[str]
    first_rows: NDArray[np.int64]
    ordinals: NDArray[np.int64]
    sources: Sequence[str]
    dates: NDArray[np.float64]

    @staticmethod
    def concatenate(parts: Sequence[Directory]) -> Directory:
        """Several as one."""
        rows = np.cumsum([0, *(len(part.ordinals) for part in parts)])
        firsts = [part.first_rows[:-1] + first for part, first in zip(parts, rows.tolist(), strict=False)]
        return Directory(
            Names(name for part in parts for name in part.document_ids),
            np.concatenate((*firsts, rows[-1:])),
            np.concatenate([part.ordinals for part in parts]),
            Labels(source for part in parts for source in part.sources),
            np.concatenate([part.dates for part in parts]),
        )

    def document_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The document of each row."""
        return np.searchsorted(self.first_rows, rows, side="right") - 1

    def section_id(self, row: int) -> str:
        """``DOCUMENT_ID#ORDINAL``."""
        document = int(self.first_rows.searchsorted(row, side="right")) - 1
        return f"{self.document_ids[document]}#{self.ordinals[row]}"

    def per_row(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """A value per document as a value per row."""
        return np.repeat(values, np.diff(self.first_rows))

    def preferred(self, glob: str) -> NDArray[np.bool_]:
        """Per row, whether the document's source matches the glob."""
        sources = self.sources if isinstance(self.sources, Labels) else Labels(self.sources)
        found = np.array([bool(glob) and fnmatchcase(source, glob) for source in sources.values], dtype=bool)
        return self.per_row(found[sources.numbers]).astype(bool)


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of a batch of documents, by column.

    Attributes:
        stored: Where their texts are.
        documents: The columns of :class:`DocumentResult`, in its order.
        sections: The columns of :class:`SectionResult`, in its order.
        first_sections: Per document, where its sections begin in those columns; one entry more at the end.
        whole: Per document, whether nothing is removed of it: ``bool``.
        matched: The sections that matches name, numbered within the batch, rising: ``int64``.
    """

    stored: Stored
    documents: dict[str, Sequence[Any]]
    sections: dict[str, Sequence[Any]]
    first_sections: NDArray[np.int64]
    whole: NDArray[np.bool_]
    matched: NDArray[np.int64]

    def kept_texts(self, positions: Sequence[int]) -> list[str]:
        """What is left of the texts of documents."""
        columns, kept = self.stored.columns, self.sections["kept"]
        found: list[str] = []
        for position, text in zip(positions, self.stored.texts(positions), strict=True):
            begin, end = self.first_sections[position : position + 2].tolist()
            parts = [text[columns.starts[n] : columns.ends[n]] for n in range(begin, end) if kept[n]]
            found.append("".join(parts))
        return found


@dataclass(slots=True)
class Tally:
    """Documents and sections counted as they go out, front matter left out."""

    documents: dict[str, int] = field(default_factory=lambda: {"kept": 0, "removed": 0})
    sections: dict[str, int] = field(default_factory=lambda: {"kept": 0, "removed": 0})

    def add(self, written: Written) -> None:
        """Count the documents of a batch and their sections."""
        of_documents = np.array(written.documents["kept"], dtype=bool)
        of_sections = np.array(written.sections["kept"], dtype=bool)
        of_sections = of_sections[np.array(written.sections["ordinal"], dtype=np.int64) > 0]
        for counts, kept in ((self.documents, of_documents), (self.sections, of_sections)):
            counts["kept"] += int(np.count_nonzero(kept))
            counts["removed"] += int(np.count_nonzero(~kept))


class _ClusterOf:
    """The number of the cluster of each row that is in one, counted from 1.

    Args:
        clusters: The rows of each.

    Attributes:
        rows: ``int64``: all of them, rising.
    """

    def __init__(self, clusters: Sequence[Sequence[int]]) -> None:
        rows = np.fromiter(chain.from_iterable(clusters), dtype=np.int64)
        order = np.argsort(rows)
        self.rows = rows[order]
        sizes = np.fromiter(map(len, clusters), dtype=np.int64)
        self._numbers = np.repeat(np.arange(1, len(clusters) + 1), sizes)[order]

    def __getitem__(self, row: int) -> int:
        return int(self._numbers[self.rows.searchsorted(row)])


class _SectionIds:
    """Ids by row, made when they are asked for: they take more memory than what they are made of."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __getitem__(self, row: int) -> str:
        return self._directory.section_id(row)


class Tables:
    """The rows of the results.

    Args:
        directory: Which document each row belongs to.
        rows: The rows that were decided on.
        decision: What was decided.
    """

    def __init__(self, directory: Directory, rows: SectionRows, decision: Decision) -> None:
        self._directory = directory
        self._rows = rows
        self._decision = decision
        self._cluster_of = _ClusterOf(decision.clusters)
        self._clustered = self._cluster_of.rows
        self._names = _SectionIds(directory)
        sides = (row for pair in decision.pairs for row in (pair.member, pair.representative))
        self._matched = np.unique(np.fromiter(sides, dtype=np.int64))

    def __len__(self) -> int:
        """The number of clusters."""
        return len(self._decision.clusters)

    def marked(self) -> int:
        """Sections that would be removed, where nothing is removed."""
        return sum(reason.startswith("would be removed") for reason in self._decision.reasons.values())

    def matches(self) -> Iterator[Match]:
        """Each member with its representative."""
        for pair in self._decision.pairs:
            left, right = self._sides(pair)
            match = Match(left, right, pair.jaccard, pair.containment, pair.kind, pair.differs)
            if (said := pair.spinning) is None:
                yield match
                continue
            original = {"left": pair.member, "right": pair.representative}.get(said.original or "")
            name = None if original is None else self._names[original]
            yield replace(match, original_id=name, confidence=said.confidence, direction=said.direction)

    def _sides(self, pair: Pair) -> tuple[str, str]:
        """The names of a pair, the smaller first."""
        one, other = self._names[pair.member], self._names[pair.representative]
        return (one, other) if one < other else (other, one)

    def swaps(self) -> Iterator[Swap]:
        """The words swapped in spun matches."""
        for pair in self._decision.pairs:
            if pair.spinning is not None:
                left, right = self._sides(pair)
                for (word, other), count in pair.spinning.swaps:
                    words = (word, other) if left == self._names[pair.member] else (other, word)
                    yield Swap(left, right, *words, count)

    def passages(self) -> Iterator[Passage]:
        """What kept sections have in common."""
        return iter(())

    def repeats(self) -> Iterator[Repeat]:
        """What documents say twice."""
        return iter(())

    def clusters(self) -> Iterator[Cluster]:
        """The clusters."""
        decision = self._decision
        for number, (group, head) in enumerate(zip(decision.clusters, decision.representatives, strict=True)):
            members = tuple(self._names[row] for row in group)
            yield Cluster(number + 1, members, self._names[head], decision.cluster_reasons[number])

    def batch(self, first_document: int, stored: Stored) -> Written:
        """The rows of a batch whose documents are numbered from one on.

        Front matter is kept as its document is; a document that loses every section goes whole.
        """
        columns = stored.columns
        documents = len(columns)
        firsts = self._directory.first_rows[first_document : first_document + documents + 1]
        first, last = int(firsts[0]), int(firsts[-1])
        document_of = np.repeat(np.arange(documents), np.diff(firsts))
        numbered = self._rows.ordinals[first:last] > 0
        stays = self._decision.kept[first:last]
        counts = np.bincount(document_of[numbered], minlength=documents)
        removed = counts - np.bincount(document_of[numbered & stays], minlength=documents)
        document_kept = (counts > removed) | (counts == 0)
        kept = np.where(numbered, stays, document_kept[document_of])
        cluster_ids: list[int | None] = [None] * (last - first)
        heads: list[str | None] = [None] * (last - first)
        reasons = [""] * (last - first)
        begin, end = np.searchsorted(self._clustered, (first, last))
        for row in self._clustered[begin:end].tolist():
            cluster_ids[row - first] = self._cluster_of[row]
            heads[row - first] = self._names[self._decision.replaced_by[row]]
            reasons[row - first] = self._decision.reasons.get(row, "")
        for row in np.flatnonzero(~numbered & ~kept).tolist():
            reasons[row] = "removed: every section of its document was"
        said = [""] * documents
        for number in np.flatnonzero(removed).tolist():
            said[number] = f"{removed[number]} of {counts[number]} sections removed"
        ids = self._directory.document_ids[first_document : first_document + documents]
        ids_of_sections = [ids[number] for number in document_of.tolist()]
        tokens = self._rows.tokens[first:last]
        return Written(
            stored,
            {
                "document_id": ids,
                "source": columns.sources,
                "line": columns.lines,
                "encoding": columns.encodings,
                "encoding_score": columns.encoding_scores,
                "runner_up": columns.runner_ups,
                "sections": counts.tolist(),
                "kept": document_kept.tolist(),
                "reason": said,
            },
            {
                "section_id": [
                    f"{name}#{n}" for name, n in zip(ids_of_sections, columns.ordinals, strict=True)
                ],
                "document_id": ids_of_sections,
                "ordinal": columns.ordinals,
                "title": columns.titles,
                "cue": columns.cues,
                "start": columns.starts,
                "end": columns.ends,
                "source_start": columns.source_starts,
                "source_end": columns.source_ends,
                "source_line": columns.source_lines,
                "tokens": tokens.tolist(),
                "fill_ratio": (self._rows.placeholders[first:last] / np.maximum(tokens, 1)).tolist(),
                "kept": kept.tolist(),
                "cluster_id": cluster_ids,
                "representative_id": heads,
                "reason": reasons,
            },
            firsts - first,
            np.bincount(document_of[~kept], minlength=documents) == 0,
            self._matched[slice(*np.searchsorted(self._matched, (first, last)).tolist())] - first,
        )
