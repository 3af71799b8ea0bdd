"""Looking once at each text, together with others, gives what looking again and again at each alone gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.document import Edit, Finding, Hit, OffsetMap, apply_edits, compose_edits
from reportclean.rules.base import Phase, Safety
from reportclean.rules.batch import Batch
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import MAX_ROUNDS, UNSETTLED, describe, run_batch
from reportclean.text.charclass import classes_of
from strategies import HOSTILE_PIECES, hostile, mixed, reports
from test_runner import MADE, finder, rule


def plainly(text, rules):
    """What the rules make of one text: each phase of each round looks at the whole text with every rule."""
    fixes = [one for one in rules if one.fix is Safety.SAFE and one.finder]
    others = [one for one in rules if one.fix is not Safety.SAFE and one.finder]
    witnesses = [one for one in others if one.fix is Safety.NONE and one.phase is not Phase.REPORT]
    if not any(list(hits(one, text)) for one in fixes):
        return (
            text,
            (),
            tuple(sorted(finding(one, hit, text, []) for one in others for hit in hits(one, text))),
        )
    now, edits, findings = text, [], []
    for number in range(MAX_ROUNDS):
        before, unfixed = now, []
        for phase in Phase:
            if number == 0:
                seeing = [one for one in witnesses if one.phase is phase]
                findings += [finding(one, hit, now, edits) for one in seeing for hit in hits(one, now)]
            found = [(one, hit) for one in fixes if one.phase is phase for hit in hits(one, now)]
            unfixed += [finding(one, hit, now, edits) for one, hit in found if hit.replacement is None]
            usable = sorted(
                ((one, hit) for one, hit in found if hit.replacement is not None),
                key=lambda pair: (pair[1].start, -pair[1].end, pair[0].code),
            )
            made, position = [], -1
            for one, hit in usable:
                if hit.start >= position:
                    findings.append(finding(one, hit, now, edits))
                    made.append(Edit(hit.start, hit.end, now[hit.start : hit.end], hit.replacement, one.code))
                    position = max(hit.end, hit.start + 1)
            edits, now = compose_edits(text, edits, now, made) if made else edits, apply_edits(now, made)
        if now == before:
            findings += unfixed
            break
    else:
        message = f"the text still changes after {MAX_ROUNDS} rounds of fixes; it is left as it was"
        now, edits, findings = text, [], [Finding(0, len(text), UNSETTLED, message)]
    last = [one for one in others if one not in witnesses]
    findings += [finding(one, hit, now, edits) for one in last for hit in hits(one, now)]
    return now, tuple(edits), tuple(sorted(findings))


def hits(one, text):
    """What a rule finds, without its gate where that lets the text through."""
    if classes_of(text) & one.gate == one.gate:
        yield from (hit for hit in one.finder(text) if hit.kind in one.kinds and hit.start < len(text))


def finding(one, hit, text, edits):
    offsets = OffsetMap(edits)
    start = offsets.to_original(hit.start)
    end = max(start, offsets.to_original(hit.end))
    return Finding(start, end, one.code, describe(one, hit, text))


ANY = st.one_of(
    reports(), mixed(), hostile(), st.lists(st.sampled_from(HOSTILE_PIECES), max_size=4).map("".join)
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ANY, max_size=6))
def test_a_batch_is_cleaned_as_plainly_as_text_by_text(texts):
    assert run_batch(texts, all_rules()) == [plainly(text, all_rules()) for text in texts]


@settings(max_examples=300)
@given(st.lists(st.text("ab()x!甲", max_size=12), max_size=8))
def test_made_rules_run_as_plainly(texts):
    rules = [*MADE, rule("AAA006", finder("[(]"), Phase.ARTEFACTS, Safety.NONE)]
    assert run_batch(texts, rules) == [plainly(text, rules) for text in texts]


def test_a_finder_is_shown_each_text_once_until_it_changes():
    seen = []
    one = rule("AAA001", finder("x", seen=seen))
    batch = Batch(["x", "甲x", "", "乙"])
    assert [number for number, _ in batch.hits([one], batch.numbers)] == [0, 1]
    assert [number for number, _ in batch.hits([one], batch.numbers)] == [0, 1]
    assert seen == ["x\n\x00\n甲x\n\x00\n\n\x00\n乙"]
    batch.change({1: "丙", 3: "xx"})
    assert list(batch.hits([one], np.array([1, 3]))) == [
        (3, [(one, Hit(0, 1, "k")), (one, Hit(1, 2, "k"))]),
    ]
    assert seen[1:] == ["丙\n\x00\nxx"]
    assert [number for number, _ in batch.hits([one], batch.numbers)] == [0, 3]
    assert len(seen) == 2


def test_hits_in_any_order_are_put_with_their_texts():
    def find(text):
        found = [Hit(place, place + 1, "k") for place, char in enumerate(text) if char == "x"]
        yield from reversed(found)

    one = rule("AAA001", find)
    batch = Batch(["xax", "x"])
    assert [
        (number, [hit.start for _, hit in of_one]) for number, of_one in batch.hits([one], batch.numbers)
    ] == [(0, [2, 0]), (1, [0])]


def test_texts_are_joined_anew_where_the_others_are_many():
    seen = []
    one = rule("AAA001", finder("x", seen=seen))
    batch = Batch(["甲" * 100, "乙" * 100, "丙" * 100])
    batch.gather(np.array([1]))
    assert list(batch.hits([one], np.array([1]))) == []
    assert seen == ["乙" * 100]
