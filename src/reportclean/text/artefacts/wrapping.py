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
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.artefacts.continuation import GOES_ON, STRONG, LineEnd, evidence_of, prose_around
from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import is_han, starts_block
from reportclean.text.charclass import CharClass, code_points, table

MIN_LENGTH = 14  # code points of a line that may be joined alone: shorter ones are headings or verse
MIN_WIDTH = 34  # columns (a Han character takes two); narrower blocks of one width are mostly verse
WINDOW = 12  # lines looked at on either side for a common width
SLACK = 5  # columns that a full line may fall short of the widest: a sign or an English word moved down
_LINE_FEED = 10
_CHUNK = 10_000  # candidates whose windows are held at once

_OPEN = "，、；：“‘（《〈「『【(—"
_CODE = "|>#<`{}/*=&$\\"


class _Lines(NamedTuple):
    """The lines of a text, borders among them."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]  # without the line feed
    widths: NDArray[np.int64]  # 0 for blank lines
    document: NDArray[np.int64]


def find_wraps(text: str) -> Iterator[Hit]:
    r"""Line ends in mid-sentence; the replacement joins the lines.

    Kind ``wrap``. The stem says what the evidence was: ``word``, ``bracket``, ``punctuation``,
    ``binding``, ``suffix``, ``fragment``, ``clause``, ``column`` or ``company``.

    >>> [(h.stem, h.replacement) for h in find_wraps("为了保证活动经费，各组认真执行公司的教\n育方案。")]
    [('word', '')]
    """
    points = code_points(text)
    feeds = np.flatnonzero(points == _LINE_FEED)
    if not len(feeds):
        return
    candidates = _candidates(text, points, feeds)
    if not candidates:
        return
    lines = _lines(points, feeds)
    evidence = evidence_of(text, candidates)
    numbers = np.array([candidate.line for candidate in candidates])
    column = _in_column(lines, numbers, evidence)
    prose = [prose_around(text, candidate) for candidate in candidates]
    company = _in_company(lines.document[numbers], evidence, prose)
    for candidate, reason, in_column, sentence, in_company in zip(
        candidates, evidence, column, prose, company, strict=True
    ):
        alone = (reason in STRONG and sentence > 0) or (reason != "" and sentence > 1)
        if in_column or alone or (in_company and sentence > 2):
            stem = reason or ("column" if in_column else "company")
            replacement = _between(text, candidate.before, candidate.after)
            yield Hit(candidate.before, candidate.after, "wrap", stem=stem, replacement=replacement)


def _candidates(text: str, points: NDArray[np.uint32], feeds: NDArray[np.int64]) -> list[LineEnd]:
    """Line ends between an unfinished line and one that starts no block."""
    classes = table()
    letters = CharClass.HAN | CharClass.ASCII_LETTER | CharClass.ASCII_DIGIT | CharClass.COMMA
    signs = (
        letters | CharClass.BRACKET | CharClass.PAREN | CharClass.LATIN1_HIGH
    )  # curly quotes are among these
    can_end = signs | CharClass.TAB_OR_SPACE | CharClass.LINE_END | CharClass.DASH
    can_start = signs | CharClass.FULL_STOP
    inner = feeds[(feeds > 0) & (feeds + 1 < len(points))]
    sides = (classes[points[inner - 1]] & np.uint32(can_end) > 0) & (
        classes[points[inner + 1]] & np.uint32(can_start) > 0
    )
    number = np.searchsorted(feeds, inner)
    starts = np.concatenate(([-1], feeds))[number] + 1
    long_enough = inner - starts >= MIN_LENGTH
    found = []
    stops = np.append(feeds, len(text))[number + 1]
    chosen = sides & long_enough
    for line, start, feed, stop in zip(
        number[chosen].tolist(),
        starts[chosen].tolist(),
        inner[chosen].tolist(),
        stops[chosen].tolist(),
        strict=True,
    ):
        before = feed
        while before > start and text[before - 1] in BLANK:
            before -= 1
        trailing = text[before:feed].rstrip("\r")
        if before - start < MIN_LENGTH or trailing.endswith("  "):  # two spaces: a line break of Markdown
            continue
        last, first = text[before - 1], text[feed + 1]
        if not (is_han(last) or last in _OPEN or (last.isascii() and last.isalnum())):
            continue
        if not (
            is_han(first)
            or first in GOES_ON
            or first in "“‘（《〈「『("
            or (first.isascii() and first.isalnum())
        ):
            continue
        if (last.isdigit() and first.isdigit()) or (last in "“‘" and text[before - 2] in "。！？：，"):
            continue
        if text[start] in _CODE or _opens(text[feed + 1 : min(stop, feed + 1 + 40)]):
            continue
        found.append(LineEnd(line, start, before, feed + 1, stop))
    return found


@cache
def _opening() -> re.Pattern[str]:
    # A label (电话：…), a date alone, an enumeration in words.
    return re.compile(
        r"[^\W\d_]{1,8}[：:]|[0-9０-９]{4}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?\s*$"
        r"|[二三四五六七八九十]是|其[一二三四五六]|第[一二三四五六七八九十]+[，、]"
    )


def _opens(line: str) -> bool:
    return starts_block(line) or _opening().match(line) is not None


def _lines(points: NDArray[np.uint32], feeds: NDArray[np.int64]) -> _Lines:
    starts = np.concatenate(([0], feeds + 1))
    ends = np.append(feeds, len(points))
    wide = np.concatenate(([0], np.cumsum(points >= 0x2010)))  # curly quotes and dashes are wide among Han
    widths = ends - starts + wide[ends] - wide[starts]
    first = points[np.minimum(starts, len(points) - 1)]
    border = (ends - starts == 1) & (first == 0)
    widths[border] = 0
    return _Lines(starts, ends, widths, np.cumsum(border))


# Evidence from the other line ends.


def _in_company(document: NDArray[np.int64], evidence: list[str], prose: list[int]) -> NDArray[np.bool_]:
    """For each candidate whether wrapping is what ails its document.

    A third of all cuts split a word, so where two and a quarter of the unfinished sentences of a document
    show evidence, the others were cut as well. Paragraphs that merely lack a full stop show none.
    """
    sentence = np.array(prose) > 1
    shows = sentence & np.array([reason in STRONG for reason in evidence])
    documents = int(document[-1]) + 1
    shown = np.bincount(document, shows, documents)
    of = np.bincount(document, sentence, documents)
    return ((shown >= 2) & (shown * 4 >= of))[document]


# Evidence from the lines around: one width.


def _in_column(lines: _Lines, numbers: NDArray[np.int64], evidence: list[str]) -> NDArray[np.bool_]:
    """For each candidate whether it is a full line of text wrapped at a constant width.

    Args:
        lines: All lines.
        numbers: The numbers of the candidates' lines.
        evidence: What each of them shows by itself.
    """
    chunks = [slice(at, at + _CHUNK) for at in range(0, len(numbers), _CHUNK)]
    shows = np.zeros(len(lines.starts), dtype=bool)
    shows[numbers] = [reason in STRONG for reason in evidence]
    unfinished = np.zeros(len(lines.starts), dtype=bool)
    unfinished[numbers] = True
    return np.concatenate([_full_lines(lines, numbers[chunk], shows, unfinished) for chunk in chunks])


def _full_lines(
    lines: _Lines, numbers: NDArray[np.int64], shows: NDArray[np.bool_], unfinished: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    window = numbers[:, None] + np.arange(-WINDOW, WINDOW + 1)
    inside = (window >= 0) & (window < len(lines.starts))
    window = np.clip(window, 0, len(lines.starts) - 1)
    inside &= lines.document[window] == lines.document[numbers][:, None]
    widths = np.where(inside, lines.widths[window], 0)
    known = np.count_nonzero(widths, axis=1)
    # The widest line but for one in ten, which may be an address or a table row.
    widest = np.sort(widths, axis=1)[np.arange(len(numbers)), 2 * WINDOW - known // 10][:, None]
    full = (widths >= widest - SLACK) & (widths <= widest + 2)
    cuts = np.count_nonzero(full & shows[window], axis=1)
    ends = np.count_nonzero(full & unfinished[window], axis=1)
    lines_full = np.count_nonzero(full, axis=1)
    followed = lines.widths[np.minimum(numbers + 1, len(lines.widths) - 1)] <= widest[:, 0] + 2
    result: NDArray[np.bool_] = (
        full[:, WINDOW]
        & followed
        & (widest[:, 0] >= MIN_WIDTH)
        & (lines_full >= 3)
        & (lines_full * 10 >= known * 3)
        & ((cuts >= 2) | ((cuts >= 1) & (ends <= 4)))
        & (cuts * 12 >= ends)
    )
    return result


def _between(text: str, before: int, after: int) -> str:
    """A space where two words of Latin letters meet, else nothing."""
    last, first = text[before - 1], text[after]
    return " " if last.isascii() and first.isascii() and last.isalnum() and first.isalnum() else ""
