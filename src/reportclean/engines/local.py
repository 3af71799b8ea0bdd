"""The job on files of this machine, in worker processes."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportclean import __version__
from reportclean.document import Rejected
from reportclean.engines.batches import Settings, run_task
from reportclean.engines.boilerplate import count_lines
from reportclean.engines.folder import check_target, partial_of, work_folder
from reportclean.engines.gathered import BatchIndex
from reportclean.engines.indexes import indexes_of
from reportclean.engines.journal import Journaled
from reportclean.engines.options import RunOptions
from reportclean.engines.pipeline import Clock, Outcome, conclude
from reportclean.engines.progress import Progress, Teller, silent
from reportclean.engines.resuming import Resumed, Run, journal_of
from reportclean.engines.spared import spared
from reportclean.engines.spool import DiskSpool
from reportclean.engines.tables import Tally
from reportclean.engines.workers import crew, later_interrupts, plan, run_all
from reportclean.errors import ReportcleanError
from reportclean.formats.remote import Input
from reportclean.kernels import choose, warm
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon, read_lexicon
from reportclean.text.folding import fold_table


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``summary.json`` holds, and the reasons in the quarantine for the closing words."""

    values: dict[str, Any]
    quarantine: tuple[Rejected, ...]


def dedupe_files(
    paths: Sequence[Input],
    output: Path | None,
    config: DedupeConfig,
    options: RunOptions,
    progress: Progress = silent,
) -> Summary:
    """Read files, deduplicate their sections, write the result folder.

    Args:
        paths: Files and folders, all of them from a list or none.
        output: Where the result goes; None only for a dry run.
        config: What matches and what stays.
        options: How the run is carried out.
        progress: Told now and then how far the run has come.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        OutputError: The result cannot be written.
    """
    from reportclean.engines import output as out  # noqa: PLC0415  # pyarrow, after what can fail at once

    teller = Teller(progress)
    clock = Clock(teller.stage)
    lexicon = read_lexicon(config.spin_lexicon)
    excluded: list[Path] = []
    if output is not None and not options.dry_run:
        check_target(output, paths, overwrite=options.overwrite)
        excluded = [output, partial_of(output)]
    place = None if options.dry_run else output
    with (
        indexes_of(options, config, place) as indexes,
        work_folder(place, overwrite=options.overwrite, fresh=options.fresh) as work,
        indexes.changing(),
    ):
        work.begin()
        with clock.stage("find"):
            todo = plan(paths, excluded, work.unpacked, options.read, options.to, teller)
        tasks = todo.tasks
        total = sum(task.size for task in tasks)
        with clock.stage("count"):
            boilerplate = count_lines(tasks, options)
        ready = not (config.mark or options.dry_run)
        settings = Settings(config, options.clean, options.read, total // 3, boilerplate, ready, lexicon)
        spool = DiskSpool(work.batches)
        run = _run(config, options, lexicon)
        journal = None if place is None else journal_of(work, run, tasks, boilerplate)
        with crew(options.workers, tasks, kernels=True) as hands:
            with clock.stage("start"), later_interrupts(), spared("scipy"):
                warm(choose(settings.characters))
            job = Journaled(run_task, BatchIndex, journal)
            resumed = Resumed(run_all(hands, job, tasks, settings, spool, teller))
            found = resumed.indices()
            outcome = conclude(
                found,
                spool,
                hands,
                settings.characters,
                config,
                lexicon,
                clock,
                indexes.history,
                options.budget(),
            )
        with clock.stage("write"):
            tally = Tally()
            if place is None:
                for written in outcome.batches():
                    tally.add(written)
            else:
                tally = out.write_tables(
                    work.result,
                    indexes.adding(outcome, config, settings.characters),
                    outcome.tables,
                    outcome.lesson,
                    outcome.rejected,
                    options.read,
                    mark=config.mark,
                    elders=None if indexes.history is None else outcome.elders(),
                )
        values = _summary(outcome, tally, todo.passed_over, config, options, lexicon, clock)
        values["resumed_batches"] = resumed.batches
        values |= indexes.summary(outcome)
        if place is not None:
            out.write_summary(work.result, values)
            indexes.announce(work.folder)
    return Summary(values, outcome.rejected)


def _run(config: DedupeConfig, options: RunOptions, lexicon: SpinLexicon | None) -> Run:
    """What batches are prepared with."""
    settings = asdict(config) | options.settings() | {"num_perm": choose_bands(config).num_perm}
    return Run("dedupe", settings, versions(lexicon))


def versions(lexicon: SpinLexicon | None = None) -> dict[str, str | int]:
    """What a result was made with."""
    libraries = ("numpy", "pyarrow", "msgspec", "ftfy", "opencc", "charset-normalizer")
    return {
        "reportclean": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
        "fold_table": fold_table().version,
        **({} if lexicon is None else {"spin_lexicon": lexicon.digest()}),
    }


def _summary(
    outcome: Outcome,
    tally: Tally,
    passed_over: dict[str, int],
    config: DedupeConfig,
    options: RunOptions,
    lexicon: SpinLexicon | None,
    clock: Clock,
) -> dict[str, Any]:
    """The contents of ``summary.json``, after the promise that nothing vanishes has been checked.

    What came in is counted when it was read, what went out when it was written.
    """
    values: dict[str, Any] = {}
    quarantined = {"documents": len(outcome.rejected), "sections": 0}
    came_in = {"documents": outcome.documents_in, "sections": outcome.sections_in}
    for unit, total in came_in.items():
        went_out: dict[str, int] = getattr(tally, unit)
        values[unit] = {"in": total, **went_out, "quarantined": quarantined[unit]}
        if total != sum(went_out.values()) + quarantined[unit]:
            raise ReportcleanError(
                f"the {unit} do not add up: {values[unit]}; this is a fault of reportclean, please report it"
            )
    values["clusters"] = len(outcome.tables)
    values["marked"] = outcome.tables.marked()
    values["passed_over"] = passed_over
    values["findings"] = dict(sorted(outcome.findings.items()))
    values["settings"] = asdict(config) | options.settings()
    values["versions"] = versions(lexicon)
    values["seconds"] = {stage: round(seconds, 3) for stage, seconds in clock.seconds.items()}
    return values
