"""What a configuration file says, checked against the options of the library and merged with the command's.

The keys of a file are the fields of those options in ``kebab-case``: those at the top are shared, the tables
``[limits]``, ``[clean]``, ``[dedupe]`` and ``[check]`` hold the rest. Nothing is added here: types, ranges
and defaults are those of the dataclasses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from importlib import import_module
from typing import Any, NamedTuple

from reportclean.config.files import ConfigFile, shown
from reportclean.errors import ConfigError
from reportclean.rules.registry import all_rules, close_matches, known_names
from reportclean.rules.selection import DROPS

SHARED = ""
LIMITS = "limits"  # a table, and the option whose value is some of it
_SHOWN = 60  # characters of a value in a message
_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "a table",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "mapping_type": "a table",
    "string_type": "a text",
    "tuple_type": "a list",
}


class _Home(NamedTuple):
    """A table of the file and the dataclass whose fields its keys are; a table may have several."""

    table: str
    module: str
    name: str
    only: frozenset[str] = frozenset()  # the fields that are keys; all of them where empty
    without: frozenset[str] = frozenset()  # fields that are none

    def options(self) -> type[Any]:
        options: type[Any] = getattr(import_module(f"reportclean.{self.module}"), self.name)
        return options

    def defaults(self) -> dict[str, Any]:
        """The fields that are keys, with their defaults."""
        return {
            known.name: known.default_factory() if known.default_factory is not MISSING else known.default
            for known in fields(self.options())
            if (not self.only or known.name in self.only) and known.name not in self.without
        }


_HOMES = (
    _Home(SHARED, "engines.options", "RunOptions", only=frozenset({"workers", "to"})),
    _Home(SHARED, "formats.base", "ReadOptions", without=frozenset({LIMITS})),  # a table of their own
    _Home(SHARED, "rules.options", "CleanConfig", only=frozenset({"select", "ignore", "rule_options"})),
    _Home(LIMITS, "formats.limits", "Limits"),
    _Home("clean", "rules.options", "CleanConfig"),
    _Home("dedupe", "near.options", "DedupeConfig"),
    _Home("dedupe", "engines.options", "RunOptions", only=frozenset({"index", "against", "memory"})),
    _Home("check", "rules.options", "CheckConfig", without=frozenset({"dedupe"})),  # a table of its own
)
# The tables that a command takes; of a setting that stands in several, the last in the order above counts.
TABLES: Mapping[str, tuple[str, ...]] = {
    "clean": (SHARED, LIMITS, "clean"),
    "dedupe": (SHARED, LIMITS, "clean", "dedupe"),
    "check": (SHARED, LIMITS, "dedupe", "check"),
    "compare": (SHARED, LIMITS, "clean", "dedupe"),
}


class Setting(NamedTuple):
    """A value that is in force, and where it came from.

    Attributes:
        table: ``""`` for the shared ones.
        name: The field of the options.
        value: What is in force.
        source: ``"default"``, ``"file"`` or ``"command line"``.
        path: The file it came from, as people name it; else empty.
        line: Its line in the file; None where it is from elsewhere, or cannot be told.
        key: Its full name in the file; empty where it is from elsewhere.
    """

    table: str
    name: str
    value: Any
    source: str = "default"
    path: str = ""
    line: int | None = None
    key: str = ""

    @property
    def place(self) -> str:
        """``FILE:LINE`` of what came from a file."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


def compose(file: ConfigFile | None, given: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Every setting with its value and where it came from.

    Args:
        file: The configuration, if there is one.
        given: What the command line says, by field; it goes before the file, wherever the field stands.

    Raises:
        ConfigError: Keys are unknown or values cannot be used; the message lists them all with their places.
    """
    problems = _Problems(file)
    known = _known_keys()
    written = _written(file.table if file else {}, known, problems)
    settings = [setting for home in _HOMES for setting in _settings(home, written, given, file, problems)]
    problems.raise_if_any()
    return tuple(settings)


def from_file(settings: Iterable[Setting], command: str) -> dict[str, Setting]:
    """What the file says to a command, by field."""
    return {one.name: one for one in settings if one.source == "file" and one.table in TABLES[command]}


@dataclass(frozen=True, slots=True)
class _Problems:
    """What is wrong, each with its line: all of it is said at once."""

    file: ConfigFile | None
    said: list[tuple[int, str]] = field(default_factory=list)

    def add(self, keys: Sequence[str], words: str, place: str = "") -> None:
        """Say something of a key of the file; the words go on after its name and the place in its list."""
        if self.file is not None:
            name = self.file.key(keys) + place
            self.said.append((self.file.line(keys) or 0, f"{self.file.place(keys)}: {name} {words}"))

    def add_option(self, keys: Sequence[str], words: str) -> None:
        """Say something of an option of the command, or of something in its value."""
        name = f"limit {keys[1]}" if keys[0] == LIMITS else ".".join(keys)
        self.said.append((0, f"--{name} {words}"))

    def raise_if_any(self) -> None:
        lines = [words for _, words in sorted(dict.fromkeys(self.said))]
        if len(lines) == 1:
            raise ConfigError(lines[0])
        if lines:
            where = shown(self.file.path) if self.file else "the command line"
            raise ConfigError("\n  ".join((f"{where}: {len(lines)} mistakes", *lines)))


def _key(name: str) -> str:
    return name.replace("_", "-")


def _known_keys() -> dict[str, dict[str, str]]:
    """Per table, its keys with their fields."""
    known: dict[str, dict[str, str]] = {}
    for home in _HOMES:
        known.setdefault(home.table, {}).update({_key(name): name for name in home.defaults()})
    return known


def _path(table: str, *keys: str) -> tuple[str, ...]:
    return (table, *keys) if table else keys


def _written(
    content: Mapping[str, Any], known: Mapping[str, Mapping[str, str]], problems: _Problems
) -> dict[str, dict[str, Any]]:
    """The values of the file by table and field, without what has no place there."""
    tables: dict[str, Mapping[str, Any]] = {table: {} for table in known}
    tables[SHARED] = {key: value for key, value in content.items() if key not in known or key == SHARED}
    for table in known.keys() - {SHARED}:
        value = content.get(table, {})
        if isinstance(value, dict):
            tables[table] = value
        else:
            problems.add([table], f"is {_short(value)}; it must be a table")
    written: dict[str, dict[str, Any]] = {}
    for table, values in tables.items():
        written[table] = {known[table][key]: value for key, value in values.items() if key in known[table]}
        for key in values.keys() - known[table].keys():
            problems.add(_path(table, key), f"is no setting{_meant(key, table, known)}")
    return written


def _meant(key: str, table: str, known: Mapping[str, Mapping[str, str]]) -> str:
    """What an unknown key may have meant: one of its table, a table, or one that belongs elsewhere."""
    here = [*known[table], *(known if table == SHARED else ())]
    homes = [other or "the top" for other in known if key in known[other]]
    if homes:
        return f" here; it belongs in {' or '.join(homes)}"
    elsewhere = [".".join(_path(other, name)) for other in known if other != table for name in known[other]]
    return close_matches(key, here) or close_matches(".".join(_path(table, key)), elsewhere)


def _settings(
    home: _Home,
    written: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, Any],
    file: ConfigFile | None,
    problems: _Problems,
) -> Iterator[Setting]:
    """The settings of one home: the command line goes before its table, its table before the shared keys."""
    defaults = home.defaults()
    tables = {
        name: table
        for table in dict.fromkeys((SHARED, home.table))
        for name in defaults
        if name in written[table]
    }
    values = {name: written[table][name] for name, table in tables.items()}
    values |= {name: given[name] for name in defaults if name in given}
    keys = {name: _path(table, _key(name)) for name, table in tables.items() if name not in given}
    options = _validated(home, values, keys, problems)
    for name, default in defaults.items():
        value = getattr(options, name, default)
        if name in given:
            for *below, words in _unknown_names(name, value):
                problems.add_option((_key(name), *below), words)
            yield Setting(home.table, name, value, "command line")
        elif name in keys and file is not None:
            for *below, words in _unknown_names(name, value):
                problems.add((*keys[name], *below), words)
            place = (shown(file.path), file.line(keys[name]), file.key(keys[name]))
            yield Setting(home.table, name, value, "file", *place)
        else:
            yield Setting(home.table, name, value)


def _validated(
    home: _Home, values: dict[str, Any], keys: Mapping[str, tuple[str, ...]], problems: _Problems
) -> Any:
    """The options with these values; what cannot be used is reported and left out, until nothing is left.

    Types are all looked at in one go; ranges are the dataclass's own, which stops at the first: hence a loop.
    """
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  # 0.1 s, only where there is a file

    adapter = TypeAdapter(home.options())
    left_out: set[str] = set()
    while True:
        try:
            return adapter.validate_json(json.dumps(values, default=_not_for_json), strict=True)
        except ValidationError as error:
            wrong = [_wrong(values, entry) for entry in error.errors(include_url=False)]
        for name, inner, words in wrong:
            if any(other in words for other in left_out):
                continue  # it lacks what was itself wrong
            below = [step for step in inner if isinstance(step, str)]
            place = "".join(f"[{step + 1}]" for step in inner if isinstance(step, int))
            if name in keys:
                problems.add((*keys[name], *below), words, place)
            else:
                table = (home.table,) if home.table == LIMITS else ()
                problems.add_option((*table, _key(name), *below), words)
        left_out |= {name for name, *_ in wrong}
        for name, inner, _ in reversed(wrong):  # from the end, so that the places in lists hold
            values = _without(values, (name, *inner))


def _without(values: Any, path: Sequence[str | int]) -> Any:
    """A value without what stands at a path in it."""
    step, *rest = path
    items = list(values.items() if isinstance(values, Mapping) else enumerate(values))
    kept = [
        (key, _without(value, rest) if key == step else value) for key, value in items if rest or key != step
    ]
    return dict(kept) if isinstance(values, Mapping) else [value for _, value in kept]


def _not_for_json(value: object) -> dict[str, str]:
    """A date or a time: as a table it is the wrong type for every option but a table of words, too."""
    return {"": str(value)}


def _wrong(values: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, tuple[str | int, ...], str]:
    """An error as the field, the path inside of its value, and words to stand after its name."""
    if not entry["loc"]:  # the dataclass's own check, which names the field first
        said = re.match(r"([a-z_]+)(?:\.(.+?)(?= is ))? (.*)", str(entry["ctx"]["error"]), re.DOTALL)
        if said is None or said[1] not in values:
            raise entry["ctx"]["error"]
        return said[1], (said[2],) if said[2] else (), said[3]
    name, *inner = entry["loc"]
    value = values[name]
    for depth, step in enumerate(inner):
        if not isinstance(value, dict | list | tuple):  # a date, which went as a table
            return name, tuple(inner[:depth]), f"is {_short(value)}; it must be a table"
        value = value[step]
    expected = _EXPECTED.get(entry["type"]) or entry.get("ctx", {}).get("expected") or entry["msg"]
    return name, tuple(inner), f"is {_short(value)}; it must be {expected}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _unknown_names(name: str, value: Any) -> Iterator[tuple[str, ...]]:
    """Names in a setting that no rule has: keys inside the value, then words to stand after its name."""
    known = known_names()
    if name in {"select", "extend_select", "ignore"}:
        yield from ((_no_rule(entry),) for entry in value if entry not in known)
    elif name == "per_file_ignores":
        yield from (
            (glob, _no_rule(rule)) for glob, rules in value.items() for rule in rules if rule not in known
        )
    elif name in {"severity", "max_findings"}:
        others = {"all"} if name == "max_findings" else set()
        yield from (
            (rule, f"is for no rule{close_matches(rule, known | others)}")
            for rule in value
            if rule not in known | others
        )
    elif name == "rule_options":
        yield from _unknown_options(value)
    elif name == "drop":
        groups = ", ".join(DROPS)
        yield from (
            (f"names {group!r}{close_matches(group, DROPS)}; the groups are {groups}",)
            for group in value
            if group not in DROPS
        )


def _unknown_options(value: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, ...]]:
    having = {rule.code: rule for rule in all_rules() if rule.options is not None}
    for code, options in value.items():
        if code not in having:
            words = f"is for no rule with options{close_matches(code, having)}"
            yield code, f"{words}; those are {', '.join(having)}"
            continue
        names = [_key(option) for option in having[code].option_names]
        for option, number in options.items():
            if _key(option) not in names:
                yield code, option, f"is no option{close_matches(option, names)}"
            elif number < 1:
                yield code, option, f"is {number}; it must be at least 1"


def _no_rule(name: str) -> str:
    return f"names {name!r}, which is no rule{close_matches(name, known_names())}"
