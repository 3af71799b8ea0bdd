"""Run rules over a text: phase by phase, round by round, until nothing changes.

Fixes of one phase are applied before the next phase looks, so a page number is gone before the lines
around it are joined. All rounds are composed into one list of edits on the original. A text that does not
settle within ``MAX_ROUNDS`` (hostile nesting can make each round uncover the next) is left as it was and
said to be unsettled; so cleaning stays linear, and cleaning twice is cleaning once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from reportclean.document import Edit, Finding, Hit, OffsetMap, apply_edits, compose_edits
from reportclean.rules.base import Finder, Phase, Rule, Safety
from reportclean.text.charclass import classes_of_each
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import Scanned

MAX_ROUNDS = 32
_SHOWN = 60  # characters of the text in a finding's words
UNSETTLED = "STR003"
_LONG = 5000  # code points from which one pass over all of them costs less than the passes it saves
_FEW = 4  # a finder that one text in so many needs looks at those alone


class Outcome(NamedTuple):
    """What the rules made of a text: positions are in the original."""

    text: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]


def run(text: str, rules: Sequence[Rule], fixes: Collection[str] | None = None) -> Outcome:
    """Apply fixes of the rules and collect all findings.

    Args:
        text: The decoded text of a document.
        rules: The selected rules, in order of code; rules without a finder are passed over.
        fixes: Codes of the rules whose fixes are applied; those whose fix is safe by default.
    """
    return run_batch([text], rules, fixes)[0]


def run_batch(
    texts: Sequence[str], rules: Sequence[Rule], fixes: Collection[str] | None = None
) -> list[Outcome]:
    """The same for many texts: each finder looks once at all of those that its gates let through, joined.

    Texts in which no fixing rule finds anything, which are most, are done with after one look. Equal to
    :func:`run` on each, because no finder looks past a NUL.
    """
    if fixes is None:
        fixes = {rule.code for rule in rules if rule.fix is Safety.SAFE}
    found = [rule for rule in rules if rule.finder is not None]
    fixing = [rule for rule in found if rule.code in fixes]
    reporting = [rule for rule in found if rule.code not in fixes]
    batch = _Batch(texts)
    states = {number: _State(texts[number]) for number in sorted(batch.touched(fixing))}
    said: dict[int, list[Finding]] = defaultdict(list)
    settled = [number for number in range(len(texts)) if number not in states]
    if len(states) * _FEW > len(texts):
        batch = _Batch([texts[number] for number in settled])
    else:
        settled = list(range(len(texts)))
    for place, rule, hit in batch.hits(reporting):
        number = settled[place]
        said[number].append(Finding(hit.start, hit.end, rule.code, describe(rule, hit, texts[number])))
    if states:
        witnesses = [rule for rule in reporting if rule.fix is Safety.NONE and rule.phase is not Phase.REPORT]
        _settle([*states.values()], fixing, witnesses)
        _report([*states.values()], [rule for rule in reporting if rule not in witnesses])
    return [
        states[number].outcome() if number in states else Outcome(text, (), tuple(sorted(said[number])))
        for number, text in enumerate(texts)
    ]


class _State:
    """A text on its way through the rounds.

    Attributes:
        original: As it came in.
        text: As it is now.
        edits: What leads from the one to the other.
        findings: What was fixed, and at the end what was not.
        unfixed: What this round's rules found and could not fix.
    """

    def __init__(self, text: str) -> None:
        self.original = self.text = text
        self.edits: list[Edit] = []
        self.findings: list[Finding] = []
        self.unfixed: list[Finding] = []

    def apply(self, hits: list[tuple[Rule, Hit]]) -> bool:
        """Fix what the rules of one phase found; whether the text is another now."""
        offsets = OffsetMap(self.edits)
        chosen = _disjoint(hits)
        self.unfixed += [
            _finding(rule, hit, self.text, offsets) for rule, hit in hits if hit.replacement is None
        ]
        if not chosen:
            return False
        self.findings += [_finding(rule, hit, self.text, offsets) for rule, hit in chosen]
        edits = [
            Edit(hit.start, hit.end, self.text[hit.start : hit.end], hit.replacement or "", rule.code)
            for rule, hit in chosen
        ]
        before = self.text
        self.text = apply_edits(before, edits)
        self.edits = compose_edits(self.original, self.edits, before, edits)
        return self.text != before

    def witness(self, rule: Rule, hit: Hit) -> None:
        """Note what stands here now and may not later."""
        self.findings.append(_finding(rule, hit, self.text, OffsetMap(self.edits)))

    def outcome(self) -> Outcome:
        """What is known at the end."""
        return Outcome(self.text, tuple(self.edits), tuple(sorted(self.findings)))


def _settle(states: list[_State], rules: Sequence[Rule], witnesses: Sequence[Rule]) -> None:
    """Apply fixes phase by phase, round by round; a text that a round leaves as it was is done with.

    The witnesses say once what they see before their phase repairs what stands beside it.
    """
    by_phase, seen_by = _by_phase(rules), _by_phase(witnesses)
    for _ in range(MAX_ROUNDS):
        before = [state.text for state in states]
        batch = _Batch(before)
        for state in states:
            state.unfixed = []
        for phase in sorted({*by_phase, *seen_by}):
            hits: dict[int, list[tuple[Rule, Hit]]] = defaultdict(list)
            seeing = seen_by.pop(phase, [])
            for number, rule, hit in batch.hits([*by_phase[phase], *seeing]):
                if rule in seeing:
                    states[number].witness(rule, hit)
                else:
                    hits[number].append((rule, hit))
            changed = [states[number].apply(of_one) for number, of_one in hits.items()]
            if any(changed):
                batch = _Batch([state.text for state in states])
        for state, text in zip(states, before, strict=True):
            if state.text == text:
                state.findings += state.unfixed
        states = [state for state, text in zip(states, before, strict=True) if state.text != text]
        if not states:
            return
    for state in states:
        message = f"the text still changes after {MAX_ROUNDS} rounds of fixes; it is left as it was"
        state.text, state.edits = state.original, []
        state.findings = [Finding(0, len(state.original), UNSETTLED, message)]


def _by_phase(rules: Iterable[Rule]) -> dict[Phase, list[Rule]]:
    by_phase: dict[Phase, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_phase[rule.phase].append(rule)
    return by_phase


def _report(states: list[_State], rules: Sequence[Rule]) -> None:
    """What the rules find that fix nothing, on the settled texts."""
    offsets = [OffsetMap(state.edits) for state in states]
    for number, rule, hit in _Batch([state.text for state in states]).hits(rules):
        state = states[number]
        state.findings.append(_finding(rule, hit, state.text, offsets[number]))


class _Batch:
    """Texts that finders look at together."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._flags = classes_of_each(texts)
        self._all = _joined(texts, range(len(texts)))

    def hits(self, rules: Iterable[Rule]) -> Iterator[tuple[int, Rule, Hit]]:
        """Hits with the number of their text, positions in that text."""
        for finder, group, joined in self._looks(rules):
            for place, hit in joined.hits(finder):
                number = joined.numbers[place]
                start = joined.starts[place]
                moved = replace(hit, start=hit.start - start, end=hit.end - start) if start else hit
                for rule in group:
                    if self._concerns(rule, number, hit):
                        yield number, rule, moved

    def touched(self, rules: Iterable[Rule]) -> set[int]:
        """The texts in which a rule finds anything."""
        found: set[int] = set()
        for finder, group, joined in self._looks(rules):
            for place, hit in joined.hits(finder):
                number = joined.numbers[place]
                if number not in found and any(self._concerns(rule, number, hit) for rule in group):
                    found.add(number)
        return found

    def _looks(self, rules: Iterable[Rule]) -> Iterator[tuple[Finder, list[Rule], _Joined]]:
        """Each finder with its rules and the texts that one of their gates lets through."""
        for finder, group in _by_finder(rules).items():
            passing = np.zeros(len(self._texts), dtype=bool)
            for gate in {int(rule.gate) for rule in group}:
                passing |= self._flags & np.uint32(gate) == gate
            count = np.count_nonzero(passing)
            if count:
                few = count * _FEW < len(self._texts)
                joined = _joined(self._texts, np.flatnonzero(passing).tolist()) if few else self._all
                yield finder, group, joined

    def _concerns(self, rule: Rule, number: int, hit: Hit) -> bool:
        """Whether a hit is the rule's, in a text that its gate lets through."""
        gate = int(rule.gate)
        return hit.kind in rule.kinds and int(self._flags[number]) & gate == gate


class _Joined(NamedTuple):
    """Some texts as one.

    Attributes:
        text: The texts with a separator between two.
        numbers: Which they are.
        starts: Where each starts.
        ends: Where each ends.
    """

    text: str
    numbers: Sequence[int]
    starts: list[int]
    ends: list[int]

    def hits(self, finder: Finder) -> Iterator[tuple[int, Hit]]:
        """Hits as they stand in the joined text, with the place of their text among these."""
        for hit in finder(self.text):
            place = bisect_right(self.starts, hit.start) - 1
            if hit.start < self.ends[place]:  # else it is the separator itself
                yield place, hit


def _joined(texts: Sequence[str], numbers: Sequence[int]) -> _Joined:
    lengths = [len(texts[number]) for number in numbers]
    text = SEPARATOR.join([texts[number] for number in numbers])
    starts = list(accumulate((length + len(SEPARATOR) for length in lengths), initial=0))[: len(lengths)]
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    return _Joined(Scanned(text) if len(text) >= _LONG else text, numbers, starts, ends)


def _by_finder(rules: Iterable[Rule]) -> dict[Finder, list[Rule]]:
    """Rules by finder: one that several rules share runs once."""
    found: dict[Finder, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.finder is not None:
            found[rule.finder].append(rule)
    return found


def _disjoint(hits: list[tuple[Rule, Hit]]) -> list[tuple[Rule, Hit]]:
    """Hits that know a replacement, without overlaps: the earlier, then the longer, then the lower code."""
    kept: list[tuple[Rule, Hit]] = []
    position = -1
    usable = [(rule, hit) for rule, hit in hits if hit.replacement is not None]
    for rule, hit in sorted(usable, key=lambda pair: (pair[1].start, -pair[1].end, pair[0].code)):
        if hit.start >= position:
            kept.append((rule, hit))
            position = max(hit.end, hit.start + 1)
    return kept


def _finding(rule: Rule, hit: Hit, text: str, offsets: OffsetMap) -> Finding:
    start = offsets.to_original(hit.start)
    end = max(start, offsets.to_original(hit.end))
    return Finding(start, end, rule.code, describe(rule, hit, text))


def describe(rule: Rule, hit: Hit, text: str) -> str:
    """The words of a finding, the text in them cut to a line's length."""
    found = text[hit.start : hit.end]
    if len(found) > _SHOWN:
        found = found[: _SHOWN - 1] + "…"
    return rule.message.format(text=found, kind=hit.kind, stem=hit.stem, replacement=hit.replacement)
