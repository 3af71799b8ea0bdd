"""Single-byte code pages: characters back to bytes."""

from __future__ import annotations

from functools import cache

LATIN = "cp1252"  # of Latin-1, too: what the code page leaves undefined is a control
LEAD = 0xC2  # the least byte that opens a character of UTF-8


def undone(text: str, codec: str, encoding: str) -> str | None:
    """The bytes that a code page made a text from, read in an encoding; None where that fails."""
    if text.isascii():
        return None
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError as error:
        if text[error.start] not in byte_of(codec):
            return None
    else:
        if codec == LATIN:
            return _decoded(data, encoding)
    try:
        data = text.translate(_to_bytes(codec)).encode("latin-1")
    except UnicodeEncodeError:
        return None
    return _decoded(data, encoding)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


@cache
def _to_bytes(codec: str) -> dict[int, int]:
    """For ``str.translate``: every character to the Latin-1 character of its byte."""
    return {ord(char): byte for char, byte in byte_of(codec).items()}


@cache
def byte_of(codec: str) -> dict[str, int]:
    """Characters above ASCII that stand for a byte; what a code page leaves undefined stays a control."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table
