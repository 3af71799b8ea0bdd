"""Where text may be that was read one byte a character: upper halves of code pages, close together."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import CODE_POINTS
from reportclean.text.mojibake.bytesof import UPPER, UPPER_SIGN, Scan

_REACH = 30  # upper halves so near each other are weighed together
_TAIL = 2  # what a last character may have of ASCII
# Signs of clean text that are in every code page, and alphabets: they prove nothing by standing together.
_INNOCENT = "\xa0¿¡·×÷±°§¨«»­®©™–—―‘’“”•…‹›€№│─┌┐└┘├┤┬┴┼═║█■"


def zones(looked: Scan) -> list[tuple[int, int]]:
    """Parts of lines in which characters of upper halves stand together suspiciously, in order."""
    _, points, bits = looked
    upper = bits & (UPPER | UPPER_SIGN) != 0
    high = np.flatnonzero(upper)
    apart = np.diff(high)
    touching = np.flatnonzero(apart == 1)
    if not len(touching):
        return []
    innocent = _innocent()[points[high]]
    suspects = touching[~(innocent[touching] & innocent[touching + 1])]
    # How many characters that are no printable ASCII stand before each place.
    ascii_there = (points >= 0x20) & (points <= 0x7E)
    other = np.cumsum(~ascii_there)
    linked = (apart <= _REACH) & (np.diff(other[high]) == 1)
    breaks = np.flatnonzero(~linked)  # the last of each row that hangs together
    suspicious = np.zeros(len(breaks) + 1, dtype=np.bool_)
    suspicious[np.searchsorted(breaks, suspects)] = True
    rows = np.flatnonzero(suspicious)
    starts = high[np.append(0, breaks + 1)[rows]]
    ends = high[np.append(breaks, len(high) - 1)[rows]] + 1
    for _ in range(_TAIL):
        goes_on = ends < len(points)
        goes_on[goes_on] = ascii_there[ends[goes_on]]
        if not goes_on.any():
            break
        ends += goes_on
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


@cache
def _innocent() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[[ord(c) for c in _INNOCENT]] = True
    table[0x370:0x460] = True
    return table
