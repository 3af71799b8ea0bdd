"""Placeholders: the finders, the masks of the matching key, and the rules that report them."""

import importlib
import json
import pkgutil
import re
import time
from functools import cache
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.rules import tpl
from reportclean.text.charclass import classes_of
from reportclean.text.placeholders import KINDS, find_marks, find_masks, find_placeholders, find_years

CASES = json.loads((Path(__file__).parent / "cases/placeholders.json").read_text("utf-8"))
SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SEPARATOR = "\n\x00\n"


def marks(text):
    return [[text[hit.start : hit.end], hit.kind] for hit in find_marks(text)]


@cache
def rules():
    modules = (f"{tpl.__name__}.{module.name}" for module in pkgutil.iter_modules(tpl.__path__))
    return [importlib.import_module(name).RULE for name in modules]


@pytest.mark.parametrize("case", CASES["wild"], ids=lambda case: case["text"])
def test_wild(case):
    assert marks(case["text"]) == case["marks"]


@pytest.mark.parametrize("case", CASES["wild"], ids=lambda case: case["text"])
def test_wild_in_traditional_script(case):
    text = traditional().convert(case["text"])
    assert [kind for _, kind in marks(text)] == [kind for _, kind in case["marks"]]


@cache
def traditional():
    return opencc.OpenCC("s2t")


@pytest.mark.parametrize("text", CASES["negative"])
def test_negative(text):
    assert marks(text) == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(reason=case["why"]), id=case["text"])
        for case in CASES["known_failures"]
    ],
)
def test_known_failure(case):
    assert marks(case["text"]) == case["marks"]


def test_every_kind_has_a_case():
    assert {kind for case in CASES["wild"] for _, kind in case["marks"]} == {*KINDS, "masked_sum"}


def test_public_kinds_and_stems():
    found = [(hit.kind, hit.stem) for hit in find_placeholders("20xx年贷款202_万元，201xxxxxxxx")]
    assert found == [("year", "20"), ("number", "202"), ("number", "201")]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2015年", ["2015"]),
        ("２０１５年", ["２０１５"]),
        ("二〇一五年、二○一五年、二零一五年、二O一五年", ["二〇一五", "二○一五", "二零一五", "二O一五"]),
        ("一九九八年", ["一九九八"]),
        ("2015年度", ["2015"]),
        ("2015-2016学年", ["2015", "2016"]),
        ("2018届、2018级", ["2018", "2018"]),
        ("2015 년", ["2015"]),
        ("2015/03/05 2015-03-05 2015.3.5", ["2015", "2015", "2015"]),
        ("国发〔2015〕12号", ["2015"]),
        ("in 2015, since 2015, FY2015", ["2015", "2015", "2015"]),
        ("of 2015. March 2015; 5 March 2015", ["2015", "2015", "2015"]),
        ("fiscal year 2015 (2015) © 2015-2019", ["2015", "2015", "2015", "2019"]),
        ("The 2015 Annual Report", ["2015"]),
        ("Farm to Market Road 1999", []),
        ("2015 chickens and 1999 ducks", []),
        ("in 2015 chickens", []),
        ("2000万元、2000人、2000米", []),
        ("2000年的历史", []),
        ("1850年、2150年", []),
        ("12015年", []),
        ("2015年级", []),
        ("二〇一五", []),
        ("99年", []),
    ],
)
def test_years(text, years):
    assert [text[hit.start : hit.end] for hit in find_years(text)] == years
    assert {hit.kind for hit in find_years(text)} <= {"year"}


def masked(text):
    parts, position = [], 0
    for hit in find_masks(text):
        parts += (text[position : hit.start], f"<{hit.kind}>")
        position = hit.end
    return "".join([*parts, text[position:]])


YEARS = [
    *("20xx", "20XX", "２０ＸＸ", "20××", "20**", "20__", "202_", "202X", "201x", "199X", "20○○", "20□□"),
    *("二〇XX", "二○XX", "××××", "__", "xx", "2015", "2016", "２０１５", "二〇一五", "二○一五", "二零一五"),
]


@pytest.mark.parametrize(
    "frame", ["{}年工作总结", "一、{}年工作回顾", "在{}年年底，", "{}年3月5日", "截至{}年12月"]
)
def test_a_year_masked_or_filled_reads_the_same(frame):
    assert {masked(frame.format(year)) for year in YEARS} == {frame.format("<year>")}


def test_masked_parts_of_dates_read_the_same():
    dates = [
        "xx年xx月xx日",
        "____年__月__日",
        "20××年×月×日",
        "2015年XX月XX日",
        "　　年　　月　　日",
        "20 年 月 日",
    ]
    assert {masked(date) for date in dates} == {"<year>年<date>月<date>日"}
    assert masked("20XX-XX-XX") == "<year>-<date>-<date>"
    assert masked("20XX/03/05") == masked("2015/03/05") == "<year>/03/05"
    assert masked("3月XX日") == "3月<date>日"


PIECES = st.sampled_from(
    [
        *"xX×*_○□〇某年月日第号届大五市县区公司同志万元%（）()《》“”【】[]{}<>$#@：:，。、 　-/.",
        *"0123456789二〇一",
        *(
            "20xx",
            "**",
            "____",
            "××",
            "2015",
            "二〇一五",
            "公司名称",
            "姓名",
            "此处填写",
            "……",
            "......",
            "为期",
        ),
        *("中国", "工作", "the ", "in ", "abc", "\n", "\r\n", "\t", "{{", "}}", "学年", "总结", "王", "由"),
        *("\x00", "\u2028", "\x85", "\ud800", "\U0001f600", "ا", "가"),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_hits_are_ordered_disjoint_and_inside(text):
    for finder in (find_placeholders, find_years, find_masks):
        position = 0
        for hit in finder(text):
            assert position <= hit.start < hit.end <= len(text)
            assert hit.kind in KINDS
            position = hit.end


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_joined_documents_give_the_hits_of_each(texts):
    for finder in (find_marks, find_years, find_masks):
        alone, offset = [], 0
        for text in texts:
            alone += [(h.start + offset, h.end + offset, h.kind, h.stem) for h in finder(text)]
            offset += len(text) + len(SEPARATOR)
        joined = finder(SEPARATOR.join(texts))
        assert [(h.start, h.end, h.kind, h.stem) for h in joined] == alone


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_gates_lose_nothing(text):
    found = {hit.kind for hit in find_marks(text)}
    classes = classes_of(text)
    for rule in rules():
        assert rule.gate in classes or not found & rule.kinds


def test_gates_lose_nothing_in_the_cases():
    for case in CASES["wild"]:
        classes = classes_of(case["text"])
        for rule in rules():
            assert rule.gate in classes or not {kind for _, kind in case["marks"]} & rule.kinds


def test_a_rule_for_every_kind():
    assert sorted(kind for rule in rules() for kind in rule.kinds) == sorted([*KINDS, "masked_sum"])
    assert len({rule.code for rule in rules()}) == len(rules())


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_examples_of_the_rules(rule):
    bad, good = re.fullmatch(r".*\nWhat: .*\nWhy: .*\nBad:\n(.*)\nGood:\n(.*)", rule.doc, re.DOTALL).groups()
    for example in filter(None, map(str.strip, bad.split("\n"))):
        assert rule.kinds & {hit.kind for hit in find_marks(example)}, example
    for example in filter(None, map(str.strip, good.split("\n"))):
        assert not rule.kinds & {hit.kind for hit in find_marks(example)}, example


ADVERSARIAL = [
    *(
        "x",
        "x ",
        "×",
        "××、",
        "XXX,",
        "*",
        "**a",
        "**中",
        "*中",
        "_",
        "____ ",
        "_年",
        "20xx",
        "xx年xx月",
        "年   月   ",
    ),
    *(
        "{{",
        "{a",
        "${",
        "<%",
        "【公司",
        "[姓名",
        "《公司",
        "（　",
        "（此处",
        "　",
        "某",
        "：......",
        "…",
        "2015-",
        "2015 ",
    ),
    *("二〇", "点击此处添加", "此处", "%姓名", "#姓名", "为期", "20　", "20（", "XX有限", "同志", "在2015"),
]


@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_time_grows_with_the_text_and_no_faster(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()  # of this process alone: others may be busy
            for _ in find_masks(text):
                pass
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(6_000), seconds(48_000)
    # Eight times the text; a quadratic pattern would take 64 times as long. The rest is the clock's.
    assert large < 24 * small + 0.05


def overlaps(hit, label):
    shared = min(hit.end, label[1]) - max(hit.start, label[0])
    return 2 * shared > max(hit.end - hit.start, label[1] - label[0])


needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the labelled cases are not beside the repository"
)


@needs_shared
def test_labelled_cases():
    found = labelled = right_hits = right_labels = friends = silent = 0
    for line in (SHARED / "cases/placeholders.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        hits = list(find_placeholders(case["text"]))
        labels = [label for label in case["spans"] if label[2] != "artefact"]
        artefacts = [label for label in case["spans"] if label[2] == "artefact"]
        hits = [hit for hit in hits if not any(hit.start < a[1] and a[0] < hit.end for a in artefacts)]
        found += len(hits)
        labelled += len(labels)
        right_hits += sum(any(overlaps(h, s) and h.kind == s[2] for s in labels) for h in hits)
        right_labels += sum(any(overlaps(h, s) and h.kind == s[2] for h in hits) for s in labels)
        friends += not case["spans"]
        silent += not case["spans"] and not hits
    assert right_hits / found >= 0.98
    assert right_labels / labelled >= 0.95
    assert silent / friends >= 0.98


@needs_shared
def test_real_page():
    for path in (SHARED / "pages").glob("*.truth.json"):
        truth = json.loads(path.read_text("utf-8"))
        text = (path.parent / truth["source"]).read_text("utf-8")
        labels = [(mark["start"], mark["end"], mark["kind"]) for mark in truth["placeholders"]]
        hits = list(find_placeholders(text))
        assert [(hit.start, hit.end) for hit in hits] == [label[:2] for label in labels]
        assert sum(hit.kind == label[2] for hit, label in zip(hits, labels, strict=True)) >= len(labels) - 3
