"""Run rules over a text: phase by phase, round by round, until nothing changes.

Fixes of one phase are applied before the next phase looks, so a page number is gone before the lines
around it are joined. All rounds are composed into one list of edits on the original. A text that does not
settle within ``MAX_ROUNDS`` (hostile nesting can make each round uncover the next) is left as it was and
said to be unsettled; so cleaning stays linear, and cleaning twice is cleaning once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from reportclean.document import Edit, Finding, Hit, OffsetMap, apply_edits, compose_edits
from reportclean.rules.base import Phase, Rule, Safety
from reportclean.rules.batch import Batch

MAX_ROUNDS = 32
_SHOWN = 60  # characters of the text in a finding's words
UNSETTLED = "STR003"


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
    batch = Batch(texts)
    touched = _touched(batch, fixing)
    states = {number: _State(texts[number]) for number in touched}
    said: dict[int, list[Finding]] = defaultdict(list)
    settled = np.delete(batch.numbers, touched)
    batch.gather(settled)
    for number, hits in batch.hits(reporting, settled):
        said[number] += [
            Finding(hit.start, hit.end, rule.code, describe(rule, hit, texts[number])) for rule, hit in hits
        ]
    if states:
        witnesses = [rule for rule in reporting if rule.fix is Safety.NONE and rule.phase is not Phase.REPORT]
        _settle(batch, states, fixing, witnesses)
        _report(batch, states, [rule for rule in reporting if rule not in witnesses])
    return [
        states[number].outcome() if number in states else Outcome(text, (), _in_order(said.get(number, ())))
        for number, text in enumerate(texts)
    ]


def _touched(batch: Batch, fixing: Iterable[Rule]) -> list[int]:
    """The texts in which a fixing rule finds anything.

    A text in which an early phase finds something is not looked at further: what is broken from end to end
    is full of what later phases would find, until it is repaired.
    """
    left = batch.numbers
    for _, rules in sorted(_by_phase(fixing).items()):
        left = np.setdiff1d(left, [number for number, _ in batch.hits(rules, left)], assume_unique=True)
    return np.setdiff1d(batch.numbers, left, assume_unique=True).tolist()


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
        offsets = self.offsets()
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
        self.findings.append(_finding(rule, hit, self.text, self.offsets()))

    def offsets(self) -> OffsetMap | None:
        """The way back to the original; None where nothing was edited yet."""
        return OffsetMap(self.edits) if self.edits else None

    def outcome(self) -> Outcome:
        """What is known at the end."""
        return Outcome(self.text, tuple(self.edits), _in_order(self.findings))


def _settle(
    batch: Batch, states: Mapping[int, _State], rules: Sequence[Rule], witnesses: Sequence[Rule]
) -> None:
    """Apply fixes phase by phase, round by round; a text that a round leaves as it was is done with.

    The witnesses say once what they see before their phase repairs what stands beside it.
    """
    by_phase, seen_by = _by_phase(rules), _by_phase(witnesses)
    moving = dict(states)
    for _ in range(MAX_ROUNDS):
        before = {number: state.text for number, state in moving.items()}
        numbers = np.array([*moving])
        for state in moving.values():
            state.unfixed = []
        for phase in sorted({*by_phase, *seen_by}):
            hits: dict[int, list[tuple[Rule, Hit]]] = defaultdict(list)
            seeing = seen_by.pop(phase, [])
            for number, of_one in batch.hits([*by_phase[phase], *seeing], numbers):
                for rule, hit in of_one:
                    if rule in seeing:
                        moving[number].witness(rule, hit)
                    else:
                        hits[number].append((rule, hit))
            changed = [number for number, of_one in hits.items() if moving[number].apply(of_one)]
            if changed:
                batch.change({number: moving[number].text for number in changed})
        for number, state in moving.items():
            if state.text == before[number]:
                state.findings += state.unfixed
        moving = {number: state for number, state in moving.items() if state.text != before[number]}
        if not moving:
            return
    for state in moving.values():
        message = f"the text still changes after {MAX_ROUNDS} rounds of fixes; it is left as it was"
        state.text, state.edits = state.original, []
        state.findings = [Finding(0, len(state.original), UNSETTLED, message)]
    batch.change({number: state.text for number, state in moving.items()})


def _by_phase(rules: Iterable[Rule]) -> dict[Phase, list[Rule]]:
    by_phase: dict[Phase, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_phase[rule.phase].append(rule)
    return by_phase


def _report(batch: Batch, states: Mapping[int, _State], rules: Sequence[Rule]) -> None:
    """What the rules find that fix nothing, on the settled texts."""
    for number, hits in batch.hits(rules, np.array([*states])):
        state = states[number]
        offsets = state.offsets()
        state.findings += [_finding(rule, hit, state.text, offsets) for rule, hit in hits]


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


def _finding(rule: Rule, hit: Hit, text: str, offsets: OffsetMap | None) -> Finding:
    start, end = hit.start, hit.end
    if offsets is not None:
        start = offsets.to_original(start)
        end = max(start, offsets.to_original(end))
    return Finding(start, end, rule.code, describe(rule, hit, text))


def describe(rule: Rule, hit: Hit, text: str) -> str:
    """The words of a finding, the text in them cut to a line's length."""
    found = text[hit.start : hit.end]
    if len(found) > _SHOWN:
        found = found[: _SHOWN - 1] + "…"
    return rule.message.format(text=found, kind=hit.kind, stem=hit.stem, replacement=hit.replacement)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted, as findings compare; by a key, which takes a tenth of the time."""
    return tuple(sorted(findings, key=attrgetter("start", "end", "code", "message")))
