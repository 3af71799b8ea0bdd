"""The splitter's vocabulary, as alternatives of a regular expression."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _tables() -> dict[str, str]:
    return tomllib.loads(files("reportclean").joinpath("data/section_words.toml").read_text("utf-8"))


@cache
def any_of(*names: str) -> str:
    """A pattern that matches any entry of the named lists.

    >>> any_of("scene")[:3], "总结" in any_of("genre", "collection")
    ('(?:', True)
    """
    return "(?:" + "|".join("|".join(_tables()[name].split("\n")).strip("|") for name in names) + ")"


@cache
def first_signs(*names: str) -> str:
    """The characters that an entry of the named lists can begin with; some may be too many."""
    return "".join(sorted({entry.lstrip("(?:^")[:1] for entry in _entries(names)}))


@cache
def last_signs(*names: str) -> str:
    """The characters that an entry of the named lists can end with; some may be too many."""
    return "".join(sorted({entry.rstrip(")?")[-1:] for entry in _entries(names)}))


def _entries(names: tuple[str, ...]) -> list[str]:
    # Groups are taken apart, too: the pieces begin and end with what the group can begin and end with.
    return any_of(*names)[3:-1].split("|")
