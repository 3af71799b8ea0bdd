r"""Where a code point stands in lines and columns, as editors count them.

A line ends at ``\n``, ``\r\n`` or ``\r`` and at nothing else: not at U+2028, not at a form feed. Columns are
code points counted from 1, so that a tab is one and a letter with a combining mark is two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

SHOWN = 200  # code points of a line in an excerpt; a page may be one line
_BEFORE = 60  # of them before what is shown
_END = re.compile(r"\r\n?|\n")


class Excerpt(NamedTuple):
    """A line, or the part of a long one around a span, and the span in it."""

    text: str
    start: int
    end: int


class Lines:
    r"""The lines of a text.

    >>> lines = Lines("甲\r\n乙\r丙")
    >>> lines.place(3), lines.place(5), lines.excerpt(3, 6)
    ((2, 1), (3, 1), Excerpt(text='乙', start=0, end=1))
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _END.finditer(text))]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a code point, both counted from 1."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1

    def bounds(self, position: int) -> tuple[int, int]:
        """Where the line of a code point begins, and where it ends without its end."""
        line = bisect_right(self._starts, position)
        start = self._starts[line - 1]
        if line == len(self._starts):
            return start, len(self._text)
        end = self._starts[line]
        ending = 2 if self._text.startswith("\r\n", end - 2, end) else 1
        return start, max(start, end - ending)

    def excerpt(self, start: int, end: int) -> Excerpt:
        """The line that a span begins in, at most :data:`SHOWN` code points of it."""
        first, last = self.bounds(start)
        if last - first > SHOWN:
            first = max(first, min(start - _BEFORE, last - SHOWN))
            last = min(last, first + SHOWN)
        begin = min(start, last) - first
        return Excerpt(self._text[first:last], begin, max(begin, min(end, last) - first))
