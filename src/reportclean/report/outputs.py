"""The formats that a check's report can be had in, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from reportclean.report.concise import concise
from reportclean.report.full import full
from reportclean.report.github import github
from reportclean.report.gitlab import gitlab
from reportclean.report.json_findings import json, jsonl
from reportclean.report.junit import junit
from reportclean.report.sarif import sarif
from reportclean.results import CheckReport

# Each yields lines without their ends; together they are the file.
FORMATS: Mapping[str, Callable[[CheckReport], Iterator[str]]] = MappingProxyType(
    {
        "full": full,
        "concise": concise,
        "json": json,
        "jsonl": jsonl,
        "github": github,
        "gitlab": gitlab,
        "junit": junit,
        "sarif": sarif,
    }
)
