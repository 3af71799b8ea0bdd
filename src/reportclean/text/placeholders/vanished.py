"""Blanks that are space, odd signs, or nothing at all, told by the units that are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before, ends_line, starts_line
from reportclean.text.placeholders.signs import SPACE
from reportclean.text.scanned import At, anchored

_SPACES = " \t\u3000\xa0"


@cache
def _spaced_date() -> re.Pattern[str]:
    return re.compile(rf"年(?P<month>[{SPACE}]{{0,16}})月(?P<day>[{SPACE}]{{0,16}})日")


@cache
def _year_before() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<stem>(?<!\d)(?:[12]\d{{0,3}}|[一二][九〇○零][〇○零一二三四五六七八九]{{0,2}}))[{SPACE}]{{0,12}}|[{SPACE}]{{1,30}})\Z"
    )


_FROM = ("自", "于", "於", "至", "到", "截至", "在", "从", "起", "乙方", "：", ":", "止")
_UNTIL = ("起", "止", "至", "签订", "簽訂", "前", "以前", "之前", "到", "生效", "签字", "（", "(")


@cache
def _spaced_month() -> re.Pattern[str]:
    return re.compile(rf"年[{SPACE}]{{2,16}}月")


@cache
def _wide_space() -> re.Pattern[str]:
    return re.compile(rf"[{SPACE}]{{2,30}}\Z")


def find_spaced_months(text: str) -> Iterator[Hit]:
    """Yield a year and a month that are space, where no day follows."""
    for found in anchored(text, _spaced_month(), At("年", _SPACES)):
        lead = _wide_space().search(before(text, found.start(), 32))
        if lead and not after(text, found.end(), 20).lstrip(" \t\u3000\xa0").startswith("日"):
            yield Hit(found.start() - len(lead.group()), found.end(), "date")


def find_spaced_dates(text: str) -> Iterator[Hit]:
    """Yield dates whose digits are space (``　　年　　月　　日``) or gone (``自年月日起``)."""
    for found in anchored(text, _spaced_date(), At("年", _SPACES + "月")):
        start, end = found.span()
        left, right = before(text, start, 32), after(text, end, 4)
        if right.lstrip(" \u3000").startswith(("时", "時")) and not found["month"]:
            continue
        year = _year_before().search(left)
        lead = year.group() if year else ""
        stem = (year["stem"] or "") if year else ""
        begin = start - len(lead)
        wide = len(lead) >= 2 or len(found["month"]) >= 2 or len(found["day"]) >= 2
        alone = starts_line(text, begin) and ends_line(text, end)
        rest = before(text, begin, 4)
        told = rest.endswith(_FROM) or right.startswith(_UNTIL)
        if wide or stem or alone or (told and not right.startswith(("时", "時", "均"))):
            if not found["month"] and not wide and not stem and rest.endswith(("出生", "生")):
                continue
            yield Hit(begin, end, "date", stem)


@cache
def _lost() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Units whose number is gone, by what stands before it: a literal, which is found fastest."""
    term = "(?P<unit>年|个月|個月|月|天|日)(?=[的，。、；,（(])"
    money = r"(?P<unit>元|万元|萬元)(?=[整（(，。；,、/]|\Z|\n)"
    heads = {
        "为期": term,
        "為期": term,
        "爲期": term,
        "期限为": term,
        "期限為": term,
        "人民币": money,
        "人民幣": money,
    }
    return tuple((head, re.compile(head + unit)) for head, unit in heads.items())


def find_lost_numbers(text: str) -> Iterator[Hit]:
    """Yield the unit left over where a number vanished: 为期年的合同, 人民币元整."""
    hits = [
        Hit(*found.span("unit"), "number")
        for head, pattern in _lost()
        for found in anchored(text, pattern, At(head[0], head[1]))
    ]
    yield from sorted(hits, key=lambda hit: hit.start)


_ODD = "?？#-—….@■▓●(（[ \t\u3000\xa0"  # what the signs of an odd year begin with


@cache
def _odd_year() -> re.Pattern[str]:
    """A year's first digits and signs that are no family of their own."""
    signs = "|".join(
        (
            r"[?？]{2}|##|--|——|…{1,2}|\.{2,6}|@@|■{2}|▓{2}|●{2}",
            rf"[{SPACE}]{{2,8}}|\u3000",
            rf"[(（][{SPACE}]{{0,6}}[)）]|\[[{SPACE}]{{0,6}}\]",
        )
    )
    digits = r"[12２二](?:(?<=1)9|(?<=2)0|(?<=２)０|(?<=二)[〇○零])(?<![0-9０-９]..)"
    return re.compile(rf"{digits}(?:{signs})(?=[ ]?年(?!级|級|来|以|多|[{SPACE}]+月))")


def find_odd_years(text: str) -> Iterator[Hit]:
    """Yield years masked by what is usually punctuation: 20??年, 20--年, 20（）年, ``20　　年``."""
    for found in anchored(text, _odd_year(), At("12２二", "90０〇○零", third=_ODD)):
        yield Hit(found.start(), found.end(), "year", found.group()[:2])
