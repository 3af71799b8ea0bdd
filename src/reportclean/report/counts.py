"""How many findings each rule has: what ``--statistics`` shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from reportclean.results import CheckReport


class Count(NamedTuple):
    """One row of the table.

    Attributes:
        code: The rule's code.
        name: The rule's name.
        severity: ``"error"`` if any of its findings is one, else ``"warning"``.
        findings: How many new ones there are.
        fixable: How many of them ``clean`` repairs without being asked.
    """

    code: str
    name: str
    severity: str
    findings: int
    fixable: int


def counts(report: CheckReport) -> list[Count]:
    """The rules that found something new: the most findings first, then by code."""
    found = Counter(finding.code for finding in report.findings)
    fixable = Counter(finding.code for finding in report.findings if finding.fix == "safe")
    errors = {finding.code for finding in report.findings if finding.severity == "error"}
    names = {finding.code: finding.name for finding in report.findings}
    return [
        Count(code, names[code], "error" if code in errors else "warning", number, fixable[code])
        for code, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]


def statistics(report: CheckReport) -> Iterator[str]:
    """The table: number, code, ``[*]`` where every fix is safe or ``[-]`` where some are, name."""
    rows = counts(report)
    width = max((len(f"{row.findings:,}") for row in rows), default=0)
    code_width = max((len(row.code) for row in rows), default=0)
    for row in rows:
        mark = "[*]" if row.fixable == row.findings else "[-]" if row.fixable else "   "
        yield f"{row.findings:>{width},}  {row.code:<{code_width}}  {mark}  {row.name}"
