r"""Where the lines of a text begin and end, asked for one place at a time.

Most finders look at very few lines, so the text is never split: the line around a rare sign is
looked up when the sign is met. Documents joined with ``"\n\x00\n"`` need no special care here but
two: a line that is a lone NUL is a border (``next_line`` and ``previous_line`` stop at it), and the
line feed before it belongs to no document (``with_line_end`` leaves it alone).
"""

from __future__ import annotations

from collections.abc import Iterable

BORDER = "\x00"
BLANK = " \t\r\u3000\xa0"


class LineCursor:
    r"""Lines around positions that only ever grow, so that all look-ups together are linear.

    >>> LineCursor("ab\ncd").at(4)
    (3, 5)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = 0
        self._end = -1

    def at(self, position: int) -> tuple[int, int]:
        """Start and end (the line feed left out) of the line that holds ``position``.

        Args:
            position: At least as large as that of any earlier call.
        """
        if position > self._end:
            self._start = self._text.rfind("\n", self._end + 1, position) + 1 or self._end + 1
            end = self._text.find("\n", position)
            self._end = len(self._text) if end < 0 else end
        return self._start, self._end


def positions(text: str, needles: Iterable[str]) -> list[int]:
    """Where any of the needles begins, in order: substring searches, far cheaper than one pattern.

    >>> positions("一二一", ("一", "二"))
    [0, 1, 2]
    """
    found: list[int] = []
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            found.append(at)
            at = text.find(needle, at + 1)
    return sorted(set(found))


def with_line_end(text: str, start: int, end: int, floor: int = 0) -> tuple[int, int]:
    r"""A line's span widened by the line feed that has to go with it.

    The line feed after the line goes, but never one that stands before a border: it is not the
    document's. At the end of a document the one before the line goes instead.

    Args:
        text: The text.
        start: Start of the line.
        end: Its end, without the line feed.
        floor: End of the hit before; nothing before it is taken.

    >>> with_line_end("a\nb\nc", 2, 3), with_line_end("a\nb", 2, 3)
    ((2, 4), (1, 3))
    """
    if text.startswith("\n", end) and not text.startswith(BORDER, end + 1):
        return start, end + 1
    if start > floor and text.startswith("\n", start - 1) and not text.startswith(BORDER, start - 2):
        return start - 1, end
    return start, end


def next_line(text: str, end: int) -> tuple[int, int] | None:
    """The line after the one that ends at ``end``; None at the end of its document."""
    if end >= len(text) or text.startswith(BORDER, end + 1):
        return None
    stop = text.find("\n", end + 1)
    return end + 1, len(text) if stop < 0 else stop


def previous_line(text: str, start: int) -> tuple[int, int] | None:
    """The line before the one that starts at ``start``; None at the start of its document."""
    if start == 0 or text.startswith(BORDER, start - 2):
        return None
    return text.rfind("\n", 0, start - 1) + 1, start - 1
