"""Runs of signs: found by one pattern, read in their context, and cleared of Markdown's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from reportclean.document import Hit
from reportclean.text.placeholders import blanks, counts, names
from reportclean.text.placeholders.context import Run, run_at
from reportclean.text.placeholders.dates import Stem, date_or_year, in_century_range, stem_before
from reportclean.text.placeholders.signs import ALL, FAMILIES, FAMILY_OF, LINE_BREAKS
from reportclean.text.scanned import At, anchored

_EMPHASIS = 80  # how far apart two runs may stand and still be a pair of Markdown's

# In order of how telling the question is; the first answer stands.
_QUESTIONS = (
    counts.counted,
    counts.ordinal,
    names.censored,
    names.person,
    blanks.noted,
    names.place_or_organisation,
    blanks.in_document,
    blanks.labelled,
    blanks.rest,
)


class _Read(NamedTuple):
    """A run that was read: what it is, and whether a word next to it says so."""

    run: Run
    hit: Hit | None
    strong: bool


@cache
def _runs() -> re.Pattern[str]:
    """Maximal runs of one family that no Latin letter or digit follows, and all that may be Markdown's.

    The first element is a plain character class, which lets the engine skip to it; what it may not
    be preceded by is asked right after. Circles between Chinese digits are zeros (二○○四年). A lone
    ``x``, ``*`` or ``_`` between other ASCII characters is code or arithmetic, and by far the most
    frequent candidate there.
    """
    families = "|".join(f"(?<=[{re.escape(signs)}])[{re.escape(signs)}]*+" for signs in FAMILIES.values())
    zero = r"(?<![零一二三四五六七八九十百〇○◯][〇○◯])"
    code = (
        r"(?!(?<![^\x00-/:-\x7f][xX*_])(?<=[xX*_])(?:[\x00-\x1f!-)+-WYZ\[-^`-wyz{-\x7f]|[ ][\x00-\x7f]|\Z))"
    )
    follows = r"(?:(?![A-Za-z0-9])|(?<=\*\*)|(?<=__))(?!(?<=[〇○◯])[零一二三四五六七八九])"
    return re.compile(rf"[{re.escape(ALL)}](?<![A-Za-z][xX]){code}{zero}(?:{families}){follows}")


@cache
def _line_break() -> re.Pattern[str]:
    return re.compile(f"[{LINE_BREAKS}]")


def _end_of_line(text: str, position: int) -> int:
    found = _line_break().search(text, position)
    return found.start() if found else len(text)


def find_runs(text: str) -> Iterator[Hit]:
    """Yield what runs of signs stand for, in order, disjoint."""
    line: list[_Read] = []
    consumed = line_end = -1
    for found in anchored(text, _runs(), At(ALL)):
        start, end = found.span()
        if start < consumed:
            continue
        if start > line_end:
            yield from _without_emphasis(text, line)
            line = []
            line_end = _end_of_line(text, start)
        read = _read(text, start, end)
        if read.hit is not None:
            if read.hit.start < consumed:
                continue
            consumed = read.hit.end
        line.append(read)
    yield from _without_emphasis(text, line)


def _read(text: str, start: int, end: int) -> _Read:  # a cascade: one form a line
    first = text[end : end + 1]
    if first.isascii() and first.isalnum():  # only seen for the pairs of Markdown
        return _Read(Run(start, end, FAMILY_OF[text[start]], "", "", " ", first), None, strong=False)
    run = run_at(text, start, end)
    if run.family == "line" and run.last in "/#*-" and run.length > 4:
        return _Read(run, None, strong=False)  # a comment's rule
    if run.family != "solid":
        stem = stem_before(run)
        hit = _masked_sum(run, stem) or date_or_year(run, stem)
        if hit is not None:
            return _Read(run, None if hit.kind == "year" and in_century_range(run) else hit, strong=True)
    if run.family == "cross":
        if (numbered := _number_with_stem(run)) is not None:
            return _Read(run, numbered, strong=True)
        if run.first in ".,，．" and (grouped := _grouped_signs().match(run.right)):
            return _Read(run, Hit(start, end + grouped.end(), "number"), strong=True)
    if run.family == "line" and run.length >= 5:
        answer = blanks.form_line(run)
    else:
        answer = next(filter(None, (question(run) for question in _QUESTIONS)), None)
    if answer is None:
        return _Read(run, None, strong=False)
    return _Read(run, Hit(start, end, answer.kind), answer.strong)


def _masked_sum(run: Run, stem: Stem | None) -> Hit | None:
    """202_万元: a sum that a rule took for a year."""
    if stem is None or stem.gap or stem.opened or len(stem.digits) + run.length != 4:
        return None
    if stem.digits[:2] not in {"19", "20"} or not counts.sum_unit().match(run.right):
        return None
    return Hit(run.start - stem.width, run.end, "masked_sum", stem.digits)


@cache
def _grouped_signs() -> re.Pattern[str]:
    """The rest of a number with separators: XXX,XXX元 and XX.XX%."""
    signs = re.escape(FAMILIES["cross"])
    return re.compile(
        rf"(?:[.,，．][{signs}]{{1,4}}(?![{signs}])){{1,4}}(?=[ ]?(?:[%％‰元万萬亿億]|[个個]百分[点點]|美元))"
    )


@cache
def _digits_before() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9A-Za-z._#\-/])[0-9]{1,6}\Z")


def _number_with_stem(run: Run) -> Hit | None:
    """Given digits and signs for the others: 202xxxxxxxxx, 1XX人."""
    if not run.last.isdigit() or not 2 <= run.length <= 20:
        return None
    stem = _digits_before().search(run.left[-8:])
    if stem is None:
        return None
    long = run.length >= 4 or (run.length == 3 and len(stem.group()) >= 4)
    if not long and counts.counted(run) is None:
        return None
    return Hit(run.start - len(stem.group()), run.end, "number", stem.group())


def _without_emphasis(text: str, line: list[_Read]) -> Iterator[Hit]:
    """Drop the pairs of equal runs on a line that are Markdown's emphasis, not two placeholders.

    Two runs that a word next to each explains stay (``**县**乡``); of two that open and close a phrase, where
    only one can be explained (``**市场**的``, ``**重点**市``), neither does.
    """
    dropped: set[int] = set()
    waiting: dict[tuple[str, int], int] = {}
    for index, (run, hit, strong) in enumerate(line):
        wide = hit is not None and len(hit.span) > run.length + 1  # a stem or a whole date: no emphasis
        if run.family not in {"star", "line"} or run.length > 3 or wide:
            continue
        key = (run.family, run.length)
        opener = waiting.pop(key, None)
        explained = opener is not None and strong and line[opener].strong
        if opener is None or explained or not _emphasises(text, line[opener].run.end, run.start):
            waiting[key] = index
        elif run.length == 3:  # seldom Markdown's: what a word explains stays
            dropped.update(each for each in (opener, index) if not line[each].strong)
        else:
            dropped.update((opener, index))
    for index, (_, hit, _) in enumerate(line):
        if hit is not None and index not in dropped:
            yield hit


def _emphasises(text: str, start: int, end: int) -> bool:
    """Whether what stands between two runs can be emphasised text."""
    if not 0 < end - start <= _EMPHASIS:
        return False
    return not text[start].isspace() and not text[end - 1].isspace()
