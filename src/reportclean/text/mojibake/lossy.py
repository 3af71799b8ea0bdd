"""UTF-8 that was read as GBK with losses, beside clean text: which characters carry bytes of which.

A decoder that met bytes which are no GBK left ``U+FFFD`` for one or two of them, a ``?`` that may have
swallowed the next one, ``€`` for 80, or nothing at all; the last byte may be cut. UTF-8 says where a
character begins, so what lies between two losses is read at once (``cores``). Around a loss the most likely
path says which characters are clean, which carry bytes of UTF-8 characters, and what was hidden there.
What the bytes prove is repaired; a character that lost a byte is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.cores import MIN_SOLID, cores
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.hidden import (
    ASCII,
    DROPPED_TRAIL,
    LONG,
    PAIR_TRAIL,
    REFUSED_BEFORE,
    TAKEN_TRAIL,
)
from reportclean.text.mojibake.paths import (
    CLEAN,
    CUT_AT_BREAK,
    Link,
    Path,
    Trail,
    best_closed,
    entered,
    resolved,
    straight,
)
from reportclean.text.mojibake.pieces import Broken, Piece
from reportclean.text.mojibake.weighing import plausible

_SAMPLE = 300  # characters from which the decoder is known
_MIN_MARKS = 2
_MARKED_RATIO = 0.5  # so many of the gaps have a mark where the decoder leaves them
# Nats by which the repaired text must be likelier than the original, and more for every gap.
MIN_GAIN = 18.0
GAIN_A_GAP = 2.0
_LOST = -9.0  # nats that a gap counts for in that
_MIN_GAIN_BESIDE = 8.0  # enough beside a stretch that is convincing by itself
_MAX_GAP_RATIO = 0.6


def read(text: str, start: int, end: int) -> list[Broken]:
    """The stretches of broken text in ``text[start:end]`` on its likeliest path."""
    part = text[start:end]
    shows = "\ufffd" in part
    drops = Drops.AT_MOST_PAIRS if shows else Drops.UNKNOWN
    decoder = Decoder(decoders.knows_gb18030(part), Marks.UNKNOWN, drops)
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
    gaps = [piece for broken in stretches for piece in broken.pieces if not piece.char]
    codes = [code for piece in gaps for code in piece.known]
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
    path: Path = (0.0, "", start, None)
    at, state = (start, 0), CLEAN
    for core in cores(text, start, end):
        begin = core.start, core.skip
        between = straight(text, at, begin, decoder) if state == () else None
        if between is None:
            path = entered(resolved(text, at, begin, {state: path}, decoder), core.start)
        score, _, _, trail = path
        for link in (*(between or ()), *core.pieces):
            trail = (trail, link)
        path = (score, core.pieces[-1].char[-1], core.stop, trail)
        at, state = (core.stop, core.taken), ()
    states = resolved(text, at, (end, 0), {state: path}, decoder)
    return list(_stretches(best_closed(states, end, CUT_AT_BREAK)[3]))


def _stretches(trail: Trail) -> Iterator[Broken]:
    links: list[Link | None] = []
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
            end = pieces.pop().start
            if pieces and pieces[-1].start < end < pieces[-1].end:  # it ended in a byte dropped before that
                pieces[-1] = pieces[-1]._replace(end=end)
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
