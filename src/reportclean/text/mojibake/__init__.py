"""Text that was decoded with the wrong character set: what happened, where, and what it should be.

One finder for each confusion, each with a gate of its own; ``find_mojibake`` is what remains of them all
when a character may be repaired only once: the confusions that leave the strongest trace come first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportclean.document import Hit
from reportclean.text.mojibake.bytesof import OPENS, RARE, UPPER, UPPER_SIGN, Scan, scan
from reportclean.text.mojibake.crossed import crossed, find_crossed
from reportclean.text.mojibake.latin import find_read_as_latin, read_as_latin
from reportclean.text.mojibake.slipped import find_slipped, slipped
from reportclean.text.mojibake.unrecoverable import find_unrecoverable
from reportclean.text.mojibake.utf8_as_gbk import find_guesses, find_utf8_as_gbk, utf8_as_gbk

__all__ = [
    "find_crossed",
    "find_guesses",
    "find_mojibake",
    "find_read_as_latin",
    "find_slipped",
    "find_unrecoverable",
    "find_utf8_as_gbk",
]

# Each with the bits without which it finds nothing.
_FINDERS = (
    (utf8_as_gbk, OPENS),
    (read_as_latin, UPPER | UPPER_SIGN),
    (slipped, RARE),
    (crossed, RARE),
)


def find_mojibake(text: str) -> Iterator[Hit]:
    """All confusions, in order of start; where two finders disagree, the one named first is right.

    >>> [(hit.kind, hit.replacement) for hit in find_mojibake("浣犲ソ，ÄãºÃ")]
    [('utf8-as-gbk', '你好'), ('gbk-as-latin1', '你好')]
    """
    taken: list[Hit] = []
    looked = scan(text)
    present = int(np.bitwise_or.reduce(looked.bits, initial=0))
    for finder, bits in _FINDERS:
        found = list(finder(looked)) if present & bits else []
        if found:
            taken = _merged(taken, found)
            looked = _without(looked, found)
    yield from _merged(taken, list(find_unrecoverable(text)))


def _without(looked: Scan, hits: list[Hit]) -> Scan:
    """The same text with nothing suspicious in what was found."""
    bits = looked.bits.copy()
    for hit in hits:
        bits[hit.start : hit.end] = 0
    return looked._replace(bits=bits)


def _merged(first: list[Hit], second: list[Hit]) -> list[Hit]:
    """Both in order of start, without those of the second that overlap one of the first."""
    if not first or not second:
        return first or second
    merged: list[Hit] = []
    position = 0
    for hit in second:
        while position < len(first) and first[position].end <= hit.start:
            merged.append(first[position])
            position += 1
        if position == len(first) or hit.end <= first[position].start:
            merged.append(hit)
    return merged + first[position:]
