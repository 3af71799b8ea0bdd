"""What a page says of itself: an abstract that repeats an article's beginning, and notes of hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, BORDER, next_line, with_line_end
from reportclean.text.scanned import At, Scanned, anchored, begins, document_starts, tops_with

TEASER_LINES = 12  # an abstract stands above the text
MIN_TEASER = 30  # code points without blanks
_LOOK_AHEAD = 6000  # code points below the abstract in which its text must be found again
_KEY = 16  # code points before the ellipsis that are looked for


def find_teasers(text: str, min_length: int = MIN_TEASER, lines: int = TEASER_LINES) -> Iterator[Hit]:
    r"""A line near the top that is cut with an ellipsis and whose words follow again below it.

    Kind ``teaser``; the replacement is empty and the line goes with its line end.

    Args:
        text: Documents joined.
        min_length: Code points of a teaser without blanks and ellipsis, at least.
        lines: How many lines of the top are looked at.

    >>> start = "今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作"
    >>> [h.start for h in find_teasers(f"总结\n{start}...\n{start}，取得了进步。")]
    [3]
    """
    for start in _documents(text, lines):
        border = text.find(f"\n{BORDER}\n", start)
        stop = len(text) if border < 0 else border
        floor = start
        for line in _first_lines(text, start, lines):
            if _repeated(text, line, stop, min_length):
                first, floor = with_line_end(text, *line, floor)
                yield Hit(first, floor, "teaser", replacement="")


def _documents(text: str, lines: int) -> Iterable[int]:
    """Starts of the joined documents with an ellipsis among their first lines."""
    if not isinstance(text, Scanned):
        return document_starts(text)
    ellipses = np.union1d(begins(text, At("…")), begins(text, At(".", ".")))
    return tops_with(text, ellipses, lines)


def _first_lines(text: str, start: int, lines: int) -> Iterator[tuple[int, int]]:
    end = text.find("\n", start)
    line: tuple[int, int] | None = (start, len(text) if end < 0 else end)
    for _ in range(lines):
        if line is None:
            return
        yield line
        line = next_line(text, line[1])


@cache
def _blank() -> re.Pattern[str]:
    return re.compile(r"\s+")


def _repeated(text: str, line: tuple[int, int], stop: int, min_length: int) -> bool:
    """Whether the line ends with an ellipsis and most of it stands below again."""
    content = text[max(line[0], line[1] - 2000) : line[1]].rstrip(BLANK + "）)】]")
    cut = content.rstrip(".…。")
    if not content[len(cut) :].endswith(("…", "...")):
        return False
    cut = _blank().sub("", cut)
    if len(cut) < max(min_length, _KEY):
        return False
    below = _blank().sub("", text[line[1] : min(stop, line[1] + _LOOK_AHEAD)])
    at = below.find(cut[-_KEY:])
    if at < 0:
        return False
    again = at + _KEY
    same = _KEY
    while same < len(cut) and same < again and cut[-same - 1] == below[again - same - 1]:
        same += 1
    return same * 2 >= len(cut) or same >= 2 * min_length


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(r"此(?:处隐藏|處隱藏)\s?[0-9]{1,7}\s?[个個]?字")


def find_hidden_text(text: str) -> Iterator[Hit]:
    """A note that the site left text out: ``……此处隐藏4366个字……``.

    Kind ``hidden-text``; the replacement is an ellipsis, since something is missing there.

    >>> [h.replacement for h in find_hidden_text("提高认识……此处隐藏4366个字……为今后")]
    ['……']
    """
    floor = 0
    for match in anchored(text, _hidden(), At("此", "处處")):
        start, end = match.span()
        first, last = max(floor, start - 12), min(len(text), end + 12)
        while start > first and text[start - 1] in ".…。 (（[【":
            start -= 1
        while end < last and text[end] in ".… )）]】":
            end += 1
        floor = end
        yield Hit(start, end, "hidden-text", replacement="……")
