"""Signs that sites strew into a text so that copies can be told: junk, pinyin, apostrophes, symbols, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BORDER, LineCursor, with_line_end
from reportclean.text.artefacts.prose import is_han, is_prose
from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.scanned import At, anchored, han_letters

MIN_TOKENS = 5  # of one or two signs in a row of junk
MIN_NOTES = 3  # pinyin notes in one document
COMMON = -8.6  # log-probability of a character that nobody needs a reading for: the first 1,000 or so
BOUND = 2.0  # nats by which two characters must be likelier together than by chance
_NEAR = 200  # code points around a line of junk in which other than Latin text must stand
_LINE = 4000  # code points of a line that are read on either side


# Discuz junk.


_SCRAP_ENDS = " \r" + "".join(map(chr, range(0x21, 0x7F)))


@cache
def _junk(min_tokens: int) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    row = rf"(?:[!-~]{{1,2}} ){{{min_tokens - 1},{max(60, min_tokens)}}}[!-~]{{1,2}}"
    short = "|".join(rf"(?<= {word}{tail}\n)" for word in ("[!-~]", "[!-~][!-~]") for tail in ("", " ", "\r"))
    few = r"[!-~]{1,2} " * (min_tokens - 1)
    # Line ends after a short word, line starts with some of them, and the row itself.
    return (
        re.compile(rf"\n(?<=[!-~ \r]\n)(?:{short})"),
        re.compile(rf"\n(?=[ \t\u3000]{{0,4}}{few})"),
        re.compile(row),
    )


def find_junk(text: str, min_tokens: int = MIN_TOKENS) -> Iterator[Hit]:
    r"""Rows of one- and two-sign scraps of ASCII at a line's end or start, or alone on it.

    Kind ``junk``; the replacement is empty. A row has ``min_tokens`` scraps at
    least, and capitals, small letters, digits and signs mix in it as no list, formula or alphabet mixes them.

    >>> [h.replacement for h in find_junk("认真总结经验6 z7 W. N) I/ C0 h w7 p d\n")]
    ['']
    """
    ends, starts, row = _junk(min_tokens)
    places = {match.start() for match in anchored(text, ends, At("\n", "", _SCRAP_ENDS))}
    places.add(len(text))
    spans = set()
    for place in places:
        first = max(0, place - 200, text.rfind("\n", max(0, place - 200), place) + 1)
        for match in row.finditer(text, first, place):
            if not text[match.end() : place].strip(" \r"):
                spans.add(match.span())
    heads = [match.end() for match in anchored(text, starts, At("\n", _SCRAP_ENDS + "\t\u3000"))]
    at_starts = (row.match(text, place + _indent(text, place)) for place in (0, *heads))
    spans |= {match.span() for match in at_starts if match is not None}
    floor = 0
    for start, end in sorted(spans):
        span = _junk_span(text, max(start, floor), end, min_tokens)
        if span is not None and span[0] >= floor:
            floor = span[1]
            yield Hit(*span, "junk", replacement="")


def _indent(text: str, place: int) -> int:
    return next((n for n in range(5) if text[place + n : place + n + 1] not in (" ", "\t", "\u3000")), 0)


def _junk_span(text: str, start: int, end: int, min_tokens: int) -> tuple[int, int] | None:
    """The row, or its whole line; None where it is not junk or stands in Latin text."""
    tokens = text[start:end].split(" ")
    row = text[start:end]
    cases = any("A" <= char <= "Z" for char in row) and any("a" <= char <= "z" for char in row)
    mixed = {token[1] for token in tokens if len(token) == 2 and _kind(token[0]) != _kind(token[1]) < 2}
    mixed |= {token[1] for token in tokens if len(token) == 2 and token[0].isalnum() and _kind(token[1]) == 2}
    if (
        not cases
        or len(tokens) < min_tokens
        or len(mixed) < 3
        or all(char.isalnum() or char == " " for char in row)
    ):
        return None
    if "=" in tokens or "==" in tokens:
        return None
    before, after = text[start - 1 : start], text[end : end + 1]
    while before == " ":
        start -= 1
        before = text[start - 1 : start]
    while after == " ":
        end += 1
        after = text[end : end + 1]
    alone = before in ("", "\n") and after in ("", "\n", "\r")
    if alone:
        above = text[max(0, start - _NEAR) : start].rpartition(BORDER)[2]
        around = above + text[end : end + _NEAR].partition(BORDER)[0]
        if around.isascii():
            return None
        return with_line_end(text, start, end + (after == "\r"))
    return (start, end) if not (before or after).isascii() or not (after or before).isascii() else None


def _kind(char: str) -> int:
    return 0 if char.isalpha() else 1 if char.isdigit() else 2


# Pinyin.

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹ"


@cache
def _notes() -> tuple[re.Pattern[str], ...]:
    known = rf"(?=[a-zü]{{0,4}}[?{_TONED}])(?!\?[ )）])"  # a tone mark, or what is left of one
    syllable = rf"[a-zü?{_TONED}]{{1,7}}"
    return tuple(
        re.compile(rf"{opening}(?<=[\u3400-\u9fff]{opening})[ ]?{known}{syllable}[ ]?[)）]")
        for opening in ("\\(", "（")
    )


def find_pinyin(text: str, min_notes: int = MIN_NOTES) -> Iterator[Hit]:
    """Readings in brackets after common characters, through a paragraph of prose.

    Kind ``pinyin``; the replacement is empty. Three of them in the prose of a document, in each line most
    of them on characters that everybody can read: a note on a rare character is an author's.

    >>> text = "对工(gōng)作进行评(píng)价，为今后的发(fā)展提供依据，积累有益的经验，不断改进。"
    >>> len([*find_pinyin(text)])
    3
    """
    opens = At("(（", "", han_letters())
    found = sorted(match.span() for pattern in _notes() for match in anchored(text, pattern, opens))
    cursor = LineCursor(text)
    for notes in _by_document(text, found):
        hidden = []
        for line, group in groupby(notes, key=lambda span: cursor.at(span[0])):
            hidden += _hidden_notes(text, line, [*group])
        if len(hidden) >= min_notes:
            yield from (Hit(start, end, "pinyin", replacement="") for start, end in hidden)


def _hidden_notes(text: str, line: tuple[int, int], notes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """All notes of a line of prose that are few among its text and mostly on common characters, else none."""
    plain = line[1] - line[0] - sum(end - start for start, end in notes)
    common = sum(model().alone[ord(text[start - 1])] > COMMON for start, _ in notes)
    sparse = plain >= 8 * len(notes) and is_prose(text[line[0] : min(line[1], line[0] + _LINE)])
    return notes if sparse and common * 3 >= len(notes) * 2 else []


# Apostrophes and other single signs.


@cache
def _strewn() -> tuple[re.Pattern[str], ...]:
    han = r"[\u3400-\u9fff]"
    return tuple(re.compile(rf"{sign}(?<={han}{sign})(?={han})") for sign in ("'", "`", r"\^"))


def find_strewn_signs(text: str) -> Iterator[Hit]:
    """A straight apostrophe, grave accent or caret between two Han characters that quotes nothing.

    Kind ``strewn-sign``; the replacement is empty. Where the signs of a line may pair up to quotation
    marks they are left, unless each of them follows 的, as the scripts of copy sites place them.

    >>> [h.start for h in find_strewn_signs("加深了部门间同事的'认识")]
    [9]
    """
    between_han = At("'`^", han_letters(), han_letters())
    found = sorted(m.span() for pattern in _strewn() for m in anchored(text, pattern, between_han))
    cursor = LineCursor(text)
    for line, group in groupby(found, key=lambda span: cursor.at(span[0])):
        signs = [*group]
        limit = min(line[1], line[0] + _LINE)
        total = text.count(text[signs[0][0]], line[0], limit)
        after_de = all(text[start - 1] == "的" for start, _ in signs)
        if total == len(signs) and (len(signs) == 1 or after_de):
            yield from (Hit(start, end, "strewn-sign", replacement="") for start, end in signs)


# Symbols.


# Signs of these blocks that people do set in sentences: stars, ticks, crosses, hearts, numbers, arrows.
_USED = frozenset("★☆☑☒☞☛☜☎♀♂♠♡♢♣♤♥♦♧♪♫♬✓✔✕✖✗✘❤➔→") | {chr(point) for point in range(0x2776, 0x2794)}


_PAUSES = ("、", "，", ",", "；")


@cache
def _symbols() -> re.Pattern[str]:
    # Two ranges, as many as are searched fast.
    return re.compile(
        r"[\u2600-\u27bf\U0001f000-\U0001faff]"
        r"[\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f\u200d]{0,20}"
    )


def find_strewn_symbols(text: str) -> Iterator[Hit]:
    """Pictograms in mid-sentence, twice or more in one document.

    Kind ``strewn-symbol``; the replacement is empty. Only between Han characters or before a comma: at
    the end of a sentence or the start of a line people set them.

    >>> [h.start for h in find_strewn_symbols("加強監督✭✡力度，及時總結🤵、學習經驗")]
    [4, 13]
    """
    found = [
        match.span()
        for match in _symbols().finditer(text)
        if match.start()
        and is_han(text[match.start() - 1])
        and _USED.isdisjoint(match[0])
        and (
            is_han(following := text[match.end() : match.end() + 1]) or (following and following in "、，,；")
        )
    ]
    for spans in _by_document(text, found):
        if len(spans) > 1:
            yield from (Hit(start, end, "strewn-symbol", replacement="") for start, end in spans)


def _by_document(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The spans, cut where a border stands between two of them."""
    group: list[tuple[int, int]] = []
    for span in spans:
        if group and text.find(BORDER, group[-1][1], span[0]) >= 0:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


# Gaps inside words.


@cache
def _gaps() -> tuple[re.Pattern[str], ...]:
    han = r"[\u4e00-\u9fff]"
    return tuple(re.compile(rf"{gap}(?<={han}{gap})(?={han})") for gap in (" ", "\t"))


def find_broken_words(text: str) -> Iterator[Hit]:
    """A space or tab inside a word of a sentence.

    Kind ``broken-word``; the replacement is empty. The characters on both sides must be bound more
    tightly than those around them, in a line of prose; spaced-out headings, names and columns are left.

    >>> [h.start for h in find_broken_words("我们要保持社会大局稳 定，促进各项事业发展。")]
    [10]
    """
    between_han = At(" \t", han_letters(), han_letters())
    found = sorted(m.span() for pattern in _gaps() for m in anchored(text, pattern, between_han))
    if not found:
        return
    quads = "".join(text[max(0, s - 2) : s].rjust(2, "\n") + text[e : e + 2].ljust(2, "\n") for s, e in found)
    points = code_points(quads)
    likelier = (model().each_point(points) - model().alone[points]).reshape(-1, 4)[:, 1:].tolist()
    near = {two[0] for one, two in pairwise(found) if two[0] - one[1] < 2}
    near |= {one[0] for one, two in pairwise(found) if two[0] - one[1] < 2}
    cursor = LineCursor(text)
    for (start, end), (left, across, right) in zip(found, likelier, strict=True):
        if across <= max(BOUND, left, right) or start in near:
            continue
        line = cursor.at(start)
        if start - line[0] < 3:  # a name set to the width of three characters: 二 嫂
            continue
        around = text[max(line[0], start - 60) : min(line[1], end + 60)]
        if is_prose(around) and around.count(text[start]) <= 3:
            yield Hit(start, end, "broken-word", replacement="")
