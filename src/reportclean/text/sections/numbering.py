"""Numbered lines, and where the numbering of an article starts again.

Inside an article 一、 (一) 1、 and 第N章/节/条 are structure. They come in ranks: a lower rank starts
again at 1 under every new number of a higher one, and that says nothing. When the rank that leads
the running article starts again at 1 after it had run higher, something else has begun.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from reportclean.text.sections import numerals
from reportclean.text.sections.page import Page, folded

# Ranks, highest first. Parts, chapters and sections of a book; articles of a regulation; then the lists.
VOLUME, PART, CHAPTER, SECTION, ARTICLE, HAN, HAN_PAREN, DIGIT, DIGIT_PAREN, LETTER = range(10)

_UNITS = {
    **dict.fromkeys(("卷", "book", "volume"), VOLUME),
    **dict.fromkeys(("部", "编", "part"), PART),
    **dict.fromkeys(("章", "回", "chapter"), CHAPTER),
    **dict.fromkeys(("节", "section"), SECTION),
    **dict.fromkeys(("条", "article", "clause"), ARTICLE),
}


class Number(NamedTuple):
    """A numbered line: where the line starts in the view, and what number it bears."""

    line: int
    rank: int
    value: int
    end: int  # one past the numeral and its sign


@cache
def _numbered_line() -> re.Pattern[str]:
    han = numerals.HAN
    return folded(
        r"\n[ \t\xa0]*+(?:"
        rf"第 ?(?P<ordinal>[0-9]{{1,3}}|[{han}]{{1,6}}) ?(?P<unit>[卷部编章回节条])(?![件约款])"
        r"|(?P<han>[一二三四五六七八九十]{1,3}) ?[、.,]"
        r"|[(〔](?P<han_paren>[一二三四五六七八九十]{1,3})[)〕]"
        r"|(?P<digit>[0-9]{1,2}) ?[、.,](?![0-9])"
        r"|[(〔]?(?P<digit_paren>[0-9]{1,2})[)〕]"
        r"|(?P<word>book|volume|part|chapter|section|article|clause) +(?P<number>[0-9]{1,3}|[ivxl]{1,7})\b"
        r"|(?P<roman>[ivx]{1,5})[.、] "
        r"|(?P<letter>[a-h])[.)、] "
        r")"
    )


def numbers(page: Page) -> Iterator[Number]:
    """All numbered lines, in order."""
    for match in _numbered_line().finditer(page.view):
        number = _read(match)
        if number:
            yield number


def number_at(view: str, line: int) -> Number | None:
    """The number of the line of a view that starts there."""
    match = _numbered_line().match(view, line - 1)
    return _read(match) if match else None


def _read(match: re.Match[str]) -> Number | None:
    kind = match.lastgroup
    numeral = match[kind] if kind else ""
    if kind == "digit":
        value, rank = int(numeral), DIGIT
    elif kind == "han":
        value, rank = numerals.value_of(numeral), HAN
    elif kind == "unit":
        value, rank = numerals.value_of(match["ordinal"]), _UNITS[numeral]
    elif kind == "han_paren":
        value, rank = numerals.value_of(numeral), HAN_PAREN
    elif kind == "digit_paren":
        value, rank = int(numeral), DIGIT_PAREN
    elif kind == "number":
        value = int(numeral) if numeral.isdigit() else numerals.roman(numeral)
        rank = _UNITS[match["word"]]
    elif kind == "roman":
        value, rank = numerals.roman(numeral), HAN
    else:
        value, rank = ord(numeral) - 0x60, LETTER
    return Number(match.start() + 1, rank, value, match.end()) if value else None


@dataclass(frozen=True, slots=True)
class Restart:
    """The numbering of one article ends and that of another begins.

    Attributes:
        number: The first number of the new article.
        previous_line: Where the line of the last number of the old one starts.
        strength: How much it says, 0.5 to 3.5.
        boundary: The known boundary that lies between the two, if any.
    """

    number: Number
    previous_line: int
    strength: float
    boundary: int | None = None


NESTED = 0.75  # below this and at it, the running article goes on

# The higher the rank, the less often a text begins it twice.
_BY_RANK = (3.5, 3.5, 3.5, 3.0, 3.5, 3.0, 2.5, 2.5, 1.25, 1.0)


def restarts(found: Iterable[Number], boundaries: Iterable[int] = ()) -> Iterator[Restart]:
    """Where numbering starts again.

    Args:
        found: The numbered lines.
        boundaries: Positions where articles are known to begin; numbering is never carried over them.
    """
    ahead = iter(boundaries)
    boundary = next(ahead, None)
    crossed: int | None = None
    running: dict[
        int, int
    ] = {}  # rank → last number in the running article, no rank below a newer higher one
    previous: Number | None = None
    for number in found:
        while boundary is not None and boundary <= number.line:
            crossed, boundary = boundary, next(ahead, None)
        strength = _strength(running, number) if previous else 0.0
        if strength and previous:
            yield Restart(number, previous.line, strength, crossed)
        if crossed is not None or strength > NESTED:
            running.clear()
        for rank in [rank for rank in running if rank > number.rank]:
            del running[rank]
        running[number.rank] = number.value
        crossed, previous = None, number


def _strength(running: dict[int, int], number: Number) -> float:
    rank, value = number.rank, number.value
    top = min(running, default=rank)
    last = running.get(rank)
    if value != 1:
        return 0.0
    if last is None:
        # A higher rank begins after a lower one had led: a new article, or a list in the preamble.
        if running and rank < top:
            return 1.5
        # A first sub-list: nearly always its parent's. Only a line that sounds like an opening makes it more.
        return NESTED if running else 0.0
    if rank != top:
        return NESTED  # a second list under the same parent
    if last < 2:
        return 1.5
    return _BY_RANK[rank] + (0.5 if last >= 3 else 0.0)
