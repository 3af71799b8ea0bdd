"""Findings as test results, in the XML that CI servers call JUnit's.

A test fails exactly where the check fails. Each broken limit is a failed test, and so is each finding of
severity error beside it; warnings, and whatever a check found that keeps its limits, are skipped tests: they
are shown, and the run does not look broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from reportclean.report.closing import breach_words
from reportclean.report.concise import position
from reportclean.report.showing import escaped, place
from reportclean.results import Breach, CheckFinding, CheckReport

_LIMITS = "limits"


def junit(report: CheckReport) -> Iterator[str]:
    """A suite for each path with its new findings, and one for the limits."""
    failing = "" if report.passed else "error"
    failures = sum(finding.severity == failing for finding in report.findings) + len(report.breaches)
    tests = len(report.findings) + max(len(report.breaches), 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="reportclean" tests="{tests}" failures="{failures}" errors="0">'
    for path, findings in groupby(report.findings, place):
        yield from _file(path, list(findings), failing)
    yield from _limits(report.breaches)
    yield "</testsuites>"


def _file(path: str, findings: Sequence[CheckFinding], failing: str) -> Iterator[str]:
    failures = sum(finding.severity == failing for finding in findings)
    yield _suite(path, len(findings), failures, len(findings) - failures)
    for finding in findings:
        element = "failure" if finding.severity == failing else "skipped"
        name = f"{finding.code} {finding.name} {finding.line}:{finding.column}"
        text = f"{position(finding)}: {finding.code} {escaped(finding.message)}"
        yield f"    <testcase name={_attribute(name)} classname={_attribute(path)}>"
        yield (
            f"      <{element} type={_attribute(finding.severity)} message={_attribute(finding.message)}>"
            f"{escape(text)}</{element}>"
        )
        yield "    </testcase>"
    yield "  </testsuite>"


def _limits(breaches: Sequence[Breach]) -> Iterator[str]:
    yield _suite(_LIMITS, max(len(breaches), 1), len(breaches), 0)
    if not breaches:
        yield f'    <testcase name="all" classname="{_LIMITS}"/>'
    for breach in breaches:
        yield f'    <testcase name={_attribute(breach.limit)} classname="{_LIMITS}">'
        yield f'      <failure type="limit" message={_attribute(breach_words(breach))}/>'
        yield "    </testcase>"
    yield "  </testsuite>"


def _suite(name: str, tests: int, failures: int, skipped: int) -> str:
    numbers = f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'
    return f"  <testsuite name={_attribute(name)} {numbers}>"


def _attribute(text: str) -> str:
    """A quoted attribute; what XML may not hold is escaped as everything unseen is."""
    return quoteattr(escaped(text))
