"""UTF-8 read as Latin-1 and its cousins, also several times: ftfy's encoding repair, on the suspect run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from reportclean.document import Hit
from reportclean.text.mojibake.bytesof import upper_signs


def european(text: str, start: int, end: int) -> Iterator[Hit]:
    """What ftfy repairs between two places, run by run; kind ``latin1-mojibake``."""
    if end - start < 2:
        return
    for match in _run().finditer(text, start, end):
        if _quoted().fullmatch(match.group()):
            continue
        fixed = _fixed(match.group())
        if fixed != match.group():
            yield Hit(match.start(), match.end(), "latin1-mojibake", "", fixed)


@cache
def _run() -> re.Pattern[str]:
    """Characters of upper halves that stand together."""
    return re.compile("[\\x80-\\xff" + re.escape(upper_signs()) + "]{2,2000}")


@cache
def _quoted() -> re.Pattern[str]:
    """Letters that are spoken of: “Ã” and its kind are valid UTF-8 but for the first sign."""
    return re.compile("(?:[“‘„«‹][\xc0-\xff][”’“‘»›])+")


@lru_cache(maxsize=1 << 12)
def _fixed(run: str) -> str:
    """The run as ftfy's encoding steps repair it, all that touches clean text left out."""
    import ftfy  # noqa: PLC0415 - only broken text needs it

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    fixed = ftfy.fix_encoding(run, config)
    return fixed if all(map(usual, fixed)) else run


def usual(char: str) -> bool:
    """Whether a character is one that text is written with, not one of Unicode's remote corners.

    What clean text gives by chance when two of its signs are taken for UTF-8 (»Ü → Ȇ) mostly lies there.
    """
    point = ord(char)
    return char != "\ufffd" and (
        0xA0 <= point < 0x180
        or 0x386 <= point <= 0x3CE
        or 0x401 <= point <= 0x45F
        or 0x5D0 <= point <= 0x6D2
        or 0x904 <= point <= 0xE5B
        or 0x1EA0 <= point <= 0x1EF9
        or (0x2010 <= point < 0xE000 and not 0xA000 <= point < 0xAC00)
        or point >= 0xFE30
        or 0x20 <= point < 0x7F
        or char in "ƒˆ˜"  # of Windows-1252: what went through twice passes through them
    )
