"""What a repaired text must look like before its gain over the original is even weighed."""

from __future__ import annotations

from reportclean.text.charclass import code_points
from reportclean.text.charmodel import model

_RARE = -13.5  # nats: rarer than this is no character that a sentence is made of
_SHORT = 4


def plausible(text: str, share: float = 0.9) -> bool:
    """Whether nearly all of its non-ASCII characters are such as Chinese text is made of.

    Short texts have no rare character to spare.
    """
    points = code_points(text)
    points = points[points > 0x7F]
    if not len(points):
        return False
    good = int((model().alone[points] > _RARE).sum())
    return good >= (len(points) if len(points) < _SHORT else share * len(points))
