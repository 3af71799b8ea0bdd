"""Characters that nobody sees: controls, lone surrogates, zero-width and other format characters.

They are removed where they mean nothing. They stay where they do: joiners in the scripts and emoji that
need them, variation selectors after what they vary, direction marks in a line with a right-to-left
letter, word breaks in scripts that write none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.charclass import CharClass, matches_at

# Scripts whose letters join or stack, in which ZWJ and ZWNJ change what is read (and the word breaks of
# those without spaces): Hebrew to Arabic Extended, Indic to Tibetan, Myanmar, Khmer and Mongolian, …
_JOINING = (
    "\u0590-\u08ff\u0900-\u0fff\u1000-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010eff\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_RIGHT_TO_LEFT = (
    "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"  # letters and marks
)
# Scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Balinese, Javanese, Cham.
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\uaadf"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_ZERO_WIDTH = "\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff"
_BESIDE = 3  # characters on either side in which a joiner's script must stand
_NEARBY = 40  # and a word break's
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"


def find_controls(text: str) -> Iterator[Hit]:
    r"""C0 and C1 controls, but tab and line ends; ``escape-sequence`` for what a terminal was told.

    A vertical tab, form feed or next-line that is the only line end at its place becomes one.

    >>> [(hit.kind, hit.replacement) for hit in find_controls("一\x07二\x0c三")]
    [('control', ''), ('control', '\n')]
    """
    for match in matches_at(text, _control(), CharClass.CONTROL):
        start, end = match.span()
        found = match.group()
        if found.startswith("\x1b["):
            yield Hit(start, end, "escape-sequence", "", "")
            continue
        ends_line = any(c in "\x0b\x0c\x85" for c in found)
        alone = text[start - 1 : start] not in {"\n", "\r", ""} and text[end : end + 1] not in {
            "\n",
            "\r",
            "",
            "\0",
        }
        yield Hit(start, end, "control", "", "\n" if ends_line and alone else "")


@cache
def _control() -> re.Pattern[str]:
    return re.compile("\x1b\\[[0-9;?]{0,20}[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def find_surrogates(text: str) -> Iterator[Hit]:
    r"""Lone surrogates: no character, and no encoding can write them. A pair becomes its character.

    >>> [hit.replacement for hit in find_surrogates("a\ud83d\ude00\udc00")]
    ['😀', '\ufffd']
    """
    for match in matches_at(text, _surrogate(), CharClass.SURROGATE):
        found = match.group()
        whole = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        yield Hit(match.start(), match.end(), "surrogate", "", whole if len(found) == 2 else "\ufffd")


def find_noncharacters(text: str) -> Iterator[Hit]:
    """Code points that Unicode promises never to assign; this library marks placeholders with some."""
    for match in matches_at(text, _noncharacter(), CharClass.NONCHARACTER):
        yield Hit(match.start(), match.end(), "noncharacter", "", "")


@cache
def _surrogate() -> re.Pattern[str]:
    return re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


@cache
def _noncharacter() -> re.Pattern[str]:
    ends = "".join(chr(plane | end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    return re.compile(f"[\ufdd0-\ufdef{ends}]+")


def find_invisible(text: str) -> Iterator[Hit]:
    r"""Format characters that do nothing where they stand.

    Kinds: ``zero-width``, ``joiner``, ``bidi-control``, ``variation-selector``, ``filler``, ``tag``,
    ``line-separator`` (becomes a line feed).

    >>> [hit.kind for hit in find_invisible("工\u200b会\u200d。👨\u200d👩")]
    ['zero-width', 'joiner']
    """
    line_end, directed = -1, False  # the line looked at, and whether a right-to-left letter stands in it
    for match in matches_at(text, _invisible(), CharClass.INVISIBLE):
        start, end = match.span()
        kind = match.lastgroup or ""
        before, after = text[start - 1 : start], text[end : end + 1]
        if kind in {"joiner", "zero"} and _in_joining_script(text, start, end, match.group()):
            continue
        if kind == "bidi":
            if start >= line_end:
                line_start = text.rfind("\n", max(line_end, 0), start) + 1 or max(line_end, 0)
                line_end = text.find("\n", start)
                line_end = len(text) if line_end < 0 else line_end
                directed = _right_to_left().search(text, line_start, line_end) is not None
            if not directed:
                yield Hit(start, end, "bidi-control", "", "")
        elif kind == "line":
            yield Hit(start, end, "line-separator", "", "\n")
        elif not _MEANT[kind](before, after, match.group()):
            yield Hit(start, end, _KINDS[kind], "", "")


_KINDS = {
    "zero": "zero-width",
    "joiner": "joiner",
    "selector": "variation-selector",
    "filler": "filler",
    "tag": "tag",
}


def _in_joining_script(text: str, start: int, end: int, found: str) -> bool:
    """Whether a script that needs joiners or word breaks stands beside it.

    A word break (U+200B) of such a script may also stand between signs, digits and letters of others.
    """
    before, after = text[start - 1 : start], text[end : end + 1]
    if "\u00ad" in found or (_east_asian().match(before) and _east_asian().match(after)):
        return False
    if _joining().search(_near(text, start, end, _BESIDE)):
        return True
    if found != "\u200b" or _east_asian().match(before) or _east_asian().match(after):
        return False
    return _unspaced().search(_near(text, start, end, _NEARBY)) is not None


def _near(text: str, start: int, end: int, reach: int) -> str:
    """So many characters on either side, of the same line."""
    left = text[max(0, start - reach) : start].rpartition("\n")[2]
    return left + text[end : end + reach].partition("\n")[0]


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(
        f"(?P<zero>[{_ZERO_WIDTH}]+)|(?P<joiner>[\u200c\u200d])|(?P<bidi>[{_BIDI}]+)"
        "|(?P<selector>[\ufe00-\ufe0f\U000e0100-\U000e01ef])|(?P<filler>[\u115f\u1160\u3164\uffa0]+)"
        "|(?P<tag>[\U000e0001\U000e0020-\U000e007f]+)|(?P<line>[\u2028\u2029])"
    )


@cache
def _right_to_left() -> re.Pattern[str]:
    return re.compile(f"[{_RIGHT_TO_LEFT}]")


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")


@cache
def _east_asian() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}\u3000-\u30ff\uac00-\ud7a3\uff00-\uffef]")


@cache
def _joining() -> re.Pattern[str]:
    return re.compile(f"[{_JOINING}]")


def _joins(before: str, after: str, found: str) -> bool:
    """A joiner between two emoji; scripts that need it are looked for around it."""
    return found == "\u200d" and _is_symbol(after) and (_is_symbol(before) or before == "\ufe0f")


def _is_symbol(char: str) -> bool:
    return char != "" and unicodedata.category(char) in {"So", "Sk", "Sm", "Cn"} and char > "\x7f"


def _breaks(_: str, after: str, found: str) -> bool:
    """A grapheme joiner that keeps marks apart; scripts that need word breaks are looked for around it."""
    return found == "\u034f" and unicodedata.combining(after or "a") > 0


def _varies(before: str, _: str, found: str) -> bool:
    """A selector after an ideograph, an emoji or sign, or a letter that has variants."""
    if before == "":
        return False
    if found >= "\U000e0100":
        return bool(re.match(f"[{_HAN}\u3005-\u3007]", before))
    if found >= "\ufe0e":
        return before in "0123456789#*\u2139" or _is_symbol(before) or unicodedata.category(before)[0] in "SP"
    if (
        before == "0" or unicodedata.category(before)[0] in "SP"
    ):  # a slashed zero; placement of stops and quotes
        return True
    return bool(re.match(f"[{_HAN}\u1000-\u109f\u1820-\u18aa\ua840-\ua87f]", before)) or _is_symbol(before)


def _fills(before: str, after: str, _: str) -> bool:
    """A filler in a syllable of old Hangul."""
    return any(
        "\u1100" <= c <= "\u11ff" or "\u3131" <= c <= "\u318e" or "\ua960" <= c <= "\ud7fb"
        for c in before + after
    )


def _tags(before: str, _after: str, _found: str) -> bool:
    """The letters of a flag."""
    return before == "\U0001f3f4"


_MEANT = {"zero": _breaks, "joiner": _joins, "selector": _varies, "filler": _fills, "tag": _tags}
