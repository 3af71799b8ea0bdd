"""Broken text that lost nothing: rows of whole UTF-8 characters among the bytes of a stretch of text.

No two UTF-8 characters overlap in a row of bytes, so where three follow each other there is one way to read
them, whatever was lost before and after. Only the first and the last may be made of the rests of two, where
bytes went without a mark, or of half a clean character and a sign: those are left to the weighing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import gbk_codes
from reportclean.text.mojibake.pieces import Piece
from reportclean.text.mojibake.weighing import RARE

_MIN_GAIN = 12.0  # nats for a row to be taken without weighing it against the text as it stands
MIN_SOLID = 2  # whole characters without which nothing is repaired
_NEAR = 16  # bytes
_LOST = 0xFF  # for a mark: no byte of UTF-8
_CHUNK = 24  # characters a piece, so that a long row can be cut


class Core(NamedTuple):
    """A row of whole characters.

    Attributes:
        start: The character of the text that it begins in.
        skip: How many bytes of that are not its own.
        stop: The first character that is not wholly its own.
        taken: How many bytes of that are.
        pieces: What it holds.
    """

    start: int
    skip: int
    stop: int
    taken: int
    pieces: tuple[Piece, ...]


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


def cores(text: str, start: int, end: int) -> Iterator[Core]:
    """The rows in ``text[start:end]`` that are beyond doubt, in order.

    Args:
        text: The whole text.
        start: Where to begin.
        end: Where to stop.
    """
    points = code_points(text[start:end])
    raw, offsets = _bytes(points)
    latin = raw.decode("latin-1")
    rows = [match.span() for match in _row().finditer(latin)]
    if not rows:
        return
    decoded = [(first, last, raw[first:last].decode("utf-8", "replace")) for first, last in rows]
    decoded = [row for row in decoded if "\ufffd" not in row[2]]  # 锟斤拷, and surrogates
    for first, last, gain in _gains(decoded, points, offsets):
        if gain < _MIN_GAIN:
            continue
        solid = [match.span() for match in _solid().finditer(latin, first, last)]
        if not solid:
            continue
        begin, stop = solid[0][0], solid[-1][1]
        begin += 3 if begin > 0 else 0
        stop -= 3 if stop < len(raw) else 0
        yield _core((begin, stop), raw, offsets, start)


def hopeless(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` holds no mark of a loss, and no two whole characters close together.

    Far quicker than to read it; rows of rare characters look like broken text everywhere, but hold none.
    """
    if any(mark in text[start:end] for mark in "\ufffd?€"):
        return False
    raw, _ = _bytes(code_points(text[start:end]))
    wholes = list(_whole().finditer(raw.decode("latin-1")))
    if len(wholes) < MIN_SOLID:
        return True
    chars = "".join(raw[m.start() : m.end()].decode("utf-8", "replace")[0] for m in wholes)
    likely = np.flatnonzero(model().alone[code_points(chars)] > RARE)
    places = np.array([m.start() for m in wholes])[likely]
    return not bool((np.diff(places) <= _NEAR).any())


def _bytes(points: NDArray[np.uint32]) -> tuple[bytes, NDArray[np.intp]]:
    """The bytes that characters stand for, and where those of each begin."""
    codes = gbk_codes()[points]
    codes[points < 0x80] = points[points < 0x80]
    codes[points == ord("€")] = 0x80
    codes[(points == 0xFFFD) | (points == ord("?")) | (codes == 0)] = _LOST
    double = codes > 0xFF
    offsets = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(1 + double, out=offsets[1:])
    data = np.empty(offsets[-1], dtype=np.uint8)
    data[offsets[:-1]] = np.where(double, codes >> 8, codes)
    data[offsets[:-1][double] + 1] = codes[double] & 0xFF
    return data.tobytes(), offsets


def _gains(
    rows: list[tuple[int, int, str]], points: NDArray[np.uint32], offsets: NDArray[np.intp]
) -> Iterator[tuple[int, int, float]]:
    """By how much each row is likelier read so than as it stands; one look-up for all."""
    ends = np.cumsum([len(fixed) + 1 for _, _, fixed in rows], dtype=np.intp)
    read = _sums(code_points("".join("\n" + fixed for _, _, fixed in rows)))
    stands = _sums(points)
    spans = np.searchsorted(offsets, [row[:2] for row in rows], side="right") - 1
    newline = float(model().alone[ord("\n")])
    places = spans.reshape(-1, 2).tolist()
    for (first, last, fixed), end, (at, stop) in zip(rows, ends.tolist(), places, strict=True):
        gain = read[end] - read[end - len(fixed) - 1] - newline - (stands[stop] - stands[at])
        yield first, last, float(gain)


def _sums(points: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The log-probability of what stands before each place."""
    return np.concatenate(([0.0], np.cumsum(model().each_point(points), dtype=np.float64)))


def _core(row: tuple[int, int], raw: bytes, offsets: NDArray[np.intp], start: int) -> Core:
    first, last = row
    at = int(np.searchsorted(offsets, first, side="right")) - 1
    stop = int(np.searchsorted(offsets, last, side="right")) - 1
    pieces: list[Piece] = []
    fixed = raw[first:last].decode()
    begin, done = at, first
    for i in range(0, len(fixed), _CHUNK):
        part = fixed[i : i + _CHUNK]
        done += len(part.encode())
        end = int(np.searchsorted(offsets, done, side="left"))
        pieces.append(Piece(start + begin, start + end, part, ()))
        begin = int(np.searchsorted(offsets, done, side="right")) - 1
    return Core(start + at, first - int(offsets[at]), start + stop, last - int(offsets[stop]), tuple(pieces))
