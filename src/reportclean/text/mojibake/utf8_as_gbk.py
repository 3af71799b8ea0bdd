"""UTF-8 that was read as GBK or GB18030: 浣犲ソ → 你好.

Three bytes a character were taken two by two, so a run of such text opens with a character whose bytes
are the first two of a UTF-8 character, and encoding it back gives UTF-8 again. Where that holds and the
result is much likelier as Chinese than what stands there, it is repaired. Where bytes were lost, or clean
text stands beside the broken, ``lossy`` finds what can be had.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.text.charmodel import model
from reportclean.text.mojibake import lossy
from reportclean.text.mojibake.bytesof import GOES_ON, LOSS, OPENS, TURNS, TURNS_TO_ASCII, Scan, scan
from reportclean.text.mojibake.cores import hopeless
from reportclean.text.mojibake.guessing import guessed
from reportclean.text.mojibake.pieces import Broken
from reportclean.text.mojibake.weighing import RARE, meaningful, plausible
from reportclean.text.mojibake.wording import is_word

# Nats by which the repaired text must be likelier. Measured, not proven: of 1.9 million clean strings
# (translations in 190 languages, books and laws, made sentences in both scripts, words of a dictionary) none
# is taken for UTF-8 read as GBK at this figure. It was chosen on the same strings; others may come nearer.
MIN_GAIN = 14.0
# UTF-8 characters of two bytes that stand before a run: ·×°±§ and the no-break space, as GBK reads them.
_TWO_BYTE_SIGNS = "路脳掳卤搂聽"


_LOST = [ord(mark) for mark in "\ufffd?€"]
_EMOJI = ord("馃")  # F0 9F, with which all emoji begin
_REACH = 12  # suspicious characters so near each other belong to one region
_WINDOW = 4000  # characters read at once where bytes were lost
_OVERLAP = 40
_TOGETHER = 100_000  # characters of which the rows are looked for at once
_FIRST_LOOK = 64  # characters; most of what looks like UTF-8 by chance ends sooner
_LONGEST = 20_000
_ALPHABET = 6.0  # nats more for a letter of two bytes that stands last: 图 read so is U+037C
_SHORT = 3


def find_utf8_as_gbk(text: str) -> Iterator[Hit]:
    """Spans of UTF-8 read as GBK.

    Kinds: ``utf8-as-gbk`` where nothing was lost; ``utf8-as-gbk-lossy`` for what could be had of text
    that lost bytes, and ``utf8-as-gbk-gap`` for every character of it that could not, replaced by U+FFFD.

    >>> [hit.replacement for hit in find_utf8_as_gbk("回复：浣犲ソ，谢谢")]
    ['你好']
    """
    yield from utf8_as_gbk(scan(text))


def utf8_as_gbk(looked: Scan) -> Iterator[Hit]:
    """The same for a text that has been looked up."""
    for start, end, fixed in _repairs(looked):
        if isinstance(fixed, str):
            yield Hit(start, end, "utf8-as-gbk", "", fixed)
        else:
            yield from _pieces(fixed, tuple(piece.char or "�" for piece in fixed.pieces), "utf8-as-gbk")


def find_guesses(text: str) -> Iterator[Hit]:
    """The same spans where bytes were lost, with every gap guessed.

    Kinds: ``guess-context`` for what the bytes prove, ``guess`` for a piece that holds a guess.
    """
    for _, _, fixed in _repairs(scan(text)):
        if isinstance(fixed, Broken) and fixed.gaps:
            ends_line = text[fixed.end : fixed.end + 1] in {"", "\n", "\r", "\0"}
            for hit in _pieces(fixed, guessed(fixed, ends_line=ends_line), "guess"):
                yield Hit(hit.start, hit.end, _GUESS_KINDS[hit.kind], "", hit.replacement)


_GUESS_KINDS = {"guess-lossy": "guess-context", "guess-gap": "guess"}


def _repairs(looked: Scan) -> Iterator[tuple[int, int, str | Broken]]:
    """Every stretch to repair: its span, and its repair or, where bytes were lost, its pieces."""
    text, points, bits = looked
    starts = _candidates(points, bits)
    if not len(starts):
        return
    marks = np.flatnonzero(bits & (OPENS | LOSS) != 0)
    breaks = np.flatnonzero(np.diff(marks) > _REACH)
    ahead = _windows(looked, starts, marks, breaks)
    following = next(ahead, [])
    known: lossy.KnownRows = {}
    number = done = 0
    while number < len(starts):
        at = int(starts[number])
        start, end = _region(text, marks, breaks, at, done)
        if following and following[0][0] <= start:
            known, following = lossy.known_rows(looked, following), next(ahead, [])
        whole = None if "\ufffd" in text[start:end] else lossless(text, at, done)
        if whole is not None and not _losses(bits, whole[1], end) and not _losses(bits, start, whole[0]):
            yield whole
            done = whole[1]
        else:
            if not hopeless(text, start, end):
                yield from _with_losses(looked, start, end, known)
            done = end
        number = max(number + 1, int(np.searchsorted(starts, done)))


def _with_losses(
    looked: Scan, start: int, end: int, known: lossy.KnownRows
) -> Iterator[tuple[int, int, str | Broken]]:
    """The same in a part of a text that may have lost bytes."""
    while start < end:
        stop = min(start + _WINDOW, end)
        loose = math.inf if stop == end else stop - 2 * _OVERLAP
        stretches = lossy.convincing(looked, lossy.read(looked, start, stop, known, loose))
        if stop < end:
            stretches, stop = _up_to(stretches, stop - _OVERLAP)
        for broken in stretches:
            solid = "" if broken.gaps else broken.solid
            if not solid:
                yield broken.start, broken.end, broken
            elif is_word(solid):
                yield broken.start, broken.end, solid
        start = stop


def _windows(
    looked: Scan, starts: NDArray[np.intp], marks: NDArray[np.intp], breaks: NDArray[np.intp]
) -> Iterator[list[tuple[int, int]]]:
    """What is going to be read first of each region that lost something, as many as are looked at together.

    Args:
        looked: The text.
        starts: The candidates.
        marks: Where suspicious characters stand.
        breaks: The numbers of those that no other follows closely.
    """
    lost = marks[np.isin(looked.points[marks], _LOST)]
    windows: list[tuple[int, int]] = []
    number = done = total = 0
    while number < len(starts):
        start, done = _region(looked.text, marks, breaks, int(starts[number]), done)
        if np.searchsorted(lost, start) < np.searchsorted(lost, done):
            windows.append((start, min(start + _WINDOW, done)))
            total += windows[-1][1] - start
        if total > _TOGETHER:
            yield windows
            windows, total = [], 0
        number = max(number + 1, int(np.searchsorted(starts, done)))
    yield windows


def _candidates(points: NDArray[np.uint32], bits: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Where a stretch may open: three characters in a row whose bytes have the shape of UTF-8."""
    opens = np.flatnonzero(bits & OPENS != 0)
    padded = np.append(bits, np.array([LOSS, LOSS], dtype=np.uint8))
    second, third = padded[opens + 1], padded[opens + 2]
    goes_on = (third & (GOES_ON | TURNS | LOSS) != 0) | (second & TURNS_TO_ASCII != 0)
    found = (second & LOSS != 0) | ((second & TURNS != 0) & goes_on)
    found |= (points[opens] == _EMOJI) & (second & (GOES_ON | LOSS) != 0)
    return np.asarray(opens[found])


def _region(
    text: str, marks: NDArray[np.intp], breaks: NDArray[np.intp], at: int, floor: int
) -> tuple[int, int]:
    """What to read around a candidate: as far as suspicious characters follow each other closely.

    Args:
        text: The text.
        marks: Where suspicious characters stand.
        breaks: The numbers of those that no other follows closely.
        at: The candidate, one of the marks.
        floor: Nothing before it is read.
    """
    number = int(np.searchsorted(marks, at))
    run = int(np.searchsorted(breaks, number))
    first = max(int(breaks[run - 1]) + 1 if run else 0, min(number, int(np.searchsorted(marks, floor))))
    last = int(breaks[run]) if run < len(breaks) else len(marks) - 1
    start = max(floor, int(marks[first]) - 4)
    start = max(start, text.rfind("\0", start, at) + 1)
    end = min(len(text), int(marks[last]) + 8)
    nul = text.find("\0", at, end)
    return start, end if nul < 0 else nul


def _losses(bits: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether a mark of a loss, or another suspicious character, stands in a part of the same region."""
    return bool((bits[start:end] & (OPENS | LOSS)).any())


def _up_to(stretches: list[Broken], limit: int) -> tuple[list[Broken], int]:
    """The stretches without what lies beyond a limit, and where reading goes on."""
    kept: list[Broken] = []
    for broken in stretches:
        if broken.start >= limit:
            break
        if broken.end <= limit:
            kept.append(broken)
            continue
        cuts = [i for i, p in enumerate(broken.pieces) if p.end <= limit and i + 1 < len(broken.pieces)]
        cuts = [i for i in cuts if broken.pieces[i + 1].start >= broken.pieces[i].end]
        if not cuts:
            return kept, limit
        pieces = broken.pieces[: cuts[-1] + 1]
        kept.append(Broken(broken.start, pieces[-1].end, pieces))
        return kept, pieces[-1].end
    return kept, limit


def _pieces(broken: Broken, chars: tuple[str, ...], kind: str) -> Iterator[Hit]:
    """One hit for each gap and one for what stands between two gaps.

    A character of the text may carry bytes of two pieces; it goes with the one before, unless a gap
    needs it. A mark may hide bytes of several gaps: each takes one character of those around.
    """
    starts, gaps, afters = _units(broken, chars)
    for i in range(1, len(starts)):
        if starts[i] <= starts[i - 1]:
            starts[i] = starts[i - 1] + 1
    limit = broken.end
    for i in range(len(starts) - 1, 0, -1):
        starts[i] = limit = max(min(starts[i], limit - 1), broken.start)
    after, is_gap = "", False
    of_gap, of_solid = f"{kind}-gap", f"{kind}-lossy"
    for start, end, gap, added in zip(starts, (*starts[1:], broken.end), gaps, afters, strict=True):
        after, is_gap = after + added, is_gap or gap
        if end > start:  # else more gaps than characters stand there
            yield Hit(start, end, of_gap if is_gap else of_solid, "", after)
            after, is_gap = "", False


def _units(broken: Broken, chars: tuple[str, ...]) -> tuple[list[int], list[bool], list[str]]:
    """Gaps, and what stands between two: where each best starts, whether it is one, what to put there."""
    starts: list[int] = []
    gaps: list[bool] = []
    afters: list[str] = []
    end, after_solid = broken.start, False
    for piece, char in zip(broken.pieces, chars, strict=True):
        is_gap = not piece.char
        if not is_gap and (after_solid or (piece.end <= end and starts)):
            afters[-1] += char
        else:
            starts.append(piece.start if is_gap and after_solid else end)
            gaps.append(is_gap)
            afters.append(char)
            after_solid = not is_gap
        end = max(end, piece.end)
    return starts, gaps, afters


@cache
def _run() -> re.Pattern[str]:
    """What GB18030 can encode in one or two bytes, within a line and without the marks of a loss."""
    return re.compile("(?:(?!锟斤)[^\\x00-\\x1f\\x7f-\\xa3\ufffd\ud800-\udfff\U00010000-\U0010ffff])+")


def lossless(text: str, at: int, floor: int) -> tuple[int, int, str] | None:
    """The span of UTF-8 read as GBK that opens at ``at``, and what it should be.

    Args:
        text: The whole text.
        at: Where a character stands whose bytes can open a UTF-8 character.
        floor: Nothing before it may be touched.
    """
    run, fixed = _undone(text, at, _FIRST_LOOK)
    if run and len(run) == _FIRST_LOOK:
        run, fixed = _undone(text, at, _LONGEST)
    run, fixed = _trimmed(run, fixed)
    if not run or (len(fixed) > _SHORT and model().alone[ord(fixed[-1])] < RARE):
        return None  # a rare character at the end may be a cut one and a clean sign
    while at > floor and text[at - 1] in _TWO_BYTE_SIGNS:
        at -= 1
        run, fixed = text[at] + run, text[at].encode("gb18030").decode() + fixed
    if not plausible(fixed) or not meaningful(fixed) or not is_word(fixed):
        return None
    if model().score(fixed) - model().score(run) < MIN_GAIN:
        return None
    return at, at + len(run), fixed


def _undone(text: str, at: int, longest: int) -> tuple[str, str]:
    """What opens at a place as far as its bytes are UTF-8, and what they are; empty where they are not."""
    match = _run().match(text, at, at + longest)
    if match is None:
        return "", ""
    run = match.group()
    try:
        data = run.encode("gb18030")
    except UnicodeEncodeError as error:
        run = run[: error.start]
        data = run.encode("gb18030")
    try:
        return run, data.decode()
    except UnicodeDecodeError as error:
        return _aligned(run, data[: error.start].decode())


def _aligned(run: str, fixed: str) -> tuple[str, str]:
    """Cut both at the last place where a character of the run and one of the repair end together."""
    lengths = [len(c.encode("gb18030")) for c in run]
    ends = {0: 0}
    total = 0
    for i, length in enumerate(lengths):
        total += length
        ends[total] = i + 1
    target = len(fixed.encode())
    while target not in ends:
        target -= len(fixed[-1].encode())
        fixed = fixed[:-1]
    return run[: ends[target]], fixed


def _trimmed(run: str, fixed: str) -> tuple[str, str]:
    """Leave at the end what gains nothing: ASCII, and clean characters that happen to be valid UTF-8."""
    tail = len(fixed)
    while tail and fixed[tail - 1] < "\x80" and run and run[-1] == fixed[tail - 1]:
        tail -= 1
        run = run[:-1]
    fixed = fixed[:tail]
    # A clean character whose two bytes are a two-byte UTF-8 character, such as 值 (D6 B5).
    while fixed and run and "\x80" <= fixed[-1] < "\u0800" and len(run[-1].encode("gb18030")) == 2:
        if model().score(fixed[-1]) > model().score(run[-1]) + (_ALPHABET if fixed[-1] >= "\u0100" else 0.0):
            break
        run, fixed = run[:-1], fixed[:-1]
    return run, fixed
