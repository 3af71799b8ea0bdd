"""Runs of article headings: 1, 2, 3 … of one label, and whether they divide a page or belong to a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reportclean.text.sections.headings import Heading
from reportclean.text.sections.numbering import CHAPTER, HAN, Number
from reportclean.text.sections.page import Page

LARGEST_GAP = 6
CONTENTS_LINE = 64  # a heading line that is longer holds its article's text, and is no table of contents


@dataclass(slots=True)
class Run:
    """Headings of one label with rising numbers."""

    label: str
    items: list[tuple[int, Heading]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The highest number so far; 0 for none."""
        return self.items[-1][0] if self.items else 0

    @property
    def starts(self) -> list[int]:
        """Where its sections begin."""
        return [heading.start for _, heading in self.items]


def runs(found: Iterable[Heading]) -> list[Run]:
    """The runs that the candidates of each label form, in order; single headings are runs of one."""
    by_label: dict[str, list[Heading]] = {}
    for heading in found:
        by_label.setdefault(heading.label, []).append(heading)
    result = []
    for label, candidates in by_label.items():
        current = Run(label)
        for heading in sorted(candidates, key=lambda item: item.start):
            if current.items and heading.start <= current.items[-1][1].start:
                continue
            value = _next_value(current, heading)
            if value:
                current.items.append((value, heading))
            elif 1 in heading.values and current.items:
                if len(current.items) == 1 and (heading.on_line or not current.items[0][1].on_line):
                    current = Run(label)  # the teaser's 篇1, and now the real one
                elif len(current.items) > 1 and heading.on_line >= current.items[0][1].on_line:
                    result.append(current)
                    current = Run(label)
                else:
                    continue
                current.items.append((1, heading))
        if current.items:
            result.append(current)
    return result


def _next_value(run: Run, heading: Heading) -> int:
    if run.last + 1 in heading.values:
        return run.last + 1
    if not heading.on_line:
        return 0
    largest = run.last + LARGEST_GAP if run.items else 3
    return min((value for value in heading.values if run.last < value <= largest), default=0)


def is_contents(page: Page, run: Run) -> bool:
    """Whether a run is a table of contents: heading lines right below each other, with no text."""
    if len(run.items) < 2:
        return False
    for (_, heading), (_, following) in pairwise(run.items):
        end = page.line_end(heading.start)
        if end - heading.start > CONTENTS_LINE or page.view[end : following.start].strip():
            return False
    return True


def runs_on(run: Run, found: Sequence[Number]) -> bool:
    """Whether numbering runs on over the headings, so that they are parts of one text.

    章 that go on counting over 篇 make a book; 三、 after a box called 案例2 makes a report.
    """
    own = set(run.starts)
    found = [number for number in found if number.line not in own]
    lines = [number.line for number in found]
    crossings = 0
    for index, (_, heading) in enumerate(run.items):
        place = bisect_left(lines, heading.start)
        if not 0 < place < len(found):
            continue
        before, after = found[place - 1], found[place]
        if index == 0:
            top = min(before.rank, HAN)
            before = next((n for n in reversed(found[:place]) if n.rank <= top), before)
            after = next((n for n in found[place:] if n.rank <= before.rank), after)
        if after.rank == before.rank and after.value == before.value + 1:
            crossings += len(run.items) if index == 0 or after.rank <= CHAPTER else 1
    return crossings * 2 >= max(len(run.items) - 1, 1) and crossings > 0
