"""What stands around a run of signs: bounded windows that never look past the line.

Bounded, so that a finder's work is linear in the text whatever the text is; within the line, so
that documents joined by a separator on a line of its own give the hits that each gives alone.
"""

from __future__ import annotations

import re

from reportclean.text.placeholders.signs import LINE_BREAKS

WINDOW = 48

_BREAK = re.compile(f"[{LINE_BREAKS}]")
_TEXT_BEFORE_BREAK = re.compile(f"[^{LINE_BREAKS}]*")


def before(text: str, position: int, width: int = WINDOW) -> str:
    """Up to ``width`` characters of the same line that end at a position."""
    window = text[max(0, position - width) : position]
    for found in reversed(list(_BREAK.finditer(window))):
        return window[found.end() :]
    return window


def after(text: str, position: int, width: int = WINDOW) -> str:
    """Up to ``width`` characters of the same line that begin at a position."""
    found = _TEXT_BEFORE_BREAK.match(text, position, position + width)
    return found.group() if found else ""


def starts_line(text: str, position: int) -> bool:
    """Whether nothing but the start of the text or a line break stands before a position."""
    return position == 0 or text[position - 1] in LINE_BREAKS


def ends_line(text: str, position: int) -> bool:
    """Whether nothing but the end of the text or a line break stands after a position."""
    return position >= len(text) or text[position] in LINE_BREAKS
