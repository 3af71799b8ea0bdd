"""UTF-8 that was read as GBK with losses, beside clean text: which characters carry bytes of which.

A decoder that met bytes which are no GBK left ``U+FFFD`` for one or two of them, a ``?`` that may have
swallowed the next one, ``€`` for 80, or nothing at all; the last byte may be cut. UTF-8 says where a
character begins, so what lies between two losses is read at once (``cores``). Around a loss the most likely
path says which characters are clean, which carry bytes of UTF-8 characters, and what was hidden there.
What the bytes prove is repaired; a character that lost a byte is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.bytesof import GOES_ON, LOSS, OPENS, TURNS, shapes
from reportclean.text.mojibake.cores import MIN_SOLID, cores
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks, Readings
from reportclean.text.mojibake.hidden import (
    ANY,
    ASCII,
    DROPPED_TRAIL,
    END,
    LONG,
    PAIR_TRAIL,
    REFUSED_BEFORE,
    TAKEN_TRAIL,
    Known,
    can_go_on,
    can_open,
    mass,
)
from reportclean.text.mojibake.pieces import Broken, Piece
from reportclean.text.mojibake.weighing import conditional, plausible

# Nats. They were set so that the right path wins on sentences damaged by Python's, Java's, Windows' and the
# browsers' decoders; the decision to repair is taken later, by the gain over the original.
_OPEN = -8.0  # clean text gives way to broken text
_OPEN_AT_BREAK = -3.0  # the same where no ideograph stands before
_OPEN_INSIDE = -14.0  # the same, its first byte lost
_CUT = -8.0  # broken text ends inside a character, and clean text goes on
_CUT_AT_BREAK = -4.0  # the same where no ideograph follows
_GAP = -1.0  # a character that is not known whole, beside how likely those are that fit
_UNEXPLAINED = -9.0  # bytes that went though no known decoder drops them
_SAMPLE = 300  # characters from which the decoder is known
_MIN_MARKS = 2
_MARKED_RATIO = 0.5  # so many of the gaps have a mark where the decoder leaves them
_STRAIGHT = 12  # characters between two rows that are read without weighing
_WAYS = 8
_LIKELY = -1.0
_SUSPICIOUS = OPENS | TURNS | GOES_ON | LOSS
_BEAM = 8
_BEHIND = 16.0  # paths so far behind the best are given up

# Nats by which the repaired text must be likelier than the original, and more for every gap.
MIN_GAIN = 18.0
GAIN_A_GAP = 2.0
_LOST = -9.0  # nats that a gap counts for in that
_MIN_GAIN_BESIDE = 8.0  # enough beside a stretch that is convincing by itself
_MAX_GAP_RATIO = 0.6


# A piece (not made one yet), or None where a stretch of broken text ends; and all that came before it.
_Link = tuple[int, int, str, Known]
_Trail = tuple[Any, _Link | None] | None
# Score, the last character read (for pairs), where the pending character's first byte stands, the trail.
_Path = tuple[float, str, int, _Trail]
_States = dict[Known, _Path]
_CLEAN: Known = (-99,)  # the state "not in broken text", among the pending bytes


def read(text: str, start: int, end: int) -> list[Broken]:
    """The stretches of broken text in ``text[start:end]`` on its likeliest path."""
    part = text[start:end]
    shows = "\ufffd" in part
    decoder = Decoder(decoders.knows_gb18030(part), Marks.UNKNOWN, Drops.AT_MOST_PAIRS if shows else Drops.UNKNOWN)
    sample = min(end, start + _SAMPLE)
    found = _read(text, start, sample, decoder)
    gaps = sum(broken.gaps for broken in found)
    shows = shows or text.count("?", start, sample) > _MARKED_RATIO * gaps
    learnt = _learnt(found, decoder, shows=shows)
    return found if learnt == decoder and sample == end else _read(text, start, end, learnt)


def _learnt(stretches: list[Broken], decoder: Decoder, *, shows: bool) -> Decoder:
    """What some stretches say of the decoder: what most of its marks hide, and what it dropped.

    Args:
        stretches: Read while nothing was known.
        decoder: What was known of it then.
        shows: Whether it put U+FFFD where it lost something.
    """
    codes = [code for broken in stretches for piece in broken.pieces if not piece.char for code in piece.known]
    one = sum(code <= REFUSED_BEFORE for code in codes)
    two = sum(code in {PAIR_TRAIL, TAKEN_TRAIL, ASCII} for code in codes)
    three = codes.count(LONG)
    pairs = codes.count(DROPPED_TRAIL)
    marks, drops, wide = Marks.UNKNOWN, Drops.UNKNOWN, decoder.wide
    if one + two + three >= _MIN_MARKS:
        marks = Marks.THREE if three > two else Marks.TWO if two > 1 else Marks.ONE
    if pairs >= (1 if shows else _MIN_MARKS) and (shows or pairs >= one):
        drops, wide = Drops.PAIRS, wide or pairs >= _MIN_MARKS
    elif shows:
        drops = Drops.NOTHING
    elif one >= _MIN_MARKS:
        drops = Drops.BYTES
    return Decoder(wide, marks, drops)


def _read(text: str, start: int, end: int, decoder: Decoder) -> list[Broken]:
    path: _Path = (0.0, "", start, None)
    at, skip, state = start, 0, _CLEAN
    for core in cores(text, start, end, drops=decoder.drops != Drops.NOTHING):
        between = _straight(text, (at, skip), (core.start, core.skip), decoder) if state == () else None
        if between is None:
            path = _entered(_resolved(text, (at, skip), (core.start, core.skip), {state: path}, decoder), core.start)
        else:
            for link in between:
                path = (path[0], "", path[2], (path[3], link))
        for piece in core.pieces:
            path = (path[0], piece.char[-1], piece.end, (path[3], tuple(piece)))
        at, skip, state = core.stop, core.taken, ()
    states = _resolved(text, (at, skip), (end, 0), {state: path}, decoder)
    return list(_stretches(_best_closed(states, end, _CUT_AT_BREAK)[3]))


def _best_closed(states: _States, at: int, cut: float) -> _Path:
    score, pending, path = max(
        ((path[0] + _cost_to_close(pending, cut), pending, path) for pending, path in states.items()),
        key=_score,
    )
    return _closed(score, pending, path, at)


def _score(path: tuple[Any, ...]) -> float:
    return float(path[0])


def _entered(states: _States, at: int) -> _Path:
    """The best path into a core."""
    inside = states.pop((), None)
    if states:
        best = _best_closed(states, at, _CUT)
        if inside is None or best[0] + _OPEN > inside[0]:
            return best[0] + _OPEN, "", at, best[3]
    return inside if inside is not None else (0.0, "", at, None)


def _straight(
    text: str, first: tuple[int, int], last: tuple[int, int], decoder: Decoder
) -> list[_Link] | None:
    """What stands between two rows of whole characters, where all of it is accounted for.

    Where the decoder is known and left a mark for all that it lost, the bytes come out even in one way, seldom
    in two; None where they do not, or too much stands there.
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
    return max(found, key=_score)[1] if found else None


def _come_out(values: tuple[Known, ...], at: int) -> tuple[float, list[_Link]] | None:
    """The characters that some bytes make, if they come out even."""
    score, begin, pending = 0.0, at, ()
    links: list[_Link] = []
    for i, known in enumerate(values, at):
        step = _step(pending, known)
        if step is None:
            return None
        if not pending:
            begin = i
        pending, items, cost = step
        score += cost
        for char, bytes_known in items:
            if char:
                score += conditional("", char)
            links.append((begin, i + 1, char, bytes_known))
            begin = i
    return None if pending else (score, links)


def _resolved(
    text: str, first: tuple[int, int], last: tuple[int, int], states: _States, decoder: Decoder
) -> _States:
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
    bits = shapes()
    stop = end + (1 if taken else 0)
    for i in range(at, stop):
        char = text[i]
        follow = decoders.first_byte(text[i + 1]) if i + 1 < len(text) else END
        readings = decoders.readings(char, follow, decoder)
        prefixed = () if skip else decoders.prefixed(char, follow, decoder)
        part = bool(skip) or i == end  # of a character that a core begins or ends in
        if part and readings:
            values = slice(skip, None) if i < end else slice(skip, taken)
            readings = ((0.0, readings[0][1][values]),)
            prefixed = tuple((price, known[:-1]) for price, known in prefixed) if i == end else ()
        skip = 0
        after: _States = {}
        closing: tuple[float, Known, _Path] | None = None
        shape = int(bits[ord(char)])
        cut = (_CUT if char >= "\u3400" else _CUT_AT_BREAK) + _GAP
        for pending, path in states.items():
            if pending == _CLEAN:
                closed = path[0]
                if shape & _SUSPICIOUS and not part:
                    price = _OPEN if shape & OPENS else _OPEN_INSIDE
                    if i == 0 or text[i - 1] < "\u3400":
                        price += _OPEN_AT_BREAK - _OPEN
                    opened = (path[0] + price, "", i, path[3])
                    if not _fed(after, (), opened, readings, i):
                        _fed(after, (), opened, prefixed, i)
            else:
                closed = path[0] + cut + mass(pending) if pending else path[0]
                met = _fed(after, pending, path, readings, i)
                if prefixed and (pending or not met):
                    _fed(after, pending, path, prefixed, i)
                if not met and readings:
                    _fed(after, pending, path, _unexplained(pending, readings[0][1]), i)
            if closing is None or closed > closing[0]:
                closing = closed, pending, path
        if closing is not None and (not part or not after):
            score, before, _, trail = _closed(*closing, i)
            after[_CLEAN] = (score + conditional(before, char), char, i, trail)
        states = _pruned(after)
    if not taken and end < len(text):
        for pending, path in list(states.items()):  # what was dropped just before a core
            if pending and pending != _CLEAN:
                _fed(states, pending, path, decoders.dropped_before(text[end], decoder), end - 1)
    return states


def _unexplained(pending: Known, values: Known) -> Readings:
    """Bytes that are missing though no decoder is known that drops them there."""
    missing = range(_length(pending[0]) - len(pending), 0, -1) if pending else (1, 2)
    return tuple((_UNEXPLAINED, (ANY,) * count + values) for count in missing)


def _fed(after: _States, pending: Known, path: _Path, readings: Readings, at: int) -> bool:
    """Go on with each way to read a character; whether UTF-8 has those bytes there in any."""
    met = False
    for price, values in readings:
        step = _step(pending, values)
        if step is None:
            continue
        met = True
        key, items, cost = step
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
def _step(pending: Known, values: Known) -> tuple[Known, tuple[tuple[str, Known], ...], float] | None:
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


# --- paths ------------------------------------------------------------------------------------------------


def _cost_to_close(pending: Known, cut: float) -> float:
    return cut + _GAP + mass(pending) if pending and pending != _CLEAN else 0.0


def _closed(score: float, pending: Known, path: _Path, at: int) -> _Path:
    """Broken text ends before ``at``; a character begun stays a gap."""
    if pending == _CLEAN:
        return path
    trail = path[3]
    if pending:
        trail = (trail, (path[2], at, "", pending))
    return score, "", at, (trail, None)


def _pruned(states: _States) -> _States:
    if len(states) == 1:
        return states
    floor = max(map(_score, states.values())) - _BEHIND
    kept = {key: path for key, path in states.items() if path[0] > floor}
    if len(kept) <= _BEAM:
        return kept
    return dict(sorted(kept.items(), key=lambda item: -item[1][0])[:_BEAM])


def _stretches(trail: _Trail) -> Iterator[Broken]:
    links: list[_Link | None] = []
    while trail is not None:
        trail, piece = trail
        links.append(piece)
    links.reverse()
    pieces: list[Piece] = []
    for link in (*links, None):
        if link is not None:
            pieces.append(Piece(*link))
            continue
        while pieces and _is_ascii(pieces[-1]):  # as well clean
            pieces.pop()
        first = next((i for i, p in enumerate(pieces) if not _is_ascii(p)), 0)
        if pieces:
            yield Broken(pieces[first].start, pieces[-1].end, tuple(pieces[first:]))
        pieces = []


def _is_ascii(piece: Piece) -> bool:
    return piece.char.isascii() and bool(piece.char)


def gain(text: str, broken: Broken) -> float:
    """By how many nats the repair is likelier than what stands there, less what its gaps cost."""
    lost = _LOST * broken.gaps
    return model().score(broken.solid) + lost - model().score(text[broken.start : broken.end])


def convincing(text: str, stretches: list[Broken]) -> list[Broken]:
    """Those of the stretches near each other that are to be repaired."""
    gains = [gain(text, broken) if _sound(broken) else 0.0 for broken in stretches]
    certain = any(g >= MIN_GAIN + GAIN_A_GAP * b.gaps for b, g in zip(stretches, gains, strict=True))
    return [b for b, g in zip(stretches, gains, strict=True) if certain and g >= _MIN_GAIN_BESIDE]


def _sound(broken: Broken) -> bool:
    solid = broken.solid
    points = code_points(solid)
    if int(((points > 0x7F) & (model().alone[points] > OTHER)).sum()) < MIN_SOLID:
        return False
    return broken.gaps <= max(1, _MAX_GAP_RATIO * (len(solid) + broken.gaps)) and plausible(solid)
