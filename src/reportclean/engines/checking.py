"""``check``: what the rules find in documents and in the corpus, and whether it is within the limits.

Every text is looked at as ``clean`` would leave it, and every finding is shown where it stands in the
original. Workers do what concerns one document; duplicates, names, order and limits are for the process
that collects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from reportclean.document import Document, Rejected
from reportclean.engines.baseline import below, compare, read_baseline
from reportclean.engines.batches import Settings, index_batch, index_prepared, prepare, run_task
from reportclean.engines.boilerplate import count_in, count_lines
from reportclean.engines.duplicates import Duplicate, Others, Sections, duplicates
from reportclean.engines.findings import Named, Row, bare_row, numbered, place, rows_of
from reportclean.engines.folder import temporary_folder
from reportclean.engines.inputs import find_inputs, matcher
from reportclean.engines.memory import as_document, in_batches
from reportclean.engines.options import RunOptions
from reportclean.engines.pipeline import REPEATED_ID, BatchIndex, unique_ids
from reportclean.engines.spool import DiskSpool, MemorySpool, Spool
from reportclean.engines.stages import Prepared, Record, prepared, run_rules, split_text
from reportclean.engines.workers import Progress, Task, later_interrupts, load, run_all
from reportclean.errors import ConfigError
from reportclean.formats.base import Chunk, ReadOptions
from reportclean.formats.registry import real_path
from reportclean.kernels import choose, warm
from reportclean.near.options import DedupeConfig
from reportclean.results import Breach, CheckReport, Known
from reportclean.rules.base import Rule
from reportclean.rules.fingerprint import ends_of, identify_section, identify_whole
from reportclean.rules.limits import Counted, Limit, limits
from reportclean.rules.options import CheckConfig, CleanConfig
from reportclean.rules.selection import Reported, matching, select_reported, with_boilerplate
from reportclean.text.positions import Lines

UNREADABLE = "ENC030"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What every worker is told once.

    Attributes:
        check: What is looked for.
        index: How sections are indexed, for duplicates; None where nobody asks for them.
        read: How records are read.
        boilerplate: Lines that stand in many documents of the run, with their number.
    """

    check: CheckConfig
    index: Settings | None
    read: ReadOptions
    boilerplate: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What the collecting process is told of a batch.

    Attributes:
        document_ids: As the records have them, before repeated ones are told apart.
        sources: Per document.
        lines: Per document.
        rows: What was found in the documents.
        rejected: What could not be read.
        characters: Code points of the documents.
        index: Its sections; None where nobody asks for duplicates.
    """

    document_ids: Sequence[str]
    sources: Sequence[str]
    lines: Sequence[int | None]
    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    characters: int
    index: BatchIndex | None


def check_task(task: Task, settings: CheckSettings, spool: Spool) -> CheckedBatch:
    """Read and check the documents of a task."""
    records, rejected = load(task, settings.read)
    return check_batch(task.number, records, rejected, settings, spool)


def check_batch(
    number: int,
    records: Sequence[Record],
    rejected: Sequence[Rejected],
    settings: CheckSettings,
    spool: Spool,
) -> CheckedBatch:
    """Check documents one by one, and index their sections where duplicates are looked for."""
    reported = select_reported(settings.check)
    documents = [record.document for record in records]
    results = run_rules(documents, with_boilerplate(reported.selection, settings.boilerplate))
    unit = settings.check.dedupe.unit
    batch: list[Prepared | None] = []
    index = None
    if settings.index is not None:
        batch = prepare(records, results, unit)
        index = index_prepared(number, batch, (), {}, len(records), settings.index, spool)
    rows: list[Row] = []
    for position, (record, cleaned) in enumerate(zip(records, results, strict=True)):
        found = [finding for finding in cleaned.findings if finding.code in reported.rules]
        if found:
            item = batch[position] if batch else prepared(record, cleaned, split_text(cleaned.text, unit))
            sections = (
                [
                    (start, section.ordinal)
                    for (start, _, _), section in zip(item.places, item.sections, strict=True)
                ]
                if item
                else []
            )
            rows += rows_of(position, record.document, cleaned, found, sections, reported.rules)
    return CheckedBatch(
        [document.id for document in documents],
        [document.source for document in documents],
        [document.line for document in documents],
        rows,
        rejected,
        sum(len(document.text) for document in documents),
        index,
    )


def check_files(
    paths: Sequence[Path],
    config: CheckConfig | None = None,
    options: RunOptions | None = None,
    *,
    baseline: Sequence[Known] = (),
    against: Sequence[Path] = (),
    named: Mapping[Path, str] | None = None,
    progress: Progress = lambda *_: None,
) -> CheckReport:
    """Check files.

    Args:
        paths: Files and folders.
        config: What is looked for and how much of it is allowed.
        options: How records are read, and the number of workers.
        baseline: Findings that are known.
        against: Files and folders whose sections the input is not to repeat; of them nothing is reported,
            and those that are in the input are left out.
        named: What a path is shown as, where that is not the path.
        progress: Called now and then with the stage, the bytes done and the bytes in all.

    Raises:
        InputError: A path does not exist, or nothing can be read.
        ConfigError: The configuration names a rule that does not exist.
    """
    options = options or RunOptions()
    job = _Job.of(config or CheckConfig())
    inputs = find_inputs(paths, job.config.exclude, named)
    tasks = inputs.tasks
    theirs = _other_tasks(tasks, against, job) if job.matches else ()
    characters = sum(task.size for task in (*tasks, *theirs)) // 3
    settings = job.settings(options.read, characters, _boilerplate(tasks, job, options))
    if settings.index is not None:
        with later_interrupts():
            warm(choose(characters))
    with temporary_folder() as work:
        spool = DiskSpool(work)
        parts = list(run_all(check_task, tasks, settings, work, options.workers, progress))
        others = None
        if settings.index is not None and theirs:
            told = list(run_all(run_task, theirs, settings.index, work, options.workers, progress))
            others = job.sections(told, unique_ids(told)[0], spool, len(tasks), characters)
        found = job.named(parts, spool, others, inputs.shown, options.read.text_field, characters)
        return job.report(parts, found, baseline, [(named or {}).get(path, str(path)) for path in paths])


def _other_tasks(tasks: Sequence[Task], against: Sequence[Path], job: _Job) -> tuple[Task, ...]:
    """The tasks of the files that are there already, numbered on from those of the batch."""
    if not against:
        return ()
    pieces = (piece for task in tasks for piece in task.pieces if isinstance(piece, Chunk))
    mine = {real_path(path) for path in {piece.path for piece in pieces}}
    theirs = find_inputs(against, job.config.exclude, left_out=mine).tasks
    return tuple(replace(task, number=len(tasks) + task.number) for task in theirs)


def _boilerplate(tasks: Sequence[Task], job: _Job, options: RunOptions) -> dict[str, int]:
    least = job.config.boilerplate_min_documents
    return count_lines(tasks, replace(options, clean=CleanConfig(boilerplate_min_documents=least)))


def check(
    documents: Iterable[Document | str],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: CheckConfig | None = None,
    *,
    against: Iterable[Document | str] = (),
    baseline: str | Path | None = None,
) -> CheckReport:
    """Check documents that a program has in hand.

    Args:
        documents: Documents, or plain texts, which are numbered by position from ``"0"``.
        select: Codes, families or names of the rules to report, in the place of the configuration's.
        ignore: The same, left out besides those that the configuration leaves out.
        config: What is looked for and how much of it is allowed.
        against: Documents that the others are not to repeat; of them nothing is reported.
        baseline: A file of findings that are known.

    Raises:
        ConfigError: ``documents`` is one text rather than several, a rule does not exist, or the baseline
            is none.

    >>> report = check(["全年检修线路一百二十公里。。", "20xx年，工会走访用户三千余户。"])
    >>> [(finding.path, finding.column, finding.code, finding.fix) for finding in report.findings]
    [('0', 13, 'ART020', 'safe'), ('1', 1, 'TPL001', None)]
    """
    for name, value in (("documents", documents), ("against", against)):
        if isinstance(value, str | bytes | Document):
            raise ConfigError(
                f"{name} is one text; give several, as a list or an iterator of texts or Documents"
            )
    config = config or CheckConfig()
    config = replace(config, select=tuple(select) or config.select, ignore=(*config.ignore, *ignore))
    job = _Job.of(config)
    known = () if baseline is None else read_baseline(Path(baseline))
    means = matcher(config.exclude)
    given = [as_document(position, item) for position, item in enumerate(documents)]
    given = [item for item in given if not means(item.source or item.id)]
    theirs = [as_document(position, item) for position, item in enumerate(against)] if job.matches else []
    characters = sum(len(item.text) for item in (*given, *theirs))
    lines = count_in((item.text for item in given), config.boilerplate_min_documents)
    settings = job.settings(ReadOptions(), characters, lines)
    spool = MemorySpool()
    parts = []
    for number, batch in enumerate(in_batches(given)):
        records = [Record(item) for item in batch if item.text.strip()]
        empty = [_empty(item) for item in batch if not item.text.strip()]
        parts.append(check_batch(number, records, empty, settings, spool))
    others = None
    if settings.index is not None and theirs:
        told = [
            index_batch(number, [Record(item) for item in batch], (), settings.index, spool)
            for number, batch in enumerate(in_batches(theirs), len(parts))
        ]
        others = job.sections(told, unique_ids(told)[0], spool, len(parts), characters)
    found = job.named(parts, spool, others, {}, "", characters)
    return job.report(parts, found, known, [item.source or item.id for item in given])


def _empty(document: Document) -> Rejected:
    return Rejected(document.source or document.id, document.line, "empty", "the text is empty")


@dataclass(frozen=True, slots=True)
class _Job:
    """A configuration with its names looked up.

    Attributes:
        config: What is looked for and how much of it is allowed.
        reported: The rules that run and those that are reported.
        limits: What findings are held against.
        ignores: Per glob, whether a path is meant by it, and the codes left out there.
    """

    config: CheckConfig
    reported: Reported
    limits: tuple[Limit, ...]
    ignores: tuple[tuple[Callable[[str], bool], frozenset[str]], ...]

    @staticmethod
    def of(config: CheckConfig) -> _Job:
        """Look up the names.

        Raises:
            ConfigError: One is no rule.
        """
        reported = select_reported(config)
        ignores = tuple(
            (matcher([glob]), frozenset(matching(names, "per_file_ignores")))
            for glob, names in config.per_file_ignores.items()
        )
        return _Job(config, reported, limits(config, reported.rules), ignores)

    @property
    def matches(self) -> bool:
        """Whether sections are held against each other."""
        return any(rule.family == "DUP" for rule in self.reported.rules.values())

    @property
    def dedupe(self) -> DedupeConfig:
        """What matches; whether something would be marked or removed makes no difference here."""
        return replace(self.config.dedupe, mark=False)

    def settings(self, read: ReadOptions, characters: int, boilerplate: Mapping[str, int]) -> CheckSettings:
        """What workers are told."""
        index = Settings(self.dedupe, CleanConfig(), read, characters, {}) if self.matches else None
        return CheckSettings(self.config, index, read, boilerplate)

    def sections(
        self, parts: Sequence[BatchIndex], ids: Sequence[str], spool: Spool, first: int, characters: int
    ) -> Sections:
        """The sections of batches that are in the spool from a number on."""
        return Sections.of(parts, ids, spool, first, choose(characters), self.dedupe)

    def named(
        self,
        parts: Sequence[CheckedBatch],
        spool: Spool,
        others: Others | None,
        shown: Mapping[str, str],
        field: str,
        characters: int,
    ) -> list[Named]:
        """All findings with their names, but for those of rules that are not reported or ignored there."""
        ids, _ = unique_ids(parts)
        plain = [name for part in parts for name in part.document_ids]
        sources = [source for part in parts for source in part.sources]
        lines = [line for part in parts for line in part.lines]
        firsts = list(accumulate((len(part.document_ids) for part in parts), initial=0))

        def named(document: int, row: Row) -> Named:
            source = sources[document] or plain[document]
            in_field = field if lines[document] is not None else ""
            return Named(shown.get(source, source), ids[document], in_field, row)

        found = [
            named(first + row.document, row)
            for first, part in zip(firsts, parts, strict=False)
            for row in part.rows
        ]
        found += (
            [
                Named(shown.get(item.source, item.source), "", "", _unreadable(item, self._rule(UNREADABLE)))
                for part in parts
                for item in part.rejected
            ]
            if UNREADABLE in self.reported.rules
            else []
        )
        if REPEATED_ID in self.reported.rules:
            message = self._rule(REPEATED_ID).message
            for number, (name, own) in enumerate(zip(ids, plain, strict=True)):
                if name != own:
                    said = message.format(text=own)
                    identity = identify_whole(REPEATED_ID, own)
                    found.append(named(number, bare_row(number, REPEATED_ID, lines[number], said, identity)))
        indices = [part.index for part in parts if part.index is not None]
        if indices:
            numbers = [
                first + position
                for first, index in zip(firsts, indices, strict=False)
                for position in index.positions
            ]
            sections = self.sections(indices, [ids[number] for number in numbers], spool, 0, characters)
            rows = _duplicate_rows(
                duplicates(sections, others), [lines[n] for n in numbers], self.reported.rules
            )
            found += [named(numbers[row.document], row) for row in rows]
        return [item for item in found if not self._ignored(item)]

    def _rule(self, code: str) -> Rule:
        return self.reported.rules[code]

    def _ignored(self, named: Named) -> bool:
        return any(named.row.code in codes and means(named.path) for means, codes in self.ignores)

    def report(
        self,
        parts: Sequence[CheckedBatch],
        found: Sequence[Named],
        baseline: Sequence[Known],
        roots: Sequence[str],
    ) -> CheckReport:
        """Findings held against the baseline, and what is new against the limits.

        Args:
            parts: The batches, for what was looked at.
            found: What was found.
            baseline: What is known.
            roots: The inputs, below which entries of the baseline were looked for.
        """
        findings, broken = numbered(found, self.reported.rules)
        inside = below(roots)
        compared = compare(
            findings, baseline, lambda entry: entry.code in self.reported.rules and inside(entry.path)
        )
        known = set(map(id, compared.known))
        sections = sum(int((part.index.rows.ordinals > 0).sum()) for part in parts if part.index is not None)
        characters = sum(part.characters for part in parts)
        everything = Counted(Counter(f.code for f in findings), sections, characters, sum(broken))
        new_broken = sum(n for n, finding in zip(broken, findings, strict=True) if id(finding) not in known)
        by_code = Counter(finding.code for finding in compared.new)
        counted = Counted(by_code, sections, characters, new_broken)
        return CheckReport(
            *compared,
            tuple(
                Breach(limit.name, limit.allowed, limit.found(counted))
                for limit in self.limits
                if limit.found(counted) > limit.allowed
            ),
            sum(len(part.document_ids) for part in parts),
            sections,
            characters,
            sum(len(part.rejected) for part in parts),
            everything.duplicate_ratio,
            everything.mojibake_ratio,
            dict(sorted(by_code.items())),
        )


def _unreadable(item: Rejected, rule: Rule) -> Row:
    identity = identify_whole(UNREADABLE, item.reason, item.detail)
    return bare_row(0, UNREADABLE, item.line, rule.message.format(text=item.detail), identity)


def _duplicate_rows(
    found: Iterable[Duplicate], lines: Sequence[int | None], rules: Mapping[str, Rule]
) -> Iterator[Row]:
    """The rows of sections that repeat others, numbered by the documents that have sections."""
    text, counted = "", Lines("")
    for item in found:
        if item.code not in rules:
            continue
        if item.original is not text:  # those of one document come together
            text, counted = item.original, Lines(item.original)
        yield Row(
            item.document,
            item.ordinal,
            item.code,
            *place(lines[item.document], counted, item.start, item.end),
            rules[item.code].message.format(text=item.repeats),
            None,
            counted.excerpt(item.start, item.end),
            identify_section(item.code, item.key, *ends_of(text, item.start, item.end)),
        )
