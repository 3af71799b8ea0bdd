"""Punctuation that copying doubled, split or swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.scanned import At, anchored, han_letters

_STOPS = "。｡"
_COMMAS = "，"
# A pair at the start of a line or after one of these is a face or a sign shown, no slip.
_NOT_AFTER = " \t\n\r\x00\u3000(（[【「『《“‘；：、" + _STOPS + _COMMAS
# Three and more are typed for an ellipsis; _ and ﾟ go on with a face.
_NOT_BEFORE = _STOPS + _COMMAS + "；：、_ﾟ"


def find_doubled_stops(text: str) -> Iterator[Hit]:
    """A full stop that stands twice, alone or with one space between.

    >>> [h.replacement for h in find_doubled_stops("进行清理。。参加")]
    ['。']
    """
    return _doubled(text, _STOPS, "doubled-stop")


def find_doubled_commas(text: str) -> Iterator[Hit]:
    """The same for ，. Of 、、 a word may be lost, so that is no slip.

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
        for match in anchored(text, _pair(sign), At(sign, sign + " \u3000"))
        if match.start()
        and text[match.start() - 1] not in _NOT_AFTER
        and text[match.end() : match.end() + 2].lstrip(" \u3000")[:1] not in {*_NOT_BEFORE}
    ]
    return iter(sorted(hits, key=lambda hit: hit.start))


@cache
def _low_quotes() -> re.Pattern[str]:
    return re.compile(r"„„{1,11}")


def find_low_quotes(text: str) -> Iterator[Hit]:
    """Two or more low quotation marks where an ellipsis was: its bytes read in another table.

    Kind ``low-quotes``; the replacement has as many ellipsis signs.

    >>> [h.replacement for h in find_low_quotes("加强管理„„提高水平")]
    ['……']
    """
    for match in anchored(text, _low_quotes(), At("„", "„")):
        yield Hit(match.start(), match.end(), "low-quotes", replacement="…" * (match.end() - match.start()))


@cache
def _lost_opening() -> re.Pattern[str]:
    return re.compile(r"。([1１一])([)）])(?<=[\u4e00-\u9fff]。[1１一][)）])(?=[\u4e00-\u9fff])")


_SECOND = {"1": "2", "１": "２", "一": "二"}
_OPENING = {")": "(", "）": "（"}
_CLOSERS = "，。、；：！？）\n"
_FAR = 2000  # code points within which the second entry of the enumeration must stand


def find_lost_openings(text: str) -> Iterator[Hit]:
    """``。1)`` where ``(1)`` stood: the second entry of the same enumeration has its opening bracket.

    Kind ``lost-opening``; the replacement is the bracket.

    >>> [h.replacement for h in find_lost_openings("工作要点。1)加强领导；(2)落实责任。")]
    ['(']
    """
    for match in anchored(text, _lost_opening(), At("。", "1１一")):
        number, closing = match[1], match[2]
        stop = text.find("\x00", match.end(), match.end() + _FAR)
        rest = text[match.end() : stop if stop >= 0 else match.end() + _FAR]
        second = rest.find(_SECOND[number] + closing)
        if second > 0 and rest[second - 1] == _OPENING[closing]:
            yield Hit(match.start(), match.start() + 1, "lost-opening", replacement=_OPENING[closing])


@cache
def _unclosed() -> re.Pattern[str]:
    # To the next quotation mark or the end of the paragraph, without a way back: linear. A straight mark
    # may close what a curly one opened.
    return re.compile(r"“(?<=[\u4e00-\u9fff]“)[^“”\"\n]{1,2000}+(?=“|\n|\Z)")


def find_unclosed_quotes(text: str) -> Iterator[Hit]:
    """A quoted term that opens inside a paragraph and is closed neither there nor in the next one.

    Kind ``unclosed-quote``, no replacement: where it ended is not known. Only after a Han character:
    speech after a colon or at the start of a paragraph may run over several.

    >>> [h.start for h in find_unclosed_quotes("大力实施“科教兴市战略，培育创新主体。")]
    [4]
    """
    for match in anchored(text, _unclosed(), At("“", before=han_letters())):
        start, end = match.span()
        following = text[end : end + _FAR].partition("\x00")[0]
        closing, opening = following.find("”"), following.find("“")
        if text[start + 1] in _CLOSERS or (text.startswith("“", end) and following[1:2] in {*_CLOSERS}):
            continue  # an opening sign typed where a closing one was meant
        if text.startswith("“", end) and text[end - 1] in "（(":
            continue  # a remark inside the quotation quotes something itself
        if text.startswith("“", end) or closing < 0 or 0 <= opening < closing:
            yield Hit(start, start + 1, "unclosed-quote")
