"""All the finders together: template marks in one pass each, the more telling first, disjoint."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from reportclean.document import Hit
from reportclean.text.placeholders.fields import find_fields
from reportclean.text.placeholders.hollow import find_hollow_brackets
from reportclean.text.placeholders.prompts import find_dotted_lines, find_pending, find_prompts
from reportclean.text.placeholders.runs import find_runs
from reportclean.text.placeholders.somebody import find_somebody
from reportclean.text.placeholders.vanished import (
    find_lost_numbers,
    find_odd_years,
    find_spaced_dates,
    find_spaced_months,
)

KINDS = (
    "year",
    "date",
    "number",
    "place",
    "organisation",
    "person",
    "ordinal",
    "blank",
    "variable",
    "censored",
)
_PUBLIC = {"masked_sum": "number"}

# In order of trust: where two overlap, the earlier in this list stays.
_FINDERS: tuple[Callable[[str], Iterator[Hit]], ...] = (
    find_fields,
    find_odd_years,
    find_runs,
    find_hollow_brackets,
    find_spaced_dates,
    find_spaced_months,
    find_prompts,
    find_pending,
    find_dotted_lines,
    find_somebody,
    find_lost_numbers,
)


def disjoint(layers: list[list[Hit]]) -> list[Hit]:
    """Merge lists of hits: in order of start, and an earlier list's hit before a later one's."""
    kept: list[Hit] = []
    for layer in layers:
        if not kept:
            kept = list(layer)
            continue
        starts = [hit.start for hit in kept]
        fresh = []
        for hit in layer:
            index = bisect_left(starts, hit.end)
            if index == 0 or kept[index - 1].end <= hit.start:
                fresh.append(hit)
        if fresh:
            kept = sorted(kept + fresh, key=lambda hit: hit.start)
    return kept


def find_marks(text: str) -> Iterator[Hit]:
    """Yield placeholders with the finder's own kinds: the public ones and ``masked_sum``."""
    yield from disjoint([list(finder(text)) for finder in _FINDERS])


def find_placeholders(text: str) -> Iterator[Hit]:
    """Yield placeholders in order of start, disjoint, with a kind of ``KINDS`` and the known stem.

    >>> [(text[h.start : h.end], h.kind, h.stem) for text in ["20xx年XX市"] for h in find_placeholders(text)]
    [('20xx', 'year', '20'), ('XX', 'place', '')]
    """
    for hit in find_marks(text):
        public = _PUBLIC.get(hit.kind)
        yield Hit(hit.start, hit.end, public, hit.stem) if public else hit
