"""UTF-8 that was read as GBK with losses, beside clean text: which characters carry bytes of which.

A decoder that met bytes which are no GBK left ``U+FFFD`` for one or two of them, a ``?`` that may have
swallowed the next one, ``€`` for 80, or nothing at all; the last byte may be cut. UTF-8 says where a
character begins, so what lies between two losses is read at once (``cores``). Around a loss the most likely
path says which characters are clean, which carry bytes of UTF-8 characters, and what was hidden there.
What the bytes prove is repaired; a character that lost a byte is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import OTHER, model
from reportclean.text.mojibake import decoders
from reportclean.text.mojibake.bridges import Place, bridge
from reportclean.text.mojibake.bytesof import Scan
from reportclean.text.mojibake.cores import MIN_SOLID, Core, Rows, rows_of
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
_LONGEST = 36  # bytes between two rows that are read without weighing
_CHUNK = 24  # characters a piece, where a long row may be cut


KnownRows = Mapping[tuple[int, int], Rows]  # by part of a text


def known_rows(looked: Scan, windows: Sequence[tuple[int, int]]) -> KnownRows:
    """The rows that :func:`read` needs for some parts of a text; found at once they cost far less."""
    ranges: list[tuple[int, int]] = []
    wide: list[bool] = []
    for start, end in windows:
        parts = [(start, stop) for stop in {min(start + _SAMPLE, end), end}]
        ranges += parts
        wide += [_is_wide(looked, start, end)] * len(parts)
    return dict(zip(ranges, rows_of(looked.points, ranges, wide), strict=True)) if ranges else {}


def _is_wide(looked: Scan, start: int, end: int) -> bool:
    return decoders.knows_gb18030(looked.points[start:end], looked.bits[start:end])


def read(looked: Scan, start: int, end: int, known: KnownRows, loose: float = math.inf) -> list[Broken]:
    """The stretches of broken text in a part of a text, on its likeliest path.

    Args:
        looked: The text.
        start: Where the part begins.
        end: Where it ends.
        known: Rows of whole characters, as far as they are known.
        loose: From here on long pieces stay apart, so that they can be cut.
    """
    text = looked.text
    shows = "\ufffd" in text[start:end]
    drops = Drops.AT_MOST_PAIRS if shows else Drops.UNKNOWN
    decoder = Decoder(_is_wide(looked, start, end), Marks.UNKNOWN, drops)
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
    looked: Scan, start: int, end: int, decoder: Decoder, known: KnownRows, loose: float
) -> list[Broken]:
    text = looked.text
    rows = known.get((start, end)) or rows_of(looked.points, [(start, end)], [decoder.wide])[0]
    cores = rows.cores
    if not cores:
        return list(_stretches(bridge(text, Place(start, 0), Place(end, 0), None, decoder, closes=True)))
    first = Place(cores[0].start, cores[0].skip)
    links = bridge(text, Place(start, 0), first, None, decoder, closes=False)
    tight = sum(core.stop < loose for core in cores)
    if tight:
        links += _through(text, rows._replace(cores=cores[:tight]), decoder)
    for i in range(tight, len(cores)):
        if i:
            links += _between(text, cores[i - 1], cores[i], decoder)
        links += _chunks(text, cores[i])
    last = Place(cores[-1].stop, cores[-1].taken)
    links += bridge(text, last, Place(end, 0), cores[-1].fixed[-1], decoder, closes=True)
    return list(_stretches(links))


def _through(text: str, rows: Rows, decoder: Decoder) -> list[Link | None]:
    """What lies from the beginning of the first row to the end of the last one."""
    cores = rows.cores
    if all(core.first - before.last <= _LONGEST for before, core in pairwise(cores)):
        parts = even(rows.raw, cores[0].first, cores[-1].last, decoder)
        if parts is not None:
            return _placed(rows, parts)
    links: list[Link | None] = []
    begin, solid = cores[0].start, [cores[0].fixed]
    for before, core in pairwise(cores):
        near = core.first - before.last <= _LONGEST
        parts = even(rows.raw, before.last, core.first, decoder) if near else None
        between = _between(text, before, core, decoder) if parts is None else _placed(rows, parts)
        if all(link is not None and link[2] for link in between):
            solid += [link[2] for link in between if link is not None]
        else:
            links += [(begin, before.stop + (before.taken > 0), "".join(solid), ()), *between]
            begin, solid = core.start, []
        solid.append(core.fixed)
    return [*links, (begin, cores[-1].stop + (cores[-1].taken > 0), "".join(solid), ())]


def _placed(rows: Rows, parts: list[Part]) -> list[Link | None]:
    """Parts with the characters of the text that hold their bytes."""
    bounds = np.array([(part.start, part.end - 1) for part in parts], dtype=np.intp).reshape(-1, 2)
    places = (rows.owners[bounds] + (rows.move, rows.move + 1)).tolist()
    return [(at, end, part.chars, part.known) for (at, end), part in zip(places, parts, strict=True)]


def _between(text: str, before: Core, core: Core, decoder: Decoder) -> list[Link | None]:
    first, last = Place(before.stop, before.taken), Place(core.start, core.skip)
    return bridge(text, first, last, before.fixed[-1], decoder, closes=False)


def _chunks(text: str, core: Core) -> Iterator[Link]:
    """A core in pieces, so that it can be cut."""
    begin = at = core.start
    done = -core.skip  # bytes of the core before the character ``at``
    due = 0
    for i in range(0, len(core.fixed), _CHUNK):
        part = core.fixed[i : i + _CHUNK]
        due += len(part.encode())
        while done < due:
            done += 1 if text[at] < "\x80" or text[at] in "€\ufffd" else 2
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
