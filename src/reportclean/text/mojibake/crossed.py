"""Big5 that was read as GBK, and GBK that was read as Big5.

Both take two bytes a character, so where nothing was lost each character stands for one other. Any text
can be turned into the other one that way; what decides is how much likelier the result is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.charclass import CODE_POINTS, code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import RARE, Scan, big5_pairs, gbk_pairs, scan
from reportclean.text.mojibake.weighing import Options, Stretch, plausible, stretches

# Nats for a stretch and more for each of its characters: there are as many ways to be wrong as characters.
MIN_GAIN = 18.0
MIN_GAIN_CHARACTER = 0.8
_MIN_MEAN = -8.8  # nats a character of the result
_SHORT = 8  # characters; below, chance makes likelier text: 簷褕曄曄爛 of clean verse is 貌缴剧剧年 at −8.4
_MIN_MEAN_SHORT = -8.2  # of 4,000 pieces of four characters of reports, one in a thousand lies below
_FEW = 6  # ideographs, none of them twice
_BOUND_RATIO = 0.12
_BOUND = 1.0  # nats; of reports' text of eight characters, one piece in a hundred has no such pair
_MIN_DISTINCT = 4  # 仄仄平平○ and rows of ● once passed for Big5
_MIN_HAN_RATIO = 0.5
_MAX_ALPHABET_RATIO = 0.3  # of the text as it stands: words of Greek or Cyrillic are those
_MAX_BOPOMOFO_RATIO = 0.5  # and rows of ㄅㄆㄇㄈ
_WINDOW = 4
_WINDOW_GAIN = 8.0  # nats over a window without which nothing is weighed in full
_AROUND = 3
_GARBAGE = -11.5  # nats a character
_RAREST = -14.0  # nats: no character that stands there counts for less
_REACH = 24
_BIG5 = ("big5hkscs", "cp950", "big5")  # they differ in signs and in a few hundred characters


def find_crossed(text: str) -> Iterator[Hit]:
    """Spans of one double-byte encoding read as the other.

    Kinds: ``big5-as-gbk`` and ``gbk-as-big5``; the same with ``-lossy`` and no replacement for what lost
    bytes on the way, which breaks the pairs that follow.
    """
    yield from crossed(scan(text))


def crossed(looked: Scan) -> Iterator[Hit]:
    """The same for a text that has been looked up."""
    text, points, bits = looked
    is_rare = (bits & RARE) != 0
    rare = np.flatnonzero(is_rare)
    close = rare[:-1][np.diff(rare) < _WINDOW]  # two in a window
    if not len(close):
        return
    near = np.zeros(len(points), dtype=bool)
    for before in range(_WINDOW):
        near[np.maximum(close - before, 0)] = True
    windows = np.flatnonzero(near[: max(0, len(points) - _WINDOW + 1)])
    windows = windows[sum(is_rare[windows + i].astype(np.uint8) for i in range(_WINDOW)) >= 2]
    found: list[tuple[Stretch, str]] = []
    for kind in ("big5-as-gbk", "gbk-as-big5"):
        for start, end in _zones(text, points, windows, kind):
            found += [
                (s, kind) for s in stretches(text, start, end, _options(text, kind)) if _convincing(text, s)
            ]
    yield from _with_losses(text, sorted(found, key=lambda item: (item[0].start, -item[0].gain)))


def _with_losses(text: str, found: list[tuple[Stretch, str]]) -> Iterator[Hit]:
    """The stretches that do not overlap, and what lies broken beside them, up to its last lost byte."""
    done = 0
    for i, (stretch, kind) in enumerate(found):
        if stretch.start < done:
            continue
        floor = max(done, stretch.start - _REACH)
        floor = max(floor, text.rfind("\0", floor, stretch.start) + 1)
        lost = text.find("\ufffd", floor, stretch.start) + 1
        if lost > 0:
            yield Hit(lost - 1, stretch.start, f"{kind}-lossy")
        yield Hit(stretch.start, stretch.end, kind, "", stretch.fixed)
        done = stretch.end
        limit = min(found[i + 1][0].start if i + 1 < len(found) else len(text), done + _REACH)
        nul = text.find("\0", done, limit)
        lost = text.rfind("\ufffd", done, limit if nul < 0 else nul) + 1
        if lost > done:
            yield Hit(done, lost, f"{kind}-lossy")
            done = lost


def _zones(
    text: str, points: NDArray[np.uint32], windows: NDArray[np.intp], kind: str
) -> Iterator[tuple[int, int]]:
    """Where a window gains enough, taking each character by itself; with what stands around."""
    gains = sum(_gains(kind)[points[windows + i]] for i in range(_WINDOW))
    hopeful = windows[gains >= _WINDOW_GAIN]
    if not len(hopeful):
        return
    breaks = np.flatnonzero(np.diff(hopeful) > 2 * _REACH) + 1
    for group in np.split(hopeful, breaks):
        start, end = max(0, int(group[0]) - _REACH), min(len(text), int(group[-1]) + _WINDOW + _REACH)
        while start < end:
            nul = text.find("\0", start, end)
            stop = end if nul < 0 else nul
            if start < stop:
                yield start, stop
            start = stop + 1


@cache
def _gains(kind: str) -> NDArray[np.float32]:
    """By how much each character would be likelier as the other one that it stands for, roughly."""
    alone = model().alone
    gains = np.full(CODE_POINTS, -12.0, dtype=np.float32)
    gains[:0x80] = 0.0
    here, there = (gbk_pairs(), big5_pairs()) if kind == "big5-as-gbk" else (big5_pairs(), gbk_pairs())
    both = [(ord(char), ord(there[code])) for code, char in here.items() if code in there]
    points, others = np.array(both).T
    gains[points] = alone[others] - np.maximum(alone[points], _RAREST)
    return gains


@lru_cache(maxsize=1 << 16)
def _others(char: str, kind: str) -> tuple[str, ...]:
    """What the two bytes of a character are in the other encoding, as far as Chinese is written with it."""
    sources, targets = (("gb18030",), _BIG5) if kind == "big5-as-gbk" else (_BIG5, ("gb18030",))
    found: dict[str, None] = {}
    for source in sources:
        try:
            data = char.encode(source)
        except UnicodeEncodeError:
            continue
        if len(data) == 2:
            for target in targets:
                other = data.decode(target, "ignore")
                if len(other) == 1 and other != char and _is_written(other):
                    found[other] = None
    return tuple(found)


def _is_written(char: str) -> bool:
    return (
        _is_han(char)
        or "\u2010" <= char <= "\u203b"
        or "\u3000" <= char <= "\u301f"
        or "\uff01" <= char <= "\uff5e"
    )


def _is_alphabetic(char: str) -> bool:
    return "\x80" <= char < "\u0530"


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _options(text: str, kind: str) -> Options:
    def options(at: int) -> tuple[tuple[int, str], ...]:
        return tuple((1, other) for other in _others(text[at], kind)) if text[at] > "\x7f" else ()

    return options


def _convincing(text: str, stretch: Stretch) -> bool:
    high = [c for c in stretch.fixed if c > "\x7f"]
    han = [c for c in high if _is_han(c)]
    bound = _bound("".join(high))
    least = max(_MIN_DISTINCT, _distinct(len(han), bound))
    if len(set(han)) < least or len(han) < _MIN_HAN_RATIO * len(high):
        return False
    fixed = "".join(high)
    if bound < (len(high) >= _SHORT):
        return False
    mean = _MIN_MEAN_SHORT if len(high) < _SHORT else _MIN_MEAN
    if not plausible(fixed) or model().score(fixed) < mean * len(high) or _amid_garbage(text, stretch):
        return False
    original = text[stretch.start : stretch.end]
    if sum(map(_is_alphabetic, original)) > _MAX_ALPHABET_RATIO * len(high):
        return False
    if sum("\u3105" <= c <= "\u312f" for c in original) > _MAX_BOPOMOFO_RATIO * len(high):
        return False
    # Private-use characters are so dear that they would decide alone.
    private = sum("\ue000" <= c <= "\uf8ff" for c in original)
    gain = stretch.gain + private * (float(model().alone[0xE000]) - _RAREST)
    return gain >= MIN_GAIN + MIN_GAIN_CHARACTER * len(high)


def _distinct(count: int, bound: int) -> float:
    """How many different ideographs so many hold at least: a list of the 楊 family holds fewer.

    Args:
        count: Ideographs of a stretch.
        bound: How many of them go on with a word; where words are many, repetition is nothing strange.
    """
    if count < _FEW:
        return count
    return 0.75 * count if count <= _SHORT or bound < _BOUND_RATIO * count else 0.0


def _bound(text: str) -> int:
    """How many characters are likelier after the one before than alone: words have such, names not."""
    points = code_points(text)
    return int((model().each_point(points) - model().alone[points] > _BOUND).sum())


def _amid_garbage(text: str, stretch: Stretch) -> bool:
    """Whether what stands around is as unlikely as what was repaired: then it is another confusion."""
    before = text[max(0, stretch.start - _AROUND) : stretch.start].rpartition("\0")[2]
    around = before + text[stretch.end : stretch.end + _AROUND].partition("\0")[0]
    points = code_points(around)
    points = points[(points > 0x7F) & (points != 0xFFFD)]
    return len(points) > 0 and float(model().alone[points].mean()) < _GARBAGE
