"""Where in a text any of many words may begin: two table look-ups a character, whatever the number of words.

A regular expression of hundreds of words tries them one after the other at every place where one of them
could begin; this finds the places where the first two characters of one stand, and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.folding import plain_codes

PLANE = 0x10000


class Pairs:
    """The first two characters of words, in either script and width.

    Args:
        words: Of the basic plane, in simplified characters, two characters or more; not empty.

    Attributes:
        starts: Their first two characters, each once, in rising order.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.starts = sorted({word[:2] for word in words})
        firsts, seconds = ("".join(sorted({start[place] for start in self.starts})) for place in (0, 1))
        self._first, self._second = numbered(firsts), numbered(seconds)
        self._number = np.full((len(firsts) + 1, len(seconds) + 1), -1, dtype=np.int32)
        for number, start in enumerate(self.starts):
            self._number[firsts.index(start[0]) + 1, seconds.index(start[1]) + 1] = number

    def find(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The places where one of them stands, and which of ``starts`` it is: ``int64``, rising places."""
        places = np.flatnonzero(self._first.take(codes[:-1], mode="clip") != 0)  # quicker than of numbers
        firsts, seconds = (
            table.take(codes[at], mode="clip")
            for table, at in ((self._first, places), (self._second, places + 1))
        )
        numbers = self._number[firsts, seconds]
        found = numbers >= 0
        return places[found].astype(np.int64), numbers[found].astype(np.int64)


def numbered(chars: str) -> NDArray[np.uint16]:
    """By code point of the basic plane the place among these characters, from 1, in either script and width.

    0 stands for all others, and U+FFFF for what lies above the plane.
    """
    plain = np.minimum(plain_codes(np.arange(PLANE, dtype=np.uint32)), PLANE - 1)
    numbers = np.zeros(PLANE, dtype=np.uint16)
    numbers[code_points(chars)] = np.arange(1, len(chars) + 1)
    seen = numbers[plain]
    seen[-1] = 0
    return seen
