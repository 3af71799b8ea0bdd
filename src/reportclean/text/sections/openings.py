"""Where articles may begin: candidates, each with the cues that speak for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from reportclean.text.sections import cues
from reportclean.text.sections.numbering import DIGIT, Number, Restart
from reportclean.text.sections.page import Line, Page

RARE_INDENT_RATIO = 0.34  # lines that may be indented before indenting says nothing
RARE_BLANK_RATIO = 0.2
WIDEST_INDENT = 8  # what is pushed further right is a signature
SIGNATURE_LINES = 5
OPENING_BLOCK = 50  # characters of title, greeting and the like that come before the first sentence


@dataclass(slots=True)
class Candidate:
    """A line that may open an article.

    Attributes:
        start: Where the line starts, in the view.
        evidence: How much each cue says for it.
    """

    start: int
    evidence: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """All cues together."""
        return sum(self.evidence.values())

    @property
    def is_anchored(self) -> bool:
        """Whether a cue speaks for it that body text seldom has."""
        has = self.evidence.get
        return (
            "indent" in self.evidence
            or has("restart", 0) >= 1.5
            or has("salutation", 0) >= 2.5
            or has("title", 0) >= 2
            or has("closing", 0) >= 1.5
            or ("restart" in self.evidence and has("opening", 0) >= 1.5)
        )

    @property
    def cue(self) -> str:
        """The names of the cues, strongest first; what speaks against it is left out."""
        speaking = [(-strength, name) for name, strength in self.evidence.items() if strength > 0]
        return "+".join(name for _, name in sorted(speaking)) or "start"

    def add(self, evidence: dict[str, float]) -> None:
        """Take in what another look at the line found."""
        for name, strength in evidence.items():
            self.evidence[name] = max(strength, self.evidence.get(name, strength))


def is_bare_heading(text: str) -> bool:
    """Whether a numbered line is a heading alone, so that the next paragraph is its own."""
    return len(text) <= 42 and text[-1] not in "。;!?…" and "。" not in text


@dataclass(slots=True)
class Opener:
    """Reads single lines in the light of their page.

    Args:
        page: The page.
        found: Its numbered lines, in order.
        titles: What it calls itself.
    """

    page: Page
    found: Sequence[Number]
    titles: Sequence[str]
    _number_lines: list[int] = field(init=False)
    _numbered: frozenset[int] = field(init=False)
    _blank_is_rare: bool = field(init=False)
    _evidence: dict[tuple[int, int, int], dict[str, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._number_lines = [number.line for number in self.found]
        self._numbered = frozenset(self._number_lines)
        line_ends = self.page.view.count("\n")
        self._blank_is_rare = len(_blank_line().findall(self.page.view)) <= RARE_BLANK_RATIO * line_ends

    def number_at(self, line: int) -> Number | None:
        """The number of the line that starts there."""
        if line not in self._numbered:
            return None
        return self.found[bisect_right(self._number_lines, line) - 1]

    def evidence(self, line: Line, before: Line | None) -> dict[str, float]:
        """What a line says for itself, and the line above for it; remembered, so not to be changed."""
        looked_at = (line.start, line.blank_before, before.start if before else 0)
        found = self._evidence.get(looked_at)
        if found is None:
            found = self._evidence[looked_at] = self._read(line, before)
        return found

    def _read(self, line: Line, before: Line | None) -> dict[str, float]:
        text = line.text
        found: dict[str, float] = {}
        if line.start not in self._numbered:
            if strength := self._title_strength(line):
                found["title"] = strength
            if strength := cues.opening_strength(text):
                found["opening"] = min(strength, 2.25)
        if strength := cues.salutation_strength(text):
            found["salutation"] = strength
        if strength := self._closing_above(before):
            found["closing"] = strength
        if line.blank_before and self._blank_is_rare:
            found["blank"] = 1.0
        return found

    def _title_strength(self, line: Line) -> float:
        """Titles of one compilation end alike: 先进事迹 in one titled 先进事迹材料三篇."""
        text = line.text
        original = self.original(line) if text.isascii() else ""  # asked for its capitals
        strength = cues.title_strength(text, original) or cues.stuck_title_strength(text)
        if strength >= 2 and any(text[-2:] in title for title in self.titles):
            strength += 1
        return strength

    def _closing_above(self, before: Line | None) -> float:
        """How much the lines above a line close an article, over the names and dates of a signature."""
        strength = 0.0
        for _ in range(SIGNATURE_LINES):
            if before is None:
                break
            closing, signs = cues.closing(before.text)
            strength = max(strength, closing)
            if not signs:
                break
            before = self.page.filled_line_before(before.start)
        return strength

    def original(self, line: Line) -> str:
        """The line as it stands in the text."""
        start = line.start + line.indent - 1
        return self.page.text[start : start + len(line.text)]

    def may_open(self, line: Line, before: Line | None, said: dict[str, float]) -> bool:
        """Whether an article can begin with a line at all.

        Args:
            line: The line.
            before: The line with anything on it above.
            said: Its evidence.
        """
        text = line.text
        if cues.is_signature(text) or cues.is_page_number(text) or cues.is_piece_of_structure(text):
            return False
        if before is None:
            return True
        certain = said.get("salutation", 0) >= 2.5 or said.get("opening", 0) >= 2.25
        if cues.is_unfinished(before.text) and not (line.blank_before or line.indent or certain):
            return False
        return self.number_at(before.start) is None or not is_bare_heading(before.text)


@cache
def _blank_line() -> re.Pattern[str]:
    return re.compile(r"\n[ \t\xa0]*+(?=\n)")


@cache
def _indented_line() -> re.Pattern[str]:
    return re.compile(r"\n[ \t\xa0]++(?=\S)")


def indented(page: Page, opener: Opener, first: int, promised: int) -> list[int]:
    """Lines after ``first`` that are indented where their neighbours are not."""
    lines = page.view.count("\n")
    starts = [match.start() + 1 for match in _indented_line().finditer(page.view)]
    limit = RARE_INDENT_RATIO * lines if promised else RARE_INDENT_RATIO * lines / 2
    if not starts or len(starts) > limit:
        return []
    all_starts = set(starts)
    rare = []
    for start in starts:
        if start <= first:
            continue
        line = page.line_at(start)
        if line.indent > WIDEST_INDENT or cues.is_signature(line.text) or cues.is_page_number(line.text):
            continue
        number = opener.number_at(start)
        if number and (number.value != 1 or number.rank > DIGIT):
            continue
        if len(line.text) < 3 or line.text[0] in "-*•·+|○●◆■□>…_=~":
            continue
        before, after = page.filled_line_before(start), page.first_line(page.line_end(start) + 1)
        if (before and before.start in all_starts) or (after and after.start in all_starts):
            continue
        rare.append(start)
    return rare


def at_restart(opener: Opener, restart: Restart) -> Candidate:
    """The opening line that belongs to a restart: the best line after the old article's last number.

    The preamble of an article stands above its 一、. Which of the lines in between is its first is a
    matter of how they sound; where none sounds like anything it is the last that can be.
    """
    if restart.boundary is not None:
        return Candidate(restart.boundary, {"restart": restart.strength})
    page = opener.page
    before = page.line_at(restart.previous_line)
    lines = list(page.lines(page.line_end(before.start) + 1, restart.number.line + 1))
    best = len(lines) - 1
    best_score = 0.0
    appendix = False
    open_to: list[bool] = []
    evidence: list[dict[str, float]] = []
    last_open = -1
    for index, line in enumerate(lines):
        numbered = index == len(lines) - 1
        appendix |= cues.is_piece_of_structure(line.text)
        evidence.append(opener.evidence(line, before))
        open_to.append(numbered or opener.may_open(line, before, evidence[-1]))
        if open_to[-1] and not numbered and not _sounds_last(line.text, evidence[-1]):
            last_open = index
        if not cues.is_page_number(line.text):
            before = line
    for index in range(len(lines)):
        if open_to[index] and not _sounds_last(lines[index].text, evidence[index]):
            score = _placing_score(evidence[index]) + (0.75 if index == last_open else 0.0)
            if score >= best_score and score:
                best, best_score = index, score
    best = _first_of_block(lines, open_to, evidence, best)
    found = {"restart": restart.strength, **evidence[best]}
    if appendix:
        found["appendix"] = -2.5
    return Candidate(lines[best].start, found)


def _sounds_last(text: str, evidence: dict[str, float]) -> bool:
    """Whether a line closes an article, and nothing in it leads to another."""
    leads = (
        evidence.get("salutation", 0) >= 2.5 or evidence.get("title", 0) or evidence.get("opening", 0) >= 2
    )
    return not leads and cues.closing_strength(text) > 0


def _placing_score(evidence: dict[str, float]) -> float:
    weights = {"title": 1.25, "salutation": 1.2, "opening": 0.66, "closing": 1.0, "blank": 0.75}
    score = sum(weights[name] * strength for name, strength in evidence.items())
    return score + (0.5 if evidence.get("opening", 0) >= 1.5 else 0.0)


def _first_of_block(
    lines: list[Line], open_to: list[bool], evidence: list[dict[str, float]], best: int
) -> int:
    """Go up over the title and greeting right above a chosen line."""
    while best > 0 and open_to[best - 1]:
        above, said = lines[best - 1], evidence[best - 1]
        short = len(above.text) <= 30 and above.text[-1] not in "。;!?…,:"
        greeted = evidence[best].get("salutation", 0) >= 2.5 or evidence[best].get("opening", 0) >= 1.5
        opened_above = said.get("opening", 0) >= 1.5 and "opening" in evidence[best]
        if not (said.get("title") or said.get("salutation", 0) >= 2.5 or (short and greeted) or opened_above):
            break
        best -= 1
    return best


def by_sound(opener: Opener, first: int) -> Iterator[Candidate]:
    """Lines below ``first`` that sound like an opening, whatever their numbers and indents say."""
    before: Line | None = None
    for line in opener.page.lines(first):
        if line.start > first:
            evidence = opener.evidence(line, before)
            if sum(evidence.values()) >= 2 and opener.may_open(line, before, evidence):
                yield Candidate(line.start, evidence)
        if not cues.is_page_number(line.text):
            before = line


def merged(page: Page, candidates: Iterable[Candidate], heads: Iterable[int]) -> list[Candidate]:
    """One candidate a place, in order: title, greeting and first sentence of one article are one place.

    Args:
        page: The page.
        candidates: In any order; several may stand at one place.
        heads: Where sections begin for certain; what follows closely belongs to them.
    """
    by_start: dict[int, Candidate] = {}
    for candidate in candidates:
        by_start.setdefault(candidate.start, Candidate(candidate.start)).add(candidate.evidence)
    certain = sorted(heads)
    places: list[Candidate] = []
    for start in sorted(by_start):
        candidate = by_start[start]
        place = bisect_right(certain, start) - 1
        if place >= 0 and _is_close(page, certain[place], start):
            continue
        if places and _is_close(page, places[-1].start, start):
            places[-1].add(candidate.evidence)
        else:
            places.append(candidate)
    return places


def _is_close(page: Page, start: int, following: int) -> bool:
    # Far lines are never close: no need to look at what lies between.
    if following - start > 4 * OPENING_BLOCK:
        return False
    return len(re.sub(r"\s+", "", page.view[start:following])) <= OPENING_BLOCK
