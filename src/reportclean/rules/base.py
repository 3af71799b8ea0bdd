"""What a rule is: a finder's kind of hit, given a code, a message and, where it is right, a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any

from reportclean.document import Hit
from reportclean.text.charclass import CharClass

Finder = Callable[[str], Iterable[Hit]]

FAMILIES = {
    "ENC": "encoding",
    "SCR": "script",
    "TPL": "placeholders",
    "ART": "artefacts",
    "STR": "structure",
    "DUP": "duplicates",
    "SPN": "spun wording",
}


class Phase(IntEnum):
    """When a rule runs; a later phase sees what the earlier ones repaired."""

    DECODE = 0
    REPAIR = 1
    CHARACTERS = 2
    ARTEFACTS = 3
    JOINS = 4
    REPORT = 5  # rules that only report, run once on the final text


class Severity(StrEnum):
    """How much a finding matters to ``check``."""

    ERROR = "error"
    WARNING = "warning"


class Scope(StrEnum):
    """What a rule looks at."""

    DOCUMENT = "document"
    SECTION = "section"
    CORPUS = "corpus"


class Safety(StrEnum):
    """Whether a rule's fix may be applied without asking."""

    NONE = "none"
    UNSAFE = "unsafe"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: Family and number (``"TPL001"``); never reused for another rule.
        name: The same in words, ``kebab-case``.
        summary: One line for tables.
        message: What a finding says; ``{text}``, ``{kind}``, ``{stem}`` and ``{replacement}`` are filled in.
        phase: When it runs.
        finder: Pure function that yields the hits, in order of start; several rules may share one.
            None for rules whose findings the splitter or the engine hands over.
        kinds: The finder's kinds that are this rule's.
        gate: Classes of characters that must all occur in a text for the rule to match anything.
        fix: Safety of the hit's replacement; ``NONE`` for rules that only report.
        severity: How much it matters.
        scope: What it looks at.
        options: The defaults of its options, an instance of a frozen dataclass whose fields are keyword
            arguments of the finder, whole numbers of 1 and more; None where it has none.
        doc: The module's docstring: What, Why, Bad, Good, and Options where there are any.
    """

    code: str
    name: str
    summary: str
    message: str
    phase: Phase
    finder: Finder | None
    kinds: frozenset[str]
    doc: str
    gate: CharClass = CharClass.NONE
    fix: Safety = Safety.NONE
    severity: Severity = Severity.WARNING
    scope: Scope = Scope.DOCUMENT
    options: Any = None

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code.rstrip("0123456789")

    @property
    def option_names(self) -> tuple[str, ...]:
        """The names of its options."""
        return () if self.options is None else tuple(option.name for option in fields(self.options))
