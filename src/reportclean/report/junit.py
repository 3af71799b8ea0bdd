"""Findings as test results, in the XML that CI servers call JUnit's.

A finding of severity error is a failed test, a warning a skipped one: a run that keeps its limits and shows
warnings must not look broken. The limits are a suite of their own, each broken one a failed test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from reportclean.report.closing import breach_words, totals
from reportclean.report.concise import position
from reportclean.report.showing import escaped, place
from reportclean.results import Breach, CheckFinding, CheckReport

_LIMITS = "limits"


def junit(report: CheckReport) -> Iterator[str]:
    """A suite for each path with its new findings, and one for the limits."""
    failures = totals(report).errors + len(report.breaches)
    tests = len(report.findings) + max(len(report.breaches), 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="reportclean" tests="{tests}" failures="{failures}" errors="0">'
    for path, findings in groupby(report.findings, place):
        yield from _file(path, list(findings))
    yield from _limits(report.breaches)
    yield "</testsuites>"


def _file(path: str, findings: Sequence[CheckFinding]) -> Iterator[str]:
    failures = sum(finding.severity == "error" for finding in findings)
    yield _suite(path, len(findings), failures, len(findings) - failures)
    for finding in findings:
        element = "failure" if finding.severity == "error" else "skipped"
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
