"""All rules: those of the family packages, where a new file is a new rule, and those of plug-ins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib import import_module
from itertools import chain
from os.path import commonprefix
from pkgutil import iter_modules, walk_packages

from reportclean import rules
from reportclean.errors import RuleError
from reportclean.rules.base import Rule
from reportclean.rules.plugins import plugin_rules

_OFFERED = 3
_LOOKED_AT = 20
_AS_NEAR = 0.1  # of what is the same; names further off than that from the nearest are noise


@cache
def registered() -> tuple[tuple[Rule, str], ...]:
    """Every rule by code, with where it is defined: the module, or the entry point and its distribution.

    Plug-ins are looked for here, so only once something needs the rules.

    Raises:
        RuleError: Two places define the same code or name, or a plug-in cannot be used.
    """
    found: dict[str, tuple[Rule, str]] = {}
    for rule, place in chain(_own_rules(), plugin_rules()):
        for taken in (rule.code, rule.name):
            if taken in found:
                raise RuleError(
                    f"rule {taken} is defined by {place} and by {found[taken][1]}; "
                    "give one of them a code and a name of its own"
                )
            found[taken] = (rule, place)
    return tuple(found[code] for code in sorted(rule.code for rule, _ in set(found.values())))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code.

    Raises:
        RuleError: Two places define the same code or name, or a plug-in cannot be used.
    """
    return tuple(rule for rule, _ in registered())


def own_rules() -> tuple[Rule, ...]:
    """The rules that come with reportclean, by code."""
    return tuple(sorted((rule for rule, _ in _own_rules()), key=lambda rule: rule.code))


def _own_rules() -> Iterator[tuple[Rule, str]]:
    for family in iter_modules(rules.__path__, f"{rules.__name__}."):
        if not family.ispkg:
            continue
        for entry in walk_packages(import_module(family.name).__path__, f"{family.name}."):
            yield import_module(entry.name).RULE, entry.name


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
        near = sorted(_distance(asked, word) for word in get_close_matches(asked, words, n=_LOOKED_AT))
        if near:
            nearest = [word for ratio, _, word in near if ratio <= near[0][0] + _AS_NEAR]
            return f" (did you mean {' or '.join(nearest[:_OFFERED])}?)"
    return ""


def _distance(asked: str, word: str) -> tuple[float, int, str]:
    """How much of two names is not the same; of equals, those that begin alike are nearer."""
    return -SequenceMatcher(a=word, b=asked).ratio(), -len(commonprefix([asked, word])), word  # noqa: RUF071  # characters, no paths
