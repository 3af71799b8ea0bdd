"""What a result folder holds: tables as Parquet, texts in their formats, lines of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reportclean.engines.commits import Commit, write_committed
from reportclean.engines.spared import spared
from reportclean.engines.spool import Columns, DiskStored
from reportclean.engines.tables import Tables, Tally, Written
from reportclean.engines.texts import section_texts
from reportclean.formats.base import Finishing, ReadOptions
from reportclean.formats.registry import SUMMARY, WRITERS, finishing
from reportclean.formats.streams import appending, pack
from reportclean.near.spinlexicon import SpinLexicon
from reportclean.results import ROWS, DocumentResult, SectionResult, arrow_schema

_ROWS = 20_000  # rows of a table held before they are written
_BYTES = 16_000_000  # and bytes: texts are long

LEXICON = "spin-lexicon.tsv"
HISTORY = "history.parquet"  # where there was an index: its sections that matches name
_FOUND = ("matches", "swaps", "passages", "repeats")  # tables as the results have them

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
_TEXTS = pa.schema([("section_id", _STRING), ("text", _STRING)])
_ELDERS = pa.schema(
    [
        ("section_id", _STRING),
        ("document_id", _STRING),
        ("ordinal", _LONG),
        ("title", _STRING),
        ("source", _STRING),
        ("index", _STRING),
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


def _values(row: Any) -> dict[str, Any]:
    """A record by the names of its fields; its values are plain, so nothing is copied deeply."""
    return {name: getattr(row, name) for name in row.__slots__}


class _Table:
    """A Parquet file that is written some rows at a time, column by column."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")  # opened here: Arrow takes no path that is not UTF-8
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd")
        self._schema = schema
        self._parts: list[pa.RecordBatch] = []
        with spared("pandas"):
            pa.array([])

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        arrays = [pa.array(columns[field.name], field.type) for field in self._schema]
        self._parts.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        rows, size = (sum(getattr(part, of) for part in self._parts) for of in ("num_rows", "nbytes"))
        if rows >= _ROWS or size >= _BYTES:
            self._flush()

    def add_rows(self, rows: Iterable[Any]) -> None:
        """The same for records, of which there are few."""
        waiting = iter(rows)
        while some := list(islice(waiting, _ROWS)):
            self.add({name: [getattr(row, name) for row in some] for name in self._schema.names})

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._parts, self._schema))
        self._parts.clear()

    def close(self) -> None:
        if self._parts:
            self._flush()
        self._writer.close()
        self._file.close()


class _Tree:
    """Documents appended to files named as those that they came from; one file is open at a time."""

    def __init__(self, folder: Path, *, noted: bool = False) -> None:
        self._folder = folder
        self._noted = noted
        self._open: tuple[bytes, BinaryIO] | None = None
        self._unfinished: dict[Path, Finishing] = {}
        folder.mkdir()

    def add(self, columns: Columns, number: int, data: bytes | memoryview) -> None:
        """Append what is written of a document, and perhaps of others behind it, to its file."""
        target = columns.targets[number]
        if self._open is None or self._open[0] != target:
            self.close()
            self._open = (target, self._opened(target, columns, number))
        self._open[1].write(data)

    def _opened(self, target: bytes, columns: Columns, number: int) -> BinaryIO:
        path = self._folder / os.fsdecode(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        new, form = not path.exists(), columns.formats[number]
        if (finisher := finishing(form)) is not None:
            self._unfinished[path] = finisher
            return path.open("ab")
        file = appending(path)
        if new:
            file.write(WRITERS[form].head(columns.envelopes[number], noted=self._noted))
        return file

    def add_run(self, stored: DiskStored, first: int, last: int) -> None:
        """Add the records from one document up to another as they are."""
        targets = stored.columns.targets
        data, bounds = stored.records
        while first < last:
            end = next((n for n in range(first, last) if targets[n] != targets[first]), last)
            self.add(stored.columns, first, data[bounds[first] : bounds[end]])
            first = end

    def close(self) -> None:
        """Close the open file."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def finish(self) -> None:
        """Finish the files that were first written as something else."""
        self.close()
        for path, finisher in self._unfinished.items():
            finisher.finish(path)
            pack(path)


def write_tables(
    folder: Path,
    batches: Iterable[Written],
    found: Tables,
    lesson: SpinLexicon,
    quarantine: Sequence[Any],
    options: ReadOptions,
    *,
    mark: bool,
    elders: Iterable[Mapping[str, Sequence[Any]]] | None = None,
) -> Tally:
    """Write everything but the summary.

    Args:
        folder: Where.
        batches: The documents, in order of input.
        found: The tables besides.
        lesson: The swaps that were learned.
        quarantine: What could not be used.
        options: How records are written.
        mark: Whether records say what would have been removed, and nothing is.
        elders: The sections of indexes that matches name, by column; None where there was no index.

    Returns:
        What was written, counted on the way.
    """
    tally = Tally()
    tables = {
        "documents": _Table(folder / "documents.parquet", arrow_schema(DocumentResult)),
        "sections": _Table(folder / "sections.parquet", arrow_schema(SectionResult)),
        **{name: _Table(folder / f"{name}.parquet", arrow_schema(ROWS[name])) for name in _FOUND},
        "edits": _Table(folder / "edits.parquet", _EDITS),
        "texts": _Table(folder / "texts.parquet", _TEXTS),
    }
    kept = _Tree(folder / "kept", noted=mark)
    try:
        for written in batches:
            tables["documents"].add(written.documents)
            tables["sections"].add(written.sections)
            tables["edits"].add(_edits(written.stored.columns, written.documents["document_id"]))
            tables["texts"].add(_texts(written))
            tally.add(written)
            _write_kept(kept, written, options, mark=mark)
        if elders is not None:
            tables["history"] = _Table(folder / HISTORY, _ELDERS)
        for columns in elders or ():
            for name in ("history", "texts"):
                tables[name].add(columns)
        for name in _FOUND:
            tables[name].add_rows(getattr(found, name)())
        kept.finish()
    finally:
        kept.close()
        for table in tables.values():
            table.close()
    (folder / LEXICON).write_text(lesson.to_tsv(), encoding="utf-8", newline="")
    _write_lines(folder / "clusters.jsonl", map(_values, found.clusters()))
    _write_lines(folder / "quarantine.jsonl", map(_values, quarantine))
    return tally


def _write_kept(tree: _Tree, written: Written, options: ReadOptions, *, mark: bool) -> None:
    """Write the documents that stay: those that are whole as they wait in the spool, the others anew."""
    columns = written.stored.columns
    kept = np.array(written.documents["kept"], dtype=bool)
    ready = np.zeros(len(kept), dtype=bool) if mark else kept & written.whole
    anew = np.flatnonzero(kept & ~ready).tolist()
    texts = dict(zip(anew, written.kept_texts(anew), strict=True))
    bounds = [0, *(np.flatnonzero(np.diff(ready)) + 1).tolist(), len(kept)]
    for first, last in pairwise(bounds):
        if first < last and ready[first]:
            tree.add_run(cast("DiskStored", written.stored), first, last)
            continue
        for number in range(first, last):
            if kept[number]:
                note = _note(written, number) if mark else None
                form = WRITERS[columns.formats[number]]
                data = form.encode(texts[number], columns.envelopes[number], options, note)
                tree.add(columns, number, data)


def write_clean(
    folder: Path, ids: Sequence[str], batches: Iterable[DiskStored], quarantine: Sequence[Any]
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
    tree = _Tree(folder / "clean")
    try:
        for stored in batches:
            columns = stored.columns
            names = ids[counts["written"] : counts["written"] + len(columns)]
            tables["documents"].add(
                {
                    "document_id": names,
                    "source": columns.sources,
                    "line": columns.lines,
                    "encoding": columns.encodings,
                    "encoding_score": columns.encoding_scores,
                    "runner_up": columns.runner_ups,
                    "edits": columns.edits_of,
                    "findings": columns.findings_of,
                }
            )
            tables["edits"].add(_edits(columns, names))
            tree.add_run(stored, 0, len(columns))
            counts["written"] += len(columns)
            counts["changed"] += sum(map(bool, columns.edits_of))
        tree.finish()
    finally:
        tree.close()
        for table in tables.values():
            table.close()
    _write_lines(folder / "quarantine.jsonl", map(_values, quarantine))
    return counts


def _edits(columns: Columns, ids: Sequence[str]) -> dict[str, Sequence[Any]]:
    """The edits of a batch by column."""
    named = [name for name, count in zip(ids, columns.edits_of, strict=True) for _ in range(count)]
    values = zip(*columns.edits, strict=True) if columns.edits else [()] * 5
    return {
        "document_id": named,
        **dict(zip(("start", "end", "before", "after", "code"), values, strict=True)),
    }


def _texts(written: Written) -> dict[str, Sequence[Any]]:
    """The clean texts of the sections that matches name."""
    names = written.sections["section_id"]
    return {
        "section_id": [names[row] for row in written.matched.tolist()],
        "text": section_texts(written.stored, written.matched, with_title=True),
    }


def _note(written: Written, number: int) -> dict[str, object]:
    """What ``--mark`` says in a record: each section and what would have been done with it."""
    names = ("section_id", "start", "end", "cluster_id", "representative_id", "reason")
    first, last = written.first_sections[number : number + 2].tolist()
    rows = [{name: written.sections[name][row] for name in names} for row in range(first, last)]
    return {"document_id": written.documents["document_id"][number], "sections": rows}


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """Write ``summary.json``, the last file of a result."""
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    write_committed(Commit.SUMMARY, folder / SUMMARY, text.encode())
