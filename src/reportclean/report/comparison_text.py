"""A comparison for people at a terminal: what was found, then both texts as one, with marks and styles.

What only the left text has stands in ``[-…-]``, what only the right one in ``{+…+}``; colour says no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from reportclean.comparison import UNSEEN, Comparison, Side
from reportclean.report.closing import counted
from reportclean.report.marked import Fragment, marked
from reportclean.report.showing import cells, escaped

CONTEXT = 40  # characters of equal text beside a difference
LONGEST = 600  # characters of a difference
_SHOWN = 12  # of a list: swaps, placeholders
_WORD = 30  # cells; a longer word is cut where the line ends
_MARKS = {"left": ("[-", "-]"), "right": ("{+", "+}"), "both": ("", "")}
_KINDS = {
    "exact": "exact: the matching keys are equal",
    "near": "near-duplicates",
    "spun": "spun copy",
    "contained": "contained",
    None: "no match",
}


class Segment(NamedTuple):
    """Text that needs no escaping any more, and the name of its style.

    Styles are ``left``, ``right``, ``swap``, ``value`` (years, masks), ``placeholder``, ``label``, ``aside``;
    most text has none.
    """

    text: str
    style: str = ""


def comparison_lines(
    comparison: Comparison, *, width: int | None, full: bool, context: int, unseen: bool
) -> Iterator[list[Segment]]:
    """The lines of a comparison, without their ends.

    Args:
        comparison: What is shown.
        width: Cells of a line of text; None to break lines only where the texts do.
        full: Whether nothing is left out.
        context: Characters of equal text that are shown beside a difference.
        unseen: Whether differences are marked that matching does not see.
    """
    for label, words in fact_words(comparison, unseen=unseen):
        line = [Segment(f"{label:<8}", "label"), Segment(words)]
        yield from [line] if width is None else _wrapped(line, width)
    yield []
    fragments = marked(
        comparison,
        context=None if full else context,
        longest=None if full else LONGEST,
        unseen=unseen,
    )
    for line in _lines(fragments):
        yield from [line] if width is None else _wrapped(line, width)


def fact_words(comparison: Comparison, *, unseen: bool) -> Iterator[tuple[str, str]]:
    """What was found, as labels and words; nothing in the words needs escaping for a terminal."""
    for label, side in (("left", comparison.left), ("right", comparison.right)):
        yield (label, f"{escaped(side.name)}: {_side(side)}")
        if side.recorded:
            yield ("", escaped(side.recorded))
    differs = f"; {comparison.differs} differ" if comparison.differs != "none" else ""
    ratios = f"Jaccard {comparison.jaccard:.3f} (a match from {comparison.threshold:g} on)"
    ratios += f", containment {comparison.containment:.3f}"
    yield ("kind", f"{_KINDS[comparison.kind]}; {ratios}{differs}")
    yield ("kept", f"{comparison.kept}: {escaped(comparison.reason)}")
    spinning = comparison.spinning
    if spinning.spun:
        original = (
            f"{spinning.original} is the original" if spinning.original else "either may be the original"
        )
        sure = f"confidence {spinning.confidence:.2f}, direction {spinning.direction:.2f}"
        yield ("spun", f"{original} ({sure})")
        swaps = (f"{escaped(a)} | {escaped(b)} ×{count}" for (a, b), count in spinning.swaps)
        yield ("swaps", _some(swaps, len(spinning.swaps)))
    for label, side in (("left", comparison.left), ("right", comparison.right)):
        if side.placeholders:
            words = (f"{escaped(side.text[hit.start : hit.end])} ({hit.kind})" for hit in side.placeholders)
            yield ("blanks", f"{label}: {_some(words, len(side.placeholders))}")
    yield ("differ", _counts(comparison, unseen=unseen))


def _side(side: Side) -> str:
    said = [counted(side.tokens, "token"), counted(len(side.placeholders), "placeholder")]
    return ", ".join([*said, counted(side.repairs, "repair")])


def _some(items: Iterable[str], count: int) -> str:
    shown = ", ".join(islice(items, _SHOWN))
    return f"{shown} and {count - _SHOWN:,} more" if count > _SHOWN else shown


def _counts(comparison: Comparison, *, unseen: bool) -> str:
    names = {"swap": "swapped words", "signs": "punctuation and spaces", "form": "script, width and case"}
    counts = comparison.counts()
    shown = [f"{names.get(a, a)} {count:,}" for a, count in counts.items() if unseen or a not in UNSEEN]
    hidden = [f"{names[a]} {count:,}" for a, count in counts.items() if not unseen and a in UNSEEN]
    said = ", ".join(shown) or ("nothing that matching sees" if hidden else "nothing")
    return f"{said}; not marked: {', '.join(hidden)} (--unseen)" if hidden else said


def _lines(fragments: Iterable[Fragment]) -> Iterator[list[Segment]]:
    """Fragments as lines; a mark is closed at the end of a line and opened again on the next one."""
    line: list[Segment] = []
    for _, group in groupby(fragments, key=lambda fragment: (fragment.side, fragment.about)):
        together = list(group)
        opening, closing = _MARKS[together[0].side]
        is_space = bool(opening) and not any(fragment.text.strip() for fragment in together)
        inside: list[Segment] = []
        for fragment in together:
            style = _style(fragment)
            if fragment.hidden:
                what = "equal character" if fragment.side == "both" else "character"
                inside.append(Segment(f" … {counted(len(fragment.text), what)} … ", "aside"))
                continue
            parts = [fragment.text] if is_space else fragment.text.replace("\r\n", "\n").split("\n")
            for number, part in enumerate(parts):
                if number:  # spaces alone are spelled out, and end no line
                    yield [*line, *_within(opening, inside, closing)]
                    line, inside = [], []
                if part:
                    inside.append(Segment(escaped(part), style))
        line += _within(opening, inside, closing)
    if line:
        yield line


def _within(opening: str, inside: list[Segment], closing: str) -> list[Segment]:
    """Segments between the marks of a side."""
    if not inside or not opening:
        return inside
    return [Segment(opening, inside[0].style), *inside, Segment(closing, inside[-1].style)]


def _style(fragment: Fragment) -> str:
    if fragment.about == "swap":
        return "swap"
    if fragment.about in {"masks", "years"}:
        return "value"
    if fragment.about:
        return fragment.side
    return "placeholder" if fragment.placeholder else ""


def _wrapped(line: list[Segment], width: int) -> Iterator[list[Segment]]:
    """A line as several of so many cells; a character that takes two is never cut."""
    row: list[tuple[str, int, str]] = []
    used = 0
    for segment in line:
        for shown, size in cells(segment.text):
            if used + size > width and row:
                at = _break(row, shown)
                yield _joined(row[:at])
                row = row[at:]
                used = sum(cell[1] for cell in row)
            row.append((shown, size, segment.style))
            used += size
    yield _joined(row)


def _break(row: list[tuple[str, int, str]], following: str) -> int:
    """Where a full line is cut: behind its last space if it would part a word of narrow letters."""
    if not following.isalnum() or following > "\u2fff":
        return len(row)
    for back in range(1, min(_WORD, len(row) - 1) + 1):
        shown = row[-back][0]
        if shown == " ":
            return len(row) - back + 1
        if shown > "\u2fff":
            break
    return len(row)


def _joined(row: list[tuple[str, int, str]]) -> list[Segment]:
    segments: list[Segment] = []
    for shown, _, style in row:
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + shown, style)
        else:
            segments.append(Segment(shown, style))
    return segments
