"""Every rule of the artefact families: its case file, its documentation's examples, its contract."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.document import Edit, apply_edits
from reportclean.rules import art, structure
from reportclean.rules.base import Rule, Safety
from reportclean.text import artefacts
from reportclean.text.artefacts.boilerplate import LineCounter, find_boilerplate
from reportclean.text.charclass import classes_of

CASES = Path(__file__).parent / "cases" / "artefacts"
BORDER = "\n\x00\n"


def _rules():
    return [
        importlib.import_module(f"{package.__name__}.{module.name}").RULE
        for package in (art, structure)
        for module in pkgutil.iter_modules(package.__path__)
    ]


ALL_RULES: list[Rule] = _rules()
# Other modules of these families hand on what the splitter and the engine find.
TEXT_RULES = [
    r for r in ALL_RULES if r.finder and r.finder.__module__.startswith("reportclean.text.artefacts")
]
RULES = [*TEXT_RULES, *(rule for rule in ALL_RULES if rule.code == "ART019")]


def hits_of(rule, text):
    return [hit for hit in rule.finder(text) if hit.kind in rule.kinds]


def fixed(rule, text):
    edits = [
        Edit(hit.start, hit.end, text[hit.start : hit.end], hit.replacement, rule.code)
        for hit in hits_of(rule, text)
        if hit.replacement is not None
    ]
    return apply_edits(text, edits)


def _cases(part):
    for path in sorted(CASES.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        for case in cases.get(part, ()):
            name = json.dumps(case, ensure_ascii=False)[:40]
            yield pytest.param(path.stem, case, id=f"{path.stem}-{name}")


def _rule(code):
    return next(rule for rule in RULES if rule.code == code)


def _check_wild(code, case):
    rule = _rule(code)
    text = case["text"]
    found = hits_of(rule, text)
    assert found, "not found"
    if "found" in case:
        assert [text[hit.start : hit.end] for hit in found] == case["found"]
    if "fixed" in case:
        assert fixed(rule, text) == case["fixed"]


@pytest.mark.parametrize(("code", "case"), [*_cases("wild")])
def test_wild(code, case):
    _check_wild(code, case)


@pytest.mark.parametrize(("code", "text"), [*_cases("negative")])
def test_negative(code, text):
    rule = _rule(code)
    assert [text[hit.start : hit.end] for hit in hits_of(rule, text)] == []


@pytest.mark.parametrize(("code", "case"), [*_cases("known_failures")])
def test_known_failure(code, case):
    """Marked so: each one fails today; one that starts to pass has to be moved to its proper list."""
    try:
        if isinstance(case, str):
            test_negative(code, case)
        else:
            _check_wild(code, case)
    except AssertionError:
        return
    pytest.fail("passes now: no known failure any more")


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.code)
def test_every_rule_has_cases(rule):
    cases = json.loads((CASES / f"{rule.code}.json").read_text(encoding="utf-8"))
    assert len(cases["wild"]) >= 2
    assert len(cases["negative"]) >= 2


def examples(doc, part):
    """The indented examples of one part of a rule's documentation; a blank line divides them."""
    body = re.search(rf"^{part}:\n\n((?:    .*\n|\n)+)", doc + "\n", re.MULTILINE)
    assert body, f"no examples under {part}"
    dedented = re.sub(r"^    ", "", body[1], flags=re.MULTILINE).strip("\n")
    return re.split(r"\n{2,}", dedented)


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.code)
def test_documentation_examples_run(rule):
    for example in examples(rule.doc, "Bad"):
        assert hits_of(rule, example), example
    for example in examples(rule.doc, "Good"):
        assert not hits_of(rule, example), example
    assert re.search(r"^What: ", rule.doc, re.MULTILINE)
    assert re.search(r"^Why: ", rule.doc, re.MULTILINE)


def test_codes_and_names_are_unique():
    assert len(RULES) == 33
    codes, names = ({getattr(rule, field) for rule in ALL_RULES} for field in ("code", "name"))
    assert len(codes) == len(names) == len(ALL_RULES)
    for rule in RULES:
        module = f"{rule.code.lower()}_{rule.name.replace('-', '_')}"
        assert module in {
            m.name for package in (art, structure) for m in pkgutil.iter_modules(package.__path__)
        }


def _all_texts():
    texts = []
    for path in sorted(CASES.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        texts += [case["text"] for case in cases["wild"]]
        texts += cases["negative"]
        texts += [case if isinstance(case, str) else case["text"] for case in cases.get("known_failures", ())]
    return texts


def test_a_hit_implies_the_gate():
    for text in _all_texts():
        classes = classes_of(text)
        for rule in TEXT_RULES:
            if hits_of(rule, text):
                assert rule.gate & classes == rule.gate, (rule.code, text)


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.code)
def test_batch_equals_one_by_one(rule):
    texts = _all_texts()
    joined = BORDER.join(texts)
    expected = []
    offset = 0
    for text in texts:
        expected += [
            (offset + hit.start, offset + hit.end, hit.kind, hit.stem, hit.replacement)
            for hit in hits_of(rule, text)
        ]
        offset += len(text) + len(BORDER)
    found = [(hit.start, hit.end, hit.kind, hit.stem, hit.replacement) for hit in hits_of(rule, joined)]
    assert found == expected


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.code)
def test_fixing_comes_to_rest(rule):
    """A fix may uncover another; a few rounds later nothing is left to change."""
    if rule.fix is Safety.NONE:
        assert all(hit.replacement is None for text in _all_texts() for hit in hits_of(rule, text))
        return
    for text in _all_texts():
        now = text
        for _ in range(4):
            before, now = now, fixed(rule, now)
        assert now == before, (rule.code, text)


_PIECES = st.sampled_from(
    [
        *"一二三的了在工作加强领导落实责任教育，。、；：“”（）()！？…\n\n\n \t\u3000'*-—/0123456789abcX_.",
        "。。",
        "\n\n",
        "- 1 -",
        "第1页共2页",
        "1/10",
        "[bookmark: _Toc1]",
        'HYPERLINK "http://a.b"',
        "_x000D_",
        "来源：网络",
        "上一篇：",
        "本文来源于",
        "(píng)",
        "一、",
        "（一）",
        "😀",
        "为了进一步加强各级班子的建设，我们组织了学习，取得了",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=40).map("".join), min_size=1, max_size=4))
def test_hits_are_in_order_disjoint_and_the_same_in_a_batch(texts):
    joined = BORDER.join(texts)
    for rule in TEXT_RULES:
        offset, expected = 0, []
        for text in texts:
            position = 0
            for hit in rule.finder(text):
                assert position <= hit.start < hit.end <= len(text)
                position = hit.end
                if hit.kind in rule.kinds:
                    expected.append((hit.start + offset, hit.end + offset, hit.kind, hit.replacement))
            offset += len(text) + len(BORDER)
        found = [(h.start, h.end, h.kind, h.replacement) for h in hits_of(rule, joined)]
        assert found == expected, rule.code


def test_boilerplate_counts_every_repeated_line():
    bodies = [f"第{number}篇文章的正文，讲的是第{number}件事。" for number in range(300)]
    texts = [
        f"{body}\n欢迎收藏本站\n" + ("仅见于三篇的话\n" if n < 3 else "") for n, body in enumerate(bodies)
    ]
    halves = LineCounter(slots=4096), LineCounter(slots=4096)
    for number, text in enumerate(texts):
        halves[number % 2].add(text)
    halves[0].merge(halves[1])
    assert halves[0].count("欢迎收藏本站") >= 300
    for text in texts:
        hits = [*find_boilerplate(text, halves[0].count, 100)]
        assert [text[hit.start : hit.end] for hit in hits] == ["欢迎收藏本站\n"]
    with pytest.raises(ValueError, match="slots"):
        halves[0].merge(LineCounter(slots=1))


def test_the_documented_examples_of_the_finders_run():
    for module in pkgutil.iter_modules(artefacts.__path__):
        results = doctest.testmod(importlib.import_module(f"{artefacts.__name__}.{module.name}"))
        assert not results.failed, module.name


PAGE = Path(__file__).resolve().parents[1].parent / "shared" / "pages" / "zciku-science-summaries.txt"


@pytest.mark.skipif(not PAGE.exists(), reason="the page is not shipped with the project")
def test_the_real_page():
    """What its truth file names is found on its line, and no line is joined that it does not name."""
    text = PAGE.read_text(encoding="utf-8")
    truth = json.loads(PAGE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    found = {}
    for rule in TEXT_RULES:
        for hit in hits_of(rule, text):
            found.setdefault(rule.code, []).append(text.count("\n", 0, hit.start) + 1)
    assert found["ART001"] == [truth["word_artefacts"]["bookmark_line"]]
    assert found["ART006"] == [truth["word_artefacts"]["page_number_line"]]
    assert found["ART011"] + found["ART012"] == truth["site_lines"]
    assert found["ART020"] == truth["doubled_punctuation_lines"]
    assert found["ART040"] == [truth["teaser"]["line"]]
    assert found["STR010"] == [truth["stuck_heading"]["line"]]
    assert found["STR013"] == [truth["word_lost_before_full_stop"]["line"]]
    assert found["STR014"] == [truth["truncated_end"]["last_line"]]
    without_number = fixed(_rule("ART006"), text)
    joins = [without_number.count("\n", 0, hit.start) + 1 for hit in hits_of(_rule("ART010"), without_number)]
    assert joins == [first for first, _ in truth["hard_wrapped_lines"]]
