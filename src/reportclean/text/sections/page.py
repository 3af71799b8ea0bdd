"""The text as the splitter sees it: a view of the same length, in which every cue has one spelling.

The view begins with a line feed that the text does not have, so that every line, the first one too,
is found by a pattern that starts with a literal line feed (which the regex engine searches at
memory speed). A position in the view is therefore the position in the text plus one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reportclean.text.folding import plain_view

BLANK = " \t\xa0\u3000"
_OTHER_LINE_ENDS = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")


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
    """

    def __init__(self, text: str) -> None:
        view = "\n" + plain_view(text)
        if _OTHER_LINE_ENDS.search(view):
            view = _OTHER_LINE_ENDS.sub("\n", view.replace("\r\n", " \n"))
        self.text = text
        self.view = view

    def __len__(self) -> int:
        return len(self.view)

    def line_start(self, position: int) -> int:
        """Where the line that holds a position of the view starts."""
        return self.view.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where it ends, before its line feed."""
        end = self.view.find("\n", position)
        return len(self.view) if end < 0 else end

    def lines(self, start: int = 1, end: int | None = None) -> list[Line]:
        """The lines with anything on them that begin in ``[start, end)``, in order."""
        end = len(self.view) if end is None else end
        found = []
        blank = 0
        while start < end:
            stop = self.view.find("\n", start)
            stop = len(self.view) if stop < 0 else stop
            raw = self.view[start:stop]
            text = raw.strip()
            if text:
                found.append(Line(start, text, len(raw) - len(raw.lstrip()), blank))
                blank = 0
            else:
                blank += 1
            start = stop + 1
        return found

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
