"""What decoders of GBK do with bytes that they cannot read: what a character they wrote may stand for."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.mojibake.bytesof import GOES_ON, OPENS, TURNS
from reportclean.text.mojibake.hidden import (
    ANY,
    ASCII,
    DROPPED_LEAD,
    DROPPED_REFUSED,
    DROPPED_TRAIL,
    END,
    LONG,
    PAIR_LEAD,
    PAIR_TRAIL,
    REFUSED,
    TAKEN_LEAD,
    TAKEN_TRAIL,
    Known,
    refused_before,
)

# Some ways to read a character: what each costs in nats, and the bytes.
Readings = tuple[tuple[float, Known], ...]


class Marks(IntEnum):
    """How many bytes a mark hides, as far as that is known of the decoder."""

    UNKNOWN = 0
    ONE = 1  # any byte that makes no pair with the next one
    TWO = 2  # with the next one; U+FFFD only for a pair that is not assigned
    THREE = 3  # and the next character


class Drops(IntEnum):
    """What went without a mark, as far as that is known."""

    UNKNOWN = 0
    NOTHING = 1
    BYTES = 2  # those of which GBK makes nothing
    PAIRS = 3  # characters for private use, after GB18030 was read
    AT_MOST_PAIRS = 4  # bytes left marks


class Decoder(NamedTuple):
    """What is known of the decoder."""

    wide: bool  # it knew all of GB18030: what it lost are 80 and what stood before an ASCII character
    marks: Marks
    drops: Drops


_ANY_BYTE = -6.0  # a mark for a byte that GBK would have taken: the end of a text before another
_MARK_IS_REAL = -7.0  # a U+FFFD in broken text that hides no byte of it
_EURO_IS_EURO = -2.0
# A byte, or a pair, that went without a mark.
_DROPPED = {
    Drops.UNKNOWN: (-3.0, -3.0),
    Drops.NOTHING: (0.0, 0.0),
    Drops.BYTES: (-0.5, -5.0),
    Drops.PAIRS: (-7.0, -0.5),
    Drops.AT_MOST_PAIRS: (-7.0, -3.0),
}
# A "?" may be itself, one byte, two, three.
_QUESTION = {
    Marks.UNKNOWN: (-3.0, -1.0, -1.5, -3.0),
    Marks.ONE: (-2.0, 0.0, -6.0, -8.0),
    Marks.TWO: (-2.0, -6.0, 0.0, -8.0),
    Marks.THREE: (-2.0, -3.0, -3.0, 0.0),
}
_PAIR = {Marks.UNKNOWN: -1.5, Marks.ONE: -6.0, Marks.TWO: 0.0, Marks.THREE: -6.0}  # U+FFFD for two bytes


def knows_gb18030(points: NDArray[np.uint32], bits: NDArray[np.uint8]) -> bool:
    """Whether there are characters in broken text that GBK lacks, given code points and their shapes."""
    private = (points >= 0xE000) & (points <= 0xF8FF)
    return bool((private & (bits & (OPENS | TURNS | GOES_ON) != 0)).any())


@lru_cache(maxsize=1 << 15)
def first_byte(char: str) -> int:
    """The first byte of what a character stands for, as far as it is known."""
    if char == "\ufffd":
        return REFUSED
    if char == "€":
        return 0x80
    try:
        return char.encode("gb18030")[0] if char > "\0" else END
    except UnicodeEncodeError:
        return END


@lru_cache(maxsize=1 << 15)
def readings(char: str, follow: int, decoder: Decoder) -> Readings:
    """Which bytes a character may stand for.

    Args:
        char: The character.
        follow: The first byte of the next one.
        decoder: What is known of the decoder.
    """
    if char == "\ufffd":
        refused = _refused(follow, decoder)
        pair = _PAIR[decoder.marks], (PAIR_LEAD, PAIR_TRAIL)
        return (0.0, (refused,)), (_ANY_BYTE, (ANY,)), pair, (_MARK_IS_REAL, ())
    if char == "?":
        itself, one, two, three = _QUESTION[decoder.marks]
        return (
            (itself, (0x3F,)),
            (one, (_refused(follow, decoder),)),
            (one + _ANY_BYTE, (ANY,)),
            (two, (TAKEN_LEAD, TAKEN_TRAIL)),
            (max(two, three), (ANY, ASCII)),
            (three, (REFUSED, LONG, ANY)),
        )
    if char == "€":
        return (0.0, (0x80,)), (_EURO_IS_EURO, (0xA2, 0xE3))
    try:
        return ((0.0, tuple(char.encode("gb18030"))),)
    except UnicodeEncodeError:
        return ()


def _refused(follow: int, decoder: Decoder) -> int:
    """One byte that the decoder could make nothing of, given the one that follows."""
    if follow != END and not 0 <= follow < 0x40 and (decoder.wide or decoder.marks == Marks.TWO):
        return 0x80
    return REFUSED if follow == REFUSED else refused_before(follow)


@lru_cache(maxsize=1 << 15)
def dropped_before(char: str, decoder: Decoder) -> Readings:
    """Which bytes may have been dropped without a mark before a character."""
    one = _refused(first_byte(char), decoder)
    pair = (DROPPED_LEAD, DROPPED_TRAIL)
    byte_price, pair_price = _DROPPED[decoder.drops]
    if decoder.drops == Drops.NOTHING:
        return ()
    return (
        (byte_price, (one,)),
        (2 * byte_price, (DROPPED_REFUSED, one)),
        (pair_price, pair),
        (2 * pair_price, pair + pair),
    )


@lru_cache(maxsize=1 << 15)
def prefixed(char: str, follow: int, decoder: Decoder) -> Readings:
    """The ways to read a character after what may have been dropped before it."""
    values = readings(char, follow, decoder)[:1]
    return tuple(
        (price, hidden + known) for price, hidden in dropped_before(char, decoder) for _, known in values
    )
