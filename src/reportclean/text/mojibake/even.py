"""Bytes between two rows of whole characters that come out even: characters, and gaps of known length.

Where a decoder left a mark for every byte that it lost, and for no two, nothing needs to be weighed.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from reportclean.text.mojibake.cores import MARK, NO_BYTE, QUESTION, REFUSES
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.hidden import REFUSED, Known, refused_before
from reportclean.text.mojibake.paths import step

_NO_LEADS = b"\xf1\xf2\xf3\xf4"  # of characters that are not assigned


class Part(NamedTuple):
    """Some bytes: whole characters, or one gap with what is known of it."""

    start: int
    end: int
    chars: str
    known: Known


def even(raw: bytes, first: int, last: int, decoder: Decoder) -> list[Part] | None:
    """What ``raw[first:last]`` is; None where it does not come out even, or marks may hide more than a byte.

    Args:
        raw: Bytes that a text stands for.
        first: Where a character begins.
        last: Where one ends, and bytes of another follow.
        decoder: What is known of the decoder.
    """
    data = raw[first:last]
    if QUESTION in data or NO_BYTE in data:
        return None
    if MARK not in data:
        runs, gaps = [data], []
    elif decoder.marks == Marks.TWO or decoder.drops not in {Drops.NOTHING, Drops.AT_MOST_PAIRS}:
        return None
    else:
        parts = _gap().split(data)
        runs, gaps = parts[::2], parts[1::2]
    joined = b"\0".join(runs)
    if any(lead in joined for lead in _NO_LEADS):
        return None
    try:
        read = joined.decode()
    except UnicodeDecodeError:
        return None
    if "\ufffd" in read:
        return None
    found: list[Part] = []
    for run, chars, gap in zip(runs, read.split("\0"), (*gaps, b""), strict=True):
        at = first + len(run)
        if run:
            found.append(Part(first, at, chars, ()))
        if gap:
            first = at + len(gap)
            known = _known(gap, raw[first], decoder.wide)
            if not known:
                return None
            found.append(Part(at, first, "", known))
    return found


@cache
def _gap() -> re.Pattern[bytes]:
    """A character of UTF-8 of which marks hide bytes; what is hidden whole has three."""
    two = rb"[\xc2-\xdf]\xff"
    three = rb"[\xe0-\xef](?=[\x80-\xbf]?\xff)[\x80-\xbf\xff]{2}|\xff[\x80-\xbf\xff]{2}"
    four = rb"\xf0(?=[\x80-\xbf]{0,2}\xff)[\x80-\xbf\xff]{3}"
    return re.compile(b"(%b|%b|%b)" % (two, three, four))


@lru_cache(maxsize=1 << 12)
def _known(gap: bytes, follow: int, wide: bool) -> Known:
    """What is known of a gap; empty where it cannot be told from the bytes alone.

    Args:
        gap: Its bytes.
        follow: The next one.
        wide: Whether GB18030 was read.
    """
    if gap[-1] != MARK and follow < 0x80:
        return ()  # the last character of the text may hold another one as well
    known = tuple([_code(byte, after, wide) for byte, after in zip(gap, (*gap[1:], follow), strict=True)])
    return () if min(known) >= 0 or step((), known) is None else known


def _code(byte: int, follow: int, wide: bool) -> int:
    if byte != MARK:
        return byte
    if wide and follow >= REFUSES:
        return 0x80
    return REFUSED if follow == MARK else refused_before(follow)
