"""Findings as GitLab takes them in a merge request: a code quality report."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from reportclean.report.json_text import json_text
from reportclean.report.showing import escaped, place
from reportclean.results import CheckFinding, CheckReport

_SEVERITY = {"error": "major", "warning": "minor"}


def gitlab(report: CheckReport) -> Iterator[str]:
    """A JSON array, one new finding a line; known ones are left out, since GitLab compares by fingerprint."""
    yield "["
    seen: set[str] = set()
    last = len(report.findings) - 1
    for index, finding in enumerate(report.findings):
        fingerprint = _unique(finding.fingerprint, seen)
        yield json_text(_values(finding, fingerprint)) + ("," if index < last else "")
    yield "]"


def _values(finding: CheckFinding, fingerprint: str) -> dict[str, Any]:
    return {
        "description": f"{finding.code} {escaped(finding.message)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITY[finding.severity],
        "location": {
            "path": place(finding).removeprefix("./"),
            "lines": {"begin": finding.line, "end": finding.end_line},
        },
    }


def _unique(fingerprint: str, seen: set[str]) -> str:
    """A fingerprint that no other entry has: GitLab shows but one of those that are equal."""
    while fingerprint in seen:
        fingerprint = sha256(f"{fingerprint}+".encode()).hexdigest()[:32]
    seen.add(fingerprint)
    return fingerprint
