"""Code points and the bytes that a wrong decoder made them from, as tables built once from the codecs."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import CODE_POINTS, code_points

# Bits of ``shapes()``: what a character's GBK bytes are when read as UTF-8, and other grounds for suspicion.
OPENS = 1  # first byte opens a UTF-8 character of three or four bytes, second byte goes on with it
TURNS = 2  # first byte goes on with a UTF-8 character, second byte opens the next one or is ASCII
GOES_ON = 4  # both bytes go on with a UTF-8 character
LOSS = 8  # what stands where bytes were lost: U+FFFD, "?", "€" for 80, private use
UPPER = 16  # the upper half of Latin-1
UPPER_SIGN = 32  # what the Windows code pages and Mac Roman hold besides, above U+00FF
TURNS_TO_ASCII = 128  # the same as TURNS, where the second byte is ASCII: nothing need follow
RARE = 64  # not in GB2312's first level, nor among its signs that Chinese text uses


@cache
def gbk_pairs() -> dict[int, str]:
    """Every two-byte code of GBK (24 k of them) and the character that GB18030 reads there."""
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    data = bytes(byte for lead in range(0x81, 0xFF) for trail in trails for byte in (lead, trail))
    return dict(zip(np.frombuffer(data, dtype=">u2").tolist(), data.decode("gb18030"), strict=True))


@cache
def big5_pairs() -> dict[int, str]:
    """Every two-byte code of Big5-HKSCS that is one character."""
    table: dict[int, str] = {}
    for lead in range(0x87, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            char = bytes((lead, trail)).decode("big5hkscs", "ignore")
            if len(char) == 1:
                table[lead << 8 | trail] = char
    return table


@cache
def gbk_codes() -> NDArray[np.uint16]:
    """The two GBK bytes of each code point as one number; 0 where it has none."""
    table = gbk_pairs()
    codes = np.zeros(CODE_POINTS, dtype=np.uint16)
    codes[code_points("".join(table.values()))] = np.fromiter(table, dtype=np.uint16)
    return codes


@cache
def shapes() -> NDArray[np.uint8]:
    """The bits above by code point."""
    codes = gbk_codes()
    lead, trail = codes >> 8, codes & 0xFF
    goes_on = (trail >= 0x80) & (trail <= 0xBF)
    ends = (lead >= 0x80) & (lead <= 0xBF)
    bits = np.zeros(CODE_POINTS, dtype=np.uint8)
    opens = ((lead >= 0xE2) & (lead <= 0xEF)) | ((lead == 0xF0) & (trail >= 0x90))
    bits[opens & goes_on] |= OPENS
    bits[ends & ((trail < 0x80) | ((trail >= 0xC2) & (trail <= 0xF0)))] |= TURNS
    bits[ends & (trail < 0x80)] |= TURNS_TO_ASCII
    bits[ends & goes_on] |= GOES_ON
    bits[0xE000:0xF900] |= LOSS
    bits[[0xFFFD, ord("?"), ord("€")]] |= LOSS
    bits[0x80:0x100] |= UPPER
    bits[[ord(c) for c in upper_signs()]] |= UPPER_SIGN
    bits[_rare()] |= RARE
    return bits


@cache
def upper_signs() -> str:
    """What the single-byte code pages that ftfy undoes hold above U+00FF."""
    found: set[str] = set()
    for name in (
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1257",
        "iso8859-2",
        "mac_roman",
        "cp437",
    ):
        found.update(bytes(range(0x80, 0x100)).decode(name, "ignore"))
    return "".join(sorted(c for c in found if ord(c) > 0xFF))


def _rare() -> NDArray[np.int64]:
    """Code points from 0x370 up that are GBK or Big5 characters, but hardly ever written in Chinese."""
    known = bytes(b for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for b in (lead, trail))
    common = set(code_points(known.decode("gb2312", "ignore")).tolist())
    common |= {ord(c) for c in "、。〈〉《》「」『』【】〔〕〇"} | set(range(0xFF01, 0xFF60))
    codes = set(map(ord, gbk_pairs().values())) | set(map(ord, big5_pairs().values()))
    return np.array(
        sorted(point for point in codes - common if point >= 0x370 and not 0x2000 <= point < 0x2030)
    )


class Scan(NamedTuple):
    """A text, its code points and their bits: looked up once for all finders."""

    text: str
    points: NDArray[np.uint32]
    bits: NDArray[np.uint8]


def scan(text: str) -> Scan:
    """The look-up."""
    points = code_points(text)
    return Scan(text, points, shapes().take(points))  # half the time of indexing
