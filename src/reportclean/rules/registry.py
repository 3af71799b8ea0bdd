"""All rules, found by listing the family packages: a new rule is a new file and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib import import_module
from os.path import commonprefix
from pkgutil import iter_modules, walk_packages

from reportclean import rules
from reportclean.errors import RuleError
from reportclean.rules.base import Rule

_OFFERED = 3
_LOOKED_AT = 20


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code.

    Raises:
        RuleError: Two modules define the same code.
    """
    found: dict[str, tuple[Rule, str]] = {}
    for family in iter_modules(rules.__path__, f"{rules.__name__}."):
        if not family.ispkg:
            continue
        for entry in walk_packages(import_module(family.name).__path__, f"{family.name}."):
            rule: Rule = import_module(entry.name).RULE
            if rule.code in found:
                raise RuleError(
                    f"rule {rule.code} is defined by {entry.name} and by {found[rule.code][1]}; "
                    "give one of them a code of its own"
                )
            found[rule.code] = (rule, entry.name)
    return tuple(rule for rule, _ in sorted(found.values(), key=lambda pair: pair[0].code))


def rule(code: str) -> Rule:
    """The rule of a code.

    Raises:
        RuleError: There is none.
    """
    for candidate in all_rules():
        if candidate.code == code:
            return candidate
    raise RuleError(f"there is no rule {code}; the rules are {', '.join(r.code for r in all_rules())}")


def known_names() -> frozenset[str]:
    """Everything that stands for rules: codes, names, families."""
    return frozenset(word for rule in all_rules() for word in (rule.code, rule.name, rule.family))


def closest(name: str, others: Iterable[str] = ()) -> str:
    """What a name that is no rule's may have meant, as words for the end of a message."""
    words = [word for rule in all_rules() for word in (rule.code, rule.name)]
    return close_matches(name, [*words, *others])


def close_matches(name: str, known: Iterable[str]) -> str:
    """The names nearest to one that is not known, as words for the end of a message."""
    words = list(known)
    for asked in (name, name.upper()):
        near = get_close_matches(asked, words, n=_LOOKED_AT)
        if near:
            near.sort(key=lambda word: _distance(asked, word))
            return f" (did you mean {' or '.join(near[:_OFFERED])}?)"
    return ""


def _distance(asked: str, word: str) -> tuple[float, int, str]:
    """How much of two names is not the same; of equals, those that begin alike are nearer."""
    return -SequenceMatcher(a=word, b=asked).ratio(), -len(commonprefix([asked, word])), word  # noqa: RUF071  # characters, no paths
