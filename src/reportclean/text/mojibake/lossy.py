"""UTF-8 that was read as GBK with losses, beside clean text: which characters carry bytes of which.

A decoder that met bytes which are no GBK left ``U+FFFD`` for one or two of them, a ``?`` that may have
swallowed the next one, ``€`` for 80, or nothing at all; the last byte may be cut. The most likely path
through a stretch of text says which of its characters are clean, which carry bytes of UTF-8 characters,
and what every mark hides. What the bytes prove is repaired; a character that lost a byte is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from reportclean.text.charmodel import model
from reportclean.text.mojibake.bytesof import GOES_ON, LOSS, OPENS, TURNS, shapes
from reportclean.text.mojibake.weighing import conditional, plausible

Known = tuple[int | None, ...]

# Nats. They were set so that the right path wins on sentences damaged by Python's and the browsers'
# decoders; the decision to repair is taken later, by the gain over the original.
_OPEN = -8.0  # clean text gives way to broken text
_OPEN_INSIDE = -14.0  # the same, its first byte lost
_CUT = -5.0  # broken text ends inside a character
_GAP = -9.0  # a character that is not known whole
_TRACELESS = -7.0  # bytes that went without leaving a mark
_TWO_BYTES = -1.5  # a mark that hides two bytes rather than one
_MARK_IS_REAL = -7.0  # a U+FFFD in broken text that hides no byte of it
_QUESTION = -3.0  # a "?" that hides bytes rather than asks
_EURO_IS_EURO = -2.0
_BEAM = 14
_BEHIND = 28.0  # paths so far behind the best are given up

# Nats by which the repaired text must be likelier than the original, and more for every gap.
MIN_GAIN = 18.0
GAIN_A_GAP = 2.0
_MIN_GAIN_BESIDE = 8.0  # enough beside a stretch that is convincing by itself
_MAX_GAP_RATIO = 0.6
_MIN_SOLID = 2


class Piece(NamedTuple):
    """A UTF-8 character found in broken text: whole, or a gap with what is known of its bytes."""

    start: int
    end: int
    char: str
    known: Known


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of broken text: its span and the characters that it really holds."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def gaps(self) -> int:
        """How many characters are not known whole."""
        return sum(not piece.char for piece in self.pieces)


class _Path(NamedTuple):
    score: float
    before: str  # the last character read, for pairs
    opened: int  # where the pending character's first byte stands
    trail: _Link | None


class _Link(NamedTuple):
    """A piece, or None where a stretch of broken text ends, and all that came before it."""

    parent: _Link | None
    piece: Piece | None


_CLEAN: Known = (-1,)  # the state "not in broken text", among the pending bytes


@lru_cache(maxsize=1 << 15)
def _readings(char: str) -> tuple[tuple[float, Known], ...]:
    """Which bytes a character may stand for, each with its cost; None is a byte that is not known."""
    if char == "\ufffd":
        return ((0.0, (None,)), (_TWO_BYTES, (None, None)), (_MARK_IS_REAL, ()))
    if char == "?":
        return ((0.0, (0x3F,)), (_QUESTION, (None,)), (_QUESTION + _TWO_BYTES, (None, None)))
    if char == "€":
        return ((0.0, (0x80,)), (_EURO_IS_EURO, (0xA2, 0xE3)))
    try:
        return ((0.0, tuple(char.encode("gb18030"))),)
    except UnicodeEncodeError:
        return ()


def read(text: str, start: int, end: int) -> Iterator[Broken]:
    """The stretches of broken text in ``text[start:end]`` on its likeliest path."""
    bits = shapes()
    states: dict[Known, _Path] = {_CLEAN: _Path(0.0, "", start, None)}
    for i in range(start, end):
        char = text[i]
        shape = bits[ord(char)]
        after: dict[Known, _Path] = {}
        for pending, path in states.items():
            if pending == _CLEAN:
                _step_clean(after, path, char)
                if shape & (OPENS | TURNS | GOES_ON | LOSS):
                    price = _OPEN if shape & OPENS else _OPEN_INSIDE
                    _step_broken(after, (), _Path(path.score + price, "", i, path.trail), char, i)
            else:
                _step_clean(after, _closed(pending, path, i), char)
                _step_broken(after, pending, path, char, i)
        states = _pruned(after)
    finished = [p if pending == _CLEAN else _closed(pending, p, end) for pending, p in states.items()]
    yield from _stretches(max(finished, key=lambda path: path.score).trail)


def _step_clean(after: dict[Known, _Path], path: _Path, char: str) -> None:
    score = path.score + conditional(path.before, char)
    if (rival := after.get(_CLEAN)) is None or score > rival.score:
        after[_CLEAN] = _Path(score, char, path.opened, path.trail)


def _closed(pending: Known, path: _Path, at: int) -> _Path:
    """Broken text ends before ``at``; a character begun stays a gap."""
    trail, score = path.trail, path.score
    if pending:
        trail = _Link(trail, Piece(path.opened, at, "", pending))
        score += _CUT + _GAP
    return _Path(score, "", at, _Link(trail, None))


def _step_broken(after: dict[Known, _Path], pending: Known, path: _Path, char: str, at: int) -> None:
    for price, values in _readings(char):
        key, fed = pending, _Path(path.score + price, path.before, path.opened, path.trail)
        for value in values:
            state = _fed(key, fed, value, at)
            if state is None:
                break
            key, fed = state
        else:
            if (rival := after.get(key)) is None or fed.score > rival.score:
                after[key] = fed


def _fed(pending: Known, path: _Path, value: int | None, at: int) -> tuple[Known, _Path] | None:
    """One more byte; None where no UTF-8 has it there."""
    if pending:
        if value is None or 0x80 <= value <= 0xBF:
            pending = (*pending, value)
            return (pending, path) if len(pending) < _length(pending[0]) else _whole(pending, path, at)
        # The character was not finished: bytes went without a trace, or the marks hid fewer.
        hidden = 0.0 if pending[-1] is None else _TRACELESS
        path = _with_gap(pending, path, max(path.opened + 1, at), hidden)
        pending = ()
    if value is None:
        return (None,), _Path(path.score, path.before, at, path.trail)
    if value < 0x80:
        char = chr(value)
        score = path.score + conditional(path.before, char)
        return (), _Path(score, char, at, _Link(path.trail, Piece(at, at + 1, char, (value,))))
    if 0xC2 <= value <= 0xF0:
        return (value,), _Path(path.score, path.before, at, path.trail)
    if value > 0xBF:
        return None
    # A byte that goes on with a character whose beginning is lost.
    return (), _with_gap((None, value), path._replace(opened=at), at + 1, _TRACELESS)


def _length(first: int | None) -> int:
    return 3 if first is None or 0xE0 <= first < 0xF0 else 4 if first >= 0xF0 else 2


def _whole(pending: Known, path: _Path, at: int) -> tuple[Known, _Path] | None:
    known = [value for value in pending if value is not None]
    if len(known) < len(pending):
        return (), _with_gap(pending, path, at + 1, 0.0)
    try:
        char = bytes(known).decode()
    except UnicodeDecodeError:
        return None
    if char == "\ufffd":  # 锟斤拷: what was lost before this confusion
        return None
    score = path.score + conditional(path.before, char)
    return (), _Path(score, char, at, _Link(path.trail, Piece(path.opened, at + 1, char, pending)))


def _with_gap(pending: Known, path: _Path, end: int, price: float) -> _Path:
    link = _Link(path.trail, Piece(path.opened, end, "", pending))
    return _Path(path.score + _GAP + price, "", end, link)


def _pruned(states: dict[Known, _Path]) -> dict[Known, _Path]:
    best = max(path.score for path in states.values())
    if len(states) == 1:
        return states
    kept = {key: path for key, path in states.items() if path.score > best - _BEHIND}
    if len(kept) <= _BEAM:
        return kept
    return dict(sorted(kept.items(), key=lambda item: -item[1].score)[:_BEAM])


def _stretches(trail: _Link | None) -> Iterator[Broken]:
    links: list[Piece | None] = []
    while trail is not None:
        links.append(trail.piece)
        trail = trail.parent
    pieces: list[Piece] = []
    for piece in reversed(links):
        if piece is not None:
            pieces.append(piece)
        elif pieces:
            yield Broken(pieces[0].start, pieces[-1].end, tuple(pieces))
            pieces = []


def gain(text: str, broken: Broken) -> float:
    """By how many nats the repair is likelier than what stands there, less what its gaps cost."""
    solid = "".join(piece.char for piece in broken.pieces)
    lost = _GAP * broken.gaps
    return model().score(solid) + lost - model().score(text[broken.start : broken.end])


def convincing(text: str, stretches: list[Broken]) -> list[Broken]:
    """Those of the stretches near each other that are to be repaired."""
    gains = [gain(text, broken) if _sound(broken) else 0.0 for broken in stretches]
    certain = any(g >= MIN_GAIN + GAIN_A_GAP * b.gaps for b, g in zip(stretches, gains, strict=True))
    return [b for b, g in zip(stretches, gains, strict=True) if certain and g >= _MIN_GAIN_BESIDE]


def _sound(broken: Broken) -> bool:
    solid = "".join(piece.char for piece in broken.pieces)
    if sum(char > "\x7f" for char in solid) < _MIN_SOLID:
        return False
    return broken.gaps <= max(1, _MAX_GAP_RATIO * len(broken.pieces)) and plausible(solid)
