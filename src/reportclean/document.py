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


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Replay sorted, disjoint edits on the text that they were made for.

    Raises:
        ValueError: An edit overlaps its predecessor, or its ``before`` is not what stands there.

    >>> apply_edits("好。。", [Edit(1, 3, "。。", "。", "ART020")])
    '好。'
    """
    parts: list[str] = []
    position = 0
    for edit in edits:
        if edit.start < position or text[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit at {edit.start} does not fit the text it is applied to")
        parts += (text[position : edit.start], edit.after)
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


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
        self._clean_ends = [
            e.start + shift + len(e.after) for e, shift in zip(edits, growth, strict=False)
        ]

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
