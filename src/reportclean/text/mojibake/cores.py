"""Broken text that lost nothing: rows of whole UTF-8 characters among the bytes of a stretch of text.

No two UTF-8 characters overlap in a row of bytes, so where three follow each other there is one way to read
them, whatever was lost before and after. Only the first and the last may be made of the rests of two, where
bytes went without a mark, or of half a clean character and a sign: those are left to the weighing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import gbk_codes
from reportclean.text.mojibake.weighing import RARE

_MIN_GAIN = 12.0  # nats for a row to be taken without weighing it against the text as it stands
MIN_SOLID = 2  # whole characters without which nothing is repaired
_NEAR = 16  # bytes
# What stands for a character whose bytes are not known; GBK has no such bytes, and rows hold none of them.
MARK = 0xFF  # U+FFFD
QUESTION = 0x3F
NO_BYTE = 0x00


class Core(NamedTuple):
    """A row of whole characters.

    Attributes:
        start: The character of the text that it begins in.
        skip: How many bytes of that are not its own.
        stop: The first character that is not wholly its own.
        taken: How many bytes of that are.
        fixed: What it holds.
        ahead: The bytes from the row before to its own first one; from anywhere for the first row.
    """

    start: int
    skip: int
    stop: int
    taken: int
    fixed: str
    ahead: bytes


@cache
def _row() -> re.Pattern[str]:
    """Three characters of three bytes or more, and what may stand between them."""
    whole = "[\\xe2-\\xef][\\x80-\\xbf]{2}"
    between = "(?:[\\n -<>@-~]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}){0,12}"
    return re.compile(f"{whole}(?:{between}{whole}){{2,}}")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile("[\xc2\xc3][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")


@cache
def _solid() -> re.Pattern[str]:
    return re.compile("(?:[\xe2-\xef][\x80-\xbf]{2}){3,}")


class _Bytes(NamedTuple):
    """The bytes that characters stand for.

    Attributes:
        data: They.
        offsets: Where those of each character begin; one more at the end.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.intp]


def cores(points: NDArray[np.uint32], ranges: Sequence[tuple[int, int]]) -> list[list[Core]]:
    """The rows in each range of a text that are beyond doubt, in order.

    Args:
        points: The code points of the text, ``uint32`` of shape ``(len(text),)``.
        ranges: Where each begins and ends; looked at together, which costs far less than one by one.
    """
    found: list[list[Core]] = [[] for _ in ranges]
    # What lies between two ranges is a byte of no row.
    lengths = np.array([end - start + 1 for start, end in ranges])
    firsts = np.concatenate(([0], np.cumsum(lengths)))
    nul = np.zeros(1, dtype=np.uint32)
    joined = np.concatenate([part for start, end in ranges for part in (points[start:end], nul)])
    looked = _bytes(joined)
    data, offsets = looked
    raw = data.tobytes()
    latin = raw.decode("latin-1")
    rows = np.array([match.span() for match in _row().finditer(latin)], dtype=np.intp).reshape(-1, 2)
    solids = np.array([match.span() for match in _solid().finditer(latin)], dtype=np.intp).reshape(-1, 2)
    # The first and the last row of characters without anything between, in each row.
    opening = np.searchsorted(solids[:, 0], rows[:, 0])
    closing = np.searchsorted(solids[:, 1], rows[:, 1], side="right") - 1
    kept = opening <= closing
    rows, opening, closing = rows[kept], opening[kept], closing[kept]
    if not len(rows):
        return found
    width = np.diff(offsets)
    char_at = np.repeat(np.arange(len(joined), dtype=np.intp), width)
    spans = char_at[rows]
    likely = _likelier(raw, rows, joined, spans)
    if not likely.any():
        return found
    opening, closing, spans = opening[likely], closing[likely], spans[likely]
    number = np.searchsorted(firsts, spans[:, 0], side="right") - 1
    begin, stop = solids[opening, 0], solids[closing, 1]
    begin += np.where(begin > offsets[firsts[number]], 3, 0)
    stop -= np.where(stop < offsets[firsts[number + 1] - 1], 3, 0)
    places = char_at[begin], char_at[stop]
    move = np.array([start for start, _ in ranges], dtype=np.intp)[number] - firsts[number]
    begins, stops = begin.tolist(), stop.tolist()
    fixed = b"\0".join([raw[first:last] for first, last in zip(begins, stops, strict=True)])
    columns = (
        (places[0] + move).tolist(),
        (begin - offsets[places[0]]).tolist(),
        (places[1] + move).tolist(),
        (stop - offsets[places[1]]).tolist(),
        fixed.decode().split("\0"),
        [raw[last : first + 1] for last, first in zip([0, *stops[:-1]], begins, strict=True)],
    )
    for i, core in zip(number.tolist(), map(Core._make, zip(*columns, strict=True)), strict=True):
        found[i].append(core)
    return found


def _likelier(
    raw: bytes, rows: NDArray[np.intp], points: NDArray[np.uint32], spans: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which rows are so much likelier read so than as they stand.

    Args:
        raw: The bytes.
        rows: Of each row where its bytes begin and end, of shape ``(rows, 2)``.
        points: The code points that stand for the bytes.
        spans: Of each row which of them do, of shape ``(rows, 2)``.
    """
    joined = b"\0".join([raw[first:last] for first, last in rows.tolist()]).decode("utf-8", "replace")
    read = code_points(joined + "\0")
    ends = np.flatnonzero(read == 0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    least = _between(model().alone[read], starts, ends)
    most = _between(model().most[points], spans[:, 0], spans[:, 1])
    likely = least - most >= _MIN_GAIN
    if "\ufffd" in joined:  # 锟斤拷, and surrogates
        likely &= np.add.reduceat(read == 0xFFFD, starts) == 0
    for i in np.flatnonzero(~likely).tolist():
        fixed = joined[starts[i] : ends[i]]
        if "\ufffd" not in fixed:
            first, last = spans[i].tolist()
            before = max(first - 1, 0)
            stands = model().each_point(points[before:last])[first - before :].sum(dtype=np.float64)
            likely[i] = model().score(fixed) - stands >= _MIN_GAIN
    return likely


def _between(
    values: NDArray[np.float32], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.float64]:
    """The sums of some values from each start to each end."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.asarray(sums[ends] - sums[starts])


def hopeless(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` holds no mark of a loss, and no two whole characters close together.

    Far quicker than to read it; rows of rare characters look like broken text everywhere, but hold none.
    """
    if any(mark in text[start:end] for mark in "\ufffd?€"):
        return False
    raw = _bytes(code_points(text[start:end])).data.tobytes()
    wholes = list(_whole().finditer(raw.decode("latin-1")))
    if len(wholes) < MIN_SOLID:
        return True
    chars = "".join(raw[m.start() : m.end()].decode("utf-8", "replace")[0] for m in wholes)
    likely = np.flatnonzero(model().alone[code_points(chars)] > RARE)
    places = np.array([m.start() for m in wholes])[likely]
    return not bool((np.diff(places) <= _NEAR).any())


def _bytes(points: NDArray[np.uint32]) -> _Bytes:
    """The bytes that characters stand for."""
    codes = _codes().take(points)
    double = codes > 0xFF
    offsets = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(1 + double, out=offsets[1:])
    data = np.empty(offsets[-1], dtype=np.uint8)
    data[offsets[:-1]] = np.where(double, codes >> 8, codes)
    data[offsets[:-1][double] + 1] = codes[double] & 0xFF
    return _Bytes(data, offsets)


@cache
def _codes() -> NDArray[np.uint16]:
    """The bytes of each code point as one number: one byte or two; 80 for €, which browsers read so."""
    codes = gbk_codes().copy()
    codes[codes == 0] = NO_BYTE
    codes[1:0x80] = np.arange(1, 0x80)
    codes[ord("€")] = 0x80
    codes[0xFFFD] = MARK
    return codes
