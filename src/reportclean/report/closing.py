"""The words that close what a person reads: what was found, what is too much, what can shrink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportclean.report.showing import escaped, listed
from reportclean.results import Breach, CheckReport, Known

_FIXED_SHOWN = 20


class Totals(NamedTuple):
    """Numbers of new findings."""

    errors: int
    warnings: int
    safe: int
    unsafe: int


def totals(report: CheckReport) -> Totals:
    """New findings by severity, and by whether ``clean`` would change what they found."""
    errors = sum(finding.severity == "error" for finding in report.findings)
    fixes = [finding.fix for finding in report.findings if finding.fix]
    return Totals(errors, len(report.findings) - errors, fixes.count("safe"), fixes.count("unsafe"))


def closing_lines(report: CheckReport) -> Iterator[str]:
    """The closing lines of a report: the totals first, then one line for each thing there is to say."""
    yield _found(report)
    if report.quarantined:
        yield f"{counted(report.quarantined, 'record')} could not be read."
    fixable = _fixable(totals(report))
    if fixable:
        yield fixable
    yield from (breach_words(breach) for breach in report.breaches)
    if report.findings and report.passed:
        yield "All limits are kept."
    if report.fixed:
        gone = counted(len(report.fixed), "entry", "entries")
        yield f"{gone} of the baseline not found again; write the baseline anew, and it shrinks:"
        yield from (f"  - {line}" for line in listed(map(known_words, report.fixed), _FIXED_SHOWN))


def breach_words(breach: Breach) -> str:
    """A limit that was not kept, in words."""
    found, allowed = _number(breach.found), _number(breach.allowed)
    if found == allowed:  # they differ in the digits that nobody wants to read else
        found, allowed = repr(breach.found), repr(breach.allowed)
    return f"Limit {escaped(breach.limit)}: {found} found, {allowed} allowed."


def known_words(known: Known) -> str:
    """An entry of the baseline, in words."""
    return f"{escaped(known.path)}: {escaped(known.code)} {escaped(known.message)}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    >>> counted(1, "entry", "entries"), counted(1200, "record")
    ('1 entry', '1,200 records')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _found(report: CheckReport) -> str:
    where = f"{counted(report.documents, 'document')}, {counted(report.sections, 'section')}"
    known = f"; the baseline holds {len(report.known):,} more" if report.known else ""
    if not report.findings:
        return f"No {'new ' if known else ''}findings in {where}{known}."
    count = totals(report)
    kinds = f"{counted(count.errors, 'error')}, {counted(count.warnings, 'warning')}"
    return f"Found {counted(len(report.findings), 'finding')} ({kinds}) in {where}{known}."


def _fixable(count: Totals) -> str:
    if count.safe:
        more = f", {count.unsafe:,} more with --unsafe-fixes" if count.unsafe else ""
        return f"[*] {count.safe:,} fixable with `reportclean clean`{more}."
    return f"{count.unsafe:,} fixable with `reportclean clean --unsafe-fixes`." if count.unsafe else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.4g}"
