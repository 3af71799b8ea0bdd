"""Which rules run, which of their fixes are applied, and how much of what they find is allowed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from reportclean.errors import ConfigError
from reportclean.near.options import DedupeConfig

Level = Literal["error", "warning", "off"]
LEVELS: tuple[Level, ...] = ("error", "warning", "off")
Script = Literal["keep", "simplified", "traditional"]
RuleOptions = Mapping[str, Mapping[str, int]]
SCRIPTS: tuple[Script, ...] = ("keep", "simplified", "traditional")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanConfig:
    """Settings of cleaning; every field has the command's option of the same name.

    Attributes:
        select: Codes, families or names of the rules to run; all of them when empty.
        ignore: Codes, families or names of rules to leave out.
        drop: Groups of lines and signs to delete that a person may have written: ``site-lines``,
            ``teaser``, ``symbols``, ``boilerplate``.
        unsafe_fixes: Apply the unsafe fixes of all selected rules too.
        script: ``keep``, or the script that the text is converted to: ``simplified`` or ``traditional``.
        boilerplate_min_documents: A line that stands in so many documents of the run is boilerplate; 0 looks
            for none.
        rule_options: Code of a rule to its options by name, as ``{"ART040": {"min_length": 40}}``.
        guess: Fill what a repair had to leave open with the likeliest character.

    Raises:
        ConfigError: ``script`` is none of the three, a list is a text, or boilerplate is to be dropped and
            nobody said from how many documents on.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    script: Script = "keep"
    guess: bool = False
    boilerplate_min_documents: int = 0
    rule_options: RuleOptions = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in ("select", "ignore", "drop"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise ConfigError(f"{name} is {value!r}; it must be a list of names")
            object.__setattr__(self, name, tuple(value))  # a list is as good, and this can be hashed
        if self.boilerplate_min_documents < 0 or self.boilerplate_min_documents == 1:
            raise ConfigError(
                f"boilerplate_min_documents is {self.boilerplate_min_documents}; it must be 0 or at least 2"
            )
        if "boilerplate" in self.drop and not self.boilerplate_min_documents:
            raise ConfigError(
                "drop names boilerplate; say from how many documents on, with boilerplate_min_documents"
            )
        if self.script not in SCRIPTS:
            raise ConfigError(f"script is {self.script!r}; it must be one of {', '.join(SCRIPTS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """Settings of a check; every field has an option of the command or a key of the configuration file.

    A finding of severity error fails the check, unless a limit covers its rule; then the limit alone
    decides. A warning fails nothing without a limit. What a baseline holds counts towards no limit.

    Attributes:
        select: Codes, families or names of the rules to report; all but those on request when empty.
        extend_select: The same, besides those of ``select``.
        ignore: The same, left out of both.
        severity: Code, family or name to ``error``, ``warning`` or ``off``; the narrower name decides.
        max_duplicate_ratio: The largest share of the sections that may repeat others, 0 to 1; covers the
            family ``DUP``. None for no limit.
        max_mojibake_ratio: The largest share of the characters that may stand in broken encoding, 0 to 1;
            covers the rules of broken encoding. None for no limit.
        max_findings: Code, family, name or ``all`` to the most findings that are allowed.
        per_file_ignores: Glob to the codes, families or names left out in the files that it matches.
        exclude: Globs of files and folders that are not looked at.
        boilerplate_min_documents: A line that stands in so many documents is boilerplate; 0 looks for none.
        rule_options: Code of a rule to its options by name, as ``{"ART040": {"min_length": 40}}``.
        dedupe: What matches.

    Raises:
        ConfigError: A value is out of its range or of the wrong kind; the message names the option.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Level] = field(default_factory=dict)
    max_duplicate_ratio: float | None = None
    max_mojibake_ratio: float | None = None
    max_findings: Mapping[str, int] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    boilerplate_min_documents: int = 0
    rule_options: RuleOptions = field(default_factory=dict)
    dedupe: DedupeConfig = field(default_factory=DedupeConfig)

    def __post_init__(self) -> None:
        for name in ("select", "extend_select", "ignore", "exclude"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        for name in ("severity", "max_findings", "per_file_ignores"):
            value = getattr(self, name)
            if not isinstance(value, Mapping):
                raise ConfigError(f"{name} is {value!r}; it must be a table")
        ignores = {glob: _names(f"per_file_ignores.{glob}", v) for glob, v in self.per_file_ignores.items()}
        object.__setattr__(self, "per_file_ignores", ignores)
        for name, level in self.severity.items():
            if level not in LEVELS:
                raise ConfigError(f"severity.{name} is {level!r}; it must be one of {', '.join(LEVELS)}")
        for name, most in self.max_findings.items():
            if not isinstance(most, int) or isinstance(most, bool) or most < 0:
                raise ConfigError(f"max_findings.{name} is {most!r}; it must be a whole number from 0 on")
        for name in ("max_duplicate_ratio", "max_mojibake_ratio"):
            ratio = getattr(self, name)
            number = isinstance(ratio, int | float) and not isinstance(ratio, bool)
            if ratio is not None and not (number and math.isfinite(ratio) and 0 <= ratio <= 1):
                raise ConfigError(f"{name} is {ratio!r}; it must be a number from 0 to 1")
        least = self.boilerplate_min_documents
        if not isinstance(least, int) or isinstance(least, bool) or least < 0 or least == 1:
            raise ConfigError(f"boilerplate_min_documents is {least!r}; it must be 0 or at least 2")


def _names(option: str, value: object) -> tuple[str, ...]:
    """A list of names, which is as good as a tuple of them."""
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ConfigError(f"{option} is {value!r}; it must be a list of names")
    return tuple(value)
