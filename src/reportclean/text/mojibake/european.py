"""UTF-8 read as Latin-1 and its cousins, also several times: ftfy's encoding repair, on the suspect run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.charclass import CODE_POINTS
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


# Of Unicode's blocks those that text is written with; Windows-1252's ƒˆ˜, too: what went through twice
# passes through them.
_USUAL = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x192, 0x192),
    (0x2C6, 0x2C6),
    (0x2DC, 0x2DC),
    (0x386, 0x3CE),
    (0x401, 0x45F),
    (0x5D0, 0x6D2),
    (0x904, 0xE5B),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x9FFF),
    (0xAC00, 0xDFFF),
    (0xFE30, 0xFFFC),
    (0xFFFE, CODE_POINTS - 1),
)


@cache
def usual_points() -> NDArray[np.bool_]:
    """By code point whether it is one that text is written with, and not of Unicode's remote corners.

    What clean text gives by chance when two of its signs are taken for UTF-8 (»Ü → Ȇ) mostly lies there.
    """
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    for first, last in _USUAL:
        table[first : last + 1] = True
    return table


def usual(char: str) -> bool:
    """The same for a character."""
    return bool(usual_points()[ord(char)])
