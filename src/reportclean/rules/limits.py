"""How much is allowed: severities and limits in, the limits that were not kept out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportclean.rules.base import Rule, Severity
from reportclean.rules.options import CheckConfig
from reportclean.rules.selection import matching

ALL = "all"  # in max_findings: every rule
ERRORS = "errors"  # the limit that is there when no other is: no finding of severity error
# What stands where a text was read in the wrong encoding; it is not what its author wrote.
BROKEN = frozenset(
    {
        "utf8-as-gbk",
        "utf8-as-gbk-gap",
        "guessed-gap",
        "gbk-as-latin1",
        "utf8-as-latin1",
        "big5-gbk-crossed",
        "big5-gbk-lost",
        "slipped-bytes",
        "unrecoverable-text",
        "bad-byte",
    }
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What limits are held against; what a baseline holds is not in it.

    Attributes:
        findings: Number of findings by code.
        sections: Sections looked at.
        characters: Code points looked at.
        broken: Code points in broken encoding.
    """

    findings: Mapping[str, int]
    sections: int
    characters: int
    broken: int

    def of(self, codes: frozenset[str]) -> int:
        """Findings of some rules."""
        return sum(count for code, count in self.findings.items() if code in codes)

    @property
    def duplicate_ratio(self) -> float:
        """Share of the sections that repeat others."""
        repeated = sum(count for code, count in self.findings.items() if code.startswith("DUP"))
        return repeated / self.sections if self.sections else 0.0

    @property
    def mojibake_ratio(self) -> float:
        """Share of the code points that are in broken encoding."""
        return self.broken / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, and the rules that it alone decides on.

    Attributes:
        name: As it is configured.
        allowed: The most that is allowed.
        codes: The rules it covers.
    """

    name: str
    allowed: float
    codes: frozenset[str]

    def found(self, counted: Counted) -> float:
        """What is held against it."""
        if self.name == _DUPLICATES:
            return counted.duplicate_ratio
        if self.name == _MOJIBAKE:
            return counted.mojibake_ratio
        return counted.of(self.codes)


_DUPLICATES, _MOJIBAKE = "max-duplicate-ratio", "max-mojibake-ratio"


def limits(config: CheckConfig, rules: Mapping[str, Rule]) -> tuple[Limit, ...]:
    """The limits of a check, the one on errors first.

    Args:
        config: What is allowed.
        rules: The rules that are reported, by code, each with the severity in force. A ratio is held
            against nothing where none of its rules is among them.

    Raises:
        ConfigError: A limit is set on what is no rule.
    """
    set_: list[Limit] = []
    for name, allowed, codes in (
        (_DUPLICATES, config.max_duplicate_ratio, [c for c, r in rules.items() if r.family == "DUP"]),
        (_MOJIBAKE, config.max_mojibake_ratio, [c for c, r in rules.items() if r.name in BROKEN]),
    ):
        if allowed is not None and codes:
            set_.append(Limit(name, allowed, frozenset(codes)))
    for name, most in config.max_findings.items():
        covered = frozenset(rules if name == ALL else matching([name], "max_findings", (ALL,)))
        set_.append(Limit(f"max-findings.{name}", most, covered))
    elsewhere = frozenset[str]().union(*(limit.codes for limit in set_))
    errors = frozenset(code for code, rule in rules.items() if rule.severity is Severity.ERROR)
    return (Limit(ERRORS, 0, errors - elsewhere), *set_)
