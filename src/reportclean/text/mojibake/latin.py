"""Chinese that was read one byte a character: GBK or Big5 as Latin-1 (ÄãºÃ → 你好), UTF-8 as the like.

All readings of a line are weighed against each other before ftfy sees it: ftfy knows of no GBK, and takes
the parts of it that look like UTF-8 for that. What is left then and looks like UTF-8 to ftfy (European
text, text that went through twice) is repaired by it, on the suspect run only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.charclass import CODE_POINTS
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import UPPER, UPPER_SIGN, Scan, big5_pairs, gbk_pairs, scan
from reportclean.text.mojibake.european import european, usual
from reportclean.text.mojibake.weighing import Options, Stretch, likelihood, plausible, stretches

# Nats for all the stretches of a line together; see utf8_as_gbk for what the figure was measured on.
MIN_GAIN = 14.0
_MIN_GAIN_STRETCH = 5.0  # and for each of them
_MIN_DISTINCT = 2  # characters of the result: ×××××××× is no 鬃鬃鬃鬃
_MIN_MEAN = -9.2  # nats a character: what bytes of no Chinese text read as GBK stays below, bar chance
# Nats a character for a reading as UTF-8 of all there is: of GBK or Big5 text of four characters, one in a
# thousand is valid UTF-8 by chance.
_UTF8_BONUS = 4.0
_MAX_TIMES = 3
_CERTAIN = 6  # different characters above ASCII in a reading that is taken whole
_CERTAIN_MEAN = -7.5  # nats a character of it
_CERTAIN_GAIN = 4.0  # and by how much it is likelier
_MAX_ASCII_RATIO = 0.4  # of the characters of a stretch, those whose second byte is ASCII
_FEW = 3
_REACH = 30  # upper halves so near each other are weighed together
_UTF8_CODECS = ("cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp437")
# Signs of clean text that are in every code page, and alphabets: they prove nothing by standing together.
_INNOCENT = "\xa0¿¡·×÷±°§¨«»­®©™–—―‘’“”•…‹›€№│─┌┐└┘├┤┬┴┼═║█■"


def find_read_as_latin(text: str) -> Iterator[Hit]:
    """Spans of GBK, Big5 or UTF-8 read as a single-byte encoding.

    Kinds: ``gbk-as-latin1``, ``big5-as-latin1``, ``utf8-as-latin1`` (any single-byte encoding, its name
    in ``stem``), ``latin1-mojibake`` (ftfy's repair).

    >>> [hit.replacement for hit in find_read_as_latin("标题：ÄãºÃ")]
    ['你好']
    """
    yield from read_as_latin(scan(text))


def read_as_latin(looked: Scan) -> Iterator[Hit]:
    """The same for a text that has been looked up."""
    yield from _found(looked, _UTF8_CODECS, _MAX_TIMES)


def _found(looked: Scan, codecs: tuple[str, ...], times: int) -> Iterator[Hit]:
    text = looked.text
    for start, end in _zones(looked):
        kind, stem, best = _likeliest(text, start, end, codecs, times)
        at = start
        for stretch in best:
            yield from european(text, at, stretch.start)
            yield Hit(stretch.start, stretch.end, kind, stem, stretch.fixed)
            at = stretch.end
        yield from european(text, at, end)


# --- where to look ----------------------------------------------------------------------------------------


def _zones(looked: Scan) -> Iterator[tuple[int, int]]:
    """Parts of lines in which characters of upper halves stand together suspiciously."""
    text, points, bits = looked
    upper = bits & (UPPER | UPPER_SIGN) != 0
    together = np.flatnonzero(upper[:-1] & upper[1:])
    if not len(together):
        return
    innocent = _innocent()
    suspects = together[~(innocent[points[together]] & innocent[points[together + 1]])]
    high = np.flatnonzero(upper)
    # How many characters that are no printable ASCII stand before each place.
    other = np.concatenate(([0], np.cumsum((points < 0x20) | (points > 0x7E))))
    linked = (np.diff(high) <= _REACH) & (other[high[1:]] == other[high[:-1] + 1])
    breaks = np.flatnonzero(~linked)  # the last of each row that hangs together
    done = 0
    for at in suspects.tolist():
        if at < done:
            continue
        position = int(np.searchsorted(high, at))
        row = int(np.searchsorted(breaks, position))
        first = int(breaks[row - 1]) + 1 if row else 0
        first = max(first, int(np.searchsorted(high, done)))
        last = int(breaks[row]) if row < len(breaks) else len(high) - 1
        done = min(len(text), int(high[last]) + 3)
        done = _ascii_end(text, int(high[last]) + 1, done)
        yield int(high[first]), done


@cache
def _innocent() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[[ord(c) for c in _INNOCENT]] = True
    table[0x370:0x460] = True
    return table


def _ascii_end(text: str, start: int, end: int) -> int:
    """How far printable ASCII goes, at most to ``end``."""
    match = _printable().match(text, start, end)
    return start if match is None else match.end()


@cache
def _printable() -> re.Pattern[str]:
    return re.compile("[ -~]*")


# --- readings ---------------------------------------------------------------------------------------------


def _likeliest(
    text: str, start: int, end: int, codecs: tuple[str, ...], times: int
) -> tuple[str, str, list[Stretch]]:
    """The reading of a zone that gains most: its kind, the encoding's name, its stretches."""
    if (whole := _read_whole(text, start, end, codecs)) is not None:
        return whole
    best: tuple[str, str, list[Stretch]] = ("", "", [])
    best_gain = MIN_GAIN
    for kind, stem, options in _readings(text, codecs):
        is_utf8 = kind == "utf8-as-latin1"
        found = stretches(text, start, end, options)
        if is_utf8:
            found = [_repeated(text, stretch, stem, times) for stretch in found]
        found = [s for s in found if s.gain >= _MIN_GAIN_STRETCH and plausible(s.fixed)]
        if not is_utf8:
            found = [s for s in found if _mostly_high(text[s.start : s.end], kind)]
        fixed = "".join(c for stretch in found for c in stretch.fixed if c > "\x7f")
        if len(set(fixed)) < _MIN_DISTINCT:
            continue
        if not is_utf8 and model().score(fixed) < _MIN_MEAN * len(fixed):
            continue
        gain = sum(stretch.gain for stretch in found)
        if is_utf8 and _covered(text, start, end, found):
            gain += _UTF8_BONUS * len(fixed)
        if gain > best_gain:
            best, best_gain = (kind, stem, found), gain
    return best


def _read_whole(
    text: str, start: int, end: int, codecs: tuple[str, ...]
) -> tuple[str, str, list[Stretch]] | None:
    """A reading of all of a zone at once, where one is beyond doubt; far quicker than the weighing.

    It must be valid to the last byte, and so much likelier that no part of it can be clean.
    """
    zone = text[start:end]
    for codec in codecs:  # what is UTF-8 to the last byte is nothing else: the first that is, decides
        if (fixed := _undone(zone, codec, "utf-8")) is None:
            continue
        for _ in range(_MAX_TIMES - 1):  # what went through several times
            if (again := _undone(fixed, codec, "utf-8")) is None:
                break
            fixed = again
        if (stretch := _beyond_doubt(zone, start, fixed)) is not None:
            return "utf8-as-latin1", codec, [stretch]
    read = [
        (model().score(fixed), kind, fixed)
        for kind, encoding in (("gbk-as-latin1", "gb18030"), ("big5-as-latin1", "big5hkscs"))
        if (fixed := _undone(zone, "cp1252", encoding)) is not None and _mostly_high(zone, kind)
    ]
    if not read:
        return None
    _, kind, fixed = max(read)
    stretch = _beyond_doubt(zone, start, fixed)
    return None if stretch is None else (kind, "", [stretch])


def _beyond_doubt(zone: str, start: int, fixed: str) -> Stretch | None:
    """The reading of a whole zone, where it is long, usual and likely by itself, and far likelier."""
    high = "".join(c for c in fixed if c > "\x7f")
    if len(set(high)) < _CERTAIN or not all(map(usual, high)) or not plausible(high):
        return None
    if model().score(high) < _CERTAIN_MEAN * len(high):
        return None
    gain = model().score(fixed) - likelihood(zone)
    return Stretch(start, start + len(zone), fixed, gain) if gain >= _CERTAIN_GAIN * len(high) else None


def _repeated(text: str, stretch: Stretch, codec: str, times: int) -> Stretch:
    """The same stretch, repaired again where it went through the mill more than once."""
    if times <= 1:
        return stretch
    # Only the code pages that text goes through twice, so that the work stays a small multiple.
    fixed = _applied(stretch.fixed, _found(scan(stretch.fixed), tuple({codec: 0, "cp1252": 0}), times - 1))
    if fixed == stretch.fixed:
        return stretch
    gain = likelihood(fixed) - likelihood(text[stretch.start : stretch.end])
    return Stretch(stretch.start, stretch.end, fixed, gain)


def _applied(text: str, hits: Iterator[Hit]) -> str:
    pieces: list[str] = []
    at = 0
    for hit in hits:
        pieces += (text[at : hit.start], hit.replacement or "")
        at = hit.end
    return "".join(pieces) + text[at:]


def _mostly_high(original: str, kind: str) -> bool:
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


def _covered(text: str, start: int, end: int, found: list[Stretch]) -> bool:
    """Whether every character above ASCII belongs to a stretch."""
    inside = sum(c > "\x7f" for s in found for c in text[s.start : s.end])
    return inside == sum(c > "\x7f" for c in text[start:end])


def _readings(text: str, codecs: tuple[str, ...]) -> Iterator[tuple[str, str, Options]]:
    yield "gbk-as-latin1", "", _double_byte(text, gbk_pairs())
    yield "big5-as-latin1", "", _double_byte(text, big5_pairs())
    for codec in codecs:
        yield "utf8-as-latin1", codec, _utf8(text, codec)


def _double_byte(text: str, table: dict[int, str]) -> Options:
    high = _byte_of("cp1252")

    def options(at: int) -> tuple[tuple[int, str], ...]:
        lead = high.get(text[at])
        if lead is None or at + 1 >= len(text):
            return ()
        trail = high.get(text[at + 1]) or ord(text[at + 1])
        char = table.get(lead << 8 | trail) if trail < 0x100 else None
        return () if char is None else ((2, char),)

    return options


def _utf8(text: str, codec: str) -> Options:
    high = _byte_of(codec)

    def options(at: int) -> tuple[tuple[int, str], ...]:
        lead = high.get(text[at], 0)
        count = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC2 else 0
        if not count or at + count > len(text):
            return ()
        # A no-break space is often turned into a plain one on the way.
        values = [lead, *(0xA0 if c == " " else high.get(c, 0) for c in text[at + 1 : at + count])]
        try:
            char = bytes(values).decode()
        except UnicodeDecodeError:
            return ()
        # A control is the rest of a character that went through twice.
        return ((count, char),) if usual(char) or "\x80" <= char < "\xa0" else ()

    return options


def _undone(text: str, codec: str, encoding: str) -> str | None:
    """The bytes that a code page made a text from, read in an encoding; None where that fails."""
    if text.isascii():
        return None
    try:
        return text.translate(_to_bytes(codec)).encode("latin-1").decode(encoding)
    except UnicodeError:
        return None


@cache
def _to_bytes(codec: str) -> dict[int, int]:
    """For ``str.translate``: every character to the Latin-1 character of its byte."""
    return {ord(char): byte for char, byte in _byte_of(codec).items()}


@cache
def _byte_of(codec: str) -> dict[str, int]:
    """Characters above ASCII that stand for a byte; what a code page leaves undefined stays a control."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table
