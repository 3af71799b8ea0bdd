"""Real years, with evidence that they are years: the matching key masks them like the masked ones.

A bare number of four digits is a year only by what stands around it: 年, 学年, 届, 년, brackets, the
rest of a date, a month's name, "since", "©". ``2015 chickens``, ``2000万元`` and
``Farm to Market Road 1999`` stay numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before
from reportclean.text.placeholders.signs import SPACE
from reportclean.text.placeholders.words import any_of, words
from reportclean.text.scanned import At, anchored

_ZERO = "〇○◯零O0０Ｏ"
_HAN_DIGIT = f"{_ZERO}一二三四五六七八九壹贰貳叁肆伍陆陸柒捌玖"
_DIGIT = "0-9０-９"
_DASH = r"\-–—－―~～至到/、"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)


@cache
def _candidate() -> re.Pattern[str]:
    arabic = (
        rf"(?<![{_DIGIT}_][12１２])"
        rf"(?:(?<=[1１])[9９]|(?<=[2２])[0０])[{_DIGIT}]{{2}}(?![{_DIGIT}_])"
    )
    han = (
        rf"(?<![{_HAN_DIGIT}百千万十][一二])(?:(?<=一)九|(?<=二)[{_ZERO}])[{_HAN_DIGIT}]{{2}}"
        rf"(?=[{SPACE}]?(?:年|[{_DASH}]{{1,2}}[一二][九{_ZERO}][{_HAN_DIGIT}]{{2}}[{SPACE}]?(?:学|學)?年|[届屆级級]))"
    )
    return re.compile(rf"[12１２一二](?:{arabic}|{han})")


@cache
def _right() -> re.Pattern[str]:
    """Evidence after the digits that needs no other."""
    year = rf"[12１２][90９０][{_DIGIT}]{{2}}"
    return re.compile(
        rf"[{SPACE}]?(?:年|年度|学年|學年|년|학년도)(?!级|級)"
        rf"|[{SPACE}]?[{_DASH}]{{1,2}}[{SPACE}]?{year}[{SPACE}]?(?:年|学年|學年|년|학년도)"
        rf"|[届屆]|级(?!别|联|以|台)|級(?!別|聯|以|台)"
        r"|([/.\-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d|[/.\-]\d)"
        r"|-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?=T\d)"
        r"|[ ](?i:annual|fiscal|financial)[ ](?i:report|review|year|accounts|plan|work)"
        r"|[ ]?(?:Q[1-4]|H[12])(?![A-Za-z0-9])"
    )


@cache
def _duration() -> re.Pattern[str]:
    """A round thousand followed by 年 that counts years."""
    return re.compile(rf"[{SPACE}]?年(?:的?(?:悠久)?(?:历史|歷史)|之久|多|以上|间|来的|前的)")


@cache
def _left() -> re.Pattern[str]:
    """Evidence before the digits that needs no other."""
    return re.compile(
        r"(?:"
        r"(?<![A-Za-z])(?:[Ss]ince|SINCE|[Yy]ears?|YEAR|FY|[Ff]iscal|[Cc]alendar|[Cc]irca)[ ]?"
        r"|©[ ]?|\([Cc]\),?[ ]|[Cc]opyright(?:ed)?[ ]"
        rf"|(?<![A-Za-z]){_MONTH}\.?,?[ ]|(?<![A-Za-z]){_MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]"
        r"|(?<![A-Za-z])(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|Q[1-4]|H[12])(?:[ ]of)?[ ]"
        r"|(?:公元|西元|农历|農曆|民国前)[ ]?"
        r")(?:(?:19|20)\d\d[ ]?[-–—/,][ ]?)?\Z"
    )


@cache
def _weak_left() -> re.Pattern[str]:
    """Words that also stand before a count, as in "in 2015 schools"."""
    span = r"(?:(?:19|20)\d\d[ ]?[-–—][ ]?)?"
    return re.compile(
        rf"(?<![A-Za-z])(?i:{any_of(words('english', 'before_years'))}(?:[ ](?:early|late|mid))?[ -])"
        rf"{span}\Z"
    )


@cache
def _weak_right() -> re.Pattern[str]:
    """What may follow a year after such a word, and does not follow a count."""
    return re.compile(
        r"\Z|[.,;:!?)\]'’\"”](?!\d)|[ ]?[-–—][ ]?(?:19|20)\d\d(?!\d)|[–—]|[，。；：、）]"
        rf"|[ ](?:[(A-Z]|{any_of(words('english', 'after_years'))}\b)"
    )


_OPENING = {"(": ")", "（": "）", "[": "]", "［": "］", "〔": "〕", "【": "】"}


def _enclosed(left: str, right: str) -> bool:
    """Whether the digits are alone in brackets, or end a citation's."""
    if not left or not right:
        return False
    if _OPENING.get(left[-1]) == right[0]:
        return True
    return right[0] in ")）" and left.endswith((", ", "，", "al. "))


def is_year(text: str, start: int, end: int) -> bool:
    """Whether four digits are a year by what stands around them."""
    round_thousand = text[start + 1 : end] in {"000", "０００"}
    if not round_thousand and text[end : end + 1] == "年" and not text[start - 1 : start].isalpha():
        return text[end + 1 : end + 2] not in {"级", "級"}  # by far the most frequent form
    left, right = before(text, start, 24), after(text, end, 24)
    if left[-1:].isascii() and left[-1:].isalpha():
        return left.endswith("FY")
    if _right().match(right):
        if round_thousand and _duration().match(right):
            return False
        return not left.endswith(("距今", "长达", "長達"))
    if _enclosed(left, right) or _left().search(left):
        return True
    return bool(_weak_left().search(left) and _weak_right().match(right))


def find_years(text: str) -> Iterator[Hit]:
    """Yield real years of 1900 to 2099 that the text shows to be years; the span is the digits alone.

    >>> [text[hit.start : hit.end] for text in ["二〇一五年", "2015 chickens"] for hit in find_years(text)]
    ['二〇一五']
    """
    for found in anchored(text, _candidate(), At("12１２一二", "9９0０九" + _ZERO)):
        start, end = found.span()
        if found.group()[0] in "一二" or is_year(text, start, end):
            yield Hit(start, end, "year", found.group())
