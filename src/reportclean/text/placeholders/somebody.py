"""某某 and 某: so-and-so, where it stands in a template rather than for a real person.

A court that anonymises a party writes a surname and 某某; that is a real referent and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before, starts_line
from reportclean.text.placeholders.words import any_of, characters, none_of, words
from reportclean.text.scanned import At, anchored


@cache
def _somebody() -> re.Pattern[str]:
    return re.compile(
        r"某(?:某{1,3}(?!某)|(?=单位|單位|公司|局|县|縣|市|镇|鎮|乡|鄉|村|校|厂|院|部门|街道|学校))"
    )


@cache
def _place() -> re.Pattern[str]:
    return re.compile(none_of(words("place", "unless")) + any_of(words("place", "words")))


@cache
def _organisation() -> re.Pattern[str]:
    return re.compile(
        none_of(words("organisation", "unless"), words("organisation", "immediate_unless"))
        + any_of(words("organisation", "words"), words("organisation", "immediate"))
        + r"|[一-鿿]{1,6}?(?:有限|股份|责任)?公司|[一-鿿]{1,6}?(?:局|委员会|医院|银行|学院|大学|学校)"
    )


@cache
def _title() -> re.Pattern[str]:
    return re.compile(none_of(words("person", "unless")) + any_of(words("person", "titles")))


@cache
def _role() -> re.Pattern[str]:
    return re.compile(any_of(words("person", "roles")) + r"[ ]?[：:][ \u3000]?\Z")


@cache
def _report_title() -> re.Pattern[str]:
    return re.compile(
        r"[^。！？，；]{0,40}(?:总结|總結|报告|報告|计划|計劃|方案|汇报|匯報|讲话|材料|规划|预案|制度|办法|细则|请示|通知|通报|意见|申请书|合同|协议|心得体会)"
        r"(?:[（(][^）)]{0,12}[）)])?[ ]?(?:篇?[0-9一二三四五六七八九十]{0,3})?\Z"
    )


@cache
def _surname() -> re.Pattern[str]:
    return re.compile(rf"[{characters('person', 'surnames')}于方高万时和向江河]\Z")


def find_somebody(text: str) -> Iterator[Hit]:
    """Yield 某某 before a place, an organisation or a title, and 某单位 at the head of a report."""
    for found in anchored(text, _somebody(), At("某")):
        start, end = found.span()
        left, right = before(text, start, 12), after(text, end, 48)
        if end - start == 1:
            if starts_line(text, start) and len(right) < 48 and _report_title().match(right):
                yield Hit(start, end, "organisation" if not _place().match(right) else "place")
            continue
        if _title().match(right):
            if not _surname().search(left):
                yield Hit(start, end, "person")
        elif _place().match(right):
            yield Hit(start, end, "place")
        elif _organisation().match(right):
            if not _surname().search(left) or not right.startswith(("行", "处", "社")):
                yield Hit(start, end, "organisation")
        elif _role().search(left):
            yield Hit(start, end, "person")
