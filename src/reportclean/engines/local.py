"""The job on files of this machine, in worker processes."""

from __future__ import annotations

import multiprocessing
import platform
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportclean.document import Rejected
from reportclean.engines.batches import Settings, Task, run_task
from reportclean.engines.options import RunOptions
from reportclean.engines.pipeline import BatchIndex, Clock, Outcome, conclude
from reportclean.engines.spool import DiskSpool
from reportclean.errors import InputError, ReportcleanError
from reportclean.formats.base import CHUNK_BYTES, Chunk
from reportclean.formats.registry import find_chunks
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_table

PROCESSES_FROM_BYTES = 8_000_000  # below it starting processes costs more than it saves

Progress = Callable[[str, int, int], None]  # stage, bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``summary.json`` holds, and the reasons in the quarantine for the closing words."""

    values: dict[str, Any]
    quarantine: tuple[Rejected, ...]


def dedupe_files(
    paths: Sequence[Path],
    output: Path | None,
    config: DedupeConfig,
    options: RunOptions,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Read files, deduplicate their sections, write the result folder.

    Args:
        paths: Files and folders.
        output: Where the result goes; None only for a dry run.
        config: What matches and what stays.
        options: How the run is carried out.
        progress: Called now and then with the stage, the bytes done and the bytes in all.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        OutputError: The result cannot be written.
    """
    from reportclean.engines import output as out  # noqa: PLC0415  # pyarrow, after what can fail at once

    clock = Clock()
    excluded: list[Path] = []
    if output is not None and not options.dry_run:
        out.check_target(output, paths, overwrite=options.overwrite)
        excluded = [output, out.partial_of(output)]
    with clock.stage("find"):
        tasks = list(_tasks(find_chunks(paths, excluded)))
    total = sum(task.size for task in tasks)
    if not tasks:
        raise InputError(f"nothing to read in {', '.join(map(str, paths))}: no .txt or .jsonl file is there")
    settings = Settings(config, options.read, total // 3)
    with ExitStack() as stack:
        if output is None or options.dry_run:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportclean-")))
        else:
            folder = stack.enter_context(out.result_folder(output))
        work = folder / "work"
        work.mkdir()
        outcome = conclude(
            _batches(tasks, settings, work, options.workers, progress, total),
            DiskSpool(work),
            choose(settings.characters),
            choose_bands(config),
            config,
            clock,
        )
        with clock.stage("write"):
            progress("write", total, total)
            if output is None or options.dry_run:
                counts = _counted(outcome)
            else:
                counts = out.write_tables(
                    folder,
                    outcome.documents(),
                    outcome.tables.matches(),
                    outcome.tables.clusters(),
                    outcome.rejected,
                    options.read,
                    mark=config.mark,
                )
            shutil.rmtree(work)
        values = _summary(outcome, counts, config, options, clock)
        if output is not None and not options.dry_run:
            out.write_summary(folder, values)
    return Summary(values, outcome.rejected)


def _tasks(pieces: Iterable[Chunk | Rejected]) -> Iterator[Task]:
    """Group pieces into tasks of about the size of a chunk, whatever the number of workers."""
    number, size = 0, 0
    group: list[Chunk | Rejected] = []
    for piece in pieces:
        group.append(piece)
        size += piece.length if isinstance(piece, Chunk) else 0
        if size >= CHUNK_BYTES:
            yield Task(number, tuple(group))
            number, size, group = number + 1, 0, []
    if group:
        yield Task(number, tuple(group))


def _batches(
    tasks: Sequence[Task], settings: Settings, work: Path, workers: int, progress: Progress, total: int
) -> Iterator[BatchIndex]:
    """The indices of all tasks, in order."""
    done = 0
    if min(workers, len(tasks)) == 1 or total < PROCESSES_FROM_BYTES:
        spool = DiskSpool(work)
        results: Iterable[BatchIndex] = (run_task(task, settings, spool) for task in tasks)
    else:
        results = _in_processes(tasks, settings, work, min(workers, len(tasks)))
    for task, index in zip(tasks, results, strict=True):
        done += task.size
        progress("prepare", done, total)
        yield index


def _in_processes(
    tasks: Sequence[Task], settings: Settings, work: Path, workers: int
) -> Iterator[BatchIndex]:
    """Run tasks in processes, a few ahead of what is taken, and hand over results in order.

    Processes are started by a server that was started fresh: forking this process would copy whatever
    threads and locks the caller has.
    """
    context = multiprocessing.get_context("forkserver")
    waiting: deque[Future[BatchIndex]] = deque()
    with ProcessPoolExecutor(workers, context, initializer=_ignore_interrupts) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(_work, task, settings, work))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise ReportcleanError(
                "a worker process was ended from outside (out of memory?); try again with fewer --workers"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and says it once


def _work(task: Task, settings: Settings, work: Path) -> BatchIndex:
    return run_task(task, settings, DiskSpool(work))


def _counted(outcome: Outcome) -> dict[str, dict[str, int]]:
    """What would have been written, counted without writing."""
    counts = {"documents": {"kept": 0, "removed": 0}, "sections": {"kept": 0, "removed": 0}}
    for document in outcome.documents():
        counts["documents"]["kept" if document.row.kept else "removed"] += 1
        for section in document.sections:
            if section.ordinal:
                counts["sections"]["kept" if section.kept else "removed"] += 1
    return counts


def _summary(
    outcome: Outcome,
    counts: dict[str, dict[str, int]],
    config: DedupeConfig,
    options: RunOptions,
    clock: Clock,
) -> dict[str, Any]:
    """The contents of ``summary.json``, after the promise that nothing vanishes has been checked.

    What came in is counted when it was read, what went out when it was written.
    """
    values: dict[str, Any] = {}
    quarantined = {"documents": len(outcome.rejected), "sections": 0}
    came_in = {"documents": outcome.documents_in + len(outcome.rejected), "sections": outcome.sections_in}
    for unit, total in came_in.items():
        values[unit] = {"in": total, **counts[unit], "quarantined": quarantined[unit]}
        if total != sum(counts[unit].values()) + quarantined[unit]:
            raise ReportcleanError(
                f"the {unit} do not add up: {values[unit]}; this is a fault of reportclean, please report it"
            )
    values["clusters"] = len(outcome.tables)
    values["findings"] = dict(sorted(outcome.findings.items()))
    values["settings"] = asdict(config) | asdict(options.read)
    values["versions"] = {
        "reportclean": version("reportclean"),
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pyarrow", "msgspec")},
        "fold_table": fold_table().version,
    }
    values["seconds"] = {stage: round(seconds, 3) for stage, seconds in clock.seconds.items()}
    values["resumed_batches"] = 0
    return values
