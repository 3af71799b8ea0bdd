"""From what the rules found in a document to what a check reports of it.

Workers make rows, which know no names; the process that collects them gives each its path, its severity and
its number among equals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reportclean.document import Document, Edit, Finding
from reportclean.results import CheckFinding, CleanText
from reportclean.rules.base import Rule, Safety
from reportclean.rules.fingerprint import Identity, fingerprint, identify
from reportclean.rules.limits import BROKEN
from reportclean.text.positions import Excerpt, Lines

_NOTHING = Excerpt("", 0, 0)


class Row(NamedTuple):
    """A finding before it has its names.

    Attributes:
        document: The number of its document in the batch.
        ordinal: The section that it begins in; -1 where none is known.
        code: The rule's code.
        line: As in :class:`reportclean.results.CheckFinding`, like the next seven.
        column: The same.
        end_line: The same.
        end_column: The same.
        message: The same.
        fix: The same.
        excerpt: The same, with the place in it.
        identity: By what it is known again.
        broken: Code points in broken encoding that no finding before it in the document has.
        stands_for: How many findings: one, but where a batch holds more than are listed.
    """

    document: int
    ordinal: int
    code: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    fix: str | None
    excerpt: Excerpt
    identity: Identity
    broken: int = 0
    stands_for: int = 1


def rows_of(
    number: int,
    document: Document,
    cleaned: CleanText,
    findings: Sequence[tuple[Finding, int]],
    sections: Sequence[tuple[int, int]],
    rules: Mapping[str, Rule],
) -> Iterator[Row]:
    """The rows of a document.

    Args:
        number: Of the document in its batch.
        document: As it was read.
        cleaned: What the rules made of it.
        findings: Those that are reported, sorted, each with its code points in broken encoding.
        sections: Where each section begins in the original, and its ordinal.
        rules: The rules reported, by code.
    """
    text, lines = document.text, Lines(document.text)
    edits = cleaned.edits
    edit_starts = [edit.start for edit in edits]
    section_starts = [start for start, _ in sections]
    for finding, broken in findings:
        start, end = finding.start, finding.end
        rule = rules[finding.code]
        around = _around(start, end, edits, edit_starts)
        if start == end and around is not None:
            end = around.end  # found in what a repair put there: the whole repair is meant
        section = bisect_right(section_starts, start) - 1
        first, last = lines.bounds(start), lines.bounds(max(start, end - 1))
        yield Row(
            number,
            sections[section][1] if section >= 0 else -1,
            finding.code,
            *place(document.line, lines, start, end),
            finding.message,
            _fix(rule, around),
            lines.excerpt(start, end),
            identify(finding.code, text, start, end, first, last[1]),
            broken,
        )


def with_broken(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Iterator[tuple[Finding, int]]:
    """The findings of a document that are reported, each with its code points in broken encoding.

    A code point that several have counts for the first of them.
    """
    covered = 0
    for finding in findings:
        if finding.code not in rules:
            continue
        broken = 0
        if rules[finding.code].name in BROKEN:
            broken = max(0, finding.end - max(finding.start, covered))
            covered = max(covered, finding.end)
        yield finding, broken


def place(record: int | None, lines: Lines, start: int, end: int) -> tuple[int, int, int, int]:
    """Line, column, end line and end column of a span.

    Args:
        record: The line of the record that the text is a field of; None where a file is one document.
        lines: The lines of the text.
        start: The first code point.
        end: One past the last.
    """
    if record is not None:
        return record, start + 1, record, end + 1
    line, column = lines.place(start)
    if start == end:
        return line, column, line, column
    end_line, end_column = lines.place(end - 1)
    return line, column, end_line, end_column + 1


def _around(start: int, end: int, edits: Sequence[Edit], starts: Sequence[int]) -> Edit | None:
    """The edit that a span lies in."""
    index = bisect_right(starts, start) - 1
    return edits[index] if index >= 0 and end <= edits[index].end else None


def _fix(rule: Rule, around: Edit | None) -> str | None:
    """What ``clean`` would do: an unsafe fix if it is asked to; a safe one where it has made an edit."""
    if rule.fix is Safety.UNSAFE:
        return "unsafe"
    return "safe" if rule.fix is Safety.SAFE and around is not None else None


class Named(NamedTuple):
    """A row with its names.

    Attributes:
        path: The file as it was named.
        document_id: Its document.
        field: Path of the record's field; empty where a file is one document.
        row: What was found.
    """

    path: str
    document_id: str
    field: str
    row: Row


def numbered(found: Iterable[Named], rules: Mapping[str, Rule]) -> tuple[list[CheckFinding], list[Row]]:
    """Findings sorted by path, position and code, and the rows that they were made from.

    Equals are numbered in this order, for their fingerprints.
    """
    findings: list[CheckFinding] = []
    equals: dict[bytes, int] = defaultdict(int)
    ordered = sorted(
        found, key=lambda named: (named.path, *named.row[3:5], *named.row[2:8], named.row.identity)
    )
    for path, document_id, field, row in ordered:
        rule = rules[row.code]
        ordinal = equals[row.identity.own]
        equals[row.identity.own] += 1
        findings.append(
            CheckFinding(
                path,
                row.line,
                row.column,
                row.code,
                rule.name,
                rule.severity.value,
                row.end_line,
                row.end_column,
                row.message,
                document_id,
                "" if row.ordinal < 0 else f"{document_id}#{row.ordinal}",
                fingerprint(row.identity.own, ordinal),
                row.fix,
                field,
                *row.excerpt,
                (row.identity.before, row.identity.after),
            )
        )
    return findings, [named.row for named in ordered]


def bare_row(document: int, code: str, line: int | None, message: str, identity: Identity) -> Row:
    """A finding on a record as a whole."""
    where = line or 1
    return Row(document, -1, code, where, 1, where, 1, message, None, _NOTHING, identity)
