"""The part of ``check`` that needs all batches: duplicates, names, order, the baseline and the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from reportclean.document import Rejected
from reportclean.engines.baseline import below, compare
from reportclean.engines.batches import Settings
from reportclean.engines.check_batch import CheckedBatch, CheckSettings
from reportclean.engines.duplicates import Duplicate, Others, Sections, duplicates
from reportclean.engines.findings import Named, Row, bare_row, numbered, place
from reportclean.engines.gathered import BatchIndex, unique_ids
from reportclean.engines.inputs import matcher
from reportclean.engines.pipeline import REPEATED_ID
from reportclean.engines.spool import Spool
from reportclean.formats.base import ReadOptions
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon, read_lexicon
from reportclean.results import Breach, CheckReport, Known
from reportclean.rules.base import Rule, Scope
from reportclean.rules.fingerprint import ends_of, identify_section, identify_whole
from reportclean.rules.limits import Counted, Limit, limits
from reportclean.rules.options import CheckConfig, CleanConfig
from reportclean.rules.selection import Reported, matching, select_reported
from reportclean.text.positions import Lines

UNREADABLE = "ENC030"


@dataclass(frozen=True, slots=True)
class CheckJob:
    """A configuration with its names looked up.

    Attributes:
        config: What is looked for and how much of it is allowed.
        reported: The rules that run and those that are reported.
        limits: What findings are held against.
        ignores: Per glob, whether a path is meant by it, and the codes left out there.
        lexicon: One wording for the words that it names, in the matching keys; None for none.
    """

    config: CheckConfig
    reported: Reported
    limits: tuple[Limit, ...]
    ignores: tuple[tuple[Callable[[str], bool], frozenset[str]], ...]
    lexicon: SpinLexicon | None

    @staticmethod
    def of(config: CheckConfig) -> CheckJob:
        """Look up the names.

        Raises:
            ConfigError: One is no rule, or the spin lexicon cannot be read.
        """
        reported = select_reported(config)
        ignores = tuple(
            (matcher([glob]), frozenset(matching(names, "per_file_ignores")))
            for glob, names in config.per_file_ignores.items()
        )
        lexicon = read_lexicon(config.dedupe.spin_lexicon)
        return CheckJob(config, reported, limits(config, reported.rules), ignores, lexicon)

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
        index = None
        if self.matches:
            index = Settings(self.dedupe, CleanConfig(), read, characters, {}, lexicon=self.lexicon)
        return CheckSettings(self.config, index, read, boilerplate)

    def sections(
        self, parts: Sequence[BatchIndex], ids: Sequence[str], spool: Spool, first: int, characters: int
    ) -> Sections:
        """The sections of batches that are in the spool from a number on."""
        return Sections.of(parts, ids, spool, first, characters, self.dedupe, self.lexicon)

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

    def _looked_for(self, baseline: Sequence[Known], roots: Sequence[str]) -> Callable[[Known], bool]:
        """Whether this run would have found an entry of the baseline if it were still there.

        What repeats needs what it repeats, so that only a run on all files of the baseline can tell.
        """
        inside = below(roots)
        whole = all(inside(entry.path) for entry in baseline)

        def looked_for(entry: Known) -> bool:
            rule = self.reported.rules.get(entry.code)
            return rule is not None and inside(entry.path) and (whole or rule.scope is not Scope.CORPUS)

        return looked_for

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
        findings, rows = numbered(found, self.reported.rules)
        compared = compare(findings, baseline, self._looked_for(baseline, roots))
        known = set(map(id, compared.known))
        sections = sum(int((part.index.rows.ordinals > 0).sum()) for part in parts if part.index is not None)
        characters = sum(part.characters for part in parts)
        new = [row for row, finding in zip(rows, findings, strict=True) if id(finding) not in known]
        everything = _counted(rows, sections, characters)
        counted = _counted(new, sections, characters)
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
            dict(sorted(counted.findings.items())),
        )


def _counted(rows: Iterable[Row], sections: int, characters: int) -> Counted:
    by_code: Counter[str] = Counter()
    broken = 0
    for row in rows:
        by_code[row.code] += row.stands_for
        broken += row.broken
    return Counted(by_code, sections, characters, broken)


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
