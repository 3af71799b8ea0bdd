"""Rules of other packages, which name them by the entry-point group ``reportclean.rules``.

An entry point leads to a :class:`Rule`, to several of them, or to a module that has ``RULE`` or ``RULES``.
What is wrong with one is said with the name of its distribution, when the rules are loaded or when they run:
a fault of a plug-in shall not look like one of reportclean, or spoil a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from reportclean.document import Hit
from reportclean.errors import RuleError
from reportclean.rules.base import Finder, Phase, Rule, Safety, Scope, Severity
from reportclean.text.charclass import CharClass

GROUP = "reportclean.rules"
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BREAK = re.compile("\n?\0\n?")
_TYPES = {
    "code": str,
    "name": str,
    "summary": str,
    "message": str,
    "doc": str,
    "phase": Phase,
    "kinds": frozenset,
    "gate": CharClass,
    "fix": Safety,
    "severity": Severity,
    "scope": Scope,
}


def plugin_rules() -> Iterator[tuple[Rule, str]]:
    """The rules of all installed plug-ins, each with the place it comes from, in order of distribution.

    Raises:
        RuleError: A plug-in cannot be imported, or what it yields is no usable rule.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (_distribution(entry), entry.name)):
        place = f"{entry.value} ({_distribution(entry)})"
        for rule in _rules(entry, place):
            _check(rule, place)
            yield replace(rule, finder=_Guarded(rule.finder, place)) if rule.finder else rule, place


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"


def _rules(entry: EntryPoint, place: str) -> list[Rule]:
    try:
        found = entry.load()
        if isinstance(found, ModuleType):
            found = found.RULES if hasattr(found, "RULES") else found.RULE
        rules = [found] if isinstance(found, Rule) else list(found)
    except (Exception, SystemExit) as error:  # whatever the code of others raises
        raise RuleError(
            f"the rules of {place} cannot be loaded: {_said(error)}; repair or uninstall the plug-in"
        ) from error
    for rule in rules:
        if not isinstance(rule, Rule):
            raise RuleError(
                f"the entry point {entry.name} of {place} yields {type(rule).__name__}; it must yield rules"
            )
    return rules


def _check(rule: Rule, place: str) -> None:
    """Refuse a rule that would fail later, in the midst of a run."""
    wrong = next(_faults(rule), None)
    if wrong:
        raise RuleError(f"rule {rule.code} of {place} cannot be used: {wrong}")


def _faults(rule: Rule) -> Iterator[str]:
    for name, kind in _TYPES.items():
        if not isinstance(getattr(rule, name), kind):
            yield f"{name} is {getattr(rule, name)!r}; it must be a {kind.__name__}"
    if not _CODE.fullmatch(rule.code):
        yield "the code must be 2 to 8 capital letters and 3 digits"
    if not _NAME.fullmatch(rule.name):
        yield f"the name {rule.name!r} must be small letters and digits, joined by hyphens"
    if not callable(rule.finder):
        yield "it has no finder, and rules of plug-ins are nothing without one"
    if not rule.kinds:
        yield "it names no kind of hit, so nothing would be found"
    if rule.scope is Scope.CORPUS:
        yield "rules on the whole corpus cannot come from plug-ins"
    if rule.fix is Safety.SAFE and rule.phase is Phase.REPORT:
        yield "rules of the phase REPORT fix nothing"
    try:
        rule.message.format(text="", kind="", stem="", replacement="")
    except (LookupError, ValueError) as error:
        yield f"its message cannot be filled in ({error}); it may use text, kind, stem and replacement"


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A finder whose mistakes are found out before they reach a text; equal where the finder is the same.

    It is shown the pieces between NULs one by one, so it cannot look from one document into the next where
    many are joined. A line end at a NUL belongs to it, since that is how they are joined; so a document's own
    NULs do the same to it whether it is joined or alone.
    """

    finder: Finder
    place: str

    def __call__(self, text: str) -> Iterator[Hit]:
        """The hits of the whole text."""
        start = 0
        for between in (*_BREAK.finditer(text), None):
            end = between.start() if between else len(text)
            for hit in self._hits(text[start:end]):
                yield replace(hit, start=hit.start + start, end=hit.end + start)
            start = between.end() if between else end

    def _hits(self, text: str) -> list[Hit]:
        try:
            hits = list(self.finder(text)) if text else []
        except Exception as error:  # whatever the code of others raises
            raise RuleError(f"a rule of {self.place} failed: {_said(error)}") from error
        position = 0
        for hit in hits:
            if not isinstance(hit, Hit) or not position <= hit.start < hit.end <= len(text):
                raise RuleError(
                    f"a rule of {self.place} found {hit!r:.200}; "
                    "a hit must hold something of the text, and hits must come in order of start"
                )
            position = hit.start
        return hits


def _said(error: BaseException) -> str:
    """An exception of another's code, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
