"""Line ends that may stand in mid-sentence, as arrays: found by what stands around each line feed."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.artefacts.lines import BLANK
from reportclean.text.artefacts.prose import is_han, starts_block
from reportclean.text.scanned import Scanned, among

MIN_LENGTH = 14  # code points of a line that may be joined alone: shorter ones are headings or verse
GOES_ON = "，、。；：！？”’）》〉」』】％"
_OPEN = "，、“‘（《〈「『【("
_CODE = "|>#<`{}/*=&$\\"
_INDENT = " \t\u3000"
_DEEPEST = 8  # blanks before the first character of the next line
_LABEL = 8  # letters of a label before its colon
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class LineEnds(NamedTuple):
    """Line ends, in order of place; each array is ``int64`` of shape ``(line ends,)``.

    Attributes:
        start: Where the line before it starts.
        before: Where the text of that line ends, blanks left out.
        after: Where the text of the next line starts.
        stop: Where the next line ends.
    """

    start: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    stop: NDArray[np.int64]

    def those(self, chosen: NDArray[np.bool_]) -> LineEnds:
        """Some of them."""
        return LineEnds(*(places[chosen] for places in self))

    def moved(self, by: NDArray[np.int64]) -> LineEnds:
        """The same ones where each stands elsewhere."""
        return LineEnds(*(places + by for places in self))


def han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """:func:`is_han` of each code point."""
    found: NDArray[np.bool_] = _han()[np.minimum(codes, 0xFFFF)] | ((codes >= 0x20000) & (codes <= 0x3FFFD))
    return found


@cache
def _han() -> NDArray[np.bool_]:
    points = np.arange(0x10000)
    return ((points >= 0x4E00) & (points <= 0x9FFF)) | ((points >= 0x3400) & (points <= 0x4DBF))


def unfinished_lines(text: Scanned) -> LineEnds:
    """Line ends between an unfinished line and one that starts no block."""
    codes, feeds = text.codes, text.line_ends
    starts = np.concatenate(([0], feeds[:-1] + 1))[: len(feeds)]
    stops = np.append(feeds[1:], len(text))[: len(feeds)]
    chosen = feeds - starts >= MIN_LENGTH
    last = codes[np.maximum(feeds - 1, 0)]
    chosen &= han(last) | among(last, _OPEN + ALPHANUMERIC + _INDENT + "\r")
    following = text.codes_at(feeds + 1)
    chosen &= han(following) | among(following, _starting() + _INDENT)
    feeds = feeds[chosen]
    ends = LineEnds(starts[chosen], feeds.copy(), feeds + 1, stops[chosen])
    for number in np.flatnonzero(among(last[chosen], _INDENT + "\r")).tolist():
        start, feed = int(ends.start[number]), int(feeds[number])
        line = text[start:feed].rstrip(BLANK)
        # Two spaces are a line break of Markdown.
        is_break = text[start + len(line) : feed].rstrip("\r").endswith("  ")
        ends.before[number] = start if is_break else start + len(line)
    for _ in range(_DEEPEST):
        ends.after[:] += among(text.codes_at(ends.after), _INDENT)
    return _sound(text, ends.those(ends.before - ends.start >= MIN_LENGTH))


def _sound(text: Scanned, ends: LineEnds) -> LineEnds:
    """Those of them whose characters may stand inside a sentence, in lines that are no code and no entry."""
    codes = text.codes
    last, first = codes[ends.before - 1], text.codes_at(ends.after)
    han_last, han_first = han(last), han(first)
    digits = among(last, ALPHANUMERIC[:10]) & among(first, ALPHANUMERIC[:10])
    quotes = among(last, "“‘") & among(codes[ends.before - 2], "。！？：，")
    chosen = (han_last | among(last, _OPEN + ALPHANUMERIC)) & (han_first | among(first, _starting()))
    chosen &= ~digits & ~quotes & ~among(codes[ends.start], _CODE)
    labelled = among(first, _block_signs())
    for step in range(1, _LABEL + 1):
        labelled |= among(text.codes_at(ends.after + step), "：:")
    for number in np.flatnonzero(chosen & ~(han_last | han_first)).tolist():
        start, before = int(ends.start[number]), int(ends.before[number])
        chosen[number] = _mostly_han(text[max(start, before - 60) : before])
    for number in np.flatnonzero(chosen & labelled).tolist():
        after, stop = int(ends.after[number]), int(ends.stop[number])
        chosen[number] = not _opens(text[after : min(stop, after + 40)])
    return ends.those(chosen)


@cache
def _starting() -> str:
    """What the next line may start with, besides ideographs."""
    return GOES_ON + "“‘（《〈「『(_" + ALPHANUMERIC


@cache
def _block_signs() -> str:
    """What a line begins with that :func:`_opens` takes for a block, unless it is a label."""
    points = [*range(0x2460, 0x249C), *range(0x3220, 0x322A), *range(0x2776, 0x2780)]
    signs = "(（[【〔一二三四五六七八九十百零〇0123456789０１２３４５６７８９IVXivx第附图圖表其"
    return signs + "-*+•·●○■□◆◇▪★☆►▶※→>#|=~_—–" + "".join(map(chr, points))


def _mostly_han(line: str) -> bool:
    return sum(map(is_han, line)) * 2 >= len(line)


@cache
def _opening() -> re.Pattern[str]:
    # A label (电话：…), a date alone, an enumeration in words.
    return re.compile(
        r"[^\W\d_]{1,8}[：:]|[0-9０-９]{4}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?\s*$"
        r"|[二三四五六七八九十]是|其[一二三四五六]|第[一二三四五六七八九十]+[，、]"
    )


def _opens(line: str) -> bool:
    return starts_block(line) or _opening().match(line) is not None
