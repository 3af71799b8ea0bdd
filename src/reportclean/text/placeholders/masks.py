"""What the matching key masks: placeholders and real years, part by part.

A year's mask covers its digits and signs alone, so 20xx年, __年, ××××年, 二〇XX年, 2015年, 二〇一五年 read
the same once each span is replaced by one mask. A date is masked by its parts: the masked or real
year as ``year``, each masked month, day and time as ``date``; real months and days stay. So
20xx年3月5日 reads like 2015年3月5日, and ____年__月__日 like 20xx年xx月xx日. Where nothing stands between the
units (自年月日起), there is nothing to mask.

The running number of an article (篇2, 第三篇) is masked too: it says where on a page the article stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.articles import find_article_numbers
from reportclean.text.placeholders.finder import disjoint, find_placeholders
from reportclean.text.placeholders.signs import MASKS, SPACE
from reportclean.text.placeholders.years import find_years


@cache
def _year_part() -> re.Pattern[str]:
    return re.compile(rf"(?P<year>[^年月日/.\-]+?)[{SPACE}]{{0,3}}(?=年)|(?P<blank>[{SPACE}]+)(?=年)")


@cache
def _parts() -> re.Pattern[str]:
    return re.compile(rf"[{MASKS}]+|(?<=[年月日时分])[{SPACE}]{{1,16}}(?=[月日时分秒])")


@cache
def _numeric_year() -> re.Pattern[str]:
    return re.compile(rf"(?:[12][0-9]{{0,2}}[{MASKS}]+|[{MASKS}]{{4}})")


def _date_parts(text: str, hit: Hit) -> Iterator[Hit]:
    """The year of a date, then its masked parts."""
    inside = text[hit.start : hit.end]
    position = 0
    if year := (_year_part().match(inside) or _numeric_year().match(inside)):
        position = year.end()
        yield Hit(hit.start, hit.start + position, "year", hit.stem)
    for part in _parts().finditer(inside, position):
        kind = "year" if len(part.group()) == 4 and position == 0 else "date"
        yield Hit(hit.start + part.start(), hit.start + part.end(), kind)


def find_masks(text: str) -> Iterator[Hit]:
    """Yield the disjoint spans that the matching key masks, in order of start, with their kinds.

    >>> masked = lambda text: [(text[h.start : h.end], h.kind) for h in find_masks(text)]
    >>> masked("20xx年3月5日"), masked("2015年3月5日")
    ([('20xx', 'year')], [('2015', 'year')])
    >>> masked("__年__月3日")
    [('__', 'year'), ('__', 'date')]
    """
    placeholders: list[Hit] = []
    for hit in find_placeholders(text):
        if hit.kind == "date":
            placeholders.extend(_date_parts(text, hit))
        else:
            placeholders.append(hit)
    yield from disjoint([placeholders, list(find_years(text)), list(find_article_numbers(text))])
