"""Lines that stand in many documents: counted over a whole run in memory that does not grow with it.

Each line of a document is counted once in a table of hashed counters, several rows of them, and the
smallest of a line's counters is never less than its true count (a count–min sketch). So no repeated line is
missed; a rare one may be taken for a frequent one with a chance that the size of the table bounds:
with n different lines counted, at most ``(n / slots) ** rows`` where nothing else is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, with_line_end

MIN_LENGTH = 4  # code points; shorter lines repeat for reasons of their own
MAX_LENGTH = 200
ROWS = 4


class LineCounter:
    r"""In how many documents a line stands.

    Args:
        slots: Counters in each of the rows; memory is ``16 * slots`` bytes.

    >>> counter = LineCounter(slots=1024)
    >>> for text in ("本站声明\n甲方", "本站声明\n乙方"):
    ...     lines = counter.add(text)
    >>> counter.count("本站声明"), counter.count("甲方的话")
    (2, 0)
    """

    def __init__(self, slots: int = 1 << 22) -> None:
        self._slots = slots
        self._counts = np.zeros((ROWS, slots), dtype=np.uint32)

    def add(self, text: str) -> list[str]:
        """Count the lines of one document, each once, and say which they are."""
        lines = {_plain(text[start:end]) for start, end in _lines(text)}
        counted = sorted(line for line in lines if MIN_LENGTH <= len(line) <= MAX_LENGTH)
        for line in counted:
            self._counts[np.arange(ROWS), self._places(line)] += np.uint32(1)
        return counted

    def merge(self, other: LineCounter) -> None:
        """Add what another worker counted; the tables must be of one size.

        Raises:
            ValueError: They are not.
        """
        if other._slots != self._slots:
            raise ValueError(f"tables of {self._slots} and {other._slots} slots cannot be merged")
        self._counts += other._counts

    def count(self, line: str) -> int:
        """At least the number of documents that the line stands in."""
        return int(self._counts[np.arange(ROWS), self._places(_plain(line))].min())

    def _places(self, line: str) -> list[int]:
        digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8 * ROWS).digest()
        return [int.from_bytes(digest[8 * row : 8 * row + 8], "little") % self._slots for row in range(ROWS)]


def find_boilerplate(text: str, count: Callable[[str], int], min_documents: int) -> Iterator[Hit]:
    """The lines of a document that stand in at least so many, by a count of documents for each line.

    Kind ``boilerplate``; the stem is the count, the replacement is empty. Blank lines and lines under
    MIN_LENGTH are left.
    """
    floor = 0
    for start, end in _lines(text):
        line = _plain(text[start:end])
        if not MIN_LENGTH <= len(line) <= MAX_LENGTH:
            continue
        documents = count(line)
        if documents >= min_documents:
            first, last = with_line_end(text, start, end, floor)
            floor = last
            yield Hit(first, last, "boilerplate", stem=str(documents), replacement="")


def _plain(line: str) -> str:
    return line.strip(BLANK)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines with anything on them are, in one document or in several that a NUL parts."""
    return (line.span() for line in re.finditer("[^\n\0]+", text))
