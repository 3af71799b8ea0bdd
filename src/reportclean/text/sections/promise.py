"""The promised count of a compiled page: 精选13篇, 【集合4篇】, 十五篇, 5 articles.

Only lines near the top that look like a title, and the teaser that repeats it, are read: 发表论文3篇
in the body promises nothing.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from reportclean.document import Hit
from reportclean.text.sections import numerals
from reportclean.text.sections.cues import GENRE
from reportclean.text.sections.page import Line, Page, folded

TOP_LINES = 14
TOP_CHARACTERS = 4000
LONGEST_TITLE = 90
LONGEST_TEASER = 400

_COUNT = rf"(?P<count>(?<![0-9第])[0-9]{{1,3}}|(?<![第{numerals.HAN}])[{numerals.HAN}]{{1,4}}) ?(?:篇|份|则)"
_COLLECTED = "精选|精品|通用|集合|合集|合辑|汇编|汇总|大全|锦集|集锦|专题|汇集|选集|选编|范文|模板|模版|样本|例文|荐读|推荐|常用|多篇"
_PRAISED = "最新|优秀|热门|实用|必备|优质|经典|整理|收集|分享|文档|全新|超值|关于"
_ENGLISH = (
    "articles|essays|samples|speeches|reports|templates|letters|stories|papers|summaries|reviews|statements"
)


def promised_count(text: str) -> Hit | None:
    """The count that the top of a page promises, as a hit of kind ``promise`` with the number as its stem.

    >>> promised_count("年度工作总结（精选13篇）\\n").stem
    '13'
    >>> promised_count("本年度共发表论文3篇，其中核心期刊1篇。")
    """
    # The top is enough: the view is one to one, so nothing below changes what stands there.
    return promise_of(Page(text[: TOP_CHARACTERS + LONGEST_TITLE]))


def promise_of(page: Page) -> Hit | None:
    """The same on a page that is already at hand."""
    for line in islice(page.lines(1, TOP_CHARACTERS), TOP_LINES):
        match = count_in(line)
        if match:
            shift = line.start + line.indent - 1
            return Hit(
                shift + match.start("count"), shift + match.end("count"), "promise", str(_value(match))
            )
    return None


def _value(match: re.Match[str]) -> int:
    return numerals.value_of(match["count"]) or numerals.word(match["count"])


def count_in(line: Line) -> re.Match[str] | None:
    """The match, with a group ``count``, of a promise of two or more in a title line or teaser."""
    head = line.text[:LONGEST_TEASER]
    if _is_prose().match(head):
        return None
    whole = len(line.text) <= LONGEST_TITLE and line.text[-1] not in "。;"
    for pattern, needs_whole in _patterns():
        if needs_whole and not whole:
            continue
        for match in pattern.finditer(head):
            before = head[: match.start("count")]
            if _value(match) >= 2 and not _counts_output().search(before[-12:]):
                return match
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Patterns, and whether the line must be short: a bracketed count is believed in a teaser too."""
    return (
        (
            folded(
                rf"[(【\[〔「『《<][^()【】\[\]\n]{{0,14}}?{_COUNT}[^()【】\[\]\n]{{0,8}}[)】\]〕」』》>]"
            ),
            False,
        ),
        (folded(rf"(?:{_COLLECTED})[^。,;:!?\n0-9]{{0,4}}{_COUNT}(?=$|[ )_|\-–—,。:!之])"), False),
        (folded(rf"(?:{_PRAISED}|{GENRE})[^。,;:!?\n0-9]{{0,4}}{_COUNT}(?=$|[ )_|\-–—:!之])"), True),
        (folded(rf"(?:共|合计) ?{_COUNT}(?=$|[ )_|\-–—:!])"), True),
        (folded(rf"^[^。,;:!?\n]{{0,6}}{_COUNT}[^。;\n]{{0,40}}(?:{GENRE}|范文|作文|例文)$"), True),
        (
            folded(
                rf"(?:^|[^\w.])(?P<count>[0-9]{{1,3}}|{'|'.join(numerals.WORDS)})"
                rf" (?:[a-z][a-z'’-]* ){{0,4}}(?:{_ENGLISH})\b"
            ),
            True,
        ),
    )


@cache
def _is_prose() -> re.Pattern[str]:
    """Numbered lines promise nothing: 五、本合同一式两份."""
    return folded(
        rf"(?:[0-9]{{1,2}}|[{numerals.HAN}]{{1,3}}) ?[、.,](?![0-9])|[(][{numerals.HAN}0-9]{{1,3}}[)]|第[{numerals.HAN}0-9]+[章节条]"
    )


@cache
def _counts_output() -> re.Pattern[str]:
    """What makes a count one of papers written: 发表论文3篇."""
    return folded(
        "论文|发表|撰写|采用|刊登|刊发|投稿|获奖|报送|信息稿|稿件|报道|完成|published|wrote|submitted|一式|每人|每年|每月"
    )
