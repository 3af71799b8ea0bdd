"""The promised count of a compiled page: 精选13篇, 【集合4篇】, 十五篇, 5 articles.

Only lines near the top that look like a title, and the teaser that repeats it, are read: 发表论文3篇
in the body promises nothing.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.folding import plain_codes, plain_view, seen_as
from reportclean.text.scanned import SPACES, At, Scanned, among, begins
from reportclean.text.sections import numerals
from reportclean.text.sections.page import Line, Page, folded
from reportclean.text.sections.words import any_of

TOP_LINES = 14
TOP_CHARACTERS = 4000
LONGEST_TITLE = 90
LONGEST_TEASER = 400

_BRACKET_REACH = 8  # what may stand between a count and the bracket that closes after it
_WORD_REACH = 10  # from a measure word back to the word that tells: a space, a count, four signs
_OPENING = 12  # six signs, a count of four, a space and the measure word: a title may open with them
_IN_TITLE = SPACES + ")_|-–—:!之"  # what a count in a title is followed by, if it does not end it

_COUNT = rf"(?P<count>(?<![0-9第])[0-9]{{1,3}}|(?<![第{numerals.HAN}])[{numerals.HAN}]{{1,4}}) ?(?:篇|份|则)"


def promised_count(text: str) -> Hit | None:
    r"""The count that the top of a page promises, as a hit of kind ``promise`` with the number as its stem.

    >>> promised_count("年度工作总结（精选13篇）\n").stem
    '13'
    >>> promised_count("本年度共发表论文3篇，其中核心期刊1篇。")
    """
    # The top is enough: the view is one to one, so nothing below changes what stands there.
    top = text[: TOP_CHARACTERS + LONGEST_TITLE]
    may = any(sign in top for sign in _signs())
    return promise_of(Page(top)) if may else None


def may_promise(text: Scanned) -> list[int]:
    """Starts of those of the joined documents at whose top a count may stand."""
    measures = begins(text, At("篇份则則"))
    measures = measures[_before(text, measures, plain_view("0123456789 " + numerals.HAN))]
    measures = measures[may_end_count(text.codes, measures)]
    spaces = begins(text, At(" \u3000"))
    spaces = spaces[(spaces > 0) & (spaces + 1 < len(text))]
    letters = "".join(map(chr, range(0x61, 0x7B)))
    english = np.ones(len(spaces), dtype=bool)
    for step in (1, 2, 3):
        letter = "".join({word[-step] for word in numerals.WORDS})
        english &= among(plain_codes(text.codes[np.maximum(spaces - step, 0)]), letter)
    english |= _before(text, spaces, "0123456789")
    english &= among(plain_codes(text.codes[spaces + 1]), letters)
    places = np.union1d(measures, spaces[english])
    places = places[places - text.start_of(places) < TOP_CHARACTERS + LONGEST_TITLE]
    ends = np.searchsorted(text.line_ends, places)
    lines = np.concatenate(([0], text.line_ends + 1))[ends[np.diff(ends, prepend=-1) > 0]]
    counting = [start for start in lines.tolist() if _counts(text, start)]
    found: list[int] = np.unique(text.start_of(np.array(counting, dtype=np.int64))).tolist()
    return found


def _counts(text: str, start: int) -> bool:
    """Whether one of the lines up to the next line feed names a count."""
    end = text.find("\n", start, start + TOP_CHARACTERS + LONGEST_TITLE)
    read = text[start : end if end >= 0 else start + TOP_CHARACTERS + LONGEST_TITLE].strip()
    if len(read) > LONGEST_TITLE and read.isascii() and len(read.splitlines()) == 1:
        return False  # English counts in a short line only
    page = Page(read)
    return any(count_in(line) for line in page.lines())


def may_end_count(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether what stands around each measure word is what a pattern asks for (in 印发900份， it is not).

    Args:
        codes: The code points of a text or of its view.
        places: Of measure words.
    """
    line_feeds = np.full(_OPENING, 0x0A, np.uint32)
    codes = np.concatenate((line_feeds, codes, line_feeds))
    places = places + _OPENING
    following = plain_codes(codes[places + 1])
    collected = np.zeros(len(places), dtype=bool)
    named = np.zeros(len(places), dtype=bool)
    for step in range(2, _WORD_REACH + 1):
        word_end = plain_codes(codes[places - step])
        collected |= among(word_end, _ends_of("collected"))
        named |= among(word_end, _ends_of("praised", "genre") + "共计")
    found = (collected & among(following, ",。")) | ((collected | named) & among(following, _IN_TITLE))
    for step in range(1, _BRACKET_REACH + 2):
        found |= among(plain_codes(codes[places + step]), ")】]〕」』》>")
    for step in range(1, _OPENING + 1):
        found |= among(codes[places - step], SPACES)
    return found


@cache
def _ends_of(*names: str) -> str:
    """The last signs of the words of some lists, as the view shows them."""
    return plain_view("".join(sorted({word[-1] for word in any_of(*names)[3:-1].split("|")})))


def _before(text: Scanned, places: NDArray[np.int64], signs: str) -> NDArray[np.bool_]:
    """Whether one of the signs, as the view shows it, stands right before each place."""
    return among(plain_codes(text.codes[places - 1]), signs) & (places > 0)


def promise_of(page: Page) -> Hit | None:
    """The same on a page that is already at hand."""
    for line in page.top(TOP_LINES, TOP_CHARACTERS):
        match = count_in(line)
        if match:
            shift = line.start + line.indent - 1
            return Hit(
                shift + match.start("count"), shift + match.end("count"), "promise", str(_value(match))
            )
    return None


def _value(match: re.Match[str]) -> int:
    return numerals.value_of(match["count"]) or numerals.word(match["count"])


def count_in(line: Line) -> re.Match[str] | None:
    """The match, with a group ``count``, of a promise of two or more in a title line or teaser."""
    head = line.text[:LONGEST_TEASER]
    # Few lines hold a measure word at all, and English promises stand in English lines.
    if not (head.isascii() or "篇" in head or "份" in head or "则" in head) or _is_prose().match(head):
        return None
    sentence = line.text[-1] in "。;" or (line.text[-1] == "!" and "," in line.text)
    whole = len(line.text) <= LONGEST_TITLE and not sentence
    for pattern, needs_whole in _patterns():
        if needs_whole and not whole:
            continue
        for match in pattern.finditer(head):
            before = head[: match.start("count")]
            if _value(match) >= 2 and not _counts_output().search(before[-12:]):
                return match
    return None


@cache
def _signs() -> str:
    """One of these is in every promise: a measure word, or the s of an English plural."""
    return seen_as("篇份则s")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Patterns, and whether the line must be short: a bracketed count is believed in a teaser too."""
    collected, english = any_of("collected"), any_of("collected_english")
    in_title = "(?=$|[ )_|\\-–—:!之])"
    return (
        (
            folded(
                rf"[(【\[〔「『《<][^()【】\[\]\n]{{0,14}}?{_COUNT}[^()【】\[\]\n]{{0,8}}[)】\]〕」』》>]"
            ),
            False,
        ),
        (folded(rf"{collected}[^。,;:!?\n0-9]{{0,4}}{_COUNT}(?=$|[ )_|\-–—,。:!之])"), False),
        (folded(rf"{any_of('praised', 'genre')}[^。,;:!?\n0-9]{{0,4}}{_COUNT}{in_title}"), True),
        (folded(rf"(?:共|合计) ?{_COUNT}{in_title}"), True),
        (folded(rf"^[^。,;:!?\n]{{0,6}}{_COUNT}[^。;\n]{{0,40}}{any_of('genre')}$"), True),
        (
            folded(
                rf"(?:^|[^\w.])(?P<count>[0-9]{{1,3}}|{'|'.join(numerals.WORDS)})"
                rf" (?:[a-z][a-z'’-]* ){{0,4}}{english}\b"
            ),
            True,
        ),
    )


@cache
def _is_prose() -> re.Pattern[str]:
    """Numbered lines promise nothing: 五、本合同一式两份."""
    return folded(
        rf"(?:[0-9]{{1,2}}|[{numerals.HAN}]{{1,3}}) ?[、.,](?![0-9])|[(][{numerals.HAN}0-9]{{1,3}}[)]"
        rf"|第[{numerals.HAN}0-9]+[章节条]"
    )


@cache
def _counts_output() -> re.Pattern[str]:
    """What makes a count one of papers written: 发表论文3篇."""
    return folded(any_of("output"))
