"""How likely a string is as Chinese text: characters and in-word pairs, to weigh one reading against another.

The counts are jieba's, both scripts are covered, and the file is made by ``tools/build_charmodel.py``.
It is loaded at first use, which takes about 15 ms. What is not Han gets a flat cost by block: the
figures below were set by hand so that a wrong reading is always the dearer one, and only differences
of hundreds of nats a sentence are ever decided by them.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import CODE_POINTS, code_points

DATA = "charmodel.npz"

# Natural logarithms. The rarest counted character stands at the floor: a dictionary's tail says nothing.
HAN_FLOOR = -17.0
VARIANT_PENALTY = 0.5  # a traditional form against its simplified character: most text keeps to one script
OTHER = -13.0
_NO_ROW = 0xFFFF
_BLOCKS: tuple[tuple[int, int, float], ...] = (  # later lines win
    (0x00, 0x1F, -20.0),
    (0x09, 0x0A, -4.5),
    (0x0D, 0x0D, -4.5),
    (0x20, 0x7E, -4.5),
    (0x21, 0x2F, -5.5),
    (0x3A, 0x40, -5.5),
    (0x5B, 0x60, -6.0),
    (0x7B, 0x7E, -6.0),
    (0x7F, 0x9F, -20.0),
    (0xA0, 0xFF, -8.0),
    (0x370, 0x52F, -10.0),
    (0x590, 0x6FF, -10.0),
    (0x900, 0xE7F, -10.0),
    (0x2000, 0x26FF, -9.0),
    (0x3000, 0x303F, -7.0),
    (0x3040, 0x30FF, -6.5),
    (0x3400, 0x4DFF, -18.0),
    (0x4E00, 0x9FFF, HAN_FLOOR),
    (0xAC00, 0xD7A3, -14.0),  # but the 2,350 syllables that Korean is written with, below
    (0xD800, 0xDFFF, -20.0),
    (0xE000, 0xF8FF, -20.0),
    (0xFF01, 0xFF60, -7.0),
    (0xFFFD, 0xFFFD, -9.0),
    (0x1F300, 0x1FAFF, -10.0),
    (0x20000, 0x10FFFF, -18.0),
)
_PUNCTUATION = {  # by rough frequency in reports
    "，": -2.8,
    "。": -3.3,
    "、": -3.6,
    "：“”（）": -4.5,
    "；《》？！　": -5.2,
    "—…·「」【】％": -6.0,
    "‘’『』〔〕〈〉": -6.5,
}
_COMMON_HANGUL = -7.0


class CharModel:
    """Log-probabilities of characters, alone and after another.

    Attributes:
        alone: ``float32`` by code point, natural logarithms.
        row: ``uint16`` by code point: the character's row in the table of pairs, variants sharing one.
        script: ``int8`` by code point: 1 for a variant (mostly a traditional form), -1 for what has one.
    """

    def __init__(self) -> None:
        with resources.files("reportclean").joinpath("data", DATA).open("rb") as file:
            table = dict(np.load(file, allow_pickle=False))
        self.alone: NDArray[np.float32] = np.full(CODE_POINTS, OTHER, dtype=np.float32)
        for first, last, value in _BLOCKS:
            self.alone[first : last + 1] = value
        for signs, cost in _PUNCTUATION.items():
            self.alone[[ord(sign) for sign in signs]] = cost
        common = bytes(b for lead in range(0xB0, 0xC9) for trail in range(0xA1, 0xFF) for b in (lead, trail))
        self.alone[code_points(common.decode("euc_kr"))] = _COMMON_HANGUL
        counted = np.maximum(table["cost"] / np.float32(-10), HAN_FLOOR)
        self.alone[table["points"]] = counted
        self.alone[table["variants"]] = np.maximum(counted[table["variant_of"]] - VARIANT_PENALTY, HAN_FLOOR)
        self.row: NDArray[np.uint16] = np.full(CODE_POINTS, _NO_ROW, dtype=np.uint16)
        self.row[table["points"]] = np.arange(len(counted), dtype=np.uint16)
        self.row[table["variants"]] = table["variant_of"]
        self.script: NDArray[np.int8] = np.zeros(CODE_POINTS, dtype=np.int8)
        self.script[table["points"][table["variant_of"]]] = -1
        self.script[table["variants"]] = 1
        openers = np.repeat(np.arange(len(counted), dtype=np.uint32), table["first"])
        self._pairs: NDArray[np.uint32] = openers << 16 | table["second"]
        self._pair: NDArray[np.float32] = (table["pair_cost"] / np.float32(-10)).astype(np.float32)

    @cached_property
    def most(self) -> NDArray[np.float32]:
        """The most that each character can count for, whatever stands before: ``float32`` by code point."""
        rows = np.full(_NO_ROW + 1, -np.inf, dtype=np.float32)
        np.maximum.at(rows, self._pairs & np.uint32(_NO_ROW), self._pair)
        return np.maximum(self.alone, rows[self.row])

    def each(self, text: str) -> NDArray[np.float32]:
        """The log-probability of each character, given the one before where the pair is known."""
        return self.each_point(code_points(text))

    def each_point(self, points: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The same for code points."""
        values = self.alone[points]
        if len(points) < 2:
            return values
        rows = self.row[points].astype(np.uint32)
        keys = rows[:-1] << 16 | rows[1:]
        at = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        known = self._pairs[at] == keys
        values[1:][known] = np.maximum(values[1:][known], self._pair[at[known]])
        return values

    def bound(self, before: NDArray[np.uint32], after: NDArray[np.uint32]) -> NDArray[np.float32]:
        """By how many nats each character is likelier after the one before than alone; 0 at least."""
        keys = self.row[before].astype(np.uint32) << 16 | self.row[after]
        at = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        alone = self.alone[after]
        paired = np.where(self._pairs[at] == keys, self._pair[at], alone)
        return np.maximum(paired, alone) - alone

    def score(self, text: str) -> float:
        """The log-probability of a text.

        >>> model().score("工会工作") > model().score("敒宊猣懏")
        True
        """
        return float(self.each(text).sum(dtype=np.float64))

    def pair(self, before: str, after: str) -> float:
        """The log-probability of one character after another; without an array, for one pair."""
        point = ord(after)
        alone = float(self.alone[point])
        first, second = int(self.row[ord(before)]), int(self.row[point])
        if _NO_ROW in {first, second}:
            return alone
        key = first << 16 | second
        at = int(self._pairs.searchsorted(np.uint32(key)))
        if at == len(self._pairs) or self._pairs[at] != key:
            return alone
        return max(alone, float(self._pair[at]))


@cache
def model() -> CharModel:
    """The one model of this process."""
    return CharModel()
