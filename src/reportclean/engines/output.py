"""The result folder: everything is written to ``DIR.partial`` and renamed at the end.

So a folder of that name is always a whole result, and only a folder that reportclean wrote is ever replaced.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from reportclean.engines.stages import Prepared
from reportclean.engines.tables import WrittenDocument
from reportclean.errors import OutputError
from reportclean.formats.base import ReadOptions
from reportclean.formats.registry import FORMATS, SUMMARY, is_result, real_path
from reportclean.results import Cluster, DocumentResult, Match, SectionResult

MARKER = ".reportclean"  # in the partial folder: it is ours and may be thrown away
_ROWS = 20_000  # rows of a table held before they are written

_STRING, _LONG, _DOUBLE, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_ARROW = {str: _STRING, int: _LONG, float: _DOUBLE, bool: _BOOL}
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


def _schema(row: type) -> pa.Schema:
    """The columns of a table, from the fields of its row."""
    fields = []
    for name, hint in get_type_hints(row).items():
        plain = next((kind for kind in _ARROW if kind is hint or kind in getattr(hint, "__args__", ())), str)
        fields.append(pa.field(name, _ARROW[plain]))
    return pa.schema(fields)


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
        data = FORMATS[prepared.format].encode(text, prepared.envelope, self._options, note)
        if self._open is None or self._open[0] != prepared.target:
            self.close()
            path = self._folder / os.fsdecode(prepared.target)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open = (prepared.target, path.open("ab"))
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
) -> dict[str, dict[str, int]]:
    """Write everything but the summary.

    Returns:
        What was written, counted on the way: documents and sections kept and removed.
    """
    counts = {"documents": {"kept": 0, "removed": 0}, "sections": {"kept": 0, "removed": 0}}
    tables = {
        "documents": _Table(folder / "documents.parquet", _schema(DocumentResult)),
        "sections": _Table(folder / "sections.parquet", _schema(SectionResult)),
        "matches": _Table(folder / "matches.parquet", _schema(Match)),
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
            counts["documents"]["kept" if row.kept else "removed"] += 1
            for section in document.sections:
                if section.ordinal:
                    counts["sections"]["kept" if section.kept else "removed"] += 1
            if row.kept:
                kept.add(document.prepared, document.kept_text, _note(document) if mark else None)
        tables["matches"].add(map(_columns, matches))
    finally:
        kept.close()
        for table in tables.values():
            table.close()
    _write_lines(folder / "clusters.jsonl", map(_columns, clusters))
    _write_lines(folder / "quarantine.jsonl", map(_columns, quarantine))
    return counts


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


def check_target(output: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse an output folder before any work is done.

    Raises:
        OutputError: It exists, or replacing it would take something that is not ours.
    """
    if output.is_symlink() or output.exists():
        if not overwrite:
            raise OutputError(f"{output} exists; name another folder, or replace it with --overwrite")
        if output.is_symlink() or not is_result(output):
            raise OutputError(
                f"{output} is not a result of reportclean; it is not replaced, name another folder"
            )
    target = real_path(output)
    for path in inputs:
        source = real_path(path)
        if source == target or target in source.parents:
            raise OutputError(f"{output} holds the input {path}; name a folder elsewhere")
    partial = partial_of(output)
    if partial.exists() and not (partial / MARKER).exists():
        raise OutputError(f"{partial} is in the way and is not of reportclean's making; move it")


def partial_of(output: Path) -> Path:
    """The folder that a result is written to before it is whole."""
    return output.with_name(output.name + ".partial")


def remove(folder: Path) -> None:
    """Remove a folder of ours with all that is in it."""
    shutil.rmtree(folder)


@contextmanager
def result_folder(output: Path | None) -> Iterator[Path]:
    """A fresh partial folder, which becomes the result when the block ends without an error.

    Args:
        output: The result; None for a temporary folder that leaves nothing.

    Raises:
        OutputError: The disk is full, or something cannot be written; nothing is left behind then.
    """
    if output is None:
        try:
            with tempfile.TemporaryDirectory(prefix="reportclean-") as folder:
                yield Path(folder)
        except OSError as error:
            where = tempfile.gettempdir()
            raise OutputError(
                f"cannot work in the temporary folder {where}: {error.strerror or error}; "
                "name another with the environment variable TMPDIR"
            ) from error
        return
    partial = partial_of(output)
    try:
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        (partial / MARKER).touch()
        yield partial
        (partial / MARKER).unlink()
        _replace(partial, output)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise OutputError(
            f"cannot write to {output}: {error.strerror or error}; nothing was left there"
        ) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _replace(partial: Path, output: Path) -> None:
    if not output.exists():
        partial.rename(output)
        return
    aside = output.with_name(output.name + ".replaced")
    if aside.exists():
        shutil.rmtree(aside)
    output.rename(aside)
    try:
        partial.rename(output)
    except OSError:
        aside.rename(output)
        raise
    shutil.rmtree(aside)
