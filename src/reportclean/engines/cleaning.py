"""``clean`` on files: the cleaned tree with the record of every change, or the files themselves."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportclean.document import Document, Rejected
from reportclean.engines.batches import encoded
from reportclean.engines.boilerplate import count_lines
from reportclean.engines.folder import check_target, partial_of, work_folder
from reportclean.engines.gathered import unique_ids
from reportclean.engines.journal import Journaled
from reportclean.engines.local import Summary, versions
from reportclean.engines.options import RunOptions
from reportclean.engines.pipeline import Clock
from reportclean.engines.progress import Counts, Progress, Teller, silent
from reportclean.engines.resuming import Resumed, Run, journal_of
from reportclean.engines.slow import without_slow
from reportclean.engines.spool import DiskSpool, DiskStored, Spool
from reportclean.engines.stages import Prepared, Record, clean_batch, prepared
from reportclean.engines.workers import Task, crew, load, plan, run_all
from reportclean.errors import ReportcleanError
from reportclean.formats.registry import rewriting
from reportclean.formats.remote import Input
from reportclean.report.diff import unified_diff
from reportclean.results import CleanText

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CleanIndex:
    """What the writing process is told of a batch; the texts are in the spool."""

    document_ids: Sequence[str]
    sources: Sequence[str]
    lines: Sequence[int | None]
    rejected: Sequence[Rejected]
    findings: Mapping[str, int]
    diffs: Sequence[str]

    @property
    def counts(self) -> Counts:
        """What came out."""
        return Counts(len(self.document_ids), sum(self.findings.values()), len(self.rejected))


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """What every worker is told once."""

    options: RunOptions
    diff: bool
    boilerplate: Mapping[str, int]


def clean_task(task: Task, settings: CleanSettings, spool: Spool) -> CleanIndex:
    """Read and clean the documents of a task; their texts go to the spool."""
    records, rejected = load(task, settings.options.read)
    batch: list[Prepared] = []
    diffs: list[str] = []
    findings: Counter[str] = Counter()

    def work(some: Sequence[Record]) -> list[CleanText]:
        return clean_batch([one.document for one in some], settings.options.clean, settings.boilerplate)

    results, slow = without_slow(work, records, settings.options.read.limits)
    rejected += slow
    for record, cleaned in zip(records, results, strict=True):
        if cleaned is None:
            continue
        batch.append(prepared(record, cleaned, ()))
        findings.update(batch[-1].findings)
        if settings.diff:
            diffs += unified_diff(_shown(record.document), record.document.text, cleaned.edits)
    spool.write(task.number, batch, encoded(batch, settings.options.read))
    ids, sources, lines = (
        tuple(getattr(item, name) for item in batch) for name in ("document_id", "source", "line")
    )
    return CleanIndex(ids, sources, lines, rejected, findings, diffs)


def _shown(document: Document) -> str:
    return document.source if document.line is None else f"{document.source}:{document.line}"


def clean_files(
    paths: Sequence[Input],
    output: Path | None,
    options: RunOptions,
    show: Show | None = None,
    progress: Progress = silent,
) -> Summary:
    """Read files, clean them, write the cleaned tree with the record of every change.

    Args:
        paths: Files and folders, all of them from a list or none.
        output: Where the result goes; None to write nothing.
        options: How the run is carried out, and which rules run.
        show: Called with each line of the differences; None where nobody wants to see them.
        progress: Told now and then how far the run has come.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        OutputError: The result cannot be written.
    """
    from reportclean.engines import output as out  # noqa: PLC0415  # pyarrow, after what can fail at once

    teller = Teller(progress)
    clock = Clock(teller.stage)
    if output is not None:
        check_target(output, paths, overwrite=options.overwrite)
    with work_folder(output, overwrite=options.overwrite, fresh=options.fresh) as work:
        work.begin()
        with clock.stage("find"):
            excluded = () if output is None else (output, partial_of(output))
            todo = plan(paths, excluded, work.unpacked, options.read, options.to, teller)
        tasks = todo.tasks
        with clock.stage("count"):
            boilerplate = count_lines(tasks, options)
        settings = CleanSettings(options, show is not None, boilerplate)
        run = Run("clean", options.settings() | {"diff": settings.diff}, versions())
        journal = None if output is None else journal_of(work, run, tasks, boilerplate)
        spool = DiskSpool(work.batches)
        with clock.stage("prepare"):
            parts = []
            job = Journaled(clean_task, CleanIndex, journal)
            with crew(options.workers, tasks, kernels=False) as hands:
                resumed = Resumed(run_all(hands, job, tasks, settings, spool, teller))
                for part in resumed.indices():
                    parts.append(part)
                    if show is not None:
                        for line in part.diffs:
                            show(line)
        findings = sum((Counter(part.findings) for part in parts), Counter[str]())
        ids, repeated = unique_ids(parts)
        if repeated:
            findings["STR002"] += repeated
        rejected = tuple(item for part in parts for item in part.rejected)
        with clock.stage("write"):
            counts = out.write_clean(work.result, ids, _batches(parts, spool), rejected)
        came_in = sum(len(part.document_ids) for part in parts)
        if counts["written"] != came_in:
            raise ReportcleanError("documents were lost; this is a fault of reportclean, please report it")
        values = {
            "documents": {"in": came_in + len(rejected), **counts, "quarantined": len(rejected)},
            "findings": dict(sorted(findings.items())),
            "passed_over": todo.passed_over,
            "settings": options.settings(),
            "versions": versions(),
            "seconds": {stage: round(seconds, 3) for stage, seconds in clock.seconds.items()},
            "resumed_batches": resumed.batches,
        }
        if output is not None:
            out.write_summary(work.result, values)
    return Summary(values, rejected)


def _batches(parts: Sequence[CleanIndex], spool: DiskSpool) -> Iterator[DiskStored]:
    return (spool.read(number) for number, part in enumerate(parts) if part.document_ids)


def clean_in_place(paths: Sequence[Input], options: RunOptions, show: Show | None = None) -> Summary:
    """Clean files where they stand: each is replaced as a whole, in its own encoding, or left as it is.

    What cannot be read, and what could not be written back in its encoding, stays untouched and is named
    in the summary.

    Raises:
        InputError: A path does not exist, or nothing can be read.
    """
    clock = Clock()
    findings: Counter[str] = Counter()
    counts = Counter(dict.fromkeys(("in", "written", "changed", "quarantined"), 0))
    rejected: list[Rejected] = []
    todo = plan(paths, (), options=options.read)  # packed files are named as what cannot be cleaned in place
    tasks = todo.tasks
    with clock.stage("count"):
        boilerplate = count_lines(tasks, options)
    with clock.stage("clean"):
        for path, name, form in _files(tasks, rejected):
            results: list[tuple[Document, CleanText]] = []

            def cleaned(document: Document, results: list[tuple[Document, CleanText]] = results) -> str:
                (result,) = clean_batch([document], options.clean, boilerplate)
                results.append((document, result))
                return result.text

            if (writer := rewriting(form)) is None:
                said = f"a file of {form} is not cleaned in place; make a clean copy with -o"
                rejected.append(Rejected(name, None, "not-in-place", said))
                continue
            try:
                data = path.read_bytes()
                pieces = list(writer.rewrite(data, path, name, options.read, cleaned))
                after = b"".join(piece for piece in pieces if isinstance(piece, bytes))
                refused = [piece for piece in pieces if isinstance(piece, Rejected)]
                rejected += (piece for piece in refused if piece not in rejected)  # a long line is told twice
                if after != data:
                    _replace(path, after)
            except OSError as error:
                rejected.append(Rejected(name, None, "unreadable", error.strerror or str(error)))
                continue
            left = {(item.source, item.line) for item in refused}
            results = [pair for pair in results if (pair[0].source, pair[0].line) not in left]
            counts["written"] += len(results)
            counts["changed"] += sum(bool(result.edits) for _, result in results)
            for document, result in results:
                findings.update(finding.code for finding in result.findings)
                if show is not None:
                    for line in unified_diff(_shown(document), document.text, result.edits):
                        show(line)
    counts["quarantined"] = len(rejected)
    counts["in"] = counts["written"] + counts["quarantined"]
    values: dict[str, Any] = {
        "documents": dict(counts),
        "findings": dict(sorted(findings.items())),
        "passed_over": todo.passed_over,
        "seconds": {stage: round(seconds, 3) for stage, seconds in clock.seconds.items()},
    }
    return Summary(values, tuple(rejected))


def _files(tasks: Sequence[Task], rejected: list[Rejected]) -> Iterator[tuple[Path, str, str]]:
    """Each file once, with its name and its format."""
    last = None
    for task in tasks:
        for piece in task.pieces:
            if isinstance(piece, Rejected):
                rejected.append(piece)
            elif piece.path != last:
                last = piece.path
                yield piece.path, piece.name, piece.format


def _replace(path: Path, data: bytes) -> None:
    """Put new contents in the place of a file at one stroke; its mode stays, and a link stays a link."""
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
