"""Punctuation that copying doubled, split or swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit

_GAPS = ("", " ", "\u3000")
_STOPS = "。｡"
_COMMAS = "，、；："
# A pair at the start of a line or after one of these is a face or a sign shown, no slip.
_NOT_AFTER = " \t\n\r\x00\u3000(（[【「『《“‘" + _STOPS + _COMMAS
# Three and more are typed for an ellipsis; _ and ﾟ go on with a face.
_NOT_BEFORE = _STOPS + _COMMAS + "_ﾟ"


def find_doubled_stops(text: str) -> Iterator[Hit]:
    """A full stop that stands twice, alone or with one space between.

    >>> [h.replacement for h in find_doubled_stops("进行清理。。参加")]
    ['。']
    """
    return _doubled(text, _STOPS, "doubled-stop")


def find_doubled_commas(text: str) -> Iterator[Hit]:
    """The same for ， 、 ； and ：.

    >>> [h.replacement for h in find_doubled_commas("第一，，第二")]
    ['，']
    """
    return _doubled(text, _COMMAS, "doubled-comma")


@cache
def _pair(sign: str) -> re.Pattern[str]:
    return re.compile(rf"{sign}[ \u3000]?{sign}")


def _doubled(text: str, signs: str, kind: str) -> Iterator[Hit]:
    hits = [
        Hit(match.start(), match.end(), kind, replacement=sign)
        for sign in signs
        if any(sign + gap + sign in text for gap in _GAPS)
        for match in _pair(sign).finditer(text)
        if match.start()
        and text[match.start() - 1] not in _NOT_AFTER
        and text[match.end() : match.end() + 2].lstrip(" \u3000")[:1] not in {*_NOT_BEFORE}
    ]
    return iter(sorted(hits, key=lambda hit: hit.start))
