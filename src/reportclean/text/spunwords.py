"""The hand-written list of what synonym spinners write in place of what, and where it cannot stand."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from reportclean.document import Span
from reportclean.text.folding import plain_view

_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBER = re.compile(r"[0-9][0-9.,]*")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands beside a word.

    Attributes:
        before: Characters right before it; ``^`` where no Han character may stand.
        after: Characters right after it; a leading ``#`` is a number.
    """

    before: str
    after: str

    def span(self, view: str, start: int, end: int) -> Span | None:
        """From where to where the word stands with its context, if it stands in this one."""
        if self.before == "^":
            if start and _HAN.match(view, start - 1):
                return None
        elif not view.endswith(self.before, 0, start):
            return None
        upto, after = end, self.after
        if after.startswith("#"):
            number = _NUMBER.match(view, end)
            if number is None:
                return None
            upto, after = number.end(), after[1:]
        if not view.startswith(after, upto):
            return None
        return Span(start - len(self.before.strip("^")), upto + len(after))


@dataclass(frozen=True, slots=True)
class SpunWord:
    """A word that spinners write; all but the original is as ``plain_view`` shows it.

    Attributes:
        word: It.
        original: What it stands for.
        sure: Where it cannot stand, and its original often does.
        hints: Where it is odd.
        never: Where it is at home.
    """

    word: str
    original: str
    sure: tuple[Context, ...]
    hints: tuple[Context, ...]
    never: tuple[Context, ...]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("reportclean").joinpath("data/spun_words.toml").read_text("utf-8"))


@cache
def known_swaps() -> tuple[tuple[str, str], ...]:
    """Ordinary words and what spinners write for them."""
    words = _table()["swaps"].split()
    return tuple(zip(words[::2], words[1::2], strict=True))


@cache
def spun_words() -> tuple[SpunWord, ...]:
    """The words that give themselves away by what stands beside them."""
    return tuple(
        SpunWord(
            plain_view(word),
            entry["original"],
            _contexts(entry["sure"]),
            _contexts(entry["hint"]),
            _contexts(entry["never"]),
        )
        for word, entry in _table()["wording"].items()
    )


def _contexts(written: str) -> tuple[Context, ...]:
    """The contexts of an entry, the longest first."""
    found = [Context(*item.split("~")) for item in plain_view(written).split()]
    return tuple(sorted(found, key=lambda one: -len(one.before + one.after)))
