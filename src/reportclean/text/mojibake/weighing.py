"""Weigh a reading of a text against leaving it alone: which of its characters are really others.

One dynamic program serves every confusion that can be undone character by character: at each place the
text is either clean, or some of its characters together are one other character. The likeliest path says
where clean text ends and broken text begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model

# From a place: how many characters together are which one character, under the reading in question.
Options = Callable[[int], tuple[tuple[int, str], ...]]

_SWITCH = -6.0  # nats for every change between clean and broken text
_SWITCH_AT_BREAK = -0.5
RARE = -13.5  # nats: rarer than this is no character that a sentence is made of
_SHORT = 4
_WORD = -4.5  # nats for a letter that goes on with a word
_WORD_BEGINS = -6.5
_ACCENTED = -7.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, what it really is, and how much likelier that is than what stands there."""

    start: int
    end: int
    fixed: str
    gain: float


@lru_cache(maxsize=1 << 16)
def conditional(before: str, after: str) -> float:
    """The log-probability of a character after another (or after nothing known).

    A letter that goes on with a word of its alphabet is as cheap as ASCII, so that clean Russian or Czech
    is never the dearer reading. Two accented Latin letters in a row are rarer, and rows of them are no word.
    """
    base = model().pair(before, after) if before else float(model().alone[ord(after)])
    if "\x80" <= after < "\u0530" and after.isalpha():
        if before.isalpha() and before < "\u0530" and (after.islower() or before.isupper()):
            return max(base, _ACCENTED if after < "\u0370" and before > "\x7f" else _WORD)
        return max(base, _WORD_BEGINS if after >= "\u0370" else base)
    return base


@cache
def most_likely() -> NDArray[np.float32]:
    """By code point the most that a character can count for in :func:`likelihood`, whatever stands before."""
    most = model().most.copy()
    letters = [point for point in range(0x80, 0x530) if chr(point).isalpha()]
    most[letters] = np.maximum(most[letters], _WORD)
    return most


def likelihood(text: str) -> float:
    """The log-probability of a text, alphabets included."""
    return sum(map(conditional, ("", *text[:-1]), text)) if text else 0.0


def plausible(text: str, share: float = 0.9) -> bool:
    """Whether nearly all of its non-ASCII characters are such as Chinese text is made of.

    Short texts have no rare character to spare.
    """
    points = code_points(text)
    points = points[points > 0x7F]
    if not len(points):
        return False
    return is_plausible(int((model().alone[points] > RARE).sum()), len(points), share)


def is_plausible(good: int, count: int, share: float = 0.9) -> bool:
    """The same for a text of so many non-ASCII characters, of which so many are good."""
    return count > 0 and good >= (count if count < _SHORT else share * count)


def meaningful(text: str) -> bool:
    """Whether it holds two ideographs or the like, or a sign that stands alone (’ — 😀)."""
    points = code_points(text)
    high = points[points > 0x7F]
    written = int(((high >= 0x2E80) & (high < 0xA000)).sum()) + int((high >= 0x20000).sum())
    if written >= 2 or (len(high) >= 2 and written == 0):
        return True
    return len(high) > 0 and bool((((high >= 0x2010) & (high < 0x2C00)) | (high >= 0x1F000)).any())


def stretches(text: str, start: int, end: int, options: Options) -> list[Stretch]:
    """The stretches of ``text[start:end]`` that are likelier under a reading, on the likeliest path.

    Inside a stretch ASCII may stand for itself; at its ends it never does.
    """
    size = end - start
    infinite = float("-inf")
    clean = [infinite] * (size + 1)
    broken = [infinite] * (size + 1)
    clean[0] = 0.0
    last = [""] * (size + 1)  # the last character of the best broken path
    # How the best broken path arrives: how many characters the last step took, what they really are,
    # and whether it was opened there.
    step: list[tuple[int, str, bool]] = [(0, "", False)] * (size + 1)
    from_broken = [False] * (size + 1)
    for i in range(size):
        char = text[start + i]
        before = text[start + i - 1] if i else ""
        # Inside a run of letters the text rarely changes; at the ends of a line or a word it may.
        switch = _SWITCH if _goes_on(before) and _goes_on(char) else _SWITCH_AT_BREAK
        from_broken[i] = broken[i] + switch > clean[i]
        clean[i + 1] = max(clean[i], broken[i] + switch) + conditional(before, char)
        opened = clean[i] + switch > broken[i]
        base = clean[i] + switch if opened else broken[i]
        previous = "" if opened else last[i]
        taken = options(start + i)
        if char < "\x80" and not opened:
            taken = (*taken, (1, char))
        for count, real in taken:
            if i + count > size:
                continue
            value = base + conditional(previous, real)
            if value > broken[i + count]:
                broken[i + count] = value
                last[i + count] = real
                step[i + count] = (count, real, opened)
    from_broken[size] = broken[size] > clean[size]
    return _traced(text, start, size, step, from_broken)


def _goes_on(char: str) -> bool:
    return char > "\x7f" or char.isalpha()


def _traced(
    text: str, start: int, size: int, step: list[tuple[int, str, bool]], from_broken: list[bool]
) -> list[Stretch]:
    found: list[Stretch] = []
    i = size
    while i > 0:
        if not from_broken[i]:
            i -= 1
            continue
        stop = i
        chars: list[str] = []
        opened = False
        while not opened:
            count, real, opened = step[i]
            chars.append(real)
            i -= count
        from_broken[i] = False  # a stretch opens out of clean text
        while chars and chars[0] < "\x80":  # ASCII at the end gains nothing
            del chars[0]
            stop -= 1
        fixed = "".join(reversed(chars))
        gain = likelihood(fixed) - likelihood(text[start + i : start + stop])
        found.append(Stretch(start + i, start + stop, fixed, gain))
    found.reverse()
    return found
