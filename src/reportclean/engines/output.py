"""What a result folder holds: tables as Parquet, texts in their formats, lines of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from io import BufferedWriter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reportclean.engines.stages import Prepared
from reportclean.engines.tables import Tally, WrittenDocument
from reportclean.formats.base import ReadOptions
from reportclean.formats.registry import FORMATS, SUMMARY
from reportclean.results import Cluster, DocumentResult, Match, SectionResult, arrow_schema

_ROWS = 20_000  # rows of a table held before they are written

_STRING, _LONG, _DOUBLE = pa.string(), pa.int64(), pa.float64()
_EDITS = pa.schema(
    [
        ("document_id", _STRING),
        ("code", _STRING),
        ("start", _LONG),
        ("end", _LONG),
        ("before", _STRING),
        ("after", _STRING),
    ]
)
_CLEANED = pa.schema(
    [
        ("document_id", _STRING),
        ("source", _STRING),
        ("line", _LONG),
        ("encoding", _STRING),
        ("encoding_score", _DOUBLE),
        ("runner_up", _STRING),
        ("edits", _LONG),
        ("findings", _LONG),
    ]
)


def _columns(row: Any) -> dict[str, Any]:
    """A record as a row; its values are plain, so nothing is copied deeply."""
    return {name: getattr(row, name) for name in row.__slots__}


class _Table:
    """A Parquet file that is written some rows at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")  # opened here: Arrow takes no path that is not UTF-8
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd")
        self._schema = schema
        self._rows: list[dict[str, Any]] = []

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows.extend(rows)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
        self._file.close()


class _Tree:
    """Documents appended to files named as those that they came from; one file is open at a time."""

    def __init__(self, folder: Path, options: ReadOptions) -> None:
        self._folder = folder
        self._options = options
        self._open: tuple[bytes, BufferedWriter] | None = None
        folder.mkdir()

    def add(self, prepared: Prepared, text: str, note: dict[str, object] | None) -> None:
        form = FORMATS[prepared.format]
        data = form.encode(text, prepared.envelope, self._options, note)
        if self._open is None or self._open[0] != prepared.target:
            self.close()
            path = self._folder / os.fsdecode(prepared.target)
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
            self._open = (prepared.target, file)
            if not file.tell():
                file.write(form.head(prepared.envelope, noted=note is not None))
        self._open[1].write(data)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def write_tables(
    folder: Path,
    documents: Iterable[WrittenDocument],
    matches: Iterable[Match],
    clusters: Iterable[Cluster],
    quarantine: Sequence[Any],
    options: ReadOptions,
    *,
    mark: bool,
) -> Tally:
    """Write everything but the summary.

    Returns:
        What was written, counted on the way.
    """
    tally = Tally()
    tables = {
        "documents": _Table(folder / "documents.parquet", arrow_schema(DocumentResult)),
        "sections": _Table(folder / "sections.parquet", arrow_schema(SectionResult)),
        "matches": _Table(folder / "matches.parquet", arrow_schema(Match)),
        "edits": _Table(folder / "edits.parquet", _EDITS),
    }
    kept = _Tree(folder / "kept", options)
    try:
        for document in documents:
            row = document.row
            tables["documents"].add([_columns(row)])
            tables["sections"].add(map(_columns, document.sections))
            tables["edits"].add(
                {"document_id": row.document_id} | _columns(edit) for edit in document.prepared.edits
            )
            tally.add(document)
            if row.kept:
                kept.add(document.prepared, document.kept_text, _note(document) if mark else None)
        tables["matches"].add(map(_columns, matches))
    finally:
        kept.close()
        for table in tables.values():
            table.close()
    _write_lines(folder / "clusters.jsonl", map(_columns, clusters))
    _write_lines(folder / "quarantine.jsonl", map(_columns, quarantine))
    return tally


def write_clean(
    folder: Path,
    ids: Sequence[str],
    documents: Iterable[Prepared],
    quarantine: Sequence[Any],
    options: ReadOptions,
) -> dict[str, int]:
    """Write the result of ``clean``: the tree, the documents, the edits, the quarantine.

    Returns:
        How many documents were written, and how many of them were changed.
    """
    counts = {"written": 0, "changed": 0}
    tables = {
        "documents": _Table(folder / "documents.parquet", _CLEANED),
        "edits": _Table(folder / "edits.parquet", _EDITS),
    }
    tree = _Tree(folder / "clean", options)
    try:
        for name, item in zip(ids, documents, strict=True):
            row = {column: getattr(item, column) for column in _CLEANED.names if hasattr(item, column)}
            row |= {"document_id": name, "edits": len(item.edits), "findings": sum(item.findings.values())}
            tables["documents"].add([row])
            tables["edits"].add({"document_id": name} | _columns(edit) for edit in item.edits)
            tree.add(item, item.text, None)
            counts["written"] += 1
            counts["changed"] += bool(item.edits)
    finally:
        tree.close()
        for table in tables.values():
            table.close()
    _write_lines(folder / "quarantine.jsonl", map(_columns, quarantine))
    return counts


def _note(document: WrittenDocument) -> dict[str, object]:
    """What ``--mark`` says in a record: each section and what would have been done with it."""
    names = ("section_id", "start", "end", "cluster_id", "representative_id", "reason")
    rows = [{name: getattr(section, name) for name in names} for section in document.sections]
    return {"document_id": document.row.document_id, "sections": rows}


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """Write ``summary.json``, the last file of a result."""
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (folder / SUMMARY).write_text(text, encoding="utf-8")
