"""Decisions and prepared documents as the rows of the results: one place for ids, reasons and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.decide import Decision
from reportclean.engines.stages import Prepared, SectionRows
from reportclean.results import Cluster, DocumentResult, Match, SectionResult


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

    def document_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The document of each row."""
        return np.searchsorted(self.first_rows, rows, side="right") - 1

    def section_id(self, row: int) -> str:
        """``DOCUMENT_ID#ORDINAL``."""
        document = int(self.document_of(np.array([row]))[0])
        return f"{self.document_ids[document]}#{self.ordinals[row]}"

    def per_row(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """A value per document as a value per row."""
        return np.repeat(values, np.diff(self.first_rows))

    def preferred(self, glob: str) -> NDArray[np.bool_]:
        """Per row, whether the document's source matches the glob."""
        matching = np.array([bool(glob) and fnmatchcase(source, glob) for source in self.sources], dtype=bool)
        return self.per_row(matching).astype(bool)


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document with its rows and what is left of its text."""

    prepared: Prepared
    row: DocumentResult
    sections: tuple[SectionResult, ...]
    kept_text: str


@dataclass(slots=True)
class Tally:
    """Documents and sections counted as they go out, front matter left out."""

    documents: dict[str, int] = field(default_factory=lambda: {"kept": 0, "removed": 0})
    sections: dict[str, int] = field(default_factory=lambda: {"kept": 0, "removed": 0})

    def add(self, document: WrittenDocument) -> None:
        """Count a document and its sections."""
        self.documents["kept" if document.row.kept else "removed"] += 1
        for section in document.sections:
            if section.ordinal:
                self.sections["kept" if section.kept else "removed"] += 1


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
        self._cluster_of = {row: n for n, group in enumerate(decision.clusters, 1) for row in group}
        self._names = {row: directory.section_id(row) for row in self._cluster_of}

    def __len__(self) -> int:
        """The number of clusters."""
        return len(self._decision.clusters)

    def marked(self) -> int:
        """Sections that would be removed, where nothing is removed."""
        return sum(reason.startswith("would be removed") for reason in self._decision.reasons.values())

    def matches(self) -> Iterator[Match]:
        """Each member with its representative."""
        for pair in self._decision.pairs:
            left, right = sorted((self._names[pair.member], self._names[pair.representative]))
            yield Match(left, right, pair.jaccard, pair.containment, pair.kind, pair.differs)

    def clusters(self) -> Iterator[Cluster]:
        """The clusters."""
        decision = self._decision
        for number, (group, head) in enumerate(zip(decision.clusters, decision.representatives, strict=True)):
            members = tuple(self._names[row] for row in group)
            yield Cluster(number + 1, members, self._names[head], decision.cluster_reasons[number])

    def document(self, number: int, prepared: Prepared) -> WrittenDocument:
        """A document's rows and the text that is kept of it.

        Front matter is kept as its document is; a document that loses every section goes whole.
        """
        document_id = self._directory.document_ids[number]
        first = int(self._directory.first_rows[number])
        kept_rows = self._decision.kept[first : first + len(prepared.sections)].tolist()
        numbered = [
            kept for kept, section in zip(kept_rows, prepared.sections, strict=True) if section.ordinal
        ]
        document_kept = any(numbered) or not numbered
        removed = len(numbered) - sum(numbered)
        sections = []
        parts = []
        for index, section in enumerate(prepared.sections):
            row = first + index
            kept = kept_rows[index] if section.ordinal else document_kept
            if kept:
                parts.append(prepared.text[section.start : section.end])
            cluster = self._cluster_of.get(row)
            head = self._decision.replaced_by.get(row)
            reason = self._decision.reasons.get(row, "")
            if not section.ordinal and not kept:
                reason = "removed: every section of its document was"
            tokens = int(self._rows.tokens[row])
            sections.append(
                SectionResult(
                    f"{document_id}#{section.ordinal}",
                    document_id,
                    section.ordinal,
                    section.title,
                    section.cue,
                    section.start,
                    section.end,
                    *prepared.places[index],
                    tokens,
                    int(self._rows.placeholders[row]) / tokens if tokens else 0.0,
                    kept,
                    cluster,
                    None if head is None else self._names[head],
                    reason,
                )
            )
        said = f"{removed} of {len(numbered)} sections removed" if removed else ""
        row_of_document = DocumentResult(
            document_id,
            prepared.source,
            prepared.line,
            prepared.encoding,
            prepared.encoding_score,
            prepared.runner_up,
            len(numbered),
            document_kept,
            said,
        )
        return WrittenDocument(prepared, row_of_document, tuple(sections), "".join(parts))
