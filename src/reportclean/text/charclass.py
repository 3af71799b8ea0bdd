"""Which classes of characters occur in a text: one table look-up a character, made before any pattern runs.

A rule names the classes without which it cannot match; on text where one of them is missing the
rule is not run at all. The table is a ``uint32`` of flags per code point, so the pass costs about
1 ns a character in batches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntFlag, auto
from functools import cache

import numpy as np
from numpy.typing import NDArray

CODE_POINTS = 0x110000


class CharClass(IntFlag):
    """Classes that gates are made of; a code point may be in several."""

    NONE = 0
    HAN = auto()
    ASCII_LETTER = auto()
    ASCII_DIGIT = auto()
    X_SIGN = auto()  # x X and what stands for them where something is masked: × ✕ ✖ Ｘ ｘ
    STAR = auto()  # * and its full-width form
    UNDERSCORE = auto()  # _ and its full-width form
    HOLLOW = auto()  # ○ □ △ ◯ 〇 and their like, drawn where a word was taken out
    BRACKET = auto()  # [ ] 【 】 〔 〕 « » < > { } and their full-width forms
    PAREN = auto()  # ( ) and their full-width forms
    FULL_STOP = auto()  # 。 ． ｡
    COMMA = auto()  # ， 、 ､
    DASH = auto()  # - – — － ―
    HASH_OR_PERCENT = auto()  # # % $ @ and their full-width forms
    ELLIPSIS = auto()  # … ‥ .
    IDEOGRAPHIC_SPACE = auto()
    TAB_OR_SPACE = auto()
    LINE_END = auto()
    AMPERSAND = auto()
    BACKSLASH = auto()
    QUESTION = auto()  # ? and its full-width form
    INVISIBLE = auto()  # format characters, soft hyphen, variation selectors, fillers
    CONTROL = auto()  # C0 and C1 but tab, line feed and carriage return
    SURROGATE = auto()
    PRIVATE_USE = auto()
    REPLACEMENT = auto()  # U+FFFD
    NONCHARACTER = auto()
    LATIN1_HIGH = auto()  # U+00A0 to U+00FF, and what cp1252 and MacRoman put in their upper half
    RADICAL = auto()  # U+2E80 to U+2FDF
    COMPATIBILITY = auto()  # CJK compatibility ideographs
    COMBINING = auto()  # combining marks and conjoining jamo: where normalising may change the text
    SLASH = auto()
    SYMBOL = auto()  # pictograms: miscellaneous symbols, dingbats, emoji


_HAN = (
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3038, 0x303B),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFD),
)

_RANGES: dict[CharClass, tuple[tuple[int, int], ...]] = {
    CharClass.HAN: _HAN,
    CharClass.ASCII_LETTER: ((0x41, 0x5A), (0x61, 0x7A)),
    CharClass.ASCII_DIGIT: ((0x30, 0x39),),
    CharClass.LINE_END: ((0x0A, 0x0A), (0x0D, 0x0D)),
    CharClass.IDEOGRAPHIC_SPACE: ((0x3000, 0x3000),),
    CharClass.INVISIBLE: (
        (0xAD, 0xAD),
        (0x34F, 0x34F),
        (0x61C, 0x61C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x2028, 0x202E),
        (0x2060, 0x206F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF9, 0xFFFB),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    ),
    CharClass.CONTROL: ((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F)),
    CharClass.SURROGATE: ((0xD800, 0xDFFF),),
    CharClass.PRIVATE_USE: ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)),
    CharClass.REPLACEMENT: ((0xFFFD, 0xFFFD),),
    CharClass.NONCHARACTER: (
        (0xFDD0, 0xFDEF),
        *((plane | 0xFFFE, plane | 0xFFFF) for plane in range(0, CODE_POINTS, 0x10000)),
    ),
    CharClass.LATIN1_HIGH: ((0xA0, 0xFF),),
    CharClass.RADICAL: ((0x2E80, 0x2FDF),),
    CharClass.COMPATIBILITY: ((0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
    CharClass.SYMBOL: ((0x2600, 0x27BF), (0x1F000, 0x1FAFF)),
    CharClass.COMBINING: (
        (0x300, 0x36F),
        (0x483, 0x489),
        (0x591, 0x5C7),
        (0x610, 0x61A),
        (0x64B, 0x65F),
        (0x670, 0x670),
        (0x6D6, 0x6ED),
        (0x700, 0x8FF),
        (0x900, 0x109F),
        (0x1100, 0x11FF),
        (0x135D, 0x135F),
        (0x1700, 0x1CFF),
        (0x1DC0, 0x1DFF),
        (0x20D0, 0x20FF),
        (0x2CEF, 0x2CF1),
        (0x2D7F, 0x2DFF),
        (0x302A, 0x302F),
        (0x3099, 0x309C),
        (0xA66F, 0xA82C),
        (0xA880, 0xABFF),
        (0xD7B0, 0xD7FF),
        (0xFB1E, 0xFB1E),
        (0xFE20, 0xFE2F),
        (0xFF66, 0xFF9F),
        (0x101FD, 0x1FFFF),
    ),
}

_SIGNS: dict[CharClass, str] = {
    CharClass.X_SIGN: "xX×✕✖⨯╳ХхＸｘ乂",
    CharClass.STAR: "*＊﹡∗",
    CharClass.UNDERSCORE: "_＿﹍﹎﹏",
    CharClass.HOLLOW: "○□△◯〇〇Ｏ●■▲☆★◇◆口囗",
    CharClass.BRACKET: "[]【】〔〕«»<>{}［］＜＞｛｝《》〈〉「」『』",
    CharClass.PAREN: "()（）",
    CharClass.FULL_STOP: "。．｡",
    CharClass.COMMA: "，、､",
    CharClass.DASH: "-–—－―‐‑−",
    CharClass.HASH_OR_PERCENT: "#%$@＃％＄＠",
    CharClass.ELLIPSIS: "…‥.",
    CharClass.TAB_OR_SPACE: "\t ",
    CharClass.AMPERSAND: "&＆",
    CharClass.BACKSLASH: "\\",
    CharClass.QUESTION: "?？",
    CharClass.SLASH: "/／",
    # What Windows-1252 and Mac Roman hold above 0x7F besides U+00A0 to U+00FF.
    CharClass.LATIN1_HIGH: "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ∞≤≥∂∑∏π∫Ω√≈∆◊⁄ﬁﬂıˇ˘˙˚˛˝",
}


@cache
def table() -> NDArray[np.uint32]:
    """Flags per code point: ``uint32`` of shape ``(0x110000,)``, read-only."""
    flags = np.zeros(CODE_POINTS, dtype=np.uint32)
    for char_class, ranges in _RANGES.items():
        for first, last in ranges:
            flags[first : last + 1] |= np.uint32(char_class)
    for char_class, signs in _SIGNS.items():
        flags[[ord(sign) for sign in signs]] |= np.uint32(char_class)
    flags.setflags(write=False)
    return flags


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text: ``uint32`` of shape ``(len(text),)``; lone surrogates as they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def classes_of(text: str) -> CharClass:
    """The classes that occur in a text.

    >>> CharClass.HAN in classes_of("2015年"), CharClass.STAR in classes_of("2015年")
    (True, False)
    """
    if not text:
        return CharClass.NONE
    return CharClass(int(np.bitwise_or.reduce(table()[code_points(text)])))


def classes_of_each(texts: Sequence[str]) -> NDArray[np.uint32]:
    """The classes that occur in each text, in one pass over all: ``uint32`` of shape ``(texts,)``."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    found = np.zeros(len(texts), dtype=np.uint32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        starts = (np.cumsum(lengths) - lengths)[filled]
        found[filled] = np.bitwise_or.reduceat(table()[code_points("".join(texts))], starts)
    return found


def matches_at(text: str, pattern: re.Pattern[str], char_class: CharClass) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` gives, for a pattern that can only begin at a character of the class.

    The characters are found by table, fifty times as fast as a pattern scans where it matches nothing.
    """
    done = 0
    for at in np.flatnonzero(table()[code_points(text)] & np.uint32(char_class) != 0).tolist():
        if at >= done and (match := pattern.match(text, at)) is not None:
            yield match
            done = match.end()
