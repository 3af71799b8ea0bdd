r"""Text of documents made fit to be shown: nothing unseen, nothing that a terminal obeys, known widths.

Control and format characters (escape sequences, bidirectional overrides, zero-width signs), lone surrogates,
private use and unassigned code points are shown as Python writes them in a literal (``\x1b``, ``\u202e``).
Spaces of other widths stay, U+3000 among them. GitHub's runner takes ``##[`` for the beginning of a command
wherever it stands in a line; so its bracket is spelled out, too.

Widths are cells of a terminal, by East Asian Width: wide and full-width characters take two, marks and the
later jamo of a syllable none. Characters of ambiguous width count as one; a terminal that is told to draw
them wide shows carets further left than the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from unicodedata import category, east_asian_width

from reportclean.results import CheckFinding

SHOWN_CELLS = 100  # of a source line
_BEFORE_CELLS = 40  # of those, at most so many in front of the span
_MOST_CHARACTERS = 400  # of a source line: marks take no cells, and a line may be nothing but marks
COMMAND = "##["
_BRACKET = r"\x5b"
_CUT = "..."
_TAB = "    "


class Excerpt(NamedTuple):
    """A line and what stands under it."""

    line: str
    carets: str


def escaped(text: str) -> str:
    r"""A text in which every character is seen and none is obeyed, on one line.

    >>> escaped("工\u202e会\x1b[0m\n")
    '工\\u202e会\\x1b[0m\\n'
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() or category(c) == "Zs" else _escape(c) for c in text)
    return text.replace(COMMAND, f"##{_BRACKET}")


def excerpt(line: str, start: int, end: int) -> Excerpt:
    r"""A line, cut around a span if it is long, and carets right under the span.

    Args:
        line: Any line of a document, of any length; only what is shown is looked at.
        start: First code point of the span.
        end: One past its last; an empty span gets one caret.

    >>> print(*excerpt("一、20xx年", 2, 6), sep="\n")
    一、20xx年
        ^^^^
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    first, before = _backwards(line, start)
    last, shown = _forwards(line, start, SHOWN_CELLS - sum(width for _, width in before))
    span = shown[: end - start]
    offset = sum(width for _, width in before) + (len(_CUT) if first else 0)
    width = sum(width for _, width in span)
    if not width and span:  # nothing but marks: the caret goes under what they stand on
        offset = max(offset - 1, 0)
    text = "".join(cell for cell, _ in chain(before, shown))
    line_shown = (_CUT if first else "") + text + (_CUT if last < len(line) else "")
    return Excerpt(line_shown, " " * offset + "^" * max(width, 1))


def cells(text: str) -> Iterator[tuple[str, int]]:
    """What is shown for each character of a text, and its cells; marks go with what they are on.

    >>> [width for _, width in cells("工e\u0301")]
    [2, 1]
    """
    together: list[str] = []
    cell = 0
    for character in text:
        shown, width = _cell(character)
        if width and together:
            yield "".join(together), cell
            together, cell = [], 0
        together.append(shown)
        cell += width
    if together:
        yield "".join(together), cell


def place(finding: CheckFinding) -> str:
    """The path of a finding, or its document's id where it came without a file; as it is, not escaped."""
    return finding.path or finding.document_id


def listed(lines: Iterable[str], most: int) -> Iterable[str]:
    """The first few lines, and how many more there are."""
    rows = list(lines)
    yield from rows[:most]
    if len(rows) > most:
        yield f"... and {len(rows) - most:,} more"


def _backwards(line: str, start: int) -> tuple[int, list[tuple[str, int]]]:
    cells: list[tuple[str, int]] = []
    used = 0
    for index in range(start - 1, max(start - _MOST_CHARACTERS, 0) - 1, -1):
        cell = _cell_at(line, index)
        used += cell[1]
        if used > _BEFORE_CELLS:
            break
        cells.append(cell)
    return start - len(cells), cells[::-1]


def _forwards(line: str, start: int, room: int) -> tuple[int, list[tuple[str, int]]]:
    cells: list[tuple[str, int]] = []
    used = 0
    for index in range(start, min(start + _MOST_CHARACTERS, len(line))):
        cell = _cell_at(line, index)
        used += cell[1]
        if used > room:
            break
        cells.append(cell)
    return start + len(cells), cells


def _cell_at(line: str, index: int) -> tuple[str, int]:
    if line[index] == "[" and line.startswith(COMMAND, index - 2):
        return _BRACKET, len(_BRACKET)
    return _cell(line[index])


@lru_cache(maxsize=1 << 14)  # a corpus has few characters
def _cell(character: str) -> tuple[str, int]:
    """What is shown for a character, and how many cells that takes."""
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        return _TAB, len(_TAB)
    kind = category(character)
    if kind in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or _changes_neighbours(character):
        shown = _escape(character)
        return shown, len(shown)
    if kind[0] == "M" or "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff":
        return character, 0
    return character, 2 if east_asian_width(character) in "WF" else 1


def _changes_neighbours(character: str) -> bool:
    """Whether terminals disagree on what it does to the width of what it follows."""
    return (
        "\ufe00" <= character <= "\ufe0f"  # variation selectors
        or "\U000e0100" <= character <= "\U000e01ef"
        or "\u180b" <= character <= "\u180f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or character in "\u115f\u1160\u3164\uffa0"  # Hangul fillers, which nobody sees
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
