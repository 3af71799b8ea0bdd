"""From names to rules: which run, and which of their fixes are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache, partial
from typing import NamedTuple

from reportclean.document import Hit
from reportclean.errors import ConfigError
from reportclean.rules.base import FAMILIES, Rule, Safety, Severity
from reportclean.rules.options import CheckConfig, CleanConfig, Level, RuleOptions
from reportclean.rules.registry import all_rules, close_matches, closest
from reportclean.text.artefacts.boilerplate import find_boilerplate

# Lines and signs that a person may have written: deleted only where somebody asks for it.
DROPS = {
    "site-lines": (
        "site-header",
        "byline",
        "source-note",
        "site-navigation",
        "visit-call",
        "site-guide",
        "copyright-line",
        "contribution-call",
    ),
    "teaser": ("teaser", "hidden-text"),
    "symbols": ("strewn-sign", "strewn-symbol"),
    "boilerplate": ("boilerplate",),
}
# Rules that say nothing unless they are asked: conversions of script are no repairs, and guesses no proofs.
ON_REQUEST = {"traditional-script", "simplified-script", "guessed-gap"}


class Selection(NamedTuple):
    """The rules that run, and the codes of those whose fixes are applied."""

    rules: tuple[Rule, ...]
    fixes: frozenset[str]


@lru_cache(maxsize=32)
def select_rules(config: CleanConfig) -> Selection:
    """The rules of a configuration.

    Raises:
        ConfigError: A name is neither a code, a family nor a rule, or a group to drop is unknown; the
            message offers what is close.
    """
    requested = _requested(config)
    chosen = {rule.code for rule in all_rules() if rule.name not in ON_REQUEST or rule.name in requested}
    if config.select:
        chosen = set(matching(config.select, "select")) | {r.code for r in all_rules() if r.name in requested}
    chosen -= set(matching(config.ignore, "ignore"))
    rules = tuple(rule for rule in configured(config.rule_options) if rule.code in chosen)
    wanted = requested | {name for group in config.drop for name in _group(group)}
    fixes = frozenset(rule.code for rule in rules if _is_applied(rule, wanted, config))
    return Selection(rules, fixes)


def configured(given: RuleOptions) -> tuple[Rule, ...]:
    """All rules, those with options in force finding by them.

    Args:
        given: Code of a rule to its options by name, with hyphens or underscores.

    Raises:
        ConfigError: A rule or an option does not exist, or a value is no whole number of at least 1.
    """
    rules = {rule.code: rule for rule in all_rules()}
    having = [rule.code for rule in rules.values() if rule.options is not None]
    for code, values in given.items():
        if code not in having:
            raise ConfigError(
                f"rule_options names {code!r}{close_matches(code, having)}; "
                f"the rules with options are {', '.join(having)}"
            )
        rules[code] = _with_options(rules[code], {n.replace("-", "_"): v for n, v in values.items()})
    return tuple(rules.values())


def _with_options(rule: Rule, values: Mapping[str, int]) -> Rule:
    for name, value in values.items():
        place = f"rule_options.{rule.code}.{name}"
        if name not in rule.option_names:
            raise ConfigError(f"{place} is no option{close_matches(name, rule.option_names)}")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigError(f"{place} is {value!r}; it must be a whole number of at least 1")
    if rule.finder is None or not values:
        return rule
    options = replace(rule.options, **values)
    return replace(rule, options=options, finder=partial(rule.finder, **asdict(options)))


class Reported(NamedTuple):
    """What a check runs and what it reports.

    Attributes:
        selection: The rules that run: those reported, and those whose safe fixes ``clean`` applies, since a
            text is looked at as ``clean`` would leave it whatever is reported.
        rules: The rules reported, by code, each with the severity in force.
    """

    selection: Selection
    rules: dict[str, Rule]


def select_reported(config: CheckConfig) -> Reported:
    """The rules of a check.

    Raises:
        ConfigError: A name is neither a code, a family nor a rule; the message offers what is close.
    """
    usual = select_rules(CleanConfig(rule_options=config.rule_options))
    codes = set(matching(config.select, "select")) or {rule.code for rule in usual.rules}
    codes |= set(matching(config.extend_select, "extend_select"))
    codes -= set(matching(config.ignore, "ignore"))
    levels = _levels(config.severity)
    reported = {
        rule.code: replace(rule, severity=Severity(levels.get(rule.code, rule.severity)))
        for rule in configured(config.rule_options)
        if rule.code in codes and levels.get(rule.code) != "off"
    }
    running = tuple(
        rule for rule in configured(config.rule_options) if rule.code in reported or rule.code in usual.fixes
    )
    return Reported(Selection(running, usual.fixes), reported)


def _levels(severity: Mapping[str, Level]) -> dict[str, Level]:
    """Codes with their levels; a family gives way to a code or a name, whatever the order."""
    levels: dict[str, Level] = {}
    families = {rule.family for rule in all_rules()}  # those of plug-ins among them
    for name in sorted(severity, key=lambda name: name not in families):
        levels |= dict.fromkeys(matching([name], "severity"), severity[name])
    return levels


def with_boilerplate(selection: Selection, lines: Mapping[str, int]) -> Selection:
    """The same rules, the one of boilerplate looking for lines that were counted over the run.

    Args:
        selection: What was selected.
        lines: Each such line with the number of documents it stands in.
    """
    if not lines:
        return selection

    def find(text: str) -> Iterator[Hit]:
        return find_boilerplate(text, lambda line: lines.get(line, 0), 1)

    rules = tuple(
        replace(rule, finder=find) if rule.name == "boilerplate" else rule for rule in selection.rules
    )
    return Selection(rules, selection.fixes)


def _is_applied(rule: Rule, wanted: set[str], config: CleanConfig) -> bool:
    if rule.fix is Safety.SAFE or rule.fix is Safety.NONE:
        return rule.fix is Safety.SAFE
    return rule.name in wanted or (config.unsafe_fixes and rule.name not in ON_REQUEST)


def _requested(config: CleanConfig) -> set[str]:
    """Names of the rules that other settings ask for."""
    names = {"guessed-gap"} if config.guess else set()
    if config.script != "keep":
        names.add("traditional-script" if config.script == "simplified" else "simplified-script")
    return names


def _group(name: str) -> Sequence[str]:
    if name not in DROPS:
        raise ConfigError(
            f"drop names {name!r}{close_matches(name, DROPS)}; the groups are {', '.join(DROPS)}"
        )
    return DROPS[name]


def matching(names: Iterable[str], option: str, others: Sequence[str] = ()) -> Iterator[str]:
    """Codes of the rules that the names stand for.

    Args:
        names: Codes, families or names of rules.
        option: Where they were given, for the error.
        others: What else may be given there, for the error.

    Raises:
        ConfigError: A name is none of the three; the message offers what is close.
    """
    for name in names:
        found = [rule.code for rule in all_rules() if name in {rule.code, rule.family, rule.name}]
        if not found:
            raise ConfigError(
                f"{option} names {name!r}, which is no rule{closest(name, (*FAMILIES, *others))}; "
                "the families are " + ", ".join(FAMILIES)
            )
        yield from found
