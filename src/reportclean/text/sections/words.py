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
