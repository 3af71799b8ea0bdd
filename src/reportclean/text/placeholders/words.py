"""The hand-written word lists of the placeholder finder, and the patterns built from them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("reportclean").joinpath("data/placeholder_words.toml").read_text("utf-8"))


def words(table: str, key: str) -> list[str]:
    """A list of the data file, longest words first, so that an alternation of them is greedy."""
    return sorted(set(_tables()[table][key].split()), key=lambda word: (-len(word), word))


def characters(table: str, key: str) -> str:
    """A list of single characters, as the inside of a character class."""
    return re.escape("".join(_tables()[table][key].split()))


def any_of(*lists: list[str]) -> str:
    """One group that matches any word of the lists, the longest first."""
    merged = sorted({word for words_ in lists for word in words_}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, merged)) + ")"


def none_of(*lists: list[str]) -> str:
    """A lookahead: none of these words begins here."""
    return "(?!" + any_of(*lists)[3:]
