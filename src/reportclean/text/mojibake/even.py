"""Bytes between two rows of whole characters that come out even: characters, and gaps of known length.

Where a decoder left a mark for every byte that it lost, and for no two, nothing needs to be weighed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake.cores import MARK, NO_BYTE, QUESTION
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.hidden import REFUSED, Known, refused_before
from reportclean.text.mojibake.paths import step

_LONGEST = 36  # bytes
_PROVEN = b"\x80"  # all that a decoder of GB18030 refuses, but before ASCII
_PLANE = 0x10000
_LAST = "\U00040000"  # no character beyond it is assigned


class Part(NamedTuple):
    """Some bytes: whole characters, or one gap with what is known of it."""

    start: int
    end: int
    chars: str
    known: Known


def even(data: bytes, decoder: Decoder) -> str | list[Part] | None:
    """What some bytes are: a string where all of them are whole characters, parts where there are gaps.

    Args:
        data: From the end of one row to the first byte of the next, which is not read itself.
        decoder: What is known of the decoder.

    Returns:
        None where they do not come out even, or marks may hide more than a byte.
    """
    if len(data) > _LONGEST or QUESTION in data or NO_BYTE in data:
        return None
    marked = proven = MARK in data
    if marked:
        if decoder.marks == Marks.TWO or decoder.drops not in {Drops.NOTHING, Drops.AT_MOST_PAIRS}:
            return None
        if decoder.wide:
            data = _before_no_digit().sub(_PROVEN, data)
            marked = MARK in data
    if marked:
        return _with_gaps(data)
    try:
        chars = data[:-1].decode()
    except UnicodeDecodeError:
        return None
    if "\ufffd" in chars or max(chars, default="") >= _LAST:
        return None
    return chars if not proven or _written().issuperset(chars) else None


@cache
def _written() -> frozenset[str]:
    """Characters that text holds; where others come out, the one before the mark may have been cut."""
    return frozenset(map(chr, np.flatnonzero(model().alone[:_PLANE] > OTHER).tolist())) | frozenset(map(chr, range(0x80)))


@cache
def _before_no_digit() -> re.Pattern[bytes]:
    """A mark that does not stand before a sign or a digit of ASCII."""
    return re.compile(rb"\xff(?![\x00-\x3f])")


@cache
def _gap() -> re.Pattern[bytes]:
    """A character of UTF-8 of which marks hide bytes; what is hidden whole has three."""
    two = rb"[\xc2-\xdf]\xff"
    three = rb"[\xe0-\xef](?=[\x80-\xbf]?\xff)[\x80-\xbf\xff]{2}|\xff[\x80-\xbf\xff]{2}"
    four = rb"\xf0(?=[\x80-\xbf]{0,2}\xff)[\x80-\xbf\xff]{3}"
    return re.compile(b"(%b|%b|%b)" % (two, three, four))


def _with_gaps(data: bytes) -> list[Part] | None:
    parts: list[Part] = []
    at = 0
    for i, run in enumerate(_gap().split(data[:-1])):
        end = at + len(run)
        if i % 2:
            if run[-1] != MARK and data[end] < 0x80:
                return None  # the last character of the text may hold another one as well
            known = tuple([_code(byte, data[j]) for j, byte in enumerate(run, at + 1)])
            if step((), known) is None:
                return None
            parts.append(Part(at, end, "", known))
        elif run:
            try:
                chars = run.decode()
            except UnicodeDecodeError:
                return None
            if not _written().issuperset(chars):
                return None
            parts.append(Part(at, end, chars, ()))
        at = end
    return parts


def _code(byte: int, follow: int) -> int:
    if byte != MARK:
        return byte
    return REFUSED if follow == MARK else refused_before(follow)
