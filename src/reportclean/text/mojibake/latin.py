"""Chinese that was read one byte a character: GBK or Big5 as Latin-1 (ÄãºÃ → 你好), UTF-8 as the like.

All readings of a line are weighed against each other before ftfy sees it: ftfy knows of no GBK, and takes
the parts of it that look like UTF-8 for that. What is left then and looks like UTF-8 to ftfy (European
text, text that went through twice) is repaired by it, on the suspect run only.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportclean.document import Hit
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import Scan, big5_pairs, gbk_pairs, scan
from reportclean.text.mojibake.codepages import LATIN, LEAD, byte_of
from reportclean.text.mojibake.european import european, usual
from reportclean.text.mojibake.weighing import Options, Stretch, likelihood, plausible, stretches
from reportclean.text.mojibake.wholes import MAX_TIMES, beyond_doubt, mostly_high, read_whole
from reportclean.text.mojibake.zones import zones

# Nats for all the stretches of a line together; see utf8_as_gbk for what the figure was measured on.
MIN_GAIN = 14.0
_MIN_GAIN_STRETCH = 5.0  # and for each of them
_MIN_DISTINCT = 2  # characters of the result: ×××××××× is no 鬃鬃鬃鬃
_MIN_MEAN = -9.2  # nats a character: what bytes of no Chinese text read as GBK stays below, bar chance
# Nats a character for a reading as UTF-8 of all there is: of GBK or Big5 text of four characters, one in a
# thousand is valid UTF-8 by chance.
_UTF8_BONUS = 4.0
_UTF8_CODECS = (LATIN, "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp437")


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
    yield from _found(looked, _UTF8_CODECS, MAX_TIMES)


def _found(looked: Scan, codecs: tuple[str, ...], times: int) -> Iterator[Hit]:
    text = looked.text
    spans = zones(looked)
    for (start, end), (codec, whole) in zip(spans, beyond_doubt(looked, spans, codecs), strict=True):
        if whole:
            yield Hit(start, end, "utf8-as-latin1", codec, whole)
            continue
        kind, stem, best = _likeliest(text, start, end, codecs, times)
        at = start
        for stretch in best:
            yield from european(text, at, stretch.start)
            yield Hit(stretch.start, stretch.end, kind, stem, stretch.fixed)
            at = stretch.end
        yield from european(text, at, end)


# --- readings ---------------------------------------------------------------------------------------------


def _likeliest(
    text: str, start: int, end: int, codecs: tuple[str, ...], times: int
) -> tuple[str, str, list[Stretch]]:
    """The reading of a zone that gains most: its kind, the encoding's name, its stretches."""
    if (whole := read_whole(text[start:end], codecs)) is not None:
        kind, stem, fixed = whole
        return kind, stem, [Stretch(start, end, fixed, 0.0)]
    best: tuple[str, str, list[Stretch]] = ("", "", [])
    best_gain = MIN_GAIN
    for kind, stem, read in _readings(text, start, end, codecs):
        is_utf8 = kind == "utf8-as-latin1"
        found = [_repeated(text, stretch, stem, times) for stretch in read] if is_utf8 else read
        found = [s for s in found if s.gain >= _MIN_GAIN_STRETCH and plausible(s.fixed)]
        if not is_utf8:
            found = [s for s in found if mostly_high(text[s.start : s.end], kind)]
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


def _repeated(text: str, stretch: Stretch, codec: str, times: int) -> Stretch:
    """The same stretch, repaired again where it went through the mill more than once."""
    if times <= 1:
        return stretch
    # Only the code pages that text goes through twice, so that the work stays a small multiple.
    fixed = _applied(stretch.fixed, _found(scan(stretch.fixed), tuple({codec: 0, LATIN: 0}), times - 1))
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


def _covered(text: str, start: int, end: int, found: list[Stretch]) -> bool:
    """Whether every character above ASCII belongs to a stretch."""
    inside = sum(c > "\x7f" for s in found for c in text[s.start : s.end])
    return inside == sum(c > "\x7f" for c in text[start:end])


def _readings(
    text: str, start: int, end: int, codecs: tuple[str, ...]
) -> Iterator[tuple[str, str, list[Stretch]]]:
    yield "gbk-as-latin1", "", stretches(text, start, end, _double_byte(text, gbk_pairs()))
    yield "big5-as-latin1", "", stretches(text, start, end, _double_byte(text, big5_pairs()))
    chars = [char for char in set(text[start:end]) if char > "\x7f"]
    known: dict[tuple[int, ...], list[Stretch]] = {}
    for codec in codecs:
        high = byte_of(codec)
        read = tuple([high.get(char, 0) for char in chars])
        if max(read) < LEAD:
            continue  # nothing opens a character
        if read not in known:  # in most code pages most of the letters are the same
            known[read] = stretches(text, start, end, _utf8(text, codec))
        yield "utf8-as-latin1", codec, known[read]


def _double_byte(text: str, table: dict[int, str]) -> Options:
    high = byte_of(LATIN)

    def options(at: int) -> tuple[tuple[int, str], ...]:
        lead = high.get(text[at])
        if lead is None or at + 1 >= len(text):
            return ()
        trail = high.get(text[at + 1]) or ord(text[at + 1])
        char = table.get(lead << 8 | trail) if trail < 0x100 else None
        return () if char is None else ((2, char),)

    return options


def _utf8(text: str, codec: str) -> Options:
    high = byte_of(codec)

    def options(at: int) -> tuple[tuple[int, str], ...]:
        lead = high.get(text[at], 0)
        count = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= LEAD else 0
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
