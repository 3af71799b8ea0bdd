"""Page numbers that stayed in the text when the pages went: on a line of their own or inside one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby, pairwise

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.continuation import CERTAIN, LOOK, evidence_of, prose_around
from reportclean.text.artefacts.lineends import LineEnds
from reportclean.text.artefacts.lines import (
    BORDER,
    LineCursor,
    next_line,
    previous_line,
    with_line_end,
)
from reportclean.text.artefacts.prose import MIN_PROSE, is_han, is_open, is_prose, starts_block
from reportclean.text.scanned import At, Scanned, anchored

_BLANK = " \t\r\u3000\xa0\x0c"
_DASHES = "-–—－―─~～·•"
_DIGITS = "0123456789０１２３４５６７８９"
_POINTERS = "在见見从從到是为為于於的如看翻即由至及和或每"  # "…见第3页" speaks of a page
_HAN_NUMERALS = "一二三四五六七八九十百零〇两兩"
_COUNTED = _HAN_NUMERALS + "班年月日号號楼樓栋棟室季期组組队隊元人个個级級届屆章节節条條点點时時"
_AROUND = 200  # code points looked at on either side; also what keeps long lines linear
_APART = 100  # code points between two footers of one series, at least


def find_page_numbers(text: str) -> Iterator[Hit]:
    r"""``- 1 -``, ``第 1 页 共 10 页``, ``Page 1 of 10``, ``1/10``: whole lines, or inside a sentence.

    Kinds: ``page-line`` (its line goes, and with it the blank lines around it where it split a
    sentence) and ``page-inline``. All have a replacement. Inside a line a number between dashes counts
    only where the line is prose; a lone ``1/10`` only where a series of them runs through the document, a
    lone ``12`` only where it splits a word.

    >>> [(h.kind, h.replacement) for h in find_page_numbers("加强领导\n- 1 -\n科技宣传")]
    [('page-line', '')]
    """
    floor = 0
    cursor = LineCursor(text)
    for start, end, form in sorted(
        (*_dashed(text), *_worded(text), *_fractions(text), *_bare(text)), key=_longest_first
    ):
        if start < floor:
            continue
        line_start, line_end = cursor.at(start)
        before = text[max(line_start, start - _AROUND) : start].rstrip(_BLANK)
        after = text[end : min(line_end, end + _AROUND)].lstrip(_BLANK)
        if not before and not after:
            hit = _line_hit(text, line_start, line_end, floor)
        elif _MAY_STAND_INSIDE[form](text, start, end, before, after):
            hit = _inline_hit(text, start, end, max(line_start, floor), line_end)
        else:
            continue
        floor = hit.end
        yield hit


def _longest_first(found: tuple[int, int, str]) -> tuple[int, int]:
    return found[0], -found[1]


# What a page number looks like: (start, end, form).


@cache
def _dash_pattern() -> re.Pattern[str]:
    dash = f"[{re.escape(_DASHES)}]"
    # At most three digits: —1998— is a year.
    return re.compile(rf"({dash})({dash}?)[ \t\u3000]?[0-9０-９]{{1,3}}[ \t\u3000]?({dash})({dash}?)")


def _dashed(text: str) -> Iterator[tuple[int, int, str]]:
    for match in anchored(text, _dash_pattern(), At(_DASHES, _DASHES + _DIGITS + " \t\u3000")):
        start, end = match.span()
        outer, inner, close, last = match.groups()
        around = text[start - 1 : start] + text[end : end + 1]
        if outer == close and inner == last and inner in ("", outer) and outer not in around:
            yield start, end, "dashed"


@cache
def _page_patterns() -> tuple[tuple[str, re.Pattern[str], At], ...]:
    gap = r"[ \t\u3000]{0,4}"
    number = rf"(?:[0-9０-９]{{1,4}}|[{_HAN_NUMERALS}]{{1,4}})"
    page = rf"第{gap}{number}{gap}[页頁]"
    total = rf"{gap}{number}{gap}[页頁]"
    between = r"[ \t\u3000,，、/／()（|;；]{0,6}"
    second = _DIGITS + _HAN_NUMERALS + " \t\u3000"
    # Each begins with a plain character, so that the search skips.
    return (
        ("line", re.compile(rf"{page}(?P<full>{between}[共总總]{total}[)）]?)?"), At("第", second)),
        ("full", re.compile(rf"共{total}{between}{page}[)）]?"), At("共", second)),
        ("english", re.compile(r"P(?:age|AGE) [0-9]{1,4} (?:of|OF|/) [0-9]{1,4}\b"), At("P", "aA")),
    )


def _worded(text: str) -> Iterator[tuple[int, int, str]]:
    for form, pattern, at in _page_patterns():
        for match in anchored(text, pattern, at):
            form_here = match.lastgroup or form
            opening = form_here == "full" and text[match.start() - 1 : match.start()] in ("(", "（")
            yield match.start() - opening, match.end(), form_here


@cache
def _fraction_pattern() -> re.Pattern[str]:
    return re.compile(r"/[ \t]?([0-9]{1,4})[ \t\r]*$", re.MULTILINE)


def _fractions(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines ``1/10``, ``2/10``, … of one document, in rising order and far apart."""
    if "/" not in text:
        return
    pages: list[tuple[int, int, int, int, int]] = []  # document, total, number, start, end
    document = counted = 0
    for match in anchored(text, _fraction_pattern(), At("/", _DIGITS[:10] + " \t")):
        head = text[max(0, match.start() - 12) : match.start()]
        number = head.rpartition("\n")[2].strip()
        if not (number.isascii() and number.isdigit()) or ("\n" not in head and match.start() > 12):
            continue
        start = match.start() - len(head.rpartition("\n")[2])
        document += text.count(BORDER, counted, start)
        counted = start
        pages.append((document, int(match[1]), int(number), start, match.end()))
    for _, group in groupby(sorted(pages), key=lambda page: page[:2]):
        series = list(group)
        if len(series) > 1 and all(
            one[2] < two[2] <= two[1] and one[4] + _APART <= two[3] for one, two in pairwise(series)
        ):
            yield from ((start, end, "line") for *_, start, end in series)


@cache
def _bare_pattern() -> re.Pattern[str]:
    return re.compile(r"\n(?=[ \t]{0,8}([0-9]{1,3})[ \t\r]{0,4}\n([\u4e00-\u9fff]))")


def _bare(text: str) -> Iterator[tuple[int, int, str]]:
    """Lone numbers between the halves of a sentence."""
    number = _DIGITS[:10]
    opens = At("\n", number + " \t", third=number + " \t\r\n")
    for match in anchored(text, _bare_pattern(), opens):
        before, after = match.start(), match.start(2)
        start = text.rfind("\n", 0, before) + 1
        if before - start < MIN_PROSE or not is_open(text[max(start, before - _AROUND) : before]):
            continue
        if _goes_on(text, start, before, after):
            yield match.start(1), match.end(1), "line"


def _goes_on(text: str, start: int, before: int, after: int) -> bool:
    """Whether a sentence of prose goes on from one line, of which start and end are given, in another."""
    start = max(start, before - LOOK)
    stop = text.find("\n", after, after + LOOK)
    stop = stop if stop >= 0 else min(after + LOOK, len(text))
    around = Scanned(text[start:stop])
    end = LineEnds(*(np.array([place - start]) for place in (start, before, after, stop)))
    return bool(evidence_of(around, end)[0] <= CERTAIN and prose_around(around, end)[0] > 1)


# Whether it may be one although other text stands on its line.


def _dashed_inside(text: str, start: int, _end: int, before: str, after: str) -> bool:
    left, right = before[-1:], after[:1]
    if (left and left in _HAN_NUMERALS) or (right and right in _COUNTED):
        return False
    if not before:  # the sentence comes from the line above
        previous = previous_line(text, text.rfind("\n", 0, start) + 1)
        if previous is None or not is_prose(after):
            return False
        head = text[max(previous[0], previous[1] - _AROUND) : previous[1]]
        return len(head) >= MIN_PROSE and is_open(head)
    if not after:
        return (is_han(left) or left in "，、；。：”）)") and is_prose(before)
    return (is_han(left) or left in "，、") and is_han(right) and is_prose(before + after)


def _full_inside(_text: str, _start: int, _end: int, before: str, after: str) -> bool:
    if not before or not after:
        return True
    left = before[-1]
    return left not in _POINTERS and (is_han(left) or left in "，、。；") and is_han(after[0])


def _english_inside(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Beside a running head, a gap apart from it: a sentence may speak of page 1 of 10."""
    left = not before or text.endswith(("\t", "  "), 0, start)
    right = not after or text.startswith(("\t", "  "), end)
    return left and right


def _never(_text: str, _start: int, _end: int, _before: str, _after: str) -> bool:
    return False


_MAY_STAND_INSIDE: dict[str, Callable[[str, int, int, str, str], bool]] = {
    "dashed": _dashed_inside,
    "full": _full_inside,
    "english": _english_inside,
    "line": _never,
}


def _inline_hit(text: str, start: int, end: int, line_start: int, line_end: int) -> Hit:
    """The number with the spaces around it; one space stays between two words that need it."""
    while start > line_start and text[start - 1] in _BLANK:
        start -= 1
    while end < line_end and text[end] in _BLANK and text[end] != "\r":
        end += 1
    inside = line_start < start and end < line_end
    words = text[start - 1 : start].isascii() and text[end : end + 1].isascii()
    return Hit(start, end, "page-inline", replacement=" " if inside and words else "")


def _line_hit(text: str, line_start: int, line_end: int, floor: int) -> Hit:
    """The whole line; where it split a sentence, the blank lines around it as well."""
    above = _text_line(text, previous_line(text, line_start), up=True)
    below = _text_line(text, next_line(text, line_end), up=False)
    if above and below and above[1] >= floor and (above[1] + 1 < line_start or line_end + 1 < below[0]):
        head = text[max(above[0], above[1] - _AROUND) : above[1]]
        tail = text[below[0] : min(below[1], below[0] + _AROUND)]
        if is_prose(head) and is_open(head) and is_han(tail[:1]) and not starts_block(tail):
            return Hit(above[1], below[0], "page-line", replacement="\n")
    start, end = with_line_end(text, line_start, line_end, floor)
    return Hit(max(start, floor), end, "page-line", replacement="")


def _text_line(text: str, line: tuple[int, int] | None, *, up: bool) -> tuple[int, int] | None:
    """The line, or the first one past it that is not blank; at most three blank ones are passed."""
    for _ in range(4):
        if line is None or text[line[0] : min(line[1], line[0] + _AROUND)].strip(_BLANK):
            return line
        line = previous_line(text, line[0]) if up else next_line(text, line[1])
    return None
