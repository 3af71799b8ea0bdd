"""Running numbers of articles (篇1, 篇一, 第三篇): they say where on a page it stands, nothing about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.scanned import At, anchored

_HAN = "一二三四五六七八九十"


@cache
def _number() -> re.Pattern[str]:
    number = rf"\d{{1,3}}|[{_HAN}]{{1,3}}"
    after = rf"(?<=篇)[ \u3000]?(\d{{1,3}}(?!\d)|[{_HAN}]{{1,3}})"
    return re.compile(rf"[篇第](?:{after}|(?<=第)({number})(?=篇))")


def find_article_numbers(text: str) -> Iterator[Hit]:
    r"""The numbers of articles; kind ``ordinal``, the stem is the number, for it is known.

    The same article under two headings, 篇2 here and 篇7 there, has the same matching key.

    >>> text = "年度工作总结 篇12\n第三篇 发表论文3篇"
    >>> [text[hit.start : hit.end] for hit in find_article_numbers(text)]
    ['12', '三']
    """
    if "篇" not in text:
        return
    for match in anchored(text, _number(), At("篇第")):
        start, end = match.span(1 if match[1] else 2)
        yield Hit(start, end, "ordinal", text[start:end])
