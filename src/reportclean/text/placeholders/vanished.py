"""Blanks that are space, odd signs, or nothing at all, told by the units that are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before, ends_line, starts_line
from reportclean.text.placeholders.signs import SPACE


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


def find_spaced_dates(text: str) -> Iterator[Hit]:
    """Yield dates whose digits are space (``　　年　　月　　日``) or gone (``自年月日起``)."""
    for found in _spaced_date().finditer(text):
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
def _lost() -> re.Pattern[str]:
    """Units whose number is gone."""
    return re.compile(
        r"[为為期人合共大小仅第](?:"
        r"(?<=[为為])期(?P<term>年|个月|個月|月|天|日)(?=的|，|。|、|；|,|（|\()"
        r"|(?<=人)民[币幣](?P<sum>元|万元|萬元)(?=[整（(，。；,、/]|\Z)"
        r")"
    )


def find_lost_numbers(text: str) -> Iterator[Hit]:
    """Yield the unit left over where a number vanished: 为期年的合同, 人民币元整."""
    for found in _lost().finditer(text):
        group = found.lastgroup or ""
        yield Hit(found.start(group), found.end(group), "number")


@cache
def _odd_year() -> re.Pattern[str]:
    """A year's first digits and signs that are no family of their own."""
    signs = rf"[?？]{{2}}|##|--|——|…{{1,2}}|\.{{2,6}}|@@|■{{2}}|▓{{2}}|●{{2}}|[{SPACE}]{{2,8}}|\u3000|[(（][{SPACE}]{{0,6}}[)）]|\[[{SPACE}]{{0,6}}\]"
    return re.compile(
        rf"[12２二](?:(?<=1)9|(?<=2)0|(?<=２)０|(?<=二)[〇○零])(?<![0-9０-９]..)(?:{signs})(?=[ ]?年(?!级|級|来|以|多))"
    )


def find_odd_years(text: str) -> Iterator[Hit]:
    """Yield years masked by what is usually punctuation: 20??年, 20--年, 20（）年, ``20　　年``."""
    for found in _odd_year().finditer(text):
        yield Hit(found.start(), found.end(), "year", found.group()[:2])
