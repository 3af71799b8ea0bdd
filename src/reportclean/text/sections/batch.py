"""Many documents split at once: those that are surely whole in one pass, the others one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportclean.document import Section
from reportclean.text.sections.joined import Joined, joined
from reportclean.text.sections.page import Page
from reportclean.text.sections.split import split, stays_whole, title_of_line
from reportclean.text.sections.whole import doubtful

_AT_ONCE = 500_000  # characters looked at together: more cost the same, fewer more
_FROM = 4  # documents; fewer are read one by one


def split_batch(texts: Sequence[str]) -> list[tuple[Section, ...]]:
    r"""The sections of each text, as :func:`split` finds them.

    >>> [len(found) for found in split_batch(["一、做法\n认真学习。", "", "篇1\n修了渠。\n篇2\n修了坝。"])]
    [1, 0, 2]
    """
    found: list[tuple[Section, ...]] = []
    for group in _groups(texts):
        found += [split(text) for text in group] if len(group) < _FROM else _split_group(group)
    return found


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = characters = 0
    for number, text in enumerate(texts):
        characters += len(text)
        if characters >= _AT_ONCE:
            yield texts[start : number + 1]
            start, characters = number + 1, 0
    if start < len(texts):
        yield texts[start:]


def _split_group(texts: Sequence[str]) -> Iterator[tuple[Section, ...]]:
    pages = joined(texts)
    doubt, restarting = (flags.tolist() for flags in doubtful(pages))
    bounds, lines = pages.bounds.tolist(), pages.first_lines.tolist()
    begins, ends = pages.lines.begin.tolist(), pages.lines.end.tolist()
    for number, text in enumerate(texts):
        if doubt[number] and not (
            restarting[number] and stays_whole(Page(text, pages.view[bounds[number] : bounds[number + 1]]))
        ):
            yield split(text)
        else:
            first = lines[number]
            yield (Section(1, _title(pages, begins[first], ends[first]), "start", 0, len(text)),)


def _title(pages: Joined, begin: int, end: int) -> str:
    return title_of_line(pages.view[begin:end], pages.text[begin:end])
