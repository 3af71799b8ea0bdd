import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.document import Edit, Finding, Hit, apply_edits
from reportclean.rules.base import Phase, Rule, Safety
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import MAX_ROUNDS, UNSETTLED, run, run_batch
from reportclean.text.charclass import CharClass
from strategies import HOSTILE_PIECES, hostile, mixed, reports, texts


def finder(pattern, replacement=None, kind="k", seen=None):
    """A finder of a pattern; what it was shown is put into `seen`."""

    def find(text):
        if seen is not None:
            seen.append(text)
        for match in re.finditer(pattern, text):
            yield Hit(match.start(), match.end(), kind, replacement=replacement)

    return find


def rule(code, find, phase=Phase.ARTEFACTS, fix=Safety.SAFE, **other):
    return Rule(
        code=code,
        name=code.lower(),
        summary="",
        message=other.pop("message", "{kind} {text} {replacement}"),
        phase=phase,
        finder=find,
        kinds=other.pop("kinds", frozenset({"k"})),
        doc="",
        fix=fix,
        **other,
    )


def test_no_rules_change_nothing():
    assert run("甲乙", []) == ("甲乙", (), ())


def test_phases_come_in_order_and_each_sees_what_the_last_left():
    seen = {phase: [] for phase in Phase}
    rules = [
        rule(f"AAA00{9 - phase}", finder(f"<{phase:d}>", f"<{phase + 1:d}>", seen=seen[phase]), phase)
        for phase in (Phase.JOINS, Phase.REPAIR, Phase.ARTEFACTS, Phase.CHARACTERS)
    ]
    outcome = run("a<1>b", rules)
    assert outcome.text == "a<5>b"
    # What an early phase is to fix is not shown to a later one before; what has not changed is not shown again.
    assert {phase: seen[phase] for phase in (1, 2, 3, 4)} == {
        1: ["a<1>b", "a<5>b"],
        2: ["a<2>b", "a<5>b"],
        3: ["a<3>b", "a<5>b"],
        4: ["a<4>b", "a<5>b"],
    }
    assert outcome.edits == (Edit(1, 4, "<1>", "<5>", "AAA008"),)  # the first rule's code
    assert [finding.code for finding in outcome.findings] == ["AAA005", "AAA006", "AAA007", "AAA008"]
    assert {(finding.start, finding.end) for finding in outcome.findings} <= {(1, 4), (1, 1)}


def test_rounds_go_on_until_nothing_changes():
    seen = []
    outcome = run("((((x))))", [rule("AAA001", finder(r"\(x\)", "x", seen=seen))])
    assert outcome.text == "x"
    assert seen == ["((((x))))", "(((x)))", "((x))", "(x)", "x"]
    assert outcome.edits == (Edit(0, 9, "((((x))))", "x", "AAA001"),)


@pytest.mark.parametrize("depth", range(MAX_ROUNDS - 2, MAX_ROUNDS + 3))
def test_a_text_that_does_not_settle_is_left_as_it_was(depth):
    text = "a" + "(" * depth + "x" + ")" * depth + "b"
    rules = [
        rule("AAA001", finder(r"\(x\)", "x")),
        rule("BBB001", finder("a"), Phase.REPORT, Safety.NONE, message="seen"),
    ]
    outcome = run(text, rules)
    if depth < MAX_ROUNDS:
        assert outcome.text == "axb"
        assert UNSETTLED not in {finding.code for finding in outcome.findings}
    else:
        assert (outcome.text, outcome.edits) == (text, ())
        message = f"the text still changes after {MAX_ROUNDS} rounds of fixes; it is left as it was"
        assert outcome.findings == (
            Finding(0, 1, "BBB001", "seen"),
            Finding(0, len(text), UNSETTLED, message),
        )
    assert run(outcome.text, rules).text == outcome.text


def test_a_text_that_goes_in_a_circle_is_unsettled():
    rules = [rule("AAA001", finder("a|b", "c")), rule("AAA002", finder("c", "b"), Phase.REPAIR)]
    outcome = run("a", rules)
    assert run(outcome.text, rules)[:2] == (outcome.text, ())


def test_the_unsettled_code_is_a_rule():
    assert MAX_ROUNDS == 32  # as the rule's documentation says
    assert "thirty-two rounds" in next(entry.doc for entry in all_rules() if entry.code == UNSETTLED)
    assert UNSETTLED in {entry.code for entry in all_rules()}


def test_of_overlapping_fixes_the_earlier_then_the_longer_then_the_lower_code_is_taken():
    rules = [
        rule("AAA003", finder("bc", "-")),
        rule("AAA002", finder("abc?", "+")),
        rule("AAA001", finder("ab", "*")),
        rule("AAA004", finder("d", "?")),
        rule("AAA000", finder("d", "!")),
    ]
    outcome = run("abcd", rules)
    assert outcome.text == "+!"
    assert outcome.edits == (Edit(0, 3, "abc", "+", "AAA002"), Edit(3, 4, "d", "!", "AAA000"))
    assert [finding.code for finding in outcome.findings] == ["AAA002", "AAA000"]


def test_two_insertions_at_one_place_are_one():
    rules = [rule("AAA001", finder("(?<=a)(?=b)", "-")), rule("AAA002", finder("(?<=a)(?=b)", "+"))]
    assert run("ab", rules).text == "a-b"


def test_hits_without_replacement_are_reported_from_the_settled_text():
    """Once each, however many rounds there were, and not where a fix took them away."""
    rules = [
        rule("AAA001", finder(r"\(x\)", "x")),
        rule("AAA002", finder("!|x", None), Phase.REPAIR, message="seen {text}"),
        rule("BBB001", finder(r"\)|!"), Phase.REPORT, Safety.NONE, message="left {text}"),
        rule("BBB002", finder("x", "y"), Phase.REPORT, Safety.UNSAFE, message="may be {replacement}"),
    ]
    outcome = run("!((x))!", rules)
    assert outcome.text == "!x!"
    assert [f for f in outcome.findings if f.code != "AAA001"] == [
        Finding(0, 1, "AAA002", "seen !"),
        Finding(0, 1, "BBB001", "left !"),
        Finding(1, 6, "AAA002", "seen x"),
        Finding(1, 6, "BBB002", "may be y"),
        Finding(6, 7, "AAA002", "seen !"),
        Finding(6, 7, "BBB001", "left !"),
    ]


def test_a_shared_finder_runs_once_and_each_rule_gets_its_kinds():
    calls = []

    def find(text):
        calls.append(text)
        for match in re.finditer("[abc]", text):
            yield Hit(match.start(), match.end(), match[0])

    rules = [
        rule(f"AAA00{number}", find, Phase.REPORT, Safety.NONE, kinds=frozenset(kinds), message="{kind}")
        for number, kinds in enumerate(["a", "bc", "z"])
    ]
    outcome = run("cab", rules)
    assert calls == ["cab"]
    assert [(f.start, f.code, f.message) for f in outcome.findings] == [
        (0, "AAA001", "c"),
        (1, "AAA000", "a"),
        (2, "AAA001", "b"),
    ]


def test_a_gate_keeps_a_finder_from_running():
    seen = []
    gated = rule("AAA001", finder("x", "y", seen=seen), gate=CharClass.HAN | CharClass.STAR)
    for text in ("x", "甲x", "*x"):
        assert run(text, [gated]).text == text
    assert seen == []
    assert run("甲*x", [gated]).text == "甲*y"


def test_gates_look_at_the_text_that_a_phase_left():
    rules = [
        rule("AAA001", finder("x", "甲"), Phase.REPAIR),
        rule("AAA002", finder("甲", "乙"), gate=CharClass.HAN),
    ]
    assert run("x", rules).text == "乙"


def test_rules_without_a_finder_are_passed_over():
    assert run("x", [rule("AAA001", None)]) == ("x", (), ())


def test_a_replacement_that_changes_nothing_is_no_edit():
    rules = [rule("AAA001", finder("a", "a")), rule("AAA002", finder("b", "c"))]
    assert run("a", rules).edits == ()
    outcome = run("ab", rules)
    assert outcome.edits == (Edit(1, 2, "b", "c", "AAA002"),)
    assert len([finding for finding in outcome.findings if finding.code == "AAA002"]) == 1


PIECES = st.lists(st.sampled_from([*"ab()x!", "(x)", "ab", "ba"]), max_size=16).map("".join)
MADE = [
    rule("AAA001", finder(r"\(x?\)", "x"), Phase.CHARACTERS),
    rule("AAA002", finder("ab", "b")),
    rule("AAA003", finder("bx", "")),
    rule("AAA004", finder("(?<=!)(?=!)", "?"), Phase.JOINS),
    rule("AAA005", finder("b"), Phase.REPORT, Safety.NONE),
]


def check(text, rules):
    outcome = run(text, rules)
    assert apply_edits(text, outcome.edits) == outcome.text
    position = 0
    for edit in outcome.edits:
        assert position <= edit.start <= edit.end <= len(text)
        assert edit.before == text[edit.start : edit.end] != edit.after
        position = edit.end
    assert list(outcome.findings) == sorted(outcome.findings)
    for finding in outcome.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
    again = run(outcome.text, rules)
    assert again.text == outcome.text
    assert again.edits == ()
    return outcome


@settings(max_examples=300)
@given(PIECES)
def test_cleaning_twice_is_cleaning_once_and_edits_replay(text):
    check(text, MADE)


ALL = all_rules()
CODES = {entry.code for entry in ALL}


@settings(max_examples=300)
@given(st.one_of(hostile(), texts()))
def test_all_rules_hold_it_on_any_text(text):
    outcome = check(text, ALL)
    assert {finding.code for finding in outcome.findings} <= CODES
    if UNSETTLED in {finding.code for finding in outcome.findings}:
        assert outcome.text == text


@settings(max_examples=150)
@given(st.lists(st.sampled_from(HOSTILE_PIECES), max_size=40).map("".join))
def test_all_rules_hold_it_on_markup_alone(text):
    check(text, ALL)


@given(st.one_of(reports(), mixed()))
def test_findings_of_fixes_name_rules_that_may_fix(text):
    fixing = {entry.code for entry in ALL if entry.fix is Safety.SAFE}
    outcome = run(text, ALL)
    assert {edit.code for edit in outcome.edits} <= fixing & {finding.code for finding in outcome.findings}


def test_nesting_in_the_real_rules_is_settled_or_left():
    for depth in range(1, 2 * MAX_ROUNDS):
        check("甲" + "[bookmark: " * depth + "x" + "]" * depth + "乙", ALL)
        check("甲" + "_x005F" * depth + "_x000D_乙" + "。" * depth, ALL)


@given(batch=st.lists(st.one_of(reports(), mixed(), hostile(), st.sampled_from(HOSTILE_PIECES)), max_size=5))
def test_a_batch_is_run_as_its_texts_are_one_by_one(batch):
    assert run_batch(batch, all_rules()) == [run(text, all_rules()) for text in batch]


def test_a_rule_that_only_reports_sees_its_phase_before_it_repairs():
    rules = [
        rule("AAA001", finder("<1>", "x"), Phase.REPAIR),
        rule("AAA002", finder("<1>"), Phase.REPAIR, Safety.NONE, message="beside"),
        rule("AAA003", finder("<1>"), Phase.CHARACTERS, Safety.NONE, message="too late"),
        rule("AAA004", finder("x"), Phase.CHARACTERS, Safety.NONE, message="after"),
        rule("AAA005", finder("x"), Phase.REPORT, Safety.NONE, message="at the end"),
    ]
    outcome = run("a<1>b", rules)
    assert outcome.text == "axb"
    assert [(one.start, one.end, one.code) for one in outcome.findings] == [
        (1, 4, "AAA001"),
        (1, 4, "AAA002"),
        (1, 4, "AAA004"),
        (1, 4, "AAA005"),
    ]
    assert run_batch(["a<1>b", "b"], rules) == [outcome, run("b", rules)]
