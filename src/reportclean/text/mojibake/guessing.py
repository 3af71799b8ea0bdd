"""What a gap may have held: the likeliest characters that fit its known bytes and its neighbours."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model
from reportclean.text.mojibake.hidden import ASCII, Known, fit
from reportclean.text.mojibake.pieces import Broken
from reportclean.text.mojibake.weighing import conditional

_RAREST = -15.0  # nats: rarer characters are never guessed
_WIDTH = 48  # candidates a gap, and paths kept
# Nats, by what reports and translations look like; only guesses depend on them.
_OTHER_SCRIPT = -6.0  # a traditional form in simplified text, or the other way round
_MAJORITY = 3  # so many times as many characters of the one script as of the other
_BRACKET = 3.0  # a bracket whose other half stands alone
_NO_BRACKET = -3.0
_LINE_END = {"。": 0.0, **dict.fromkeys("；！？：…”）", -1.0), **dict.fromkeys("，、", -6.0)}
_NO_LINE_END = -2.5
_OPENING, _CLOSING = "《“（「【『〈〔", "》”）」】』〉〕"
_BRACKETS = dict(zip(_OPENING + _CLOSING, _CLOSING + _OPENING, strict=True))


@cache
def _common() -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.float32]]:
    """Characters that may be guessed, their three UTF-8 bytes, how likely they are; likeliest first."""
    alone = model().alone[:0x10000]
    points = np.flatnonzero(alone > _RAREST).astype(np.uint32)
    points = points[((points >= 0x2010) & (points < 0x2640)) | (points >= 0x3000)]
    points = points[(points < 0xAC00) | (points >= 0xFF00)]
    points = points[np.argsort(-alone[points], kind="stable")]
    data = "".join(map(chr, points.tolist())).encode()
    return points, np.frombuffer(data, dtype=np.uint8).reshape(-1, 3), alone[points]


@lru_cache(maxsize=4096)
def candidates(known: Known) -> tuple[str, ...]:
    """The likeliest characters that have the known bytes, likeliest first."""
    if known[0] == ASCII:
        return ()
    points, data, _ = _common()
    first, second, third, together = fit(known)
    fits = first[data[:, 0]] & second[data[:, 1]] & third[data[:, 2]]
    if together is not None:
        fits &= together[data[:, 1] - 0x80, data[:, 2] - 0x80]
    return tuple(chr(point) for point in points[fits][:_WIDTH].tolist())


def guessed(broken: Broken, *, ends_line: bool) -> tuple[str, ...]:
    """The likeliest character of each piece of a stretch, in its context; U+FFFD where nothing fits.

    Args:
        broken: The stretch.
        ends_line: Whether a line ends behind it.
    """
    other_script = _other_script(broken.solid)
    brackets = _brackets(broken)
    beam: list[tuple[float, str, tuple[str, ...]]] = [(0.0, "", ())]
    for i, piece in enumerate(broken.pieces):
        options = (piece.char,) if piece.char else candidates(piece.known) or ("\ufffd",)
        best: dict[str, tuple[float, str, tuple[str, ...]]] = {}
        for option in options:
            extra = 0.0
            if not piece.char:
                if model().script[ord(option)] == other_script:
                    extra = _OTHER_SCRIPT
                elif option in _BRACKETS:
                    extra = _BRACKET if option in brackets.get(i, "") else _NO_BRACKET
            score, chars = max((s + _following(before, option[0]), chars) for s, before, chars in beam)
            best[option] = (score + extra, option[-1], (*chars, option))
        beam = sorted(best.values(), reverse=True)[:_WIDTH]
    if ends_line:
        beam = [(score + _at_line_end(before), before, chars) for score, before, chars in beam]
    return max(beam)[2]


def _following(before: str, after: str) -> float:
    return conditional(before, after) + (_at_line_end(before) if after == "\n" else 0.0)


def _at_line_end(char: str) -> float:
    """What a character costs before the end of a line."""
    return _LINE_END.get(char, _NO_LINE_END)


def _other_script(solid: str) -> int:
    """The script that a text is not written in, as in ``CharModel.script``; 0 where that is not clear."""
    scripts = model().script[code_points(solid)]
    simplified, traditional = int((scripts == -1).sum()), int((scripts == 1).sum())
    if simplified > _MAJORITY * traditional:
        return 1
    return -1 if traditional > _MAJORITY * simplified else 0


def _brackets(broken: Broken) -> dict[int, str]:
    """By gap: the bracket that is missing there, going by the nearest ones on both sides."""
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for found, order in ((before, 1), (after, -1)):
        nearest = ""
        for i, piece in list(enumerate(broken.pieces))[::order]:
            if not piece.char:
                found[i] = nearest
            for char in piece.char[::order]:
                nearest = char if char in _BRACKETS else nearest
    missing: dict[int, str] = {}
    for i, left in before.items():
        right = after[i]
        if left and left in _OPENING and right != _BRACKETS[left]:
            missing[i] = _BRACKETS[left]
        elif right and right in _CLOSING and left != _BRACKETS[right]:
            missing[i] = _BRACKETS[right]
    return missing
