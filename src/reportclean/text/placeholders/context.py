"""What stands around a run of signs: bounded windows that never look past the line.

Bounded, so that a finder's work is linear in the text whatever the text is; within the line, so
that documents joined by a separator on a line of its own give the hits that each gives alone.
"""

from __future__ import annotations

from typing import NamedTuple

from reportclean.text.placeholders.signs import FAMILY_OF, LINE_BREAKS

WINDOW = 48


def before(text: str, position: int, width: int = WINDOW) -> str:
    """Up to ``width`` characters of the same line that end at a position."""
    return (text[max(0, position - width) : position] + "|").splitlines()[-1][:-1]


def after(text: str, position: int, width: int = WINDOW) -> str:
    """Up to ``width`` characters of the same line that begin at a position."""
    return ("|" + text[position : position + width]).splitlines()[0][1:]


def starts_line(text: str, position: int) -> bool:
    """Whether nothing but the start of the text or a line break stands before a position."""
    return position == 0 or text[position - 1] in LINE_BREAKS


def ends_line(text: str, position: int) -> bool:
    """Whether nothing but the end of the text or a line break stands after a position."""
    return position >= len(text) or text[position] in LINE_BREAKS


class Run(NamedTuple):
    """A run of one family of signs with what stands around it on its line.

    ``last`` and ``first`` are the neighbouring characters; at an end of the line they are a space,
    so that they can be asked what they are without asking whether they are.
    """

    start: int
    end: int
    family: str
    left: str
    right: str
    last: str
    first: str

    @property
    def length(self) -> int:
        """How many signs."""
        return self.end - self.start


def run_at(text: str, start: int, end: int) -> Run:
    """Read what stands around a run."""
    left, right = before(text, start), after(text, end)
    return Run(start, end, FAMILY_OF[text[start]], left, right, left[-1:] or " ", right[:1] or " ")
