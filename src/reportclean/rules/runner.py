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
from reportclean.text.charclass import classes_of, classes_of_each
from reportclean.text.joining import SEPARATOR

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
    if fixes is None:
        fixes = {rule.code for rule in rules if rule.fix is Safety.SAFE}
    found = [rule for rule in rules if rule.finder is not None]
    fixing = [rule for rule in found if rule.code in fixes]
    reporting = [rule for rule in found if rule.code not in fixes]
    witnesses = [rule for rule in reporting if rule.fix is Safety.NONE and rule.phase is not Phase.REPORT]
    reporting = [rule for rule in reporting if rule not in witnesses]
    clean, edits, findings = _fixed(text, fixing, witnesses)
    offsets = OffsetMap(edits)
    findings += [
        _finding(rule, hit, clean, offsets) for rule, hit in _hits(clean, reporting)
    ]  # on the settled text
    return Outcome(clean, tuple(edits), tuple(sorted(findings)))


def run_batch(
    texts: Sequence[str], rules: Sequence[Rule], fixes: Collection[str] | None = None
) -> list[Outcome]:
    """The same for many texts: each finder looks once at all of those that its gates let through, joined.

    Texts in which no fixing rule finds anything, which are nearly all, are done with that; the others
    are run one by one. Equal to :func:`run` on each, because no finder looks past a NUL.
    """
    if fixes is None:
        fixes = {rule.code for rule in rules if rule.fix is Safety.SAFE}
    to_fix: set[int] = set()
    findings: dict[int, list[Finding]] = defaultdict(list)
    for number, rule, hit in _hits_of_batch(texts, rules):
        if rule.code in fixes:
            to_fix.add(number)
        elif number not in to_fix:
            said = describe(rule, hit, texts[number])
            findings[number].append(Finding(hit.start, hit.end, rule.code, said))
    return [
        run(text, rules, fixes) if number in to_fix else Outcome(text, (), tuple(sorted(findings[number])))
        for number, text in enumerate(texts)
    ]


def _hits_of_batch(texts: Sequence[str], rules: Sequence[Rule]) -> Iterator[tuple[int, Rule, Hit]]:
    """Hits with the number of their text, positions in that text."""
    flags = classes_of_each(texts)
    for finder, group in _by_finder(rules).items():
        passing = np.zeros(len(texts), dtype=bool)
        for gate in {int(rule.gate) for rule in group}:
            passing |= flags & np.uint32(gate) == gate
        numbers = np.flatnonzero(passing).tolist()
        if not numbers:
            continue
        joined = SEPARATOR.join([texts[number] for number in numbers])
        starts = list(accumulate((len(texts[number]) + len(SEPARATOR) for number in numbers), initial=0))
        for hit in finder(joined):
            place = bisect_right(starts, hit.start) - 1
            number, start = numbers[place], starts[place]
            if hit.start < start + len(texts[number]):  # else it is the separator itself
                moved = replace(hit, start=hit.start - start, end=hit.end - start)
                yield from ((number, rule, moved) for rule in group if hit.kind in rule.kinds)


def _by_finder(rules: Iterable[Rule]) -> dict[Finder, list[Rule]]:
    """Rules by finder: one that several rules share runs once."""
    found: dict[Finder, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.finder is not None:
            found[rule.finder].append(rule)
    return found


def _fixed(
    original: str, rules: Sequence[Rule], witnesses: Sequence[Rule]
) -> tuple[str, list[Edit], list[Finding]]:
    """Fix a text; the witnesses say once what they see before their phase repairs what stands beside it."""
    by_phase: dict[Phase, list[Rule]] = defaultdict(list)
    seen_by: dict[Phase, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_phase[rule.phase].append(rule)
    for rule in witnesses:
        seen_by[rule.phase].append(rule)
    text = original
    edits: list[Edit] = []
    findings: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        before = text
        unrepaired: list[Finding] = []
        for phase in sorted({*by_phase, *seen_by}):
            hits = _hits(text, by_phase[phase])
            offsets = OffsetMap(edits)
            findings += [
                _finding(rule, hit, text, offsets) for rule, hit in _hits(text, seen_by.pop(phase, ()))
            ]
            unrepaired += [
                _finding(rule, hit, text, offsets) for rule, hit in hits if hit.replacement is None
            ]
            chosen = _disjoint(hits)
            if not chosen:
                continue
            findings += [_finding(rule, hit, text, offsets) for rule, hit in chosen]
            round_edits = [
                Edit(hit.start, hit.end, text[hit.start : hit.end], hit.replacement or "", rule.code)
                for rule, hit in chosen
            ]
            changed = apply_edits(text, round_edits)
            edits = compose_edits(original, edits, text, round_edits)
            text = changed
        if text == before:
            return text, edits, findings + unrepaired
    message = f"the text still changes after {MAX_ROUNDS} rounds of fixes; it is left as it was"
    return original, [], [Finding(0, len(original), UNSETTLED, message)]


def _hits(text: str, rules: Sequence[Rule]) -> list[tuple[Rule, Hit]]:
    """Hits of the rules whose gates the text passes."""
    if not rules:
        return []
    classes = classes_of(text)
    passing = _by_finder(rule for rule in rules if rule.gate in classes)
    return [
        (rule, hit)
        for finder, group in passing.items()
        for hit in finder(text)
        for rule in group
        if hit.kind in rule.kinds
    ]


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
