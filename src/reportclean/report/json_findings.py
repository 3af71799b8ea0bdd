"""Findings for programs: one JSON value, or one finding a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reportclean.report.closing import totals
from reportclean.report.json_text import json_text
from reportclean.results import CheckFinding, CheckReport, Known

VERSION = 1


def json(report: CheckReport) -> Iterator[str]:
    """``{"version": 1, "findings": [...], "summary": {...}}``, each finding on a line of its own."""
    yield f'{{"version": {VERSION}, "findings": ['
    last = len(report.findings) - 1
    for index, finding in enumerate(report.findings):
        yield json_text(finding_values(finding)) + ("," if index < last else "")
    yield f'], "summary": {json_text(summary_values(report))}}}'


def jsonl(report: CheckReport) -> Iterator[str]:
    """One new finding a line, and nothing else."""
    return (json_text(finding_values(finding)) for finding in report.findings)


def finding_values(finding: CheckFinding) -> dict[str, Any]:
    """A finding as plain values; ``field`` is there for records alone."""
    values = {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "document_id": finding.document_id,
        "section_id": finding.section_id,
        "fingerprint": finding.fingerprint,
        "fix": finding.fix,
    }
    return values | {"field": finding.field} if finding.field else values


def summary_values(report: CheckReport) -> dict[str, Any]:
    """The totals, the limits that were not kept, and what the baseline holds that is gone."""
    count = totals(report)
    return {
        "passed": report.passed,
        "findings": len(report.findings),
        "errors": count.errors,
        "warnings": count.warnings,
        "fixable": {"safe": count.safe, "unsafe": count.unsafe},
        "known": len(report.known),
        "by_code": dict(sorted(report.by_code.items())),
        "breaches": [asdict(breach) for breach in report.breaches],
        "fixed": [_known_values(known) for known in report.fixed],
        "documents": report.documents,
        "sections": report.sections,
        "characters": report.characters,
        "quarantined": report.quarantined,
        "duplicate_ratio": report.duplicate_ratio,
        "mojibake_ratio": report.mojibake_ratio,
    }


def _known_values(known: Known) -> dict[str, str]:
    return {
        "fingerprint": known.fingerprint,
        "code": known.code,
        "path": known.path,
        "message": known.message,
    }
