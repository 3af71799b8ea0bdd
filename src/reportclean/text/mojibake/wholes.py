"""Readings of all of a zone at once, where one is beyond doubt: far quicker than to weigh its parts.

They must be valid to the last byte, and so much likelier than what stands there that no part can be clean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import Scan
from reportclean.text.mojibake.codepages import LATIN, LEAD, byte_of, undone
from reportclean.text.mojibake.european import usual, usual_points
from reportclean.text.mojibake.weighing import RARE, is_plausible, likelihood, most_likely, plausible

MAX_TIMES = 3
_CERTAIN = 6  # different characters above ASCII in a reading that is taken whole
_CERTAIN_MEAN = -7.5  # nats a character of it
_CERTAIN_GAIN = 4.0  # and by how much it is likelier
_MAX_ASCII_RATIO = 0.4  # of the characters of a stretch, those whose second byte is ASCII
_FEW = 3
_FIRST_LOOK = 40  # characters, in which there mostly are so many different ones


def beyond_doubt(
    looked: Scan, zones: Sequence[tuple[int, int]], codecs: Sequence[str]
) -> list[tuple[str, str]]:
    """For each zone a code page and what UTF-8 read so is, where the characters alone prove it; else "".

    Pairs of characters are not looked up here, as :func:`read_whole` does for the others: a character is at
    least as likely after any other as it is alone, and never likelier than after the best one.

    Args:
        looked: The text.
        zones: Where each begins and ends.
        codecs: The code pages, in the order in which they are tried.
    """
    text, points, _ = looked
    pairs = [_fixed(text[start:end], codecs) for start, end in zones]
    found = [fixed for _, fixed in pairs]
    numbers = [i for i, fixed in enumerate(found) if fixed]
    if not numbers:
        return pairs
    read = code_points("\0".join([found[i] for i in numbers]))
    starts = np.concatenate(([0], np.flatnonzero(read == 0) + 1))
    values = model().alone[read].astype(np.float64)
    values[starts[1:] - 1] = 0.0
    high = read > 0x7F

    def totals(of_each: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.add.reduceat(of_each.astype(np.float64), starts)

    count = totals(high)
    good = totals(high & (values > RARE))
    unusual = totals(high & ~usual_points()[read])
    likely = totals(np.where(high, values, 0.0)) >= _CERTAIN_MEAN * count
    there = most_likely()[np.concatenate([points[slice(*zones[i])] for i in numbers])]
    lengths = np.array([zones[i][1] - zones[i][0] for i in numbers])
    most = np.add.reduceat(there.astype(np.float64), np.cumsum(lengths) - lengths)
    sure = likely & (unusual == 0) & (totals(values) - most >= _CERTAIN_GAIN * count)
    for i, is_sure, kept, of in zip(numbers, sure.tolist(), good.tolist(), count.tolist(), strict=True):
        if not (is_sure and is_plausible(kept, of)):
            pairs[i] = "", ""
    return pairs


def _fixed(zone: str, codecs: Sequence[str]) -> tuple[str, str]:
    """The first code page in which all of a zone is UTF-8, and what it is, if that is varied enough."""
    for codec in codecs:
        if (fixed := _repeatedly(zone, codec)) is not None:
            few = _distinct(fixed[:_FIRST_LOOK]) < _CERTAIN and _distinct(fixed) < _CERTAIN
            return ("", "") if few else (codec, fixed)
    return "", ""


def _distinct(text: str) -> int:
    return len(set(text) - _ascii())


@cache
def _ascii() -> frozenset[str]:
    return frozenset(map(chr, range(0x80)))


def _repeatedly(zone: str, codec: str) -> str | None:
    """What a zone is as UTF-8 read in a code page, also several times; it begins with an upper half."""
    first, second = (byte_of(codec).get(char, ord(char)) for char in zone[:2])
    if first < LEAD or second >= LEAD:
        return None  # mostly so: nothing opens a character, or another one is opened at once
    fixed = undone(zone, codec, "utf-8")
    for _ in range(MAX_TIMES - 1):
        if fixed is None or (again := undone(fixed, codec, "utf-8")) is None:
            break
        fixed = again
    return fixed


def read_whole(zone: str, codecs: Sequence[str]) -> tuple[str, str, str] | None:
    """A reading of all of a zone that is beyond doubt: its kind, the code page's name, what the zone is."""
    for codec in codecs:  # what is UTF-8 to the last byte is nothing else: the first that is, decides
        if (fixed := _repeatedly(zone, codec)) is not None and _is_beyond_doubt(zone, fixed):
            return "utf8-as-latin1", codec, fixed
    read = [
        (model().score(fixed), kind, fixed)
        for kind, encoding in (("gbk-as-latin1", "gb18030"), ("big5-as-latin1", "big5hkscs"))
        if (fixed := undone(zone, LATIN, encoding)) is not None and mostly_high(zone, kind)
    ]
    if not read:
        return None
    _, kind, fixed = max(read)
    return (kind, "", fixed) if _is_beyond_doubt(zone, fixed) else None


def _is_beyond_doubt(zone: str, fixed: str) -> bool:
    """Whether the reading of a whole zone is long, usual and likely by itself, and far likelier."""
    high = "".join(c for c in fixed if c > "\x7f")
    if len(set(high)) < _CERTAIN or not all(map(usual, set(high))) or not plausible(high):
        return False
    if model().score(high) < _CERTAIN_MEAN * len(high):
        return False
    return model().score(fixed) - likelihood(zone) >= _CERTAIN_GAIN * len(high)


def mostly_high(original: str, kind: str) -> bool:
    """Whether few enough trail bytes are ASCII: a letter after an accented one is a word, not a character.

    GBK text has next to none; of Big5's trail bytes two in five are ASCII.
    """
    high = sum(c > "\x7f" for c in original)
    pairs = len(_pair().findall(original))
    with_ascii = 2 * pairs - high
    if kind == "gbk-as-latin1":
        return with_ascii == 0 if pairs < _FEW else with_ascii <= _MAX_ASCII_RATIO * pairs
    return with_ascii <= 2 * _MAX_ASCII_RATIO * pairs


@cache
def _pair() -> re.Pattern[str]:
    return re.compile("[^\\x00-\\x7f](?:[^\\x00-\\x7f]|[@-~])")
