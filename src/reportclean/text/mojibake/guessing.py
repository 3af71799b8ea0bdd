"""What a gap may have held: the likeliest characters that fit its known bytes and its neighbours."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charmodel import model
from reportclean.text.mojibake.hidden import ASCII, Known, fit
from reportclean.text.mojibake.pieces import Broken
from reportclean.text.mojibake.weighing import conditional

_RAREST = -15.0  # nats: rarer characters are never guessed
_WIDTH = 48  # candidates a gap, and paths kept


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


def guessed(broken: Broken) -> tuple[str, ...]:
    """The likeliest character of each piece of a stretch, in its context; U+FFFD where nothing fits."""
    beam: list[tuple[float, str, tuple[str, ...]]] = [(0.0, "", ())]
    for piece in broken.pieces:
        options = (piece.char,) if piece.char else candidates(piece.known) or ("\ufffd",)
        best: dict[str, tuple[float, str, tuple[str, ...]]] = {}
        for option in options:
            score, chars = max((s + conditional(before, option[0]), chars) for s, before, chars in beam)
            best[option] = (score, option[-1], (*chars, option))
        beam = sorted(best.values(), reverse=True)[:_WIDTH]
    return beam[0][2]
