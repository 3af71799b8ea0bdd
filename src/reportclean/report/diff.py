"""Edits as a unified diff, in time linear in the text: where the edits are is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from reportclean.document import Edit, OffsetMap, apply_edits

_CONTEXT = 2  # lines around a change


def unified_diff(name: str, original: str, edits: Sequence[Edit]) -> Iterator[str]:
    r"""The lines of a diff from a text to what its edits make of it.

    Args:
        name: What the text is called on both sides.
        original: The text.
        edits: Sorted, disjoint edits on it.

    >>> print(*unified_diff("a.txt", "甲\n乙。。\n", [Edit(3, 5, "。。", "。", "ART020")]), sep="\n")
    --- a.txt
    +++ a.txt
    @@ -1,2 +1,2 @@
     甲
    -乙。。
    +乙。
    """
    if not edits:
        return
    clean, offsets = apply_edits(original, edits), OffsetMap(edits)
    lines = original.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    starts[-1] = len(original)
    yield f"--- {name}"
    yield f"+++ {name}"
    for first, last in _hunks(_changed(edits, starts), len(lines)):
        before = _lines(original[starts[first] : starts[last]])
        start, end = (offsets.to_clean(starts[line]) for line in (first, last))
        after = _lines(clean[start : len(clean) if starts[last] == len(original) else end])
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        line = clean.count("\n", 0, start) + 1
        yield f"@@ -{first + 1},{len(before)} +{line},{len(after)} @@"
        yield from (f" {text}" for text in before[:head])
        yield from (f"-{text}" for text in before[head : len(before) - tail])
        yield from (f"+{text}" for text in after[head : len(after) - tail])
        yield from (f" {text}" for text in before[len(before) - tail :] if tail)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many elements two sequences begin with alike."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _changed(edits: Sequence[Edit], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First line of each edit and one past its last."""
    line = 0
    for edit in edits:
        while line + 1 < len(starts) - 1 and starts[line + 1] <= edit.start:
            line += 1
        first = line
        while line + 1 < len(starts) - 1 and starts[line + 1] <= edit.end:
            line += 1
        yield first, line + 1


def _hunks(changed: Iterator[tuple[int, int]], lines: int) -> Iterator[tuple[int, int]]:
    """Ranges of lines with their context, those that touch joined."""
    current: tuple[int, int] | None = None
    for first, last in changed:
        begin, end = max(first - _CONTEXT, 0), min(last + _CONTEXT, lines)
        if current is not None and begin <= current[1]:
            current = (current[0], max(end, current[1]))
            continue
        if current is not None:
            yield current
        current = (begin, end)
    if current is not None:
        yield current
