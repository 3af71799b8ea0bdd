"""The likeliest path through text around a loss: what is clean, what is broken, and what was hidden.

A path is in clean text, or in broken text with so many bytes of a character pending. Each character of the
text goes on with each path in every way that it can be read.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.bytesof import GOES_ON, LOSS, OPENS, TURNS, shapes
from reportclean.text.mojibake.decoders import Decoder, Readings
from reportclean.text.mojibake.hidden import ANY, ASCII, END, Known, can_go_on, can_open, mass
from reportclean.text.mojibake.weighing import conditional

# Nats. They were set so that the right path wins on sentences damaged by Python's, Java's, Windows' and the
# browsers' decoders; the decision to repair is taken later, by the gain over the original.
_OPEN = -8.0  # clean text gives way to broken text
_OPEN_AT_BREAK = -3.0  # the same where no ideograph stands before
_OPEN_INSIDE = -14.0  # the same, its first byte lost
_CLOSE = -2.0  # broken text ends, and an ideograph follows
_END = -2.0  # a mark for the end of broken text, inside a character
_MARKS = "\ufffd?"
_CUT = -7.0  # broken text ends inside a character, and clean text goes on
CUT_AT_BREAK = -4.0  # the same where no ideograph follows
_GAP = -1.0  # a character that is not known whole, beside how likely those are that fit
_ALPHABET = -10.0  # a letter of two bytes: a clean character by chance (图 is U+037C)
_UNEXPLAINED = -12.0  # bytes that went though no known decoder drops them
_SUSPICIOUS = OPENS | TURNS | GOES_ON | LOSS
_BEAM = 8
_BEHIND = 16.0  # paths so far behind the best are given up

# A piece (not made one yet), or None where a stretch of broken text ends; and all that came before it.
Link = tuple[int, int, str, Known]
Trail = tuple[Any, Link | None] | None
# Score, the last character read (for pairs), where the pending character's first byte stands, the trail.
Path = tuple[float, str, int, Trail]
States = dict[Known, Path]
CLEAN: Known = (-99,)  # the state "not in broken text", among the pending bytes


def best_closed(states: States, at: int, cut: float) -> Path:
    """The best path, its broken text ended before ``at``; ``cut`` is what an unfinished character costs."""
    score, pending, path = max(
        ((path[0] + _cost_to_close(pending, cut), pending, path) for pending, path in states.items()),
        key=score_of,
    )
    return _closed(score, pending, path, at)


def score_of(path: tuple[Any, ...]) -> float:
    """What a path is compared by."""
    return float(path[0])


def entered(states: States, at: int) -> Path:
    """The best path into a row of whole characters."""
    inside = states.pop((), None)
    if states:
        best = best_closed(states, at, _CUT)
        if inside is None or best[0] + _OPEN > inside[0]:
            return best[0] + _OPEN, "", at, best[3]
    return inside if inside is not None else (0.0, "", at, None)


def resolved(
    text: str, first: tuple[int, int], last: tuple[int, int], states: States, decoder: Decoder
) -> States:
    """The likeliest paths from one place of a text to another.

    Args:
        text: The whole text.
        first: A character, and how many of its bytes were read before.
        last: A character, and how many of its bytes are still to be read.
        states: Where the paths begin.
        decoder: What is known of it.
    """
    (at, skip), (end, taken) = first, last
    if first == last:
        return states
    stop = end + (1 if taken else 0)
    for i in range(at, stop):
        own = slice(skip if i == at else 0, taken if i == end else None)
        states = _pruned(_advanced(text, i, own, states, decoder))
    if not taken and end < len(text):
        for pending, path in list(states.items()):  # what was dropped just before a core
            if pending and pending != CLEAN:
                _fed(states, pending, path, decoders.dropped_before(text[end], decoder), end - 1)
    return states


def _advanced(text: str, at: int, own: slice, states: States, decoder: Decoder) -> States:
    """The paths gone on by one character, of which some bytes may belong to a row of whole characters."""
    char = text[at]
    follow = decoders.first_byte(text[at + 1]) if at + 1 < len(text) else END
    readings = decoders.readings(char, follow, decoder)
    prefixed = () if own.start else decoders.prefixed(char, follow, decoder)
    part = bool(own.start or own.stop)
    if part:
        readings = tuple((0.0, values[own]) for _, values in readings[:1])
        prefixed = tuple((price, values[:-1]) for price, values in prefixed)
    after: States = {}
    closing: tuple[float, Known, Path] | None = None
    cut, close = (_CUT + _GAP, _CLOSE) if char >= "\u3400" else (CUT_AT_BREAK + _GAP, 0.0)
    for pending, path in states.items():
        if pending == CLEAN:
            closed = path[0]
            if not part and (price := _to_open(text, at)) < 0.0:
                opened = (path[0] + price, "", at, path[3])
                if not _fed(after, (), opened, readings, at):
                    _fed(after, (), opened, prefixed, at)
        else:
            closed = path[0] + (cut + mass(pending) if pending else close)
            met = _fed(after, pending, path, readings, at)
            if prefixed and (pending or not met):
                _fed(after, pending, path, prefixed, at)
            if not met and readings:
                _fed(after, pending, path, _unexplained(pending, readings[0][1]), at)
        if closing is None or closed > closing[0]:
            closing = closed, pending, path
    if closing is not None and (not part or not after):
        score, before, _, trail = _closed(*closing, at)
        after[CLEAN] = (score + conditional(before, char), char, at, trail)
    if char in _MARKS and not part:
        _ended(after, states, at)
    return after


def _ended(after: States, states: States, at: int) -> None:
    """Broken text may have ended inside a character, with a mark: what follows then says nothing of it."""
    for pending, path in states.items():
        if pending and pending != CLEAN:
            known = (*pending, ANY)
            score = path[0] + _END + _GAP + mass(known)
            rival = after.get(CLEAN)
            if rival is None or score > rival[0]:
                after[CLEAN] = (score, "", at, ((path[3], (path[2], at + 1, "", known)), None))


def _to_open(text: str, at: int) -> float:
    """The cost of broken text's beginning at a place; 0 where it cannot."""
    shape = int(shapes()[ord(text[at])])
    if not shape & _SUSPICIOUS:
        return 0.0
    at_break = 0.0 if at and text[at - 1] >= "\u3400" else _OPEN_AT_BREAK - _OPEN
    return at_break + (_OPEN if shape & OPENS else _OPEN_INSIDE)


def _unexplained(pending: Known, values: Known) -> Readings:
    """Bytes that are missing though no decoder is known that drops them there."""
    missing = range(_length(pending[0]) - len(pending), 0, -1) if pending else (1, 2)
    return tuple((_UNEXPLAINED, (ANY,) * count + values) for count in missing)


def _fed(after: States, pending: Known, path: Path, readings: Readings, at: int) -> bool:
    """Go on with each way to read a character; whether UTF-8 has those bytes there in any."""
    met = False
    for price, values in readings:
        gone = step(pending, values)
        if gone is None:
            continue
        met = True
        key, items, cost = gone
        score, before, begin, trail = path
        score += price + cost
        for char, _ in items:
            if char:
                score += conditional(before, char)
            before = char
        rival = after.get(key)
        if rival is not None and score <= rival[0]:
            continue
        if not pending:
            begin = at
        for char, known in items:
            trail = (trail, (begin, at + 1, char, known))
            begin = at
        after[key] = (score, before, begin, trail)
    return met


@lru_cache(maxsize=1 << 16)
def step(pending: Known, values: Known) -> tuple[Known, tuple[tuple[str, Known], ...], float] | None:
    """What some bytes make of a character begun: what is pending then, what was completed, what gaps cost."""
    items: list[tuple[str, Known]] = []
    cost = 0.0
    for value in values:
        if pending:
            if not (can_go_on(value) if value < 0 else 0x80 <= value <= 0xBF):
                return None
            pending = (*pending, value)
            if len(pending) < _length(pending[0]):
                continue
        elif value >= 0x80 or (value < 0 and value != ASCII):
            if not (can_open(value) if value < 0 else 0xC2 <= value <= 0xF0):
                return None
            pending = (value,)
            continue
        else:
            pending = (value,)
        char = _whole(pending)
        if not char:
            cost += mass(pending) + _GAP
        elif "\u0100" <= char < "\u0800":
            cost += _ALPHABET
        if char is None or cost == -math.inf:
            return None
        items.append((char, pending))
        pending = ()
    return pending, tuple(items), cost


def _whole(known: Known) -> str | None:
    """The character, or "" where not all of it is known; None where it can be no character."""
    if min(known) < 0:
        return ""
    try:
        char = bytes(known).decode()
    except UnicodeDecodeError:
        return None
    return None if char == "\ufffd" else char  # 锟斤拷: what was lost before this confusion


def _length(first: int) -> int:
    return 3 if first < 0 or 0xE0 <= first < 0xF0 else 4 if first >= 0xF0 else 2


def _cost_to_close(pending: Known, cut: float) -> float:
    return cut + _GAP + mass(pending) if pending and pending != CLEAN else 0.0


def _closed(score: float, pending: Known, path: Path, at: int) -> Path:
    """Broken text ends before ``at``; a character begun stays a gap."""
    if pending == CLEAN:
        return path
    trail = path[3]
    if pending:
        trail = (trail, (path[2], at, "", pending))
    return score, "", at, (trail, None)


def _pruned(states: States) -> States:
    if len(states) == 1:
        return states
    floor = max(map(score_of, states.values())) - _BEHIND
    kept = {key: path for key, path in states.items() if path[0] > floor}
    if len(kept) <= _BEAM:
        return kept
    return dict(sorted(kept.items(), key=lambda item: -item[1][0])[:_BEAM])
