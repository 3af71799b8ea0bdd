"""Lines that stand in many documents: counted over a whole run in memory that does not grow with it.

Each line of a document is counted once in a table of hashed counters, several rows of them, and the
smallest of a line's counters is never less than its true count (a count–min sketch). So no repeated line is
missed; a rare one may be taken for a frequent one with a chance that the size of the table bounds:
with n different lines counted, at most ``(n / slots) ** rows`` where nothing else is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

import numpy as np

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, next_line, with_line_end

MIN_LENGTH = 4  # code points; shorter lines repeat for reasons of their own
MAX_LENGTH = 200
ROWS = 4


class LineCounter:
    r"""In how many documents a line stands.

    Args:
        slots: Counters in each of the rows; memory is ``16 * slots`` bytes.

    >>> counter = LineCounter(slots=1024)
    >>> for text in ("本站声明\n甲方", "本站声明\n乙方"):
    ...     counter.add(text)
    >>> counter.count("本站声明"), counter.count("甲方的话")
    (2, 0)
    """

    def __init__(self, slots: int = 1 << 22) -> None:
        self._slots = slots
        self._counts = np.zeros((ROWS, slots), dtype=np.uint32)

    def add(self, text: str) -> None:
        """Count the lines of one document, each once."""
        for line in {_plain(text[start:end]) for start, end in _lines(text)}:
            if MIN_LENGTH <= len(line) <= MAX_LENGTH:
                self._counts[np.arange(ROWS), self._places(line)] += np.uint32(1)

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


def find_boilerplate(text: str, counter: LineCounter, min_documents: int) -> Iterator[Hit]:
    """The lines of a document that stand in at least so many.

    Kind ``boilerplate``; the stem is the count, the replacement is empty. Blank lines and lines under
    MIN_LENGTH are left.
    """
    floor = 0
    for start, end in _lines(text):
        line = _plain(text[start:end])
        if not MIN_LENGTH <= len(line) <= MAX_LENGTH:
            continue
        count = counter.count(line)
        if count >= min_documents:
            first, last = with_line_end(text, start, end, floor)
            floor = last
            yield Hit(first, last, "boilerplate", stem=str(count), replacement="")


def _plain(line: str) -> str:
    return line.strip(BLANK)


def _lines(text: str) -> Iterable[tuple[int, int]]:
    end = text.find("\n")
    line: tuple[int, int] | None = (0, len(text) if end < 0 else end)
    while line is not None:
        yield line
        line = next_line(text, line[1])
