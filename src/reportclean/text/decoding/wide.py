"""UTF-16 and UTF-32 without a mark: taken where they are likelier than every ASCII-compatible reading."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from reportclean.text.decoding.marking import read
from reportclean.text.decoding.records import Decoded
from reportclean.text.decoding.scoring import (
    BAD_BYTE,
    BAD_RATIO,
    BLOCK,
    CONTROLS,
    LINE_READINGS,
    WIDE,
    confidence,
    each,
    narrow_score,
)

_ASCII_MARGIN = 12.0  # nats by which UTF-16 must beat a reading as plain ASCII
_NONSENSE_MARGIN = 2.0  # the same where a few bytes are no words (R0geNKRM is 到来之前)
_MAX_CHANGE_RATIO = 0.25
_SHORT = 16  # bytes
# Mean nats a character below which text is none. The alphabets of UTF-16 stand at −4.5 to −10; any two bytes
# are a character there.
_NOT_WIDE = -10.5
_RARE = -12.5


def wide(data: bytes) -> Decoded | None:
    """The likeliest UTF-16 or UTF-32 reading, if it is likelier than every ASCII-compatible one."""
    probe = data[: BLOCK // 4 * 4]
    scores = {name: value for name in WIDE if (value := _wide_score(probe, name)) is not None}
    if not scores:
        return None
    name = max(scores, key=scores.__getitem__)
    narrow = {reading: narrow_score(probe, reading) for reading in LINE_READINGS}
    rival = max(narrow, key=narrow.__getitem__)
    if scores[name] <= narrow[rival] + _ascii_margin(probe):
        return None
    others = {**narrow, **scores}
    del others[name]
    runner_up = max(others, key=others.__getitem__)
    return read(data, name, confidence(scores[name] - others[runner_up]), runner_up)


def _ascii_margin(probe: bytes) -> float:
    """Nats by which bytes are likelier to be ASCII than their characters one by one."""
    if not probe.isascii() or CONTROLS.intersection(probe):
        return 0.0
    if len(probe) > _SHORT:
        return _ASCII_MARGIN
    changes = len(_change().findall(probe))
    return _ASCII_MARGIN if changes <= _MAX_CHANGE_RATIO * len(probe) else _NONSENSE_MARGIN


@cache
def _change() -> re.Pattern[bytes]:
    """Where words do not go on so: a capital inside, a digit or sign beside a letter."""
    return re.compile(rb"[a-z](?=[A-Z])|[A-Za-z](?=[^A-Za-z\s.,])|[^A-Za-z\s](?=[A-Za-z])|\s(?=[^A-Za-z0-9])")


def _wide_score(probe: bytes, name: str) -> float | None:
    """Its log-probability; None where it cannot be that."""
    unit = 4 if name.startswith("utf-32") else 2
    whole = len(probe) - len(probe) % unit
    try:
        text = probe[:whole].decode(name)
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":  # the end may be cut inside a surrogate pair
            return None
        whole = error.start
        text = probe[:whole].decode(name)
    if not text or "\0" in text:
        return None
    values = each(text)
    score = float(values.sum(dtype=np.float64))
    if score < _NOT_WIDE * len(text) or int((values < _RARE).sum()) > BAD_RATIO * len(text) + 1:
        return None
    return score + BAD_BYTE * (len(probe) - whole)
