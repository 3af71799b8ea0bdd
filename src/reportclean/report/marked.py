"""A comparison as fragments to be shown in a row: what both have, what either has, what is left out.

For any page or terminal: fragments hold the text as it is, and whoever shows them escapes it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from reportclean.comparison import UNSEEN, Comparison
from reportclean.document import Hit
from reportclean.text.pieces import About, Piece

_WORTH_IT = 20  # characters; fewer are not left out


class Fragment(NamedTuple):
    """A stretch of text to be shown in one way.

    Attributes:
        side: Who has it.
        text: The stretch.
        about: What a difference is about; empty for what both have.
        placeholder: Whether it is a template placeholder.
        hidden: Whether it is to be left out, and its length said instead.
    """

    side: Literal["both", "left", "right"]
    text: str
    about: About = ""
    placeholder: bool = False
    hidden: bool = False


def marked(
    comparison: Comparison,
    *,
    context: int | None = None,
    longest: int | None = None,
    unseen: bool = False,
) -> Iterator[Fragment]:
    """The fragments of a comparison, in order.

    Args:
        comparison: What is shown.
        context: Characters of what both have that are shown beside a difference; None for all of them.
        longest: Characters of one side's difference that are shown; None for all of them.
        unseen: Whether differences count that matching does not see, such as punctuation and script; else
            what both have is shown as the left text has it.

    Yields:
        With nothing hidden, ``left`` and ``both`` joined are the left text; with ``unseen`` also, ``right``
        and ``both`` joined are the right one.
    """

    def is_common(piece: Piece) -> bool:
        return not piece.about or (not unseen and piece.about in UNSEEN)

    hits = comparison.left.placeholders
    runs = [(common, list(run)) for common, run in groupby(comparison.pieces, key=is_common)]
    for number, (common, run) in enumerate(runs):
        if common:
            text, start = "".join(piece.left for piece in run), run[0].left_start
            before = 0 if number == 0 and len(runs) > 1 else context
            after = 0 if number == len(runs) - 1 else context
            yield from _shortened("both", text, start, "", hits, before, after)
            continue
        half = None if longest is None else longest // 2
        for piece in run:
            yield from _shortened("left", piece.left, piece.left_start, piece.about, hits, half, half)
            theirs = comparison.right.placeholders
            yield from _shortened("right", piece.right, piece.right_start, piece.about, theirs, half, half)


def _shortened(
    side: Literal["both", "left", "right"],
    text: str,
    start: int,
    about: About,
    hits: tuple[Hit, ...],
    before: int | None,
    after: int | None,
) -> Iterator[Fragment]:
    """A stretch with its middle hidden, if so many characters at its two ends leave enough over."""
    end = start + len(text)
    cuts = (end, end)
    if before is not None and after is not None and len(text) >= before + after + _WORTH_IT:
        cuts = (start + before, end - after)
    for low, high, hidden in ((start, cuts[0], False), (*cuts, True), (cuts[1], end, False)):
        if hidden and low < high:
            yield Fragment(side, text[low - start : high - start], about, hidden=True)
        elif low < high:
            for a, b, placeholder in _with_hits(low, high, hits):
                yield Fragment(side, text[a - start : b - start], about, placeholder)


def _with_hits(start: int, end: int, hits: tuple[Hit, ...]) -> Iterator[tuple[int, int, bool]]:
    """A stretch cut where placeholders begin and end in it."""
    at = start
    for hit in hits[max(bisect_right(hits, start, key=lambda one: one.start) - 1, 0) :]:
        if hit.start >= end:
            break
        first, last = max(hit.start, at), min(hit.end, end)
        if first >= last:
            continue
        if at < first:
            yield at, first, False
        yield first, last, True
        at = last
    if at < end:
        yield at, end, False
