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
from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake.bytesof import gbk_codes
from reportclean.text.mojibake.weighing import RARE

_MIN_GAIN = 12.0  # nats for a row to be taken without weighing it against the text as it stands
MIN_SOLID = 2  # whole characters without which nothing is repaired
_NEAR = 16  # bytes
_MOST = 12  # characters between two of a row
# What stands for a character whose bytes are not known; GBK has no such bytes, and rows hold none of them.
MARK = 0xFF  # U+FFFD
QUESTION = 0x3F
NO_BYTE = 0x00
REFUSES = 0x40  # before a smaller byte GB18030 refuses any, before others only 80
_TWO_BYTES = 0x800  # code points below have no more


class Core(NamedTuple):
    """A row of whole characters.

    Attributes:
        start: The character of the text that it begins in.
        skip: How many bytes of that are not its own.
        stop: The first character that is not wholly its own.
        taken: How many bytes of that are.
        fixed: What it holds.
        first: Its first byte, in :attr:`Rows.raw`.
        last: One past its last byte.
    """

    start: int
    skip: int
    stop: int
    taken: int
    fixed: str
    first: int
    last: int


class Rows(NamedTuple):
    """The rows of a part of a text.

    Attributes:
        cores: They, in order.
        raw: Bytes that the text stands for, of other parts, too.
        owners: Of each byte the character, but for what comes next; ``int64`` of shape ``(len(raw),)``.
        move: What is added to that to have its place in the text.
    """

    cores: list[Core]
    raw: bytes
    owners: NDArray[np.intp]
    move: int


@cache
def _whole() -> re.Pattern[str]:
    return re.compile("[\xc2\xc3][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")


class _Bytes(NamedTuple):
    """The bytes that characters stand for.

    Attributes:
        data: They.
        offsets: Where those of each character begin; one more at the end.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.intp]


def rows_of(
    points: NDArray[np.uint32], ranges: Sequence[tuple[int, int]], wide: Sequence[bool]
) -> list[Rows]:
    """The rows in each range of a text that are beyond doubt, in order.

    Args:
        points: The code points of the text, ``uint32`` of shape ``(len(text),)``.
        ranges: Where each begins and ends; looked at together, which costs far less than one by one.
        wide: For each whether it was read as GB18030, which refuses 80 only, but before ASCII.
    """
    # What lies between two ranges is a byte of no row.
    lengths = np.array([end - start + 1 for start, end in ranges])
    begins = np.concatenate(([0], np.cumsum(lengths)))
    moves = [start - begin for (start, _), begin in zip(ranges, begins.tolist(), strict=False)]
    nul = np.zeros(1, dtype=np.uint32)
    joined = np.concatenate([part for start, end in ranges for part in (points[start:end], nul)])
    data, offsets = _bytes(joined)
    owners = np.repeat(np.arange(len(joined), dtype=np.intp), np.diff(offsets))
    _fill_proven(data, np.repeat(np.array(wide), np.diff(offsets[begins])))
    raw = data.tobytes()
    found = [Rows([], raw, owners, move) for move in moves]
    rows, solids = rows_and_solids(data)
    # The first and the last of the solid parts of each row.
    opening = np.searchsorted(solids[:, 0], rows[:, 0])
    closing = np.searchsorted(solids[:, 1], rows[:, 1], side="right") - 1
    kept = opening <= closing
    kept[kept] = _likelier(raw, rows[kept], joined, owners[rows[kept]])
    if not kept.any():
        return found
    first, last = solids[opening[kept], 0], solids[closing[kept], 1]
    number = np.searchsorted(begins, owners[first], side="right") - 1
    first += np.where(first > offsets[begins[number]], 3, 0)
    last -= np.where(last < offsets[begins[number + 1] - 1], 3, 0)
    start, stop, move = owners[first], owners[last], np.array(moves)[number]
    spans = first.tolist(), last.tolist()
    columns = (
        (start + move).tolist(),
        (first - offsets[start]).tolist(),
        (stop + move).tolist(),
        (last - offsets[stop]).tolist(),
        b"\0".join([raw[at:end] for at, end in zip(*spans, strict=True)]).decode().split("\0"),
        *spans,
    )
    for i, core in zip(number.tolist(), map(Core._make, zip(*columns, strict=True)), strict=True):
        found[i].cores.append(core)
    return found


def rows_and_solids(data: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where rows of characters lie, and the parts of them in which no other ones stand.

    A row is three characters of three bytes or more, between two of which stand at most twelve of ASCII or
    of two or four bytes; it is solid where three and more follow each other.

    Args:
        data: The bytes, ``uint8``.

    Returns:
        Begins and ends of the rows and of the solid parts, each ``int64`` of shape ``(count, 2)``.
    """
    padded = np.append(data, np.zeros(3, dtype=np.uint8))
    on = padded & 0xC0 == 0x80
    second, third, fourth = on[1:-2], on[2:-1], on[3:]
    wholes = np.flatnonzero((data >= 0xE2) & (data <= 0xEF) & second & third)
    twos = np.flatnonzero((data >= 0xC2) & (data <= 0xDF) & second)
    fours = np.flatnonzero((data == 0xF0) & (padded[1:-2] >= 0x90) & second & third & fourth)
    opens = _between_wholes().take(data)
    opens[twos] = opens[fours] = True
    fits = opens.copy()
    fits[twos + 1] = fits[fours + 1] = fits[fours + 2] = fits[fours + 3] = True
    starts, ends = wholes[1:], wholes[:-1] + 3
    touching = starts == ends
    linked = touching.copy()
    apart = np.flatnonzero(~touching)
    opened = np.concatenate(([0], np.cumsum(opens)))
    fitting = np.concatenate(([0], np.cumsum(fits)))
    begin, end = ends[apart], starts[apart]
    linked[apart] = (fitting[end] - fitting[begin] == end - begin) & (opened[end] - opened[begin] <= _MOST)
    return _runs(wholes, linked), _runs(wholes, touching)


@cache
def _between_wholes() -> NDArray[np.bool_]:
    """Which bytes are characters of ASCII that may stand in a row."""
    table = np.zeros(256, dtype=np.bool_)
    table[list(b"\n" + bytes(range(0x20, 0x7F)))] = True
    table[list(b"=?")] = False
    return table


def _runs(wholes: NDArray[np.intp], linked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Begins and ends of where three and more hang together."""
    if not len(wholes):
        return np.zeros((0, 2), dtype=np.intp)
    breaks = np.flatnonzero(~linked)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(wholes) - 1)
    long = last - first >= 2
    return np.stack((wholes[first[long]], wholes[last[long]] + 3), axis=1)


def _fill_proven(data: NDArray[np.uint8], wide: NDArray[np.bool_]) -> None:
    """Put 80 for every mark that can be nothing else, where that makes a character that is written.

    Where another comes out, text may have been cut at the mark.

    Args:
        data: The bytes, ``uint8``; the last one is no mark.
        wide: For each whether it was read as GB18030.
    """
    marks = np.flatnonzero((data == MARK) & wide)
    marks = marks[data[marks + 1] >= REFUSES]
    if not len(marks):
        return
    tried = data.copy()
    tried[marks] = 0x80
    lead = marks - 1 - (tried[marks - 1] & 0xC0 == 0x80)  # a character of three bytes
    first, second, third = (tried[np.minimum(lead + i, len(data) - 1)].astype(np.intp) for i in range(3))
    points = (first & 0xF) << 12 | (second & 0x3F) << 6 | third & 0x3F
    good = (lead >= 0) & (first & 0xF0 == 0xE0) & (second & 0xC0 == 0x80) & (third & 0xC0 == 0x80)
    good &= (points >= _TWO_BYTES) & (model().alone[points] > OTHER)
    data[marks[good]] = 0x80


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
    if not len(rows):
        return np.zeros(0, dtype=np.bool_)
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
