"""``check``: what the rules find in documents and in the corpus, and whether it is within the limits.

Every text is looked at as ``clean`` would leave it, and every finding is shown where it stands in the
original. Workers do what concerns one document (check_batch.py); duplicates, names, order and limits are for
the process that collects (check_job.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportclean.document import Document, Rejected
from reportclean.engines.baseline import read_baseline
from reportclean.engines.batches import index_batch, run_task
from reportclean.engines.boilerplate import count_in, count_lines
from reportclean.engines.check_batch import check_batch, check_task
from reportclean.engines.check_job import CheckJob
from reportclean.engines.folder import temporary_folder
from reportclean.engines.gathered import unique_ids
from reportclean.engines.given import as_documents, documents_of, shares
from reportclean.engines.inputs import Inputs, find_inputs, matcher
from reportclean.engines.options import RunOptions
from reportclean.engines.progress import Progress, Teller, silent
from reportclean.engines.spared import spared
from reportclean.engines.spool import DiskSpool, MemorySpool
from reportclean.engines.stages import Record
from reportclean.engines.workers import Task, crew, later_interrupts, run_all
from reportclean.formats.base import ReadOptions
from reportclean.formats.listed import Listed
from reportclean.formats.registry import real_path
from reportclean.frames.base import Table
from reportclean.frames.registry import opened
from reportclean.kernels import choose, warm
from reportclean.results import CheckReport, Known
from reportclean.rules.options import CheckConfig, CleanConfig


def check_files(
    paths: Sequence[Path | Listed],
    config: CheckConfig | None = None,
    options: RunOptions | None = None,
    *,
    baseline: Sequence[Known] = (),
    against: Sequence[Path] = (),
    named: Mapping[Path, str] | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """Check files.

    Args:
        paths: Files and folders; one of a list that leads nowhere is a finding.
        config: What is looked for and how much of it is allowed.
        options: How records are read, and the number of workers.
        baseline: Findings that are known.
        against: Files and folders whose sections the input is not to repeat; of them nothing is reported,
            and those that are in the input are left out.
        named: What a path is shown as, where that is not the path.
        progress: Told now and then how far the run has come.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        ConfigError: The configuration names a rule that does not exist.
    """
    options = options or RunOptions()
    job = CheckJob.of(config or CheckConfig())
    teller = Teller(progress)
    with temporary_folder() as work:
        inputs = find_inputs(paths, job.config.exclude, named, unpacked=work, options=options.read)
        tasks = inputs.tasks
        theirs = _other_tasks(inputs, against, work, job, options.read) if job.matches else ()
        characters = sum(task.size for task in (*tasks, *theirs)) // 3
        settings = job.settings(options.read, characters, _boilerplate(tasks, job, options))
        signing = settings.index is not None
        with crew(options.workers, (*tasks, *theirs), kernels=signing) as hands:
            if signing:
                with later_interrupts(), spared("scipy"):
                    warm(choose(characters))
            spool = DiskSpool(work)
            parts = list(run_all(hands, check_task, tasks, settings, spool, teller))
            others = None
            if settings.index is not None and theirs:
                told = list(run_all(hands, run_task, theirs, settings.index, spool, teller, "against"))
                others = job.sections(told, unique_ids(told)[0], spool, len(tasks), characters)
            found = job.named(parts, spool, others, inputs.shown, options.read.text_field, characters)
            local = [one.path if isinstance(one, Listed) else one for one in paths]
            roots = [(named or {}).get(path, str(path)) for path in local]
            return job.report(parts, found, baseline, roots)


def _other_tasks(
    inputs: Inputs, against: Sequence[Path], work: Path, job: CheckJob, options: ReadOptions
) -> tuple[Task, ...]:
    """The tasks of the files that are there already, numbered on from those of the batch."""
    if not against:
        return ()
    mine = {real_path(path) for path in inputs.files if not path.is_dir()}
    theirs = find_inputs(against, job.config.exclude, left_out=mine, unpacked=work, options=options).tasks
    return tuple(replace(task, number=len(inputs.tasks) + task.number) for task in theirs)


def _boilerplate(tasks: Sequence[Task], job: CheckJob, options: RunOptions) -> dict[str, int]:
    least = job.config.boilerplate_min_documents
    return count_lines(tasks, replace(options, clean=CleanConfig(boilerplate_min_documents=least)))


def check(
    documents: Iterable[Document | str] | Table,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: CheckConfig | None = None,
    *,
    against: Iterable[Document | str] | Table = (),
    baseline: str | Path | None = None,
    text_column: Hashable = "text",
    id_column: Hashable | None = None,
) -> CheckReport:
    """Check documents that a program has in hand.

    Args:
        documents: Documents, or plain texts, which are numbered by position from ``"0"``; or a table, as
            ``dedupe`` takes it, whose findings have the row, counted from 1, as their line.
        select: Codes, families or names of the rules to report, in the place of the configuration's.
        ignore: The same, left out besides those that the configuration leaves out.
        config: What is looked for and how much of it is allowed.
        against: Documents that the others are not to repeat; of them nothing is reported.
        baseline: A file of findings that are known.
        text_column: Of a table, the column with the texts.
        id_column: The column with the ids; ``id`` where there is one, else rows are numbered from ``"0"``.

    Raises:
        ConfigError: ``documents`` is one text rather than several, a rule does not exist, the baseline is
            none, or a table has no such column.

    >>> report = check(["全年检修线路一百二十公里。。", "20xx年，工会走访用户三千余户。"])
    >>> [(finding.path, finding.column, finding.code, finding.fix) for finding in report.findings]
    [('0', 13, 'ART020', 'safe'), ('1', 1, 'TPL001', None)]
    """
    config = config or CheckConfig()
    config = replace(config, select=tuple(select) or config.select, ignore=(*config.ignore, *ignore))
    job = CheckJob.of(config)
    known = () if baseline is None else read_baseline(Path(baseline))
    means = matcher(config.exclude)
    given, theirs = (
        as_documents(name, items)
        if (table := opened(items)) is None
        else documents_of(table, text_column, id_column, None)
        for name, items in (("documents", documents), ("against", against))
    )
    given = [item for item in given if not means(item.source or item.id)]
    theirs = theirs if job.matches else []
    characters = sum(len(item.text) for item in (*given, *theirs))
    lines = count_in((item.text for item in given), config.boilerplate_min_documents)
    settings = job.settings(ReadOptions(), characters, lines)
    spool = MemorySpool()
    parts = []
    for share in shares(given):
        records = [Record(item) for item in share.documents if item.text.strip()]
        empty = [_empty(item) for item in share.documents if not item.text.strip()]
        parts.append(check_batch(share.number, records, empty, settings, spool))
    others = None
    if settings.index is not None and theirs:
        told = [
            index_batch(
                len(parts) + share.number, list(map(Record, share.documents)), (), settings.index, spool
            )
            for share in shares(theirs)
        ]
        others = job.sections(told, unique_ids(told)[0], spool, len(parts), characters)
    found = job.named(parts, spool, others, {}, "", characters)
    return job.report(parts, found, known, [item.source or item.id for item in given])


def _empty(document: Document) -> Rejected:
    return Rejected(document.source or document.id, document.line, "empty", "the text is empty")
