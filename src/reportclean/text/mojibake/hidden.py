"""Bytes that a decoder lost: which they can have been, and how likely what they were part of is.

A decoder loses a byte only where it can make nothing of it and the next one. What it made of the next one
stands in the text, so of the 64 bytes that go on with a UTF-8 character all but a few are ruled out.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charmodel import model

# A UTF-8 character as far as it is known: bytes, and below 0 what is known of a hidden one.
Known = tuple[int, ...]

ANY = -1  # nothing is known
PAIR_LEAD = -2  # with the next one a pair that GBK does not assign
PAIR_TRAIL = -3
REFUSED = -4  # refused by GBK together with one that is hidden as well
ASCII = -5  # no part of a character: an ASCII one went with a mark
_REFUSED_BEFORE = -16  # less a byte n: refused by GBK together with n

END = 0x100  # what follows the last byte, for ``refused_before``
_FIRST_LEAD, _LAST_LEAD = 0xE2, 0xEF
_OTHER = -10.0  # nats for a character of two or four bytes
_ASCII_SIGN = -3.5


def refused_before(byte: int) -> int:
    """The code of a hidden byte that GBK refused because this byte (or the end) followed."""
    return _REFUSED_BEFORE - byte


@cache
def _assigned() -> NDArray[np.bool_]:
    """Which pairs of bytes GBK takes for a character, by lead and trail."""
    pairs = np.zeros((256, 256), dtype=np.bool_)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            pairs[lead, trail] = bool(bytes((lead, trail)).decode("gbk", "ignore")) and trail != 0x7F
    return pairs


@cache
def possible(code: int) -> NDArray[np.bool_]:
    """Which of the 256 bytes a hidden one can have been (or, above 0, the one byte that it is)."""
    found = np.zeros(256, dtype=np.bool_)
    if code >= 0:
        found[code] = True
    elif code in {ANY, PAIR_TRAIL}:
        found[0x80:] = True
    elif code == PAIR_LEAD:
        found[0xA1:0xB0] = True
    elif code == REFUSED:
        found[0x80] = True
        found[0xA1:0xB0] = True
    elif code <= _REFUSED_BEFORE:
        byte = _REFUSED_BEFORE - code
        if byte < 0x40 or byte == END:
            found[0x80:] = True
        else:
            found[0x80:] = ~_assigned()[0x80:, byte]
    return found


@cache
def can_open(code: int) -> bool:
    """Whether a hidden byte can be the first of a UTF-8 character."""
    return bool(possible(code)[_FIRST_LEAD : _LAST_LEAD + 1].any())


@cache
def can_go_on(code: int) -> bool:
    """Whether a hidden byte can be one of those that follow."""
    return bool(possible(code)[0x80:0xC0].any())


@cache
def _masses() -> NDArray[np.float64]:
    """The probability of every character of three bytes, by its first byte less E0 and by the low six bits."""
    masses = np.exp(model().alone[:0x10000].astype(np.float64)).reshape(16, 64, 64)
    masses[0, :0x20] = 0.0  # no UTF-8
    return masses


@lru_cache(maxsize=1 << 16)
def mass(known: Known) -> float:
    """The log-probability of all the characters together that agree with what is known of one.

    >>> mass((0xE4, 0xBC, ANY)) > mass((0xE4, 0xBC, refused_before(0xE5)))
    True
    """
    if known[0] == ASCII:
        return _ASCII_SIGN
    if 0 <= known[0] < _FIRST_LEAD or known[0] > _LAST_LEAD:
        return _OTHER
    second, third = (possible(code)[0x80:0xC0].astype(np.float64) for code in (*known, ANY, ANY)[1:3])
    if known[0] < 0:
        total = float(possible(known[0])[0xE0:0xF0] @ (_masses() @ third @ second))
    else:
        total = float(second @ _masses()[known[0] - 0xE0] @ third)
    return math.log(total) if total > 0.0 else -math.inf
