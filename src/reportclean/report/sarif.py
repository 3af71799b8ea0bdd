"""Findings as SARIF 2.1.0, for code scanning and for tools that compare runs.

Columns of a record's field are no columns of the file: the region of such a result is the record's line, and
a logical location names the field. The fingerprint has a key of its own; ``primaryLocationLineHash`` is
GitHub's, whose upload warns of every value that it did not compute itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Any
from urllib.parse import quote

from reportclean import __version__
from reportclean.report.closing import breach_words, counted
from reportclean.report.json_findings import summary_values
from reportclean.report.json_text import json_text
from reportclean.report.showing import escaped, place
from reportclean.results import CheckFinding, CheckReport
from reportclean.rules.base import FAMILIES, Rule
from reportclean.rules.registry import all_rules

MOST_RESULTS = 25_000  # what GitHub takes in a run
FINGERPRINT = "reportclean/v1"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(report: CheckReport) -> Iterator[str]:
    """One run, a result a line: new findings, then those that the baseline holds as ``unchanged``.

    Beyond 25,000 results the new ones and the errors come first, and a notification says what is missing.
    """
    new, known = _chosen(report)
    rules = _rules([*new, *known])
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{'
    yield '"columnKind": "unicodeCodePoints",'
    yield f'"tool": {{"driver": {{"name": "reportclean", "version": "{__version__}", "rules": ['
    yield from _separated(rules)
    yield "]}},"
    yield f'"invocations": [{json_text(_invocation(report, len(new) + len(known)))}],'
    yield f'"properties": {json_text({"summary": summary_values(report)})},'
    yield '"results": ['
    yield from _separated(
        _result(finding, state, index[finding.code])
        for findings, state in ((new, "new"), (known, "unchanged"))
        for finding in findings
    )
    yield "]}]}"


def _separated(values: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """JSON values, one a line, with commas between them."""
    previous = ""
    for value in values:
        if previous:
            yield f"{previous},"
        previous = json_text(value)
    if previous:
        yield previous


def _chosen(report: CheckReport) -> tuple[Sequence[CheckFinding], Sequence[CheckFinding]]:
    """New and known findings that there is room for, in their order."""
    if len(report.findings) + len(report.known) <= MOST_RESULTS:
        return report.findings, report.known
    new = _worst(report.findings, MOST_RESULTS)
    return new, _worst(report.known, MOST_RESULTS - len(new))


def _worst(findings: Sequence[CheckFinding], most: int) -> list[CheckFinding]:
    by_severity = sorted(range(len(findings)), key=lambda index: findings[index].severity != "error")
    return [findings[index] for index in sorted(by_severity[:most])]


def _rules(findings: Sequence[CheckFinding]) -> list[dict[str, Any]]:
    """The rules that found something; one that is not installed here keeps its code and name."""
    known = {rule.code: rule for rule in all_rules()}
    names = {finding.code: finding.name for finding in findings}
    return [
        _rule(known[code]) if code in known else {"id": code, "name": name}
        for code, name in sorted(names.items())
    ]


def _rule(rule: Rule) -> dict[str, Any]:
    title, _, rest = cleandoc(rule.doc).partition("\n\n")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(title.split())},
        "help": {"text": f"{title}\n\n{rest}", "markdown": f"**{rule.code} {rule.name}.** {title}\n\n{rest}"},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [FAMILIES.get(rule.family, rule.family)], "fix": rule.fix.value},
    }


def _result(finding: CheckFinding, state: str, rule_index: int) -> dict[str, Any]:
    logical = {"fullyQualifiedName": finding.section_id or finding.document_id}
    properties: dict[str, Any] = {"fix": finding.fix} if finding.fix else {}
    region = {"startLine": finding.line, "endLine": finding.end_line}
    if finding.field:
        region = {"startLine": finding.line}
        properties |= {"field": finding.field, "column": finding.column, "endColumn": finding.end_column}
    else:
        region |= {"startColumn": finding.column, "endColumn": finding.end_column}
    location = {
        "physicalLocation": {"artifactLocation": {"uri": uri(place(finding))}, "region": region},
        "logicalLocations": [logical],
    }
    values = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": _message(finding.message or finding.name)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "baselineState": state,
    }
    return values | ({"properties": properties} if properties else {})


def _message(text: str) -> str:
    """A message without links: in SARIF ``[text](target)`` is one, and a document may hold it."""
    text = escaped(text)
    return re.sub(r"[\\[\]]", r"\\\g<0>", text) if "](" in text else text


def _invocation(report: CheckReport, shown: int) -> dict[str, Any]:
    there = len(report.findings) + len(report.known)
    notes = [("error", breach_words(breach)) for breach in report.breaches]
    if shown < there:
        which = f"{shown:,} of {there:,} results are here, the new ones and the errors first"
        notes.append(("warning", f"{which}; a run may hold no more. The summary counts all."))
    if report.fixed:
        gone = counted(len(report.fixed), "entry", "entries")
        notes.append(("note", f"{gone} of the baseline not found again."))
    return {
        "executionSuccessful": True,
        "exitCode": 0 if report.passed else 1,
        "toolExecutionNotifications": [{"level": level, "message": {"text": text}} for level, text in notes],
    }


def uri(path: str) -> str:
    """A path as a URI: relative where the path is, every byte but letters, digits and ``-._~/`` escaped.

    >>> uri("./pages/报告 1%.txt"), uri("/data/a:b.txt")
    ('pages/%E6%8A%A5%E5%91%8A%201%25.txt', 'file:///data/a%3Ab.txt')
    """
    try:
        data = path.encode("utf-8", "surrogateescape")  # the bytes that the name has on disk
    except UnicodeEncodeError:
        data = path.encode("utf-8", "replace")
    quoted = quote(data.removeprefix(b"./"), safe="/")
    return f"file://{quoted}" if path.startswith("/") else quoted
