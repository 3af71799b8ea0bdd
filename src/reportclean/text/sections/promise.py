"""The promised count of a compiled page: 精选13篇, 【集合4篇】, 十五篇, 5 articles.

Only lines near the top that look like a title, and the teaser that repeats it, are read: 发表论文3篇
in the body promises nothing.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from reportclean.document import Hit
from reportclean.text.folding import seen_as
from reportclean.text.sections import numerals
from reportclean.text.sections.page import Line, Page, folded
from reportclean.text.sections.words import any_of

TOP_LINES = 14
TOP_CHARACTERS = 4000
LONGEST_TITLE = 90
LONGEST_TEASER = 400

_COUNT = rf"(?P<count>(?<![0-9第])[0-9]{{1,3}}|(?<![第{numerals.HAN}])[{numerals.HAN}]{{1,4}}) ?(?:篇|份|则)"


def promised_count(text: str) -> Hit | None:
    r"""The count that the top of a page promises, as a hit of kind ``promise`` with the number as its stem.

    >>> promised_count("年度工作总结（精选13篇）\n").stem
    '13'
    >>> promised_count("本年度共发表论文3篇，其中核心期刊1篇。")
    """
    # The top is enough: the view is one to one, so nothing below changes what stands there.
    top = text[: TOP_CHARACTERS + LONGEST_TITLE]
    may = any(sign in top for sign in _signs())
    return promise_of(Page(top)) if may else None


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
    # Few lines hold a measure word at all, and English promises stand in English lines.
    if not (head.isascii() or "篇" in head or "份" in head or "则" in head) or _is_prose().match(head):
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
def _signs() -> str:
    """One of these is in every promise: a measure word, or the s of an English plural."""
    return seen_as("篇份则s")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Patterns, and whether the line must be short: a bracketed count is believed in a teaser too."""
    collected, english = any_of("collected"), any_of("collected_english")
    in_title = "(?=$|[ )_|\\-–—:!之])"
    return (
        (
            folded(
                rf"[(【\[〔「『《<][^()【】\[\]\n]{{0,14}}?{_COUNT}[^()【】\[\]\n]{{0,8}}[)】\]〕」』》>]"
            ),
            False,
        ),
        (folded(rf"{collected}[^。,;:!?\n0-9]{{0,4}}{_COUNT}(?=$|[ )_|\-–—,。:!之])"), False),
        (folded(rf"{any_of('praised', 'genre')}[^。,;:!?\n0-9]{{0,4}}{_COUNT}{in_title}"), True),
        (folded(rf"(?:共|合计) ?{_COUNT}{in_title}"), True),
        (folded(rf"^[^。,;:!?\n]{{0,6}}{_COUNT}[^。;\n]{{0,40}}{any_of('genre')}$"), True),
        (
            folded(
                rf"(?:^|[^\w.])(?P<count>[0-9]{{1,3}}|{'|'.join(numerals.WORDS)})"
                rf" (?:[a-z][a-z'’-]* ){{0,4}}{english}\b"
            ),
            True,
        ),
    )


@cache
def _is_prose() -> re.Pattern[str]:
    """Numbered lines promise nothing: 五、本合同一式两份."""
    return folded(
        rf"(?:[0-9]{{1,2}}|[{numerals.HAN}]{{1,3}}) ?[、.,](?![0-9])|[(][{numerals.HAN}0-9]{{1,3}}[)]"
        rf"|第[{numerals.HAN}0-9]+[章节条]"
    )


@cache
def _counts_output() -> re.Pattern[str]:
    """What makes a count one of papers written: 发表论文3篇."""
    return folded(any_of("output"))
