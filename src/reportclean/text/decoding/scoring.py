"""How likely a reading is: log-probabilities of the character model, and what decoding prices by itself."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model

LINE_READINGS = ("utf-8", "gb18030", "big5hkscs")  # ASCII-compatible, and no trail byte is a line feed
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
BLOCK = 1 << 20  # bytes scored at once, so that a huge file costs no more memory than itself
PRIOR = {"utf-8": 8.0, "gb18030": 1.0}  # nats: what is likelier before a byte is seen
BAD_BYTE = -15.0  # nats for a byte that cannot be read
BAD_RATIO = 0.1  # of the non-ASCII characters; beyond it the bytes are no text in that encoding
CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\f\x1b")
_KANA_ALONE = -10.0


def narrow_score(probe: bytes, name: str) -> float:
    """The log-probability of bytes as text in an ASCII-compatible encoding."""
    text = probe.decode(name, "replace")
    return float(each(text).sum(dtype=np.float64)) + PRIOR.get(name, 0.0)


def each(text: str) -> NDArray[np.float32]:
    """The log-probability of each character, given the one before."""
    points = code_points(text)
    values = model().each_point(points)
    values[points == 0xFFFD] = BAD_BYTE
    kana = (points >= 0x3041) & (points <= 0x30FF)
    if kana.any():  # one alone is no Japanese, but what Big5's commonest characters look like in GB2312
        beside = np.zeros(len(points), dtype=np.bool_)
        beside[1:] = kana[:-1]
        beside[:-1] |= kana[1:]
        values[kana & ~beside] = _KANA_ALONE
    return values


def confidence(difference: float) -> float:
    """The probability of a reading that is likelier than its rival by so many nats."""
    return round(1 / (1 + exp(-min(max(difference, -50.0), 50.0))), 4)
