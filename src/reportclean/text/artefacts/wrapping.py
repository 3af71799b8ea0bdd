r"""Sentences cut by a line end: joined where there is evidence, never because a line merely looks unfinished.

A line end is a candidate when the line before it stops without closing punctuation and the next one
starts without indent, number or bullet. Most candidates in sound text are headings, so one of two
kinds of evidence has to stand behind a join:

* the line end itself shows that a sentence goes on (``continuation.evidence_of``): it splits a word,
  leaves a bracket open, a comma stands after it, a preposition before it, …; in prose this is enough;
* the lines around share one width (``_in_column``), as text wrapped by a program does, *and* some of
  their ends show the former. Verse and tables share a width too, but cut no words; then all line ends
  at that width are joined, after commas as well.

Whether a line end splits a word is asked of the character model: the pair across the end must be
bound more tightly than the pairs on either side. Measured on 27,000 paragraph ends of 42 books and
200 laws, 0.13 % look like that by chance; of 42,000 cuts at random places 34 % do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.artefacts.continuation import (
    CERTAIN,
    GOES_ON,
    STRONG,
    LineEnd,
    evidence_of,
    prose_around,
)
from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import is_han, starts_block
from reportclean.text.scanned import At, anchored

MIN_LENGTH = 14  # code points of a line that may be joined alone: shorter ones are headings or verse
MIN_WIDTH = 34  # columns (a Han character takes two); narrower blocks of one width are mostly verse
WINDOW = 12  # lines looked at on either side for a common width
SLACK = 5  # columns that a full line may fall short of the widest: a sign or an English word moved down
_CHUNK = 10_000  # candidates whose windows are held at once

_OPEN = "，、“‘（《〈「『【("
_CODE = "|>#<`{}/*=&$\\"


def find_wraps(text: str) -> Iterator[Hit]:
    r"""Line ends in mid-sentence; the replacement joins the lines.

    Kind ``wrap``. The stem says what the evidence was: ``word``, ``bracket``, ``punctuation``,
    ``binding``, ``suffix``, ``fragment``, ``clause``, ``column`` or ``company``.

    >>> [(h.stem, h.replacement) for h in find_wraps("为了保证活动经费，各组认真执行公司的教\n育方案。")]
    [('word', '')]
    """
    ends = [*_candidates(text)]
    reasons = evidence_of(text, ends)
    borders = [match.start() for match in _border().finditer(text)] if any(reasons) else []
    first = 0
    for border in (*borders, len(text)):
        last = bisect_left(ends, border, lo=first, key=attrgetter("before"))
        if any(reasons[first:last]):
            yield from _of_document(text, border, ends[first:last], reasons[first:last])
        first = last


@cache
def _border() -> re.Pattern[str]:
    return re.compile("\n\x00\n")


def _of_document(text: str, stop: int, ends: list[LineEnd], reasons: list[str]) -> Iterator[Hit]:
    """The joins of one document.

    Args:
        text: The text.
        stop: Where the document ends.
        ends: Its candidates.
        reasons: What each of them shows by itself.
    """
    prose = [prose_around(text, end) for end in ends]
    company = _in_company(reasons, prose)
    column = _in_column(text, stop, ends, reasons)
    for end, reason, sure, in_column in zip(ends, reasons, prose, column, strict=True):
        alone = (reason in STRONG and sure > 0) or (reason != "" and sure > 1)
        if text[end.after - 1] != "\n":  # an indent speaks for a paragraph of its own
            joins = reason in CERTAIN and sure > 1
        else:
            joins = in_column or alone or (company and sure > 2)
        if joins:
            stem = reason or ("column" if in_column else "company")
            yield Hit(end.before, end.after, "wrap", stem=stem, replacement=_between(text, end))


# Candidates.


@cache
def _unfinished() -> re.Pattern[str]:
    # The line feed stands first, so that the search skips to it; what stands before it is looked at from
    # behind: MIN_LENGTH code points of the same line, the last of them no closing sign.
    can_end = r"\w，、“‘（《〈「『【( \t\r\u3000"
    can_start = rf"{GOES_ON}\w“‘（《〈「『("
    return re.compile(rf"\n(?<=[{can_end}]\n)(?<=[^\n]{{{MIN_LENGTH}}}\n)(?=[ \t\u3000]{{0,8}}[{can_start}])")


def _candidates(text: str) -> Iterator[LineEnd]:
    """Line ends between an unfinished line and one that starts no block."""
    for match in anchored(text, _unfinished(), At("\n", never_before="。！？；：.!?;:…”）)\n")):
        feed = match.start()
        start = text.rfind("\n", 0, feed) + 1
        before = feed
        while before > start and text[before - 1] in BLANK:
            before -= 1
        if before - start < MIN_LENGTH or text[before:feed].rstrip("\r").endswith("  "):
            continue  # two spaces are a line break of Markdown
        after = feed + 1
        while text[after] in " \t\u3000":
            after += 1
        last, first = text[before - 1], text[after]
        if not (is_han(last) or last in _OPEN or (last.isascii() and last.isalnum())):
            continue
        if not (is_han(first) or not first.isalnum() or first.isascii()):
            continue
        if not (is_han(last) or is_han(first)) and not _mostly_han(text[max(start, before - 60) : before]):
            continue
        if (last.isdigit() and first.isdigit()) or (last in "“‘" and text[before - 2] in "。！？：，"):
            continue
        stop = text.find("\n", after)
        stop = len(text) if stop < 0 else stop
        if text[start] in _CODE or _opens(text[after : min(stop, after + 40)]):
            continue
        yield LineEnd(start, before, after, stop)


def _mostly_han(line: str) -> bool:
    return sum(map(is_han, line)) * 2 >= len(line)


@cache
def _opening() -> re.Pattern[str]:
    # A label (电话：…), a date alone, an enumeration in words.
    return re.compile(
        r"[^\W\d_]{1,8}[：:]|[0-9０-９]{4}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?\s*$"
        r"|[二三四五六七八九十]是|其[一二三四五六]|第[一二三四五六七八九十]+[，、]"
    )


def _opens(line: str) -> bool:
    return starts_block(line) or _opening().match(line) is not None


# Evidence from the other line ends.


def _in_company(reasons: list[str], prose: list[int]) -> bool:
    """Whether wrapping is what ails a document.

    A third of all cuts split a word, so where two and a quarter of the unfinished sentences of a document
    show evidence, the others were cut as well. Paragraphs that merely lack a full stop show none.
    """
    shows = [reason in STRONG for reason, sure in zip(reasons, prose, strict=True) if sure > 1]
    return sum(shows) >= 2 and sum(shows) * 4 >= len(shows)


# Evidence from the lines around: one width.


def _in_column(text: str, stop: int, ends: list[LineEnd], reasons: list[str]) -> list[bool]:
    """For each candidate whether it is a full line of text wrapped at a constant width.

    Args:
        text: The text.
        stop: Where the document ends.
        ends: Its candidates.
        reasons: What each of them shows by itself.
    """
    if not any(reason in STRONG for reason in reasons):
        return [False] * len(ends)
    begin = text.rfind("\x00", 0, ends[0].start) + 1
    lines = text[begin:stop].split("\n")
    starts = np.cumsum([begin, *(len(line) + 1 for line in lines[:-1])])
    # A Han character has three bytes and two columns, a Latin letter one and one.
    widths = np.array([(len(line) + len(line.encode("utf-8", "replace"))) // 2 for line in lines])
    numbers = np.searchsorted(starts, [end.start for end in ends])
    shows = np.zeros(len(lines), dtype=bool)
    shows[numbers] = [reason in STRONG for reason in reasons]
    unfinished = np.zeros(len(lines), dtype=bool)
    unfinished[numbers] = True
    full: list[bool] = []
    for at in range(0, len(numbers), _CHUNK):
        full += _full_lines(widths, shows, unfinished, numbers[at : at + _CHUNK]).tolist()
    return full


def _full_lines(
    widths: NDArray[np.int64],
    shows: NDArray[np.bool_],
    unfinished: NDArray[np.bool_],
    numbers: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """The same for some of the candidates, by the numbers of their lines."""
    window = numbers[:, None] + np.arange(-WINDOW, WINDOW + 1)
    inside = (window >= 0) & (window < len(widths))
    window = np.clip(window, 0, len(widths) - 1)
    around = np.where(inside, widths[window], 0)
    known = np.count_nonzero(around, axis=1)
    # The widest line but for one in ten, which may be an address or a table row.
    widest = np.sort(around, axis=1)[np.arange(len(numbers)), 2 * WINDOW - known // 10][:, None]
    full = inside & (around >= widest - SLACK) & (around <= widest + 2)
    cuts = np.count_nonzero(full & shows[window], axis=1)
    ends = np.count_nonzero(full & unfinished[window], axis=1)
    lines = np.count_nonzero(full, axis=1)
    followed = widths[np.minimum(numbers + 1, len(widths) - 1)] <= widest[:, 0] + 2
    result: NDArray[np.bool_] = (
        full[:, WINDOW]
        & followed
        & (widest[:, 0] >= MIN_WIDTH)
        & (lines >= 3)
        & (lines * 10 >= known * 3)
        & ((cuts >= 2) | ((cuts >= 1) & (ends <= 4)))
        & (cuts * 12 >= ends)
    )
    return result


def _between(text: str, end: LineEnd) -> str:
    """A space where two words of Latin letters meet, else nothing."""
    last, first = text[end.before - 1], text[end.after]
    return " " if last.isascii() and first.isascii() and last.isalnum() and first.isalnum() else ""
