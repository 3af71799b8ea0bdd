"""One line a finding, for people and for editors that jump to ``path:line:column``."""

from __future__ import annotations

from collections.abc import Iterator

from reportclean.report.closing import closing_lines
from reportclean.report.showing import escaped, place
from reportclean.results import CheckFinding, CheckReport

FIXABLE = " [*]"


def concise(report: CheckReport) -> Iterator[str]:
    """``path:line:column: CODE message`` for each new finding, ``[*]`` behind it where the fix is safe."""
    for finding in report.findings:
        yield f"{position(finding)}: {finding.code} {escaped(finding.message)}{fixable_mark(finding)}"
    yield from closing_lines(report)


def position(finding: CheckFinding) -> str:
    """``path:line:column``, fit for a terminal; no path makes a line a command of GitHub's runner."""
    path = escaped(place(finding))
    return f"{'./' if path.lstrip().startswith('::') else ''}{path}:{finding.line}:{finding.column}"


def fixable_mark(finding: CheckFinding) -> str:
    """What stands behind a finding that ``clean`` repairs without being asked."""
    return FIXABLE if finding.fix == "safe" else ""
