"""Decode bytes in a known encoding, with every bad byte located."""

from __future__ import annotations

import re
from functools import cache

from reportclean.document import Hit
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.scoring import WIDE

_MANY = 1000  # bad bytes
_HOPELESS_RATIO = 0.3  # of all characters: well beyond what foreign.py lets pass


def read(data: bytes, name: str, score: float = 1.0, runner_up: str = "") -> Decoded:
    """The bytes as text in one encoding, U+FFFD where a byte could not be read."""
    text, hits = decode_marking(data, name)
    return Decoded(text, name, score, runner_up, hits)


@cache
def _escaped() -> re.Pattern[str]:
    """Bytes escaped by ``surrogateescape``, grouped as one cut UTF-8 character or a byte alone."""
    return re.compile("[\udce0-\udcef][\udc80-\udcbf]?|[\udcf0-\udcf4][\udc80-\udcbf]{0,2}|[\udc80-\udcff]")


def decode_marking(data: bytes, name: str) -> tuple[str, tuple[Hit, ...]]:
    """Decode; each cut character or bad byte becomes one U+FFFD and a hit."""
    try:
        return data.decode(name), ()
    except UnicodeDecodeError:
        pass
    if name in WIDE:  # their units are no single bytes, and lone surrogates are the only other error
        text = data.decode(name, "replace")
        return text, tuple(_bad(at) for at in _positions(text))
    try:
        text = data.decode(name, "surrogateescape")
    except UnicodeDecodeError:  # the bad bytes at the end hold ASCII, which cannot be escaped
        text = data.decode(name, "replace")
        return text, tuple(_bad(at) for at in _positions(text))
    pieces: list[str] = []
    hits: list[Hit] = []
    length = end = 0
    for match in _escaped().finditer(text):
        pieces.append(text[end : match.start()])
        length += match.start() - end
        end = match.end()
        hits.append(_bad(length, " ".join(f"{ord(c) - 0xDC00:02X}" for c in match.group())))
        pieces.append("\ufffd")
        length += 1
    return "".join(pieces) + text[end:], tuple(hits)


def is_hopeless(data: bytes, name: str) -> bool:
    """Whether so many bytes cannot be read that this is no text; found without a hit for each."""
    lost = data.decode(name, "replace")
    bad = lost.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if name == "utf-8" else 0)
    return bad > max(_MANY, _HOPELESS_RATIO * len(lost))


def _bad(at: int, stem: str = "") -> Hit:
    return Hit(at, at + 1, "bad-byte", stem)


def _positions(text: str) -> list[int]:
    return [match.start() for match in re.finditer("\ufffd", text)]


def with_pairs_joined(data: bytes) -> bytes:
    """UTF-8 whose characters beyond U+FFFF were written as two surrogates (CESU-8), set right."""
    return _pair().sub(_joined, data) if b"\xed" in data else data


@cache
def _pair() -> re.Pattern[bytes]:
    return re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def _joined(pair: re.Match[bytes]) -> bytes:
    halves = pair[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le").encode()
