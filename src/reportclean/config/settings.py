"""What a configuration file says, checked against the options of the library and merged with the command's.

The keys of a file are the fields of those options in ``kebab-case``: the keys at the top are shared, the
tables ``[clean]``, ``[dedupe]`` and ``[check]`` hold the rest. Nothing is added here: types and ranges are
those of the dataclasses.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from importlib import import_module
from typing import Any, NamedTuple

from reportclean.config.files import ConfigFile, shown
from reportclean.errors import ConfigError
from reportclean.rules.registry import close_matches

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
    """Where keys of a table live: a dataclass, and which of its fields are keys (all where empty)."""

    table: str
    module: str
    name: str
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def options(self) -> type:
        options: type = getattr(import_module(f"reportclean.{self.module}"), self.name)
        return options

    def defaults(self) -> dict[str, Any]:
        """The fields that are keys, with their defaults."""
        return {
            field.name: field.default_factory() if field.default is MISSING else field.default  # type: ignore[misc]  # every option has a default
            for field in fields(self.options())
            if (not self.only or field.name in self.only) and field.name not in self.without
        }


SHARED = ""
_HOMES = (
    _Home(SHARED, "engines.options", "RunOptions", frozenset({"workers"})),
    _Home(SHARED, "formats.base", "ReadOptions"),
    _Home(SHARED, "rules.options", "CleanConfig", frozenset({"select", "ignore"})),
    _Home("clean", "rules.options", "CleanConfig"),
    _Home("dedupe", "near.options", "DedupeConfig"),
)
# What a command takes: of a setting that stands twice, the later one counts.
TABLES: Mapping[str, tuple[str, ...]] = {
    "clean": (SHARED, "clean"),
    "dedupe": (SHARED, "clean", "dedupe"),
    "check": (SHARED, "dedupe", "check"),
}
_RULES = frozenset({"select", "extend_select", "ignore"})  # fields that hold names of rules


class Setting(NamedTuple):
    """A value that is in force, and where it came from.

    Attributes:
        table: ``""`` for the shared ones.
        name: The field of the options.
        value: What is in force.
        source: ``"default"``, ``"file"`` or ``"command line"``.
        place: ``FILE:LINE`` where it came from a file.
        key: Its full name in the file.
    """

    table: str
    name: str
    value: Any
    source: str = "default"
    place: str = ""
    key: str = ""


def compose(file: ConfigFile | None, given: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Every setting with its value and where it came from.

    Args:
        file: The configuration, if there is one.
        given: What the command line says, by field; it goes before the file.

    Raises:
        ConfigError: Keys are unknown or values cannot be used; the message lists all of them with their
            places.
    """
    if file is None:
        return tuple(_default_or_given(home, {}, given) for home in ())
    problems = _Problems(file, given)
    tables = dict(_tables(file, problems))
    settings = [setting for home in _HOMES for setting in _checked(home, tables[home.table], problems)]
    problems.raise_all()
    return tuple(settings)
