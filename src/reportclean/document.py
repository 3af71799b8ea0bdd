"""The small frozen records that every layer passes along: spans, hits, edits, findings, sections.

All positions are code points of a Python ``str``; all spans are half-open, ``[start, end)``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Hit:
    """What a finder yields: a span and what stands there.

    Finders are pure functions on ``str`` and know no rule codes; a rule gives a hit its code.

    Attributes:
        start: First code point.
        end: One past the last code point.
        kind: What it is, in the finder's own vocabulary (``"year"``, ``"bookmark"``, …).
        stem: What is known of a placeholder's value, such as the ``20`` of ``20xx``; else empty.
        replacement: The text that should stand there instead; None where no repair is known.
    """

    start: int
    end: int
    kind: str
    stem: str = ""
    replacement: str | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change to the original text: ``before == original[start:end]`` becomes ``after``."""

    start: int
    end: int
    before: str
    after: str
    code: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something a rule found, at a span of the original text."""

    start: int
    end: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document.

    Attributes:
        ordinal: 0 for the front matter, else counted from 1.
        title: The section's own heading, empty when it has none.
        cue: What opened it, such as ``"heading"`` or ``"indent+restart"``.
        start: First code point in the text that was split.
        end: One past the last.
    """

    ordinal: int
    title: str
    cue: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its identity.

    Attributes:
        id: Unique within a run.
        text: The decoded text, before any cleaning.
        source: The path it was read from, empty for texts given to the library.
        line: The line of its record in the source, counted from 1; None where a file is one document.
        metadata: What reading recorded (``encoding``, ``encoding_score``, ``runner_up``, ``date``).
    """

    id: str
    text: str
    source: str = ""
    line: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be used.

    Attributes:
        source: The path it stands in.
        line: Its line, counted from 1; None where the whole file is meant.
        reason: A word for machines (``"undecodable"``).
        detail: A sentence for people.
    """

    source: str
    line: int | None
    reason: str
    detail: str


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Replay sorted, disjoint edits on the text that they were made for.

    Raises:
        ValueError: An edit overlaps its predecessor, or its ``before`` is not what stands there.

    >>> apply_edits("好。。", [Edit(1, 3, "。。", "。", "ART020")])
    '好。'
    """
    position = 0
    for edit in edits:
        fits = edit.end - edit.start == len(edit.before) and text[edit.start : edit.end] == edit.before
        if edit.start < position or not fits:
            raise ValueError(f"edit at {edit.start} does not fit the text it is applied to")
        position = edit.end
    return _replayed(text, 0, len(text), edits)


class OffsetMap:
    """Positions of an original text and of its cleaned form, mapped both ways.

    A position inside a replaced span maps to the start of what stands on the other side, so that
    both directions are monotone.

    Args:
        edits: Sorted, disjoint edits on the original.

    >>> offsets = OffsetMap([Edit(1, 3, "。。", "。", "ART020")])
    >>> offsets.to_clean(3), offsets.to_original(2)
    (2, 3)
    """

    def __init__(self, edits: Iterable[Edit]) -> None:
        edits = tuple(edits)
        growth = list(accumulate((len(e.after) - (e.end - e.start) for e in edits), initial=0))
        self._original_starts = [e.start for e in edits]
        self._original_ends = [e.end for e in edits]
        self._clean_starts = [e.start + shift for e, shift in zip(edits, growth, strict=False)]
        self._clean_ends = [e.start + shift + len(e.after) for e, shift in zip(edits, growth, strict=False)]

    def to_clean(self, position: int) -> int:
        """The clean position of an original one."""
        return _mapped(
            position, self._original_starts, self._original_ends, self._clean_starts, self._clean_ends
        )

    def to_original(self, position: int) -> int:
        """The original position of a clean one."""
        return _mapped(
            position, self._clean_starts, self._clean_ends, self._original_starts, self._original_ends
        )


def _mapped(
    position: int,
    starts: Sequence[int],
    ends: Sequence[int],
    other_starts: Sequence[int],
    other_ends: Sequence[int],
) -> int:
    index = bisect_right(starts, position) - 1
    if index < 0:
        return position
    if position < ends[index]:
        return other_starts[index]
    return other_ends[index] + position - ends[index]


def compose_edits(original: str, first: Sequence[Edit], middle: str, second: Sequence[Edit]) -> list[Edit]:
    """Two rounds of edits as one list on the original.

    Args:
        original: The text that ``first`` was made for.
        first: Sorted, disjoint edits from ``original`` to ``middle``.
        middle: The text between the rounds.
        second: Sorted, disjoint edits on ``middle``.

    Returns:
        Sorted, disjoint edits on ``original``. Where a second edit overlaps a first one, the two become
        one edit with the first one's code; what ends as it began is left out.

    >>> first = [Edit(1, 3, "xx", "a", "ART001")]
    >>> compose_edits("1xx2", first, "1a2", [Edit(1, 2, "a", "", "ART002")])
    [Edit(start=1, end=3, before='xx', after='', code='ART001')]
    """
    if not first or not second:
        return [edit for edit in first or second if edit.before != edit.after]
    spans: list[tuple[int, int, int, Edit]] = []  # start and end in the middle text, round, edit
    shift = 0
    for edit in first:
        start = edit.start + shift
        spans.append((start, start + len(edit.after), 0, edit))
        shift += len(edit.after) - (edit.end - edit.start)
    spans += [(edit.start, edit.end, 1, edit) for edit in second]
    spans.sort(key=lambda span: span[:3])

    composed: list[Edit] = []
    shift = 0  # how far the middle text runs ahead of the original
    position = 0
    while position < len(spans):
        start, end = spans[position][:2]
        group = [spans[position]]
        position += 1
        while position < len(spans) and spans[position][0] < end:
            end = max(end, spans[position][1])
            group.append(spans[position])
            position += 1
        first_edits = [edit for _, _, number, edit in group if number == 0]
        original_start = start - shift
        shift += sum(len(edit.after) - (edit.end - edit.start) for edit in first_edits)
        original_end = end - shift
        before = original[original_start:original_end]
        after = _replayed(middle, start, end, [edit for _, _, number, edit in group if number == 1])
        if before != after:
            code = (first_edits or [group[0][3]])[0].code
            composed.append(Edit(original_start, original_end, before, after, code))
    return composed


def _replayed(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    for edit in edits:
        parts += (text[start : edit.start], edit.after)
        start = edit.end
    return "".join((*parts, text[start:end]))
