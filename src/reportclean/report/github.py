"""Annotations for GitHub Actions, and the Markdown for the page of a run.

GitHub shows 10 errors, 10 warnings and 10 notices a step and drops the rest unsaid; so the ones worth most
come out, and a notice holds the true totals. Every line that holds text of a document is a workflow command:
nothing in it is read as another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportclean.report.closing import breach_words, closing_lines, counted, totals
from reportclean.report.counts import counts
from reportclean.report.ranking import best
from reportclean.report.showing import escaped, place
from reportclean.results import CheckFinding, CheckReport

ANNOTATIONS = 10  # a step, of each severity
SUMMARY_FINDINGS = 20
_MESSAGE_CHARACTERS = 500  # GitHub cuts annotations at 64 KB and summaries at 1 MB


def github(report: CheckReport) -> Iterator[str]:
    """Workflow commands: at most 10 errors and 10 warnings, the best ranked, then a notice of the totals."""
    shown = []
    for severity in ("error", "warning"):
        candidates = [finding for finding in report.findings if finding.severity == severity]
        commands = [_annotation(finding) for finding in best(candidates, ANNOTATIONS)]
        shown.append(len(commands))
        yield from commands
    count = totals(report)
    lines = list(closing_lines(report))
    if sum(shown) < len(report.findings):
        errors, warnings = counted(count.errors, "error"), counted(count.warnings, "warning")
        lines.insert(1, f"Annotated: {shown[0]} of {errors}, {shown[1]} of {warnings}; a step takes no more.")
    yield _command("notice", {"title": "reportclean"}, *lines)


def github_summary(report: CheckReport) -> Iterator[str]:
    """Lines of Markdown for ``$GITHUB_STEP_SUMMARY``: totals, a table of rules, the best-ranked findings."""
    yield f"### reportclean: {'passed' if report.passed else 'failed'}"
    yield ""
    yield next(closing_lines(report))
    yield from _section([f"- {breach_words(breach)}" for breach in report.breaches])
    rows = [
        _row(row.code, row.name, row.severity, f"{row.findings:,}", f"{row.fixable:,}")
        for row in counts(report)
    ]
    header = ["| Code | Rule | Severity | Findings | Fixable |", "| --- | --- | --- | ---: | ---: |"]
    yield from _section([*header, *rows] if rows else [])
    top = [_finding_row(finding) for finding in best(report.findings, SUMMARY_FINDINGS)]
    yield from _section(["| Where | Code | What |", "| --- | --- | --- |", *top] if top else [])
    if len(top) < len(report.findings):
        yield f"and {len(report.findings) - len(top):,} more."
    if report.fixed:
        gone = counted(len(report.fixed), "entry", "entries")
        yield from _section([f"{gone} of the baseline not found again; write it anew, and it shrinks."])


def markdown(text: str) -> str:
    r"""A text that Markdown shows as it stands, in a table or out of it.

    >>> print(markdown("<b>20_年|[x](y)"))
    \<b\>20\_年\|\[x\]\(y\)
    """
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", escaped(text)).strip()


def _annotation(finding: CheckFinding) -> str:
    properties = {"file": _relative(place(finding)), "line": str(finding.line)}
    if finding.end_line != finding.line:
        properties["endLine"] = str(finding.end_line)  # GitHub takes columns on one line only
    elif not finding.field:  # columns of a field are none of the file
        properties |= {"col": str(finding.column), "endColumn": str(finding.end_column)}
    properties["title"] = f"{finding.code} {finding.name}"
    where = f" (field {finding.field}, column {finding.column})" if finding.field else ""
    return _command(finding.severity, properties, _cut(finding.message) + where)


def _command(name: str, properties: Mapping[str, str], *lines: str) -> str:
    """A workflow command; its message may be of several lines, and nothing in a line ends it."""
    values = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {values}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return escaped(text).replace("%", "%25")  # line ends are among what is escaped


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _relative(path: str) -> str:
    return path.removeprefix("./")


def _section(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _finding_row(finding: CheckFinding) -> str:
    return _row(f"{place(finding)}:{finding.line}:{finding.column}", finding.code, _cut(finding.message))


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(markdown, cells))} |"


def _cut(text: str) -> str:
    return text if len(text) <= _MESSAGE_CHARACTERS else f"{text[:_MESSAGE_CHARACTERS]}..."
