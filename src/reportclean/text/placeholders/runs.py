"""Runs of signs: found by one pattern, read in their context, and cleared of Markdown's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before
from reportclean.text.placeholders.dates import date_at, in_century_range
from reportclean.text.placeholders.meaning import Meaning, Run, masked_sum_unit, meaning
from reportclean.text.placeholders.signs import ALL, FAMILIES, FAMILY_OF, LINE_BREAKS

_EMPHASIS = 80  # how far apart two runs may stand and still be a pair of Markdown's


@cache
def _runs() -> re.Pattern[str]:
    """Maximal runs of one family that no Latin letter or digit follows.

    The first element is a plain character class, which lets the engine skip to it; what it may not
    be preceded by is asked right after.
    """
    families = "|".join(f"(?<=[{re.escape(signs)}])[{re.escape(signs)}]*+" for signs in FAMILIES.values())
    return re.compile(rf"[{re.escape(ALL)}](?<![A-Za-z][xX])(?:{families})(?![A-Za-z0-9])")


def find_runs(text: str) -> Iterator[Hit]:
    """Yield what runs of signs stand for, in order, disjoint."""
    pending: list[tuple[int, int, Hit | None, bool]] = []
    consumed = 0
    line_end = -1
    for found in _runs().finditer(text):
        start, end = found.span()
        if start < consumed:
            continue
        if pending and start > line_end:
            yield from _without_emphasis(text, pending)
            pending = []
        if not pending:
            line_end = _end_of_line(text, start)
        hit, strong = _read(text, start, end)
        if hit is not None:
            consumed = hit.end
        family = FAMILY_OF[text[start]]
        if family in {"star", "line"} or pending:
            pending.append((start, end, hit, strong))
        elif hit is not None:
            yield hit
    yield from _without_emphasis(text, pending)


@cache
def _line_break() -> re.Pattern[str]:
    return re.compile(f"[{LINE_BREAKS}]")


def _end_of_line(text: str, position: int) -> int:
    found = _line_break().search(text, position)
    return found.start() if found else len(text)


def _read(text: str, start: int, end: int) -> tuple[Hit | None, bool]:
    family = FAMILY_OF[text[start]]
    if family != "solid":
        if (masked := _masked_sum(text, start, end)) is not None:
            return masked, True
        if (dated := date_at(text, start, end)) is not None:
            if dated.kind == "year" and in_century_range(text, dated.start, dated.end):
                return None, False
            return dated, True
    if family == "cross" and (numbered := _number_with_stem(text, start, end)):
        return numbered, True
    end = _grouped(text, start, end)
    run = Run(
        family,
        text[start:end] if end - start < 64 else text[start : start + 64],
        before(text, start),
        after(text, end),
    )
    answer: Meaning | None = meaning(run)
    if answer is None:
        return None, False
    return Hit(start, end, answer.kind, answer.stem), answer.strong


@cache
def _sum_stem() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9A-Za-z.])(?:19|20)[0-9]?\Z")


def _masked_sum(text: str, start: int, end: int) -> Hit | None:
    """202_万元: a sum that a rule took for a year."""
    stem = _sum_stem().search(before(text, start, 6))
    if stem is None or len(stem.group()) + end - start != 4:
        return None
    if not masked_sum_unit().match(after(text, end, 12)):
        return None
    return Hit(start - len(stem.group()), end, "masked_sum", stem.group())


@cache
def _grouped_signs() -> re.Pattern[str]:
    signs = re.escape(FAMILIES["cross"])
    return re.compile(
        rf"(?:[.,，．][{signs}]{{1,4}}(?![{signs}])){{1,4}}(?=[ ]?(?:[%％‰元万亿]|个百分点|美元))"
    )


def _grouped(text: str, start: int, end: int) -> int:
    """XXX,XXX元 and XX.XX% are one number."""
    if FAMILY_OF[text[start]] != "cross":
        return end
    found = _grouped_signs().match(text, end)
    return found.end() if found else end


@cache
def _digits_before() -> re.Pattern[str]:
    return re.compile(r"(?<![0-9A-Za-z._#\-])[0-9]{1,6}\Z")


def _number_with_stem(text: str, start: int, end: int) -> Hit | None:
    """202xxxxxxxxx: a long number of which the first digits are given."""
    if not 4 <= end - start <= 20:
        return None
    stem = _digits_before().search(before(text, start, 8))
    if stem is None:
        return None
    return Hit(start - len(stem.group()), end, "number", stem.group())


def _without_emphasis(text: str, runs: list[tuple[int, int, Hit | None, bool]]) -> Iterator[Hit]:
    """Drop the pairs of equal runs that are Markdown's emphasis rather than two placeholders."""
    dropped: set[int] = set()
    waiting: dict[tuple[str, int], int] = {}
    for index, (start, end, hit, strong) in enumerate(runs):
        length = end - start
        family = FAMILY_OF[text[start]]
        if family not in {"star", "line"} or length > 3 or (hit is not None and hit.kind in {"date", "year"}):
            continue
        key = (family, length)
        opener = waiting.pop(key, None)
        if opener is None or not _emphasises(text, runs[opener][1], start):
            waiting[key] = index
            continue
        both = hit is not None and strong and runs[opener][2] is not None and runs[opener][3]
        if both:
            waiting[key] = index
            continue
        dropped.update((opener, index))
    for index, (_, _, hit, _) in enumerate(runs):
        if hit is not None and index not in dropped:
            yield hit


def _emphasises(text: str, start: int, end: int) -> bool:
    """Whether what stands between two runs can be emphasised text."""
    if not 0 < end - start <= _EMPHASIS:
        return False
    return not text[start].isspace() and not text[end - 1].isspace()
