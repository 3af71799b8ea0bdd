"""Front matter and articles of a compiled page, found by evidence.

Headings that form a run decide. Where they are missing, a promised count is the prior: candidates
that several cues speak for are taken, and while the promise is not met the bar is lowered step by
step, but never below what a cue that body text seldom has and a second one say together. Without a
promise or a run, several candidates must each be strong, or the document stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reportclean.document import Hit, Section
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import Scanned, document_starts
from reportclean.text.sections import cues, front
from reportclean.text.sections import headings as heading_lines
from reportclean.text.sections.headings import Heading
from reportclean.text.sections.numbering import Number, numbers, restarts
from reportclean.text.sections.openings import (
    Candidate,
    Opener,
    at_restart,
    by_sound,
    indented,
    merged,
)
from reportclean.text.sections.page import Page
from reportclean.text.sections.promise import may_promise, promise_of, promised_count
from reportclean.text.sections.runs import Run, is_contents, runs, runs_on

STRONG = 5.0  # taken whatever was promised
FLOOR = 2.25  # never below, whatever was promised
ALONE = 6.0  # one boundary like this makes a compilation without any promise
TOGETHER = 4.5  # and so do two like this
STRONG_RESTART = 2.5  # weaker ones never make a compilation of a page without promise and headings
LONGEST_TITLE = 80
_REMEMBERED = 30_000  # characters: what is longer takes too much memory to be kept for a second look


@dataclass(frozen=True, slots=True)
class _Boundary:
    start: int
    cue: str
    title_end: int = 0


def split(text: str) -> tuple[Section, ...]:
    r"""Front matter and sections of a text; they tile it exactly.

    The front matter has ordinal 0 and is there only when the page has any. A document without
    evidence of a compilation is one section with the cue ``start``.

    >>> [section.cue for section in split("一、做法\n认真学习。\n二、成效\n有所提高。")]
    ['start']
    """
    return _split(text) if len(text) > _REMEMBERED else _known_split(text)


def _split(text: str) -> tuple[Section, ...]:
    if not text:
        return ()
    page = Page(text)
    boundaries = _boundaries(page)
    starts = [boundary.start - 1 for boundary in boundaries]
    sections = []
    if text[: starts[0]].strip():
        sections.append(Section(0, "", "front", 0, starts[0]))
    else:
        starts[0] = 0
    for index, boundary in enumerate(boundaries):
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        title = _title(page, boundary)
        sections.append(Section(index + 1, title, boundary.cue, starts[index], end))
    return tuple(sections)


# A rule splits a page to see whether a promise was kept; soon after, the same text is split for good.
_known_split = lru_cache(maxsize=256)(_split)


def forget() -> None:
    """Forget the sections of the texts split last: for measurements, which split the same ones again."""
    _known_split.cache_clear()


def find_unmet_promise(text: str) -> Iterator[Hit]:
    """The promised count where another number of sections was found; documents joined by NUL lines apart.

    Yields:
        A hit of kind ``unmet-promise`` at the promised count; its stem says ``promised 13, found 12``.
    """
    for start in may_promise(text) if isinstance(text, Scanned) else document_starts(text):
        end = text.find(SEPARATOR, start)
        piece = text[start : end if end >= 0 else len(text)]
        promise = promised_count(piece)
        if promise:
            unmet = unmet_promise(promise, split(piece))
            if unmet:
                yield Hit(start + unmet.start, start + unmet.end, unmet.kind, unmet.stem)


def unmet_promise(promise: Hit | None, sections: Sequence[Section]) -> Hit | None:
    """The same from a promise and sections that are already at hand."""
    found = sum(section.ordinal > 0 for section in sections)
    if promise is None or int(promise.stem) == found:
        return None
    return Hit(promise.start, promise.end, "unmet-promise", f"promised {promise.stem}, found {found}")


def _boundaries(page: Page) -> list[_Boundary]:
    """Where the sections begin, in order; at least one."""
    promise = promise_of(page)
    promised = int(promise.stem) if promise else 0
    titles = front.title_lines(page)
    found = list(numbers(page))
    candidates = _headings(page, titles, found, promised)
    heads = _accepted_run(page, candidates, found, promised, lone=promised > 0)
    first = _first_article(page, heads, len(page), compiled=promised > 0 or heads is not None)
    others = _others(page, titles, found, heads, first, promised)
    if others and not heads and not promised:
        # It is a compilation after all: what stands above its articles is to be read as such.
        heads = _accepted_run(page, candidates, found, promised, lone=True)
        first = _first_article(page, heads, others[0].start, compiled=True)
    boundaries = {start: _Boundary(start, "heading", end) for start, end in _head_spans(heads)}
    boundaries |= {other.start: _Boundary(other.start, other.cue) for other in others if other.start > first}
    if not page.view[first:].strip():
        first = 1  # nothing but a site's lines: they are the document
    if first not in boundaries:
        boundaries[first] = _first_boundary(page, found, first) if boundaries else _Boundary(first, "start")
    return [boundaries[start] for start in sorted(boundaries)]


def _first_article(page: Page, heads: Run | None, limit: int, *, compiled: bool) -> int:
    """Where the front matter ends and the first article begins."""
    if heads and heads.items[0][0] == 1:
        return heads.items[0][1].start
    return front.front_end(page, heads.items[0][1].start if heads else limit, compiled=compiled)


def _head_spans(heads: Run | None) -> Iterator[tuple[int, int]]:
    for value, heading in heads.items if heads else ():
        yield heading.start, heading.values[value]


def _headings(page: Page, titles: list[str], found: list[Number], promised: int) -> list[Heading]:
    """All candidates for headings, but for those in a teaser, which are copies."""
    candidates = list(heading_lines.headings(page, titles, promised > 0))
    if promised:
        candidates += _numbered_titles(page, found)
    if not candidates:
        return []
    teasers = front.teasers(page)
    return [heading for heading in candidates if not any(heading.start in teaser for teaser in teasers)]


def _accepted_run(
    page: Page, candidates: list[Heading], found: list[Number], promised: int, *, lone: bool
) -> Run | None:
    """The run of headings that divides the page, if there is one; ``lone``: a single 篇1 will do."""
    best: Run | None = None
    for run in runs(candidates):
        if not _is_believed(page, run, found, promised, lone=lone):
            continue
        if best is None or _rank(run, promised) > _rank(best, promised):
            best = run
    return best


def _numbered_titles(page: Page, found: list[Number]) -> Iterator[Heading]:
    """``3.某某工作总结``: numbered lines that would be titles without their number."""
    for number in found:
        end = page.line_end(number.line)
        if (
            end - number.line <= LONGEST_TITLE
            and cues.title_strength(page.view[number.end : end].strip()) >= 2
        ):
            label = f"numbered {number.rank}"
            yield Heading(number.line, label, {number.value: end}, on_line=True, bare=True)


def _is_believed(page: Page, run: Run, found: list[Number], promised: int, *, lone: bool) -> bool:
    count = len(run.items)
    if is_contents(page, run):
        return False
    if run.label.startswith("numbered ") and run.label != "numbered title":
        return count == promised
    if count == 1:
        value, heading = run.items[0]
        return lone and value == 1 and heading.on_line and _is_lone_heading(run.label)
    inside = sum(not heading.on_line for _, heading in run.items)
    has_gap = run.last - run.items[0][0] >= count
    if count < 3 and count != promised and (inside or (has_gap and not promised)):
        return False  # two of them may be chance
    return not runs_on(run, found)


def _is_lone_heading(label: str) -> bool:
    """Labels that are believed once, under a promise: the other headings of the page were lost."""
    return label in ("篇", "范文", "例文", "范本") or "title" in label


def _rank(run: Run, promised: int) -> tuple[bool, int, bool, int]:
    return (len(run.items) == promised, len(run.items), run.label in ("篇", "范文"), -run.items[0][1].start)


def _others(
    page: Page, titles: list[str], found: list[Number], heads: Run | None, first: int, promised: int
) -> list[Candidate]:
    """The boundaries that no heading of the run marks."""
    known = heads.starts if heads else []
    quotas = _quotas(heads, promised)
    if heads and all(quota == 0 for quota in quotas):
        return []
    opener = Opener(page, found, titles)
    rare = indented(page, opener, first, promised)
    below = [number for number in found if number.line >= first]
    certain = sorted({*known, *rare})
    least = 0.0 if promised or heads else STRONG_RESTART
    candidates = [at_restart(opener, r) for r in restarts(below, certain) if r.strength >= least]
    if not promised and not heads and not rare and not _may_be_compiled(page, candidates):
        return []
    candidates += [Candidate(start, {"indent": 3.0}) for start in rare]
    places = _all_places(opener, candidates, first, known)
    chosen: list[Candidate] = []
    edges = [0, *(start for start in known if start > first), len(page)]
    quotas = quotas[-(len(edges) - 1) :]  # a first heading 篇2 right at the top has nothing above it
    for (low, high), quota in zip(pairwise(edges), quotas, strict=True):
        chosen += _chosen(
            [place for place in places if low <= place.start < high], quota, last=high == len(page)
        )
    return sorted(chosen, key=lambda candidate: candidate.start)


def _all_places(
    opener: Opener, candidates: list[Candidate], first: int, known: Sequence[int]
) -> list[Candidate]:
    """The candidates with those that sound like an opening, one a place."""
    candidates = [*candidates, *by_sound(opener, first)]
    return [place for place in merged(opener.page, candidates, [first, *known]) if place.start > first]


def stays_whole(page: Page) -> bool:
    """Whether a page on which nothing but restarts of numbering may speak for articles is one section.

    It has no promise, headings, rare indents or front matter; then this is what :func:`split` finds.
    """
    found = list(numbers(page))
    opener = Opener(page, found, front.title_lines(page))
    candidates = [at_restart(opener, r) for r in restarts(found) if r.strength >= STRONG_RESTART]
    return not _unpromised(_all_places(opener, candidates, 1, ()))


def _may_be_compiled(page: Page, candidates: Sequence[Candidate]) -> bool:
    """Whether it is worth reading every line of a page without promise, headings and indents."""
    if any(candidate.evidence["restart"] >= STRONG_RESTART for candidate in candidates):
        return True
    return page.view.count("\n尊敬的") + page.view.count("\n各位") + page.view.count("\ndear ") >= 2


def _quotas(heads: Run | None, promised: int) -> list[int | None]:
    """How many more articles lie between the headings and around them; None where nothing says."""
    if heads is None:
        return [promised - 1 if promised else None]
    values = [value for value, _ in heads.items]
    quotas: list[int | None] = []
    if values[0] > 1:
        quotas.append(values[0] - 2)
    quotas += [following - value - 1 for value, following in pairwise(values)]
    is_partial = values[0] > 1 or values[-1] > len(values)
    quotas.append(None if is_partial and not promised else max(promised - values[-1], 0))
    return quotas


def _chosen(places: list[Candidate], quota: int | None, *, last: bool) -> list[Candidate]:
    if quota is None:
        return _unpromised(places)
    if quota == 0:
        return []
    ranked = sorted(
        (place for place in places if place.is_anchored), key=lambda place: (-place.score, place.start)
    )
    strong_count = sum(place.score >= STRONG for place in ranked)
    count = max(quota, strong_count) if last else quota
    return [place for place in ranked[:count] if place.score >= FLOOR]


def _unpromised(places: list[Candidate]) -> list[Candidate]:
    """What is taken where nothing says how many: strong places, and indents when most of them are strong."""
    strong = [place for place in places if place.score >= TOGETHER]
    if len(strong) < 2 and not any(place.score >= ALONE for place in strong):
        return []
    set_off = [place for place in places if "indent" in place.evidence]
    backed = sum(place.score >= TOGETHER for place in set_off)
    if backed >= 2 and backed * 2 >= len(set_off):
        strong = [place for place in places if place.score >= TOGETHER or "indent" in place.evidence]
    return strong


def _first_boundary(page: Page, found: list[Number], first: int) -> _Boundary:
    """The first article where no heading opens it: whatever its first line says."""
    line = page.first_line(first)
    if line is None:
        return _Boundary(first, "start")
    evidence = Opener(page, found, ()).evidence(line, None)
    said = {name: strength for name, strength in evidence.items() if name != "blank"}
    return _Boundary(first, Candidate(first, said).cue)


def _title(page: Page, boundary: _Boundary) -> str:
    """The heading of a section as it stands in the text."""
    text = page.text
    start = boundary.start - 1
    if boundary.title_end:
        end = page.line_end(boundary.start) - 1
        if end - start > LONGEST_TITLE or text[end - 1 : end] in ("。", "!", "！"):
            end = boundary.title_end - 1
            if text[end : end + 1] in ("】", "）", ")", "]", "》", "〕"):
                end += 1
        return text[start:end].strip()
    line = page.first_line(boundary.start)
    if line is None:
        return ""
    start = line.start + line.indent - 1
    return title_of_line(line.text, text[start : start + len(line.text)])


def title_of_line(line: str, original: str) -> str:
    """The title that the first line of a section is or begins with; empty where it has none.

    Args:
        line: The line of the view, without the space around it.
        original: The same as it stands in the text.
    """
    if cues.title_strength(line, original):
        return original
    head = line.split(" ", 1)[0]
    return original[: len(head)] if len(head) < len(line) and cues.title_strength(head) >= 2 else ""
