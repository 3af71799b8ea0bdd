"""Characters that only stand for others: radicals, compatibility ideographs, private use of old GB18030."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources

from reportclean.document import Hit
from reportclean.text.charclass import CharClass, matches_at

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RADICALS = "\u2e80-\u2fd5"
_AROUND = 80  # code points of the line on either side in which radicals may be spoken of
_MAX_PARTS = 6  # of a description between braces
_MAX_RADICALS = 4  # a longer row lists radicals rather than writes with them
# Kana and Hangul: in Japanese and Korean text compatibility ideographs are meant.
_OTHER_WRITING = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"


def find_radicals(text: str) -> Iterator[Hit]:
    """Radicals that a PDF's text layer put for ideographs (⼯会): up to four together, beside an ideograph.

    Those by which a character is described (``{⻊習}``, ``⿰⻊習``) or that the line is about stay.

    >>> [(hit.start, hit.replacement) for hit in find_radicals("⼯会和⼥职工")]
    [(0, '工'), (3, '女')]
    """
    table = _equivalents()["radicals"]
    for match in matches_at(text, _radicals(), CharClass.RADICAL):
        found = match.group()
        if (
            len(found) > _MAX_RADICALS
            or not _beside_han(text, *match.span())
            or _described(text, *match.span())
        ):
            continue
        for offset, char in enumerate(found):
            if char in table:
                at = match.start() + offset
                yield Hit(at, at + 1, "radical", "", table[char])


def _beside_han(text: str, start: int, end: int) -> bool:
    return any(_han().match(char) for char in (text[start - 1 : start], text[end : end + 1]))


def _described(text: str, start: int, end: int) -> bool:
    """Whether the radical is part of a description of a character, or of a line about radicals."""
    left = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    right = text[end : end + _AROUND].partition("\n")[0]
    braces = left.rfind("{", -_MAX_PARTS) > left.rfind("}", -_MAX_PARTS) and "}" in right[:_MAX_PARTS]
    return (
        braces
        or _operator().search(left[-2:]) is not None
        or _about_radicals().search(left + "\n" + right) is not None
    )


@cache
def _operator() -> re.Pattern[str]:
    return re.compile("[\u2ff0-\u2fff\u31ef]")


@cache
def _about_radicals() -> re.Pattern[str]:
    return re.compile("部首|偏旁|部件|[Rr]adical")


def find_compatibility(text: str) -> Iterator[Hit]:
    """Compatibility ideographs, in documents that hold neither kana nor Hangul.

    Documents are parted by NUL where several are looked at together.

    >>> [hit.replacement for hit in find_compatibility("\uf9d1十")]
    ['六']
    """
    foreign: tuple[int, int, bool] = (0, -1, False)  # a document and whether it is foreign
    for match in matches_at(text, _compatibility(), CharClass.COMPATIBILITY):
        char = match.group()
        plain = unicodedata.normalize("NFC", char)
        if plain == char:  # a dozen of the block are ideographs of their own
            continue
        if not foreign[0] <= match.start() < foreign[1]:
            start = text.rfind("\0", max(0, foreign[1]), match.start()) + 1
            end = text.find("\0", match.start())
            end = len(text) if end < 0 else end
            foreign = (start, end, bool(_other_writing().search(text, start, end)))
        if not foreign[2]:
            yield Hit(match.start(), match.end(), "compatibility-ideograph", "", plain)


def find_private_use(text: str) -> Iterator[Hit]:
    """Private-use characters: ``private-use-gb18030`` where that says what they are, else ``private-use``."""
    table = _equivalents()["private_use"]
    for match in matches_at(text, _private_use(), CharClass.PRIVATE_USE):
        start, end = match.span()
        known = table.get(match.group()[0])
        if known is None:
            yield Hit(start, end, "private-use")
        else:
            yield Hit(start, end, "private-use-gb18030", "", known)


@cache
def _equivalents() -> dict[str, dict[str, str]]:
    path = resources.files("reportclean").joinpath("data", "equivalents.json")
    table: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def _radicals() -> re.Pattern[str]:
    return re.compile(f"[{_RADICALS}]+")


@cache
def _han() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]")


@cache
def _compatibility() -> re.Pattern[str]:
    return re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")


@cache
def _other_writing() -> re.Pattern[str]:
    return re.compile(f"[{_OTHER_WRITING}]")


@cache
def _private_use() -> re.Pattern[str]:
    known = "".join(_equivalents()["private_use"])
    return re.compile(f"[{known}]|(?:(?![{known}])[\ue000-\uf8ff\U000f0000-\U0010fffd])+")
