"""Tabs inside words of running text, where no table, key or signature puts one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from reportclean.document import Hit
from reportclean.text.artefacts.lines import LineCursor
from reportclean.text.artefacts.noise import find_broken_words
from reportclean.text.charmodel import model

# Nats by which the characters beside the tab are bound, and by which more tightly than to those around.
# Measured, not proven: of 450,000 rows of cells of laws, put together by chance, with a comma or a full
# stop, 5 look like a word at these figures; of 7,700 words with a tab inside 24 % are found, and most of the
# others by find_broken_words.
_BOUND = 4.0
_TIGHTER = 4.0
_LINE = 4000  # code points on either side in which tabs are looked for


def find_tabs(text: str) -> Iterator[Hit]:
    r"""A tab inside a word of a sentence; kind ``tab-in-word``, the replacement is empty.

    Stricter than ``find_broken_words``: it must be the only tab of its line and of the lines beside it.

    >>> [hit.start for hit in find_tabs("积极做好专业技\t术工作，提高服务水平和能力。")]
    [7]
    """
    if "\t" not in text:
        return
    cursor = LineCursor(text)
    for hit in find_broken_words(text):
        if (
            text[hit.start] == "\t"
            and _is_alone(text, hit.start, cursor.at(hit.start))
            and _is_bound(text, hit.start)
        ):
            yield Hit(hit.start, hit.end, "tab-in-word", "", "")


def _is_alone(text: str, at: int, line: tuple[int, int]) -> bool:
    """Whether no other tab stands in its line and the two beside it, so far as they are read."""
    start, end = line
    first, last = max(start, at - _LINE), min(end, at + _LINE)
    if first == start:
        floor = max(0, start - _LINE)
        first = max(floor, text.rfind("\n", floor, max(0, start - 1)) + 1)
    if last == end:
        below = text.find("\n", end + 1, end + _LINE)
        last = end + _LINE if below < 0 else below
    return text.count("\t", first, last) == 1


def _is_bound(text: str, at: int) -> bool:
    four = text[max(0, at - 2) : at].rjust(2, "\n") + text[at + 1 : at + 3].ljust(2, "\n")
    alone = model().alone
    left, across, right = (float(model().pair(a, b) - alone[ord(b)]) for a, b in pairwise(four))
    return across > _BOUND and across - max(left, right) > _TIGHTER
