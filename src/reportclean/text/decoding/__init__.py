"""Bytes to text: which encoding, how sure, and where a byte could not be read.

What can be proven comes first (a byte order mark, valid UTF-8); the rest is weighed: every reading is
scored by the character model, and the likeliest wins. GB18030, Big5-HKSCS and damaged UTF-8 are weighed
line by line with a price on every switch, so that a file whose encoding changes half-way (concatenated
scrapes) is read by groups of lines. charset-normalizer is asked only about what is plainly not Chinese.
"""

from __future__ import annotations

from reportclean.errors import DecodeError
from reportclean.text.decoding.foreign import foreign, reads_well
from reportclean.text.decoding.lines import by_lines
from reportclean.text.decoding.marking import read, with_pairs_joined
from reportclean.text.decoding.names import BOMS, canonical, without_bom
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.wide import wide

__all__ = ["Decoded", "canonical", "decode"]

# Valid UTF-8 of this length or more with a multi-byte character is UTF-8; shorter data is weighed, because
# a few GBK characters can be valid UTF-8 by chance (every pair of bytes C2–DF 80–BF is).
_CERTAIN = 64
_MAX_NUL_RATIO = 0.001


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Read bytes as text.

    Args:
        data: The bytes of one document.
        encoding: Overrides every guess; ``gbk`` and ``big5`` stand for their supersets.

    Raises:
        DecodeError: The bytes are no text in any encoding known here (binary data, for example).
        ConfigError: ``encoding`` is not the name of a text encoding.

    >>> decode("各级工会组织".encode("gbk")).encoding
    'gb18030'
    """
    data = bytes(data)
    if encoding is not None:
        name = canonical(encoding)
        return read(without_bom(data, name), name)
    for bom, name in BOMS:
        if data.startswith(bom):
            return read(data[len(bom) :], name)
    has_nul = b"\0" in data
    if not has_nul and (certain := _valid_utf8(data) or _valid_utf8(with_pairs_joined(data))) is not None:
        return certain
    if (unmarked := wide(data)) is not None:
        return unmarked
    if data.count(0) > len(data) * _MAX_NUL_RATIO:
        raise DecodeError("binary data: NUL bytes that are neither UTF-16 nor UTF-32")
    decoded, total = by_lines(data)
    return decoded if decoded is not None and reads_well(decoded) else foreign(data, decoded, total)


def _valid_utf8(data: bytes) -> Decoded | None:
    """The reading as UTF-8 where it is beyond doubt; the last character may be cut."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(data) < _CERTAIN:
            return None
        return read(data, "utf-8")
    if len(data) >= _CERTAIN or not data:
        return Decoded(text, "utf-8", 1.0, "")
    return None
