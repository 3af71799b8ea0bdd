"""The views of many documents as one, with their lines as arrays: looked up in one pass by table.

A document of a thousand characters costs a look at the batch some microseconds; the same look at the document
alone costs a call of numpy or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import CODE_POINTS, code_points
from reportclean.text.folding import plain_codes, plain_view
from reportclean.text.scanned import SPACES, among
from reportclean.text.sections import front
from reportclean.text.sections.page import OTHER_LINE_ENDS

BLANKS = " \t\xa0"  # what a line of the view may be indented with
LABELS = "第篇范例模样案实文"  # the first characters of labelled headings
FRONT_SIGNS = front.SITE_SIGNS + "…"  # one of them is in every teaser, too, unless it ends in 。。。

_SPACE, _LINE_END, _ODD_SPACE, _LABEL, _MEASURE, _FRONT = (1 << bit for bit in range(6))
_PADDING = 16  # line feeds behind the end, so that what follows a place can be looked at

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Lines(NamedTuple):
    """The lines with anything on them, in order: each array ``int64`` of shape ``(lines,)``.

    Attributes:
        start: Where each starts, indent included.
        begin: Where its text begins.
        end: One past its text, the space behind it left out.
        document: Number of the document that holds it.
        above: How many such lines stand above it in its document.
    """

    start: Ints
    begin: Ints
    end: Ints
    document: Ints
    above: Ints


@dataclass(frozen=True, slots=True)
class Joined:
    """Documents one behind the other, each as a page sees it: with a line feed before it.

    Attributes:
        text: The texts, each behind a line feed.
        view: The views of their pages, of the same length.
        codes: The code points of the view: ``uint32``, with some line feeds behind the end.
        bounds: Where each page begins, and the end: ``int64`` of shape ``(documents + 1,)``.
        lines: The lines with anything on them.
        first_lines: Number of the first of each document, and their number: like ``bounds``.
        line_ends: Line feeds of each page, the one before it included: ``int64`` of shape ``(documents,)``.
        has_gap: For each line whether there is space inside it.
        has_odd_indent: For each line whether it is indented with other space than blanks.
        labels: Where headings' labels may begin.
        measures: Where 篇, 份 and 则 stand.
        front_signs: Where the signs of front matter stand.
    """

    text: str
    view: str
    codes: NDArray[np.uint32]
    bounds: Ints
    lines: Lines
    first_lines: Ints
    line_ends: Ints
    has_gap: Bools
    has_odd_indent: Bools
    labels: Ints
    measures: Ints
    front_signs: Ints

    def documents_of(self, places: Ints) -> Ints:
        """The number of the document in which each place lies."""
        return np.searchsorted(self.bounds, places, side="right") - 1


@cache
def _kinds() -> NDArray[np.uint8]:
    """By code point of the view what it is."""
    kinds = np.zeros(CODE_POINTS, dtype=np.uint8)
    for kind, signs in (
        (_SPACE, SPACES),
        (_LINE_END, "\n"),
        (_ODD_SPACE, "".join(set(SPACES) - {"\n", *BLANKS})),
        (_LABEL, plain_view(LABELS)),
        (_MEASURE, plain_view(front.MEASURES)),
        (_FRONT, FRONT_SIGNS),
    ):
        kinds[code_points(signs)] |= kind
    kinds.setflags(write=False)
    return kinds


def joined(texts: Sequence[str]) -> Joined:
    """Look texts up.

    Args:
        texts: At least one.
    """
    text = "\n" + "\n".join(texts)
    bounds = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])))
    points = code_points(text)
    codes = np.concatenate((plain_codes(points), np.full(_PADDING, 0x0A, np.uint32)))
    marked, kinds = _marked(codes)
    if among(codes[marked[kinds & _ODD_SPACE != 0]], OTHER_LINE_ENDS).any():
        _end_lines(codes, points, bounds)
        marked, kinds = _marked(codes)
    view = codes[: len(text)].tobytes().decode("utf-32-le", "surrogatepass")
    spaces = marked[kinds & _SPACE != 0]
    lines, has_gap = _lines(spaces, kinds[kinds & _SPACE != 0] & _LINE_END != 0)
    first_lines = np.searchsorted(lines.start, bounds, side="right")
    counts = np.diff(first_lines)
    document = np.repeat(np.arange(len(texts)), counts)
    above = np.arange(len(lines.start)) - np.repeat(first_lines[:-1], counts)
    line_feeds = marked[kinds & _LINE_END != 0]
    odd = marked[kinds & _ODD_SPACE != 0]
    has_odd_indent = np.zeros(len(lines.start), dtype=bool)
    if len(odd):
        has_odd_indent = np.searchsorted(odd, lines.start) < np.searchsorted(odd, lines.begin)
    return Joined(
        text,
        view,
        codes,
        bounds,
        lines._replace(document=document, above=above),
        first_lines,
        np.diff(np.searchsorted(line_feeds, bounds)),
        has_gap,
        has_odd_indent,
        marked[kinds & _LABEL != 0],
        marked[kinds & _MEASURE != 0],
        marked[kinds & _FRONT != 0],
    )


def _marked(codes: NDArray[np.uint32]) -> tuple[Ints, NDArray[np.uint8]]:
    """Where anything stands that is asked for, and what it is; with the first line feed behind the end."""
    kinds = _kinds().take(codes[: 1 - _PADDING], mode="clip")
    marked = np.flatnonzero(kinds != 0)
    return marked, kinds[marked]


def _end_lines(codes: NDArray[np.uint32], points: NDArray[np.uint32], bounds: Ints) -> None:
    """Make other line ends line feeds, as a page does."""
    returns = np.flatnonzero(points == 0x0D)
    returns = returns[codes[returns + 1] == 0x0A]
    # One line end, not two; but the line feed before a document is not part of what ends above it.
    codes[returns[~np.isin(returns + 1, bounds)]] = 0x20
    codes[among(codes, OTHER_LINE_ENDS)] = 0x0A


def _lines(spaces: Ints, is_line_end: Bools) -> tuple[Lines, Bools]:
    """The lines with anything on them, and whether there is space inside each.

    Such a line stands between two runs of space that hold a line feed, and starts behind the last one of
    the first. The last run holds the line feed behind the end.
    """
    starts_run = np.ones(len(spaces), dtype=bool)
    starts_run[1:] = np.diff(spaces) != 1
    firsts = np.flatnonzero(starts_run)
    run_starts = spaces[firsts]
    run_ends = spaces[np.append(firsts[1:], len(spaces)) - 1] + 1
    line_ends = np.flatnonzero(is_line_end)
    runs = np.searchsorted(firsts, line_ends, side="right") - 1
    is_last = np.ones(len(runs), dtype=bool)
    is_last[:-1] = runs[1:] != runs[:-1]
    runs, line_ends = runs[is_last], line_ends[is_last]
    none = np.empty(0, np.int64)
    lines = Lines(spaces[line_ends[:-1]] + 1, run_ends[runs[:-1]], run_starts[runs[1:]], none, none)
    return lines, np.diff(runs) > 1
