"""The text as the splitter sees it: a view of the same length, in which every cue has one spelling.

The view begins with a line feed that the text does not have, so that every line, the first one too,
is found by a pattern that starts with a literal line feed (which the regex engine searches at
memory speed). A position in the view is therefore the position in the text plus one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from reportclean.text.folding import plain_view

OTHER_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"


@cache
def folded(pattern: str) -> re.Pattern[str]:
    """A pattern for the view, written in ordinary Chinese.

    The view puts one character for a class of variants (仝 for 同 仝), and not always the one that
    a reader would expect; so the pattern goes through the same table.
    """
    both = zip(pattern, plain_view(pattern), strict=True)
    return re.compile("".join(sign if sign.isascii() else seen for sign, seen in both))


class Line(NamedTuple):
    """One line of the view without the space around it; never empty."""

    start: int  # of the line itself, indent included
    text: str
    indent: int
    blank_before: int  # blank lines right above


class Page:
    """A text and its view.

    Args:
        text: Any text.
        view: Its view, where it is at hand.
    """

    def __init__(self, text: str, view: str = "") -> None:
        if not view:
            view = "\n" + plain_view(text)
            if any(sign in view for sign in OTHER_LINE_ENDS):
                view = view.replace("\r\n", " \n").translate(dict.fromkeys(map(ord, OTHER_LINE_ENDS), "\n"))
        self.text = text
        self.view = view
        self._top: list[Line] = []
        self._below = self.lines()

    def __len__(self) -> int:
        return len(self.view)

    def line_start(self, position: int) -> int:
        """Where the line that holds a position of the view starts."""
        return self.view.rfind("\n", 0, position) + 1

    def reach_back(self, position: int, reach: int) -> tuple[int, bool]:
        """Where the line starts, or ``reach`` characters back if nearer; and whether the line does."""
        low = max(position - reach, 0)
        line_feed = self.view.rfind("\n", low, position)
        return (line_feed + 1, True) if line_feed >= 0 else (low, False)

    def rest(self, position: int, reach: int) -> str:
        """What follows on the same line, at most ``reach`` characters."""
        end = self.view.find("\n", position, position + reach)
        return self.view[position : end if end >= 0 else position + reach]

    def line_end(self, position: int) -> int:
        """Where it ends, before its line feed."""
        end = self.view.find("\n", position)
        return len(self.view) if end < 0 else end

    def lines(self, start: int = 1, end: int | None = None) -> Iterator[Line]:
        """The lines with anything on them that begin in ``[start, end)``, in order."""
        view = self.view
        end = len(view) if end is None else min(end, len(view))
        blank = 0
        while start < end:
            stop = view.find("\n", start)
            stop = len(view) if stop < 0 else stop
            text = view[start:stop].strip()
            if text:
                indent = view.find(text[0], start) - start
                yield Line(start, text, indent, blank)
                blank = 0
            else:
                blank += 1
            start = stop + 1

    def top(self, count: int, end: int) -> list[Line]:
        """The first lines with anything on them, as many at most, that begin before ``end``; remembered."""
        self._top += islice(self._below, max(count - len(self._top), 0))
        return [line for line in self._top[:count] if line.start < end]

    def first_line(self, start: int, end: int | None = None) -> Line | None:
        """The first line with anything on it that begins in ``[start, end)``."""
        match = _filled().search(self.view, max(start - 1, 0), len(self.view) if end is None else end)
        return self.line_at(match.start() + 1) if match else None

    def line_at(self, start: int) -> Line:
        """The line that starts there; its blank lines above are not counted."""
        raw = self.view[start : self.line_end(start)]
        text = raw.strip()
        return Line(start, text, len(raw) - len(raw.lstrip()), 0)

    def filled_line_before(self, start: int) -> Line | None:
        """The nearest line above that has anything on it."""
        while start > 1:
            end = start - 1
            start = self.line_start(end)
            if self.view[start:end].strip():
                return self.line_at(start)
        return None


@cache
def _filled() -> re.Pattern[str]:
    return re.compile(r"\n[^\S\n]*(?=\S)")
