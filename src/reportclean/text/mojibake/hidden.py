"""Bytes that a decoder lost: which they can have been, and how likely what they were part of is.

A decoder loses a byte only where it can make nothing of it and the next one. What it made of the next one
stands in the text, so of the 64 bytes that go on with a UTF-8 character all but a few are ruled out.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charmodel import model

# A UTF-8 character as far as it is known: bytes, and below 0 what is known of a hidden one.
Known = tuple[int, ...]

ANY = -1  # nothing is known
PAIR_LEAD = -2  # with the next one a pair that GBK does not assign
PAIR_TRAIL = -3
TAKEN_LEAD = -4  # the same, or 80 and any byte
TAKEN_TRAIL = -5
REFUSED = -6  # refused by GBK together with one that is hidden as well
ASCII = -7  # no part of a character: an ASCII one went with a mark
LONG = -8  # one that went with two others
DROPPED_LEAD = -9  # as PAIR_LEAD, without a mark
DROPPED_TRAIL = -10
DROPPED_REFUSED = -11  # as REFUSED, without a mark
_LEADS = frozenset({PAIR_LEAD, TAKEN_LEAD, DROPPED_LEAD})
_TRAILS = frozenset({PAIR_TRAIL, TAKEN_TRAIL, DROPPED_TRAIL})
_UNKNOWN = frozenset({ANY, LONG})
REFUSED_BEFORE = -16  # less a byte n: refused by GBK together with n

END = 0x100  # what follows the last byte, for ``refused_before``
_FIRST_LEAD, _LAST_LEAD = 0xE2, 0xEF
_OTHER = -10.0  # nats for a character of two or four bytes
_ASCII_SIGN = -3.5


def refused_before(byte: int) -> int:
    """The code of a hidden byte that GBK refused because this byte (or the end) followed."""
    return REFUSED_BEFORE - byte


@cache
def _refused() -> NDArray[np.bool_]:
    """Which pairs of bytes GBK makes nothing of, by lead and trail."""
    pairs = np.ones((256, 256), dtype=np.bool_)
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            pairs[lead, trail] = not bytes((lead, trail)).decode("gbk", "ignore")
    return pairs


@cache
def possible(code: int) -> NDArray[np.bool_]:
    """Which of the 256 bytes a hidden one can have been (or, from 0 up, the one byte that it is)."""
    found = np.zeros(256, dtype=np.bool_)
    if code >= 0:
        found[code] = True
    elif code in _UNKNOWN or code in _TRAILS:
        found[0x80:] = True
    elif code in _LEADS or code in {REFUSED, DROPPED_REFUSED}:
        found[0x80:] = _refused()[0x80:, 0x80:].any(axis=1)
        found[0x80] = code not in {PAIR_LEAD, DROPPED_LEAD}
    elif code <= REFUSED_BEFORE:
        byte = REFUSED_BEFORE - code
        found[0x80:] = True if byte < 0x40 or byte == END else _refused()[0x80:, byte]
    return found


class Fit(NamedTuple):
    """Which bytes each of the three of a character can be, and the last two together (None: any two)."""

    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    third: NDArray[np.bool_]
    together: NDArray[np.bool_] | None


@lru_cache(maxsize=1 << 12)
def _third(code: int) -> NDArray[np.bool_]:
    """The same for a third byte: where a pair begins in it, the other one opens the next character."""
    if code not in _LEADS:
        return possible(code)
    found = possible(code).copy()
    found[0x81:] &= _refused()[0x81:, _FIRST_LEAD : _LAST_LEAD + 1].any(axis=1)
    return found


def fit(known: Known) -> Fit:
    """What is known of a character of three bytes, as sets."""
    first, second, third = (*known, ANY, ANY)[:3]
    together = None
    if second in _LEADS and third in _TRAILS:
        together = _refused()[0x80:0xC0, 0x80:0xC0]
    return Fit(possible(first), possible(second), _third(third), together)


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
    """The probability of every character of three bytes: by the first less E0, low six bits of the others."""
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
    leads, second, third, together = fit(known)
    masses = _masses() if known[0] < 0 else _masses()[known[0] - 0xE0]
    if together is not None:
        masses = masses * together
    totals = masses @ third[0x80:0xC0].astype(np.float64) @ second[0x80:0xC0].astype(np.float64)
    total = float(leads[0xE0:0xF0] @ totals if known[0] < 0 else totals)
    return math.log(total) if total > 0.0 else -math.inf
