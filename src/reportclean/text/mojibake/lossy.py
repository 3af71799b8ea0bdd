"""UTF-8 that was read as GBK with losses, beside clean text: which characters carry bytes of which.

A decoder that met bytes which are no GBK left ``U+FFFD`` for one or two of them, a ``?`` that may have
swallowed the next one, ``€`` for 80, or nothing at all; the last byte may be cut. UTF-8 says where a
character begins, so what lies between two losses is read at once (``cores``). Around a loss the most likely
path says which characters are clean, which carry bytes of UTF-8 characters, and what was hidden there.
What the bytes prove is repaired; a character that lost a byte is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.bridges import Place, bridge
from reportclean.text.mojibake.bytesof import Scan
from reportclean.text.mojibake.cores import MIN_SOLID, Core, cores
from reportclean.text.mojibake.decoders import Decoder, Drops, Marks
from reportclean.text.mojibake.even import Part, even
from reportclean.text.mojibake.hidden import (
    ASCII,
    DROPPED_TRAIL,
    LONG,
    PAIR_TRAIL,
    REFUSED_BEFORE,
    TAKEN_TRAIL,
)
from reportclean.text.mojibake.paths import Link
from reportclean.text.mojibake.pieces import Broken, Piece
from reportclean.text.mojibake.weighing import RARE, is_plausible

_SAMPLE = 300  # characters from which the decoder is known
_MIN_MARKS = 2
_MARKED_RATIO = 0.5  # so many of the gaps have a mark where the decoder leaves them
# Nats by which the repaired text must be likelier than the original, and more for every gap.
MIN_GAIN = 18.0
GAIN_A_GAP = 2.0
_LOST = -9.0  # nats that a gap counts for in that
_MIN_GAIN_BESIDE = 8.0  # enough beside a stretch that is convincing by itself
_MAX_GAP_RATIO = 0.6
_CHUNK = 24  # characters a piece, where a long row may be cut


Cores = Mapping[tuple[int, int], list[Core]]


def ranges(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The parts of a text whose cores are needed to read one of it."""
    sample = min(end, start + _SAMPLE)
    return ((start, end),) if sample == end else ((start, sample), (start, end))


def read(looked: Scan, start: int, end: int, known: Cores, loose: float = math.inf) -> list[Broken]:
    """The stretches of broken text in a part of a text, on its likeliest path.

    Args:
        looked: The text.
        start: Where the part begins.
        end: Where it ends.
        known: The cores of what :func:`ranges` names, as far as they are known.
        loose: From here on long pieces stay apart, so that they can be cut.
    """
    text, points, bits = looked
    shows = "\ufffd" in text[start:end]
    drops = Drops.AT_MOST_PAIRS if shows else Drops.UNKNOWN
    wide = decoders.knows_gb18030(points[start:end], bits[start:end])
    decoder = Decoder(wide, Marks.UNKNOWN, drops)
    sample = min(end, start + _SAMPLE)
    found = _read(looked, start, sample, decoder, known, loose)
    gaps = sum(broken.gaps for broken in found)
    shows = shows or text.count("?", start, sample) > _MARKED_RATIO * gaps
    learnt = _learnt(found, decoder, shows=shows)
    if learnt == decoder and sample == end:
        return found
    return _read(looked, start, end, learnt, known, loose)


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


def _read(
    looked: Scan, start: int, end: int, decoder: Decoder, known: Cores, loose: float
) -> list[Broken]:
    text = looked.text
    found = known.get((start, end))
    if found is None:
        found = cores(looked.points, [(start, end)])[0]
    links: list[Link | None] = []
    solid: list[str] = []  # of cores and what is whole between them, from ``begin``
    begin = start
    last, before = Place(start, 0), None
    for core in found:
        way = even(core.ahead, decoder) if before is not None and core.stop < loose else None
        if way is None:
            first = Place(core.start, core.skip)
            between = bridge(text, last, first, before, decoder, closes=False)
            way, links_between = between.solid, _moved(between.links, last.at - 1)
        elif not isinstance(way, str):
            way, links_between = None, list(_placed(text, way, last))
        else:
            links_between = [(last.at, core.start + 1, way, ())]
        if before is not None and way is not None and core.stop < loose:
            solid.append(way)
        else:
            if solid:
                links.append((begin, last.at + (last.taken > 0), "".join(solid), ()))
            links += links_between
            solid, begin = [], core.start
        last, before = Place(core.stop, core.taken), core.fixed[-1]
        if core.stop < loose:
            solid.append(core.fixed)
        else:
            links += _chunks(text, core)
    if solid:
        links.append((begin, last.at + (last.taken > 0), "".join(solid), ()))
    links += _moved(bridge(text, last, Place(end, 0), before, decoder, closes=True).links, last.at - 1)
    return list(_stretches(links))


def _placed(text: str, parts: list[Part], first: Place) -> Iterator[Link]:
    """Parts with the characters of the text that hold their bytes."""
    owners: list[int] = []
    at, need = first.at, first.taken + parts[-1].end
    while len(owners) < need:
        owners.append(at)
        if text[at] >= "\x80" and text[at] not in "€\ufffd":
            owners.append(at)
        at += 1
    del owners[: first.taken]
    for start, end, chars, known in parts:
        yield owners[start], owners[end - 1] + 1, chars, known


def _moved(links: tuple[Link | None, ...], by: int) -> list[Link | None]:
    return [link and (link[0] + by, link[1] + by, link[2], link[3]) for link in links]


def _chunks(text: str, core: Core) -> Iterator[Link]:
    """A core in pieces, so that it can be cut."""
    begin = at = core.start
    done = -core.skip  # bytes of the core before the character ``at``
    due = 0
    for i in range(0, len(core.fixed), _CHUNK):
        part = core.fixed[i : i + _CHUNK]
        due += len(part.encode())
        while done < due:
            done += 1 if text[at] < "\x80" or text[at] == "€" else 2
            at += 1
        yield begin, at, part, ()
        begin = at - (done > due)


def _stretches(links: list[Link | None]) -> Iterator[Broken]:
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


def convincing(looked: Scan, stretches: list[Broken]) -> list[Broken]:
    """Those of the stretches near each other that are to be repaired."""
    gains = [_gain(looked, broken) for broken in stretches]
    certain = any(found >= MIN_GAIN + GAIN_A_GAP * b.gaps for b, found in zip(stretches, gains, strict=True))
    return [b for b, found in zip(stretches, gains, strict=True) if certain and found >= _MIN_GAIN_BESIDE]


def _gain(looked: Scan, broken: Broken) -> float:
    """By how many nats a repair is likelier than what stands there, less what its gaps cost.

    At least so many, where that is enough; 0 for what is no text.
    """
    points = code_points(broken.solid)
    values = model().alone[points]
    high = points > 0x7F
    count, gaps = int(high.sum()), broken.gaps
    if int((high & (values > OTHER)).sum()) < MIN_SOLID or gaps > max(
        1, _MAX_GAP_RATIO * (len(points) + gaps)
    ):
        return 0.0
    if not is_plausible(int((high & (values > RARE)).sum()), count):
        return 0.0
    there = looked.points[broken.start : broken.end]
    lost = _LOST * gaps
    least = float(values.sum(dtype=np.float64)) + lost - float(model().most[there].sum(dtype=np.float64))
    if least >= MIN_GAIN + GAIN_A_GAP * gaps:
        return least
    read, stands = model().each_point(points), model().each_point(there)
    return float(read.sum(dtype=np.float64)) + lost - float(stands.sum(dtype=np.float64))
