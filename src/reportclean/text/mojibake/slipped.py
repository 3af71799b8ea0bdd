"""GBK text that lost one byte, so that every following byte pairs with the wrong one: 。總結 → ?偨Y."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np

from reportclean.document import Hit
from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import RARE, Scan, gbk_pairs, scan
from reportclean.text.mojibake.weighing import plausible

# Nats, for two characters or more; clean text has a rare character between a question mark and a Latin
# letter now and then, but never one whose bytes and the letter make a word.
MIN_GAIN = 11.0
_MARKS = [ord(mark) for mark in "?？\ufffd"]
_MAX_SLIPPED = 60  # characters until the bytes fall back into step
_FULL_QUESTION = b"\xa3\xbf"  # ？, which is often folded to "?"


def find_slipped(text: str) -> Iterator[Hit]:
    """Runs of GBK read one byte out of step, from the mark of the lost byte to where they are in step again.

    Kind ``slipped``; the replacement is known where what follows the mark is proven by its neighbours.

    >>> [hit.replacement for hit in find_slipped("完成任务?偨Y如下")]
    ['。總結']
    """
    yield from slipped(scan(text))


def slipped(looked: Scan) -> Iterator[Hit]:
    """The same for a text that has been looked up."""
    text, points, bits = looked
    rare = np.flatnonzero(bits & RARE != 0)
    rare = rare[rare > 0]
    done = 0
    for start in (rare[np.isin(points[rare - 1], _MARKS)] - 1).tolist():
        if start >= done and (hit := _slip(text, start, start + 1)) is not None:
            yield hit
            done = hit.end


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(f"[^\\x00-\u036f\ue000-\uf8ff\ufffd]{{1,{_MAX_SLIPPED}}}[@-~]")


def _slip(text: str, start: int, body: int) -> Hit | None:
    match = _tail().match(text, body)
    if match is None:
        return None
    try:
        data = match.group().encode("gbk")
    except UnicodeEncodeError:
        return None
    # The mark is a lost byte, or a full-width question mark made of the bytes on both sides of one.
    for lead in (_FULL_QUESTION, b""):
        shifted = lead[1:] + data if lead else data[1:]
        opening = lead[:1] or data[:1]
        try:
            fixed = shifted.decode("gbk")
        except UnicodeDecodeError:
            continue
        repaired = _opened(opening[0], fixed[0]) + fixed
        gain = model().score(repaired) - model().score(text[start : match.end()])
        if len(fixed) >= 2 and plausible(fixed) and gain >= MIN_GAIN:
            return Hit(start, match.end(), "slipped", "", repaired)
    return None


def _opened(trail: int, after: str) -> str:
    """The likeliest character with a trail byte before what follows; U+FFFD where none stands out.

    A sign of punctuation is always the likeliest: it is proven by the next characters' being a beginning.
    """
    scored = sorted(
        ((model().score(char + after), char) for lead in range(0xA1, 0xF8) for char in _char(lead, trail)),
        reverse=True,
    )
    if not scored:
        return "\ufffd"
    if len(scored) > 1 and scored[0][0] - scored[1][0] < 1.0:
        return "\ufffd"
    return scored[0][1]


def _char(lead: int, trail: int) -> str:
    char = gbk_pairs().get(lead << 8 | trail, "")
    return "" if "\ue000" <= char <= "\uf8ff" else char
