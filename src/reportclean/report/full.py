"""Each finding with its line of the text and carets under what was found."""

from __future__ import annotations

from collections.abc import Iterator

from reportclean.report.closing import closing_lines
from reportclean.report.concise import fixable_mark, position
from reportclean.report.showing import escaped, excerpt
from reportclean.results import CheckFinding, CheckReport


def full(report: CheckReport) -> Iterator[str]:
    """Each new finding as a few lines and an empty one, then the closing lines."""
    for finding in report.findings:
        yield from _finding(finding)
        yield ""
    yield from closing_lines(report)


def _finding(finding: CheckFinding) -> Iterator[str]:
    what = f"{finding.severity} {finding.code} {escaped(finding.message)}"
    yield f"{position(finding)}: {what}{fixable_mark(finding)}"
    margin = " " * len(str(finding.line))
    if finding.excerpt:
        line, carets = excerpt(finding.excerpt, finding.excerpt_start, finding.excerpt_end)
        yield f"{finding.line} | {line}"
        yield f"{margin} | {carets}"
    if finding.field:
        yield f"{margin} = field {escaped(finding.field)} of document {escaped(finding.document_id)}"
