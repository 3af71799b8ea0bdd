"""Wording that a synonym spinner left behind: words that cannot stand beside their neighbours.

Nobody writes 用心分子 or 精神礼貌建设; 用心 and 礼貌 by themselves are ordinary words. So what counts is the
company: collocations that are impossible with one word and common with the word it stands for. One of them
is a slip or another's quotation; a section is taken for spun where several words give themselves away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit, Span
from reportclean.text.charclass import code_points
from reportclean.text.folding import plain_view
from reportclean.text.joining import SEPARATOR
from reportclean.text.pairs import Pairs, numbered
from reportclean.text.scanned import Scanned, document_starts
from reportclean.text.sections.split import split
from reportclean.text.spunwords import Context, SpunWord, spun_words

SURE, HINT = 2.0, 0.5  # what an impossible and an odd collocation count
ENOUGH = 5.0  # evidence of a section
DIFFERENT = 2  # spun words that must be sure, at least
_USUAL = 4000  # characters of a section; a longer one needs more evidence in proportion


class _Place(NamedTuple):
    """A spun word in its context.

    Attributes:
        start: Where the word begins.
        entry: The word.
        sure: Where the collocation stands; None for a hint.
    """

    start: int
    entry: SpunWord
    sure: Span | None


def find_spun_wording(text: str) -> Iterator[Hit]:
    """Impossible collocations in sections that have several; documents joined by NUL lines apart.

    Yields:
        Hits of kind ``spun-wording`` at the spun words; the stem is the collocation, the replacement the word
        that stood there.
    """
    codes = text.codes if isinstance(text, Scanned) else code_points(text)
    places = _candidates(codes)
    if len(places) * SURE < ENOUGH:
        return
    starts = np.array(document_starts(text), dtype=np.int64)
    owners = np.searchsorted(starts, places, side="right") - 1
    for owner in np.flatnonzero(np.bincount(owners) * SURE >= ENOUGH).tolist():
        begin = int(starts[owner])
        end = int(starts[owner + 1]) - len(SEPARATOR) if owner + 1 < len(starts) else len(text)
        for hit in _of_document(text[begin:end], (places[owners == owner] - begin).tolist()):
            yield Hit(begin + hit.start, begin + hit.end, hit.kind, hit.stem, hit.replacement)


def _of_document(text: str, candidates: Sequence[int]) -> Iterator[Hit]:
    view = plain_view(text)
    found = [place for start in candidates if (place := _looked_at(view, start)) is not None]
    if not _is_enough(found, 0):
        return
    for section in split(text):
        inside = [place for place in found if section.start <= place.start < section.end]
        if _is_enough(inside, section.end - section.start):
            for start, entry, sure in inside:
                if sure is not None:
                    shown = text[sure.start : sure.end]
                    yield Hit(start, start + len(entry.word), "spun-wording", shown, entry.original)


def _is_enough(places: Sequence[_Place], length: int) -> bool:
    sure = {place.entry.word for place in places if place.sure}
    evidence = sum(SURE if place.sure else HINT for place in places)
    return len(sure) >= DIFFERENT and evidence >= ENOUGH * max(1.0, length / _USUAL)


def _looked_at(view: str, start: int) -> _Place | None:
    for entry in _by_start().get(view[start : start + 2], ()):
        end = start + len(entry.word)
        if view[start:end] != entry.word or any(one.span(view, start, end) for one in entry.never):
            continue
        for one in entry.sure:
            if sure := one.span(view, start, end):
                return _Place(start, entry, sure)
        if any(one.span(view, start, end) for one in entry.hints):
            return _Place(start, entry, None)
    return None


@cache
def _by_start() -> dict[str, list[SpunWord]]:
    """Spun words by their first two characters."""
    found: dict[str, list[SpunWord]] = {}
    for entry in spun_words():
        found.setdefault(entry.word[:2], []).append(entry)
    return found


class _Tables(NamedTuple):
    """What may begin a spun word in company.

    Attributes:
        pairs: The first two characters of the words.
        before: ``bool`` of shape ``(pairs, neighbours)``: the neighbours before that speak for it.
        after: The same for the neighbours behind.
        length: ``int64``: characters of each pair's word.
        neighbour: By code point the number of a neighbour; 0 for a character that is none.
    """

    pairs: Pairs
    before: NDArray[np.bool_]
    after: NDArray[np.bool_]
    length: NDArray[np.int64]
    neighbour: NDArray[np.uint16]


def _candidates(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Places where a spun word stands beside a neighbour that may speak against it."""
    tables = _tables()
    places, numbers = tables.pairs.find(codes)
    if not len(places):
        return places
    ends = np.minimum(places + tables.length[numbers], len(codes) - 1)
    before = tables.neighbour.take(codes[np.maximum(places - 1, 0)], mode="clip")
    after = tables.neighbour.take(codes[ends], mode="clip")
    found: NDArray[np.int64] = places[tables.before[numbers, before] | tables.after[numbers, after]]
    return found


@cache
def _tables() -> _Tables:
    pairs = Pairs(_by_start())
    beside = [_neighbours(_by_start()[start]) for start in pairs.starts]
    chars = "0" + "".join(sorted(set("".join(before + after for before, after in beside)) - {"^", "#", "0"}))
    neighbour = numbered(chars)
    for digits in ("0123456789", "０１２３４５６７８９"):
        neighbour[[ord(digit) for digit in digits]] = neighbour[ord("0")]
    before_table, after_table = (np.zeros((len(beside), len(chars) + 1), dtype=bool) for _ in range(2))
    for number, both in enumerate(beside):
        for table, signs in zip((before_table, after_table), both, strict=True):
            if "^" in signs:
                table[number] = True
            known = [neighbour[ord(sign)] for sign in signs.replace("#", "0").replace("^", "")]
            table[number, known] = True
    length = [min(len(entry.word) for entry in _by_start()[start]) for start in pairs.starts]
    return _Tables(pairs, before_table, after_table, np.array(length, dtype=np.int64), neighbour)


def _neighbours(entries: Sequence[SpunWord]) -> tuple[str, str]:
    """The characters right before and right after these words; ``^`` where any may stand, ``#`` for a digit.

    Of a context that has both sides, the one behind is enough to look for.
    """
    before: set[str] = set()
    after: set[str] = set()
    for entry in entries:
        for one in (*entry.sure, *entry.hints):
            before_it, after_it = _beside(one)
            before.add(before_it)
            after.add(after_it)
    return "".join(before), "".join(after)


def _beside(one: Context) -> tuple[str, str]:
    if one.after:
        return "", one.after[0]
    return ("^" if one.before in {"", "^"} else one.before[-1]), ""
