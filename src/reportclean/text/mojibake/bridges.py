"""What stands between two rows of whole characters, or before the first and after the last.

Both rows are beyond doubt, so what is between them depends on nothing farther away: a few characters of
text, of which the same come back in every document. What they are is worked out once and remembered.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.hidden import END, Known
from reportclean.text.mojibake.paths import (
    CLEAN,
    CUT_AT_BREAK,
    Link,
    States,
    best_closed,
    entered,
    resolved,
    score_of,
    step,
)
from reportclean.text.mojibake.weighing import conditional

_STRAIGHT = 12  # characters between two rows that are read without weighing
_WAYS = 8
_LIKELY = -1.0
_REMEMBERED = 32  # characters; what is longer hardly ever comes back


class Place(NamedTuple):
    """A place between two bytes: a character, and how many of its bytes stand before the place."""

    at: int
    taken: int


def bridge(
    text: str, first: Place, last: Place, before: str | None, decoder: Decoder, *, closes: bool
) -> list[Link | None]:
    """The likeliest reading of what lies between two places.

    Args:
        text: The whole text.
        first: Where the row before ends.
        last: Where the next one begins.
        before: The last character of the row before; None where clean text is.
        decoder: What is known of the decoder.
        closes: Whether no row follows.
    """
    at, end = first.at, last.at + (1 if last.taken else 0)
    # With the characters on both sides: all that a reading looks at.
    window = text[at - 1 : end + 1] if at else "\n" + text[: end + 1]
    found = _remembered if len(window) <= _REMEMBERED else _found
    by = at - 1
    links = found(window, first.taken, last.at - by, last.taken, before, decoder, closes)
    return [link and (link[0] + by, link[1] + by, link[2], link[3]) for link in links]


def _found(
    window: str, skip: int, end: int, taken: int, before: str | None, decoder: Decoder, closes: bool
) -> tuple[Link | None, ...]:
    """The same for a window whose second character is the first to be read."""
    first, last = (1, skip), (end, taken)
    if before is not None and not closes:
        between = _straight(window, first, last, decoder)
        if between is not None:
            return tuple(between)
    states: States = {CLEAN: (0.0, "", 1, None)} if before is None else {(): (0.0, before, 1, None)}
    states = resolved(window, first, last, states, decoder)
    trail = (best_closed(states, end, CUT_AT_BREAK) if closes else entered(states, end))[3]
    links: list[Link | None] = []
    while trail is not None:
        trail, link = trail
        links.append(link)
    return tuple(links[::-1])


_remembered = lru_cache(maxsize=1 << 12)(_found)


def _straight(
    text: str, first: tuple[int, int], last: tuple[int, int], decoder: Decoder
) -> list[Link] | None:
    """What stands between two rows, where all of it is accounted for.

    Where the decoder is known and left a mark for all that it lost, the bytes come out even in one way,
    seldom in two; None where they do not, or too much stands there.
    """
    (at, skip), (end, taken) = first, last
    stop = end + (1 if taken else 0)
    if decoder.drops != Drops.NOTHING or decoder.marks == Marks.UNKNOWN or stop - at > _STRAIGHT:
        return None
    choices: list[list[Known]] = []
    for i in range(at, stop):
        follow = decoders.first_byte(text[i + 1]) if i + 1 < len(text) else END
        likely = [known for price, known in decoders.readings(text[i], follow, decoder) if price >= _LIKELY]
        choices.append([known[skip if i == at else 0 : taken if i == end else None] for known in likely])
    if math.prod(map(len, choices)) > _WAYS:
        return None
    found = [way for values in product(*choices) if (way := _come_out(values, at)) is not None]
    return max(found, key=score_of)[1] if found else None


def _come_out(values: tuple[Known, ...], at: int) -> tuple[float, list[Link]] | None:
    """The characters that some bytes make, if they come out even."""
    score, begin = 0.0, at
    pending: Known = ()
    links: list[Link] = []
    for i, known in enumerate(values, at):
        gone = step(pending, known)
        if gone is None:
            return None
        if not pending:
            begin = i
        pending, items, cost = gone
        score += cost
        for char, bytes_known in items:
            if char:
                score += conditional("", char)
            links.append((begin, i + 1, char, bytes_known))
            begin = i
    return None if pending else (score, links)
