"""Many documents split at once are split as each by itself; the arrays hold what single pages say."""

import random
import time
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.engines.stages import repairs
from reportclean.text.sections import cues, front, headings, split, split_batch
from reportclean.text.sections.joined import joined
from reportclean.text.sections.numbering import number_at, numbers, restarts
from reportclean.text.sections.page import Page
from reportclean.text.sections.ranks import may_restart, numbered
from reportclean.text.sections.split import forget
from reportclean.text.sections.whole import doubtful
from reportclean.text.sections.words import any_of, first_signs, last_signs
from strategies import CLAUSES, hostile, mixed, reports
from test_sections import CASES, REAL, pages, traditional

TEXTS = ["\n".join(case["lines"]) for case in CASES]
LINE_ENDS = ("\n", "\r\n", "\r", "\n\n", " \n", "\u2028", "\x0b\r\n")
# What one test of the look at a batch after the other asks for, at the border of what it asks.
TELLING = (
    "水务工作总结（精选3篇）|全年印发简报12份|本合同一式两份|Ten Essays on Water|3 reports|工作细则3则|"
    "篇1|第 一 篇|第一份|案例（二|范本 之一|文章3|实例|样例：|案例|Sample 4|  #*[ model essay two|sam|Case study iv|"
    "水务工作总结|水务工作总结2|1、水务工作总结|水务工作总结（二）|水务工作总结（3篇）|水务工作总结 3、|【水务工作】|# 水务工作 #|[bookmark: a]水务工作总结|"
    "安排如下 3：|共有二|到会（三） ：|一、|一 、做法|十一、做法|二十一、做法|二、做法|（一）做法|（二）做法|1.|1.5万元|01、|2、|3)|（4）|第一条|"
    "第 二 章|part 1|Part iv|iv. x|i、 x|b) x|vi|2015年|123、|零、|0、|〇、|十十、|1一、|"
    "尊敬的各位领导：|各位代表：|dear all,|来源：网络|2016-03-04 来源：本站|2016年3月4日|文章来源：网络|www.a.com|首页 > 总结|home/|您的位置：a|"
    "读书人范文网|某某文库|渠水一直流到村口，孩子们在渠边放纸船……|渠水一直流到村口，孩子们在渠边放纸船，大人们在渠边洗菜|渠水一直流到村口，孩子们。。。查看全文|…|"
    "谢谢大家！|此致|敬礼|总之，成绩是主要的。|时光如梭，忙碌的一年过去了，现将工作汇报如下：|- 1 -|附件1"
).split("|")
INDENTS = st.sampled_from(["", "", "", "　　", "  ", "\t", "\xa0", " " * 9, "\u2003", " \u2003", "\x1c"])
lines = st.builds(
    "{}{}{}".format,
    INDENTS,
    st.one_of(st.sampled_from(TELLING), st.sampled_from(CLAUSES), st.text(max_size=6)),
    st.sampled_from(["", "", "", " ", "　", "。", "：", "1", "\x1c"]),
)
telling = st.builds(
    lambda end, found: end.join(found), st.sampled_from(LINE_ENDS), st.lists(lines, max_size=14)
)
documents = st.one_of(telling, telling, pages, reports(), hostile(), mixed())
batches = st.lists(documents, min_size=4, max_size=9)


def one_by_one(texts):
    return [split(text) for text in texts]


# ---- the whole


@given(batches)
def test_any_batch_is_split_as_its_documents(texts):
    assert split_batch(texts) == one_by_one(texts)


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
def test_cases_are_split_as_by_themselves(line_end):
    texts = [text.replace("\n", line_end) for text in TEXTS]
    assert split_batch(texts) == one_by_one(texts)


def test_cases_in_traditional_characters_and_joined_by_nuls():
    texts = [*map(traditional, TEXTS), "\n\x00\n".join(TEXTS[:4]), "\x00", "", " \n ", *TEXTS]
    assert split_batch(texts) == one_by_one(texts)


@pytest.mark.skipif(not REAL.exists(), reason="the real page is not in a shared folder beside the project")
def test_pieces_of_the_real_page():
    found = REAL.read_text(encoding="utf-8").split("\n")
    rng = random.Random(8)
    texts = ["\n".join(found)]
    for _ in range(400):
        first = rng.randrange(len(found))
        piece = found[first : first + rng.randint(1, 40)]
        if rng.random() < 0.3:
            rng.shuffle(piece)
        texts.append("\n".join(line.strip() if rng.random() < 0.2 else line for line in piece))
    assert split_batch(texts) == one_by_one(texts)
    assert not doubtful(joined(texts))[0].all()


def test_batches_of_no_and_few_documents():
    assert split_batch([]) == []
    assert split_batch([""]) == [()]
    assert split_batch(TEXTS[:2]) == one_by_one(TEXTS[:2])


def test_batches_are_read_in_groups():
    texts = [text * 40 for text in TEXTS] + TEXTS
    assert sum(map(len, texts)) > 500_000
    assert split_batch(texts) == one_by_one(texts)


# ---- what is surely whole

REPORT = "水务局今年工作总结\n　　{0}。\n一、{1}\n　　{0}。{1}。\n（一）{2}\n（二）{1}\n二、{2}\n（一）{0}\n（二）{1}\n{2}。"


@given(st.lists(st.permutations(CLAUSES), min_size=4, max_size=6))
def test_ordinary_reports_are_surely_whole(orders):
    doubt, restarting = doubtful(joined([REPORT.format(*order) for order in orders]))
    assert not doubt.any()
    assert not restarting.any()


@pytest.mark.parametrize(
    "added",
    ["精选3篇", "篇1", "Sample 4", "灌溉工作总结2", "1、水务局今年工作总结", "水务局今年工作总结（二）", "   缩进的一行字",
     "尊敬的领导\n各位同事", "一、做法"],
)  # fmt: skip
def test_what_may_speak_for_articles_makes_a_report_doubtful(added):
    title, body = REPORT.replace("　", "").format(*CLAUSES).split("\n", 1)
    top = added if added == "精选3篇" else ""
    text = f"{title}{top}\n{body}\n{added}\n{CLAUSES[3]}。"
    doubt, restarting = doubtful(joined([text, "", f"{title}\n{body}"]))
    assert doubt.tolist() == [True, True, False]
    assert restarting.tolist() == [added == "一、做法", False, False]
    assert split_batch([text] * 4) == one_by_one([text] * 4)


@pytest.mark.parametrize(
    "top",
    [
        "来源：网络",
        "www.a.com",
        "当前位置：首页",
        "水务总结\n2016年3月4日 作者：我",
        "读书人范文网",
        "渠水。。。",
    ],
)
def test_what_may_be_front_matter_makes_a_report_doubtful(top):
    body = REPORT.format(*CLAUSES)
    assert doubtful(joined([f"{top}\n{body}"]))[0].all()


# ---- the arrays


@given(batches)
def test_lines_are_those_of_the_pages(texts):
    pages_ = joined(texts)
    singles = [Page(text) for text in texts]
    assert pages_.view == "".join(page.view for page in singles)
    expected = [
        (number, index, bound + line.start, bound + line.start + line.indent, line.text)
        for number, (page, bound) in enumerate(zip(singles, pages_.bounds.tolist(), strict=False))
        for index, line in enumerate(page.lines())
    ]
    found = [
        (document, above, start, begin, pages_.view[begin:end])
        for start, begin, end, document, above in zip(*(part.tolist() for part in pages_.lines), strict=True)
    ]
    assert found == expected
    assert pages_.has_gap.tolist() == [any(map(str.isspace, text)) for *_, text in expected]
    assert pages_.line_ends.tolist() == [page.view.count("\n") for page in singles]
    counts = [sum(1 for _ in page.lines()) for page in singles]
    assert np.diff(pages_.first_lines).tolist() == counts


@given(batches)
def test_numbers_are_those_of_the_pages(texts):
    pages_ = joined(texts)
    line, rank, value = numbered(pages_)
    found = list(zip(pages_.lines.start[line].tolist(), rank.tolist(), value.tolist(), strict=True))
    singles = [(Page(text), bound) for text, bound in zip(texts, pages_.bounds.tolist(), strict=False)]
    assert found == [
        (bound + number.line, number.rank, number.value)
        for page, bound in singles
        for number in numbers(page)
    ]
    expected = [
        index
        for index, (page, _) in enumerate(singles)
        if any(restart.strength >= 2.5 for restart in restarts(numbers(page)))
    ]
    assert may_restart(pages_, 2.5).tolist() == expected


def test_number_at_reads_one_line():
    view = Page("一、做法\n修了渠。").view
    assert (number_at(view, 1).value, number_at(view, 6)) == (1, None)


# ---- looks at both ends of a line stand for patterns


@pytest.mark.parametrize("name", ["genre", "introduction"])
@given(data=st.data())
def test_entries_end_with_their_last_signs(name, data):
    assert data.draw(st.from_regex(any_of(name), fullmatch=True))[-1] in last_signs(name)


@given(st.from_regex(any_of("byline"), fullmatch=True))
def test_labels_begin_with_their_first_signs(text):
    assert text[0] in first_signs("byline")


@given(st.from_regex(front._site()) | st.from_regex(front._byline()))
def test_a_sites_lines_pass_the_look_at_their_signs(text):
    line = text.strip()
    if line and "\n" not in line and len(line) <= front.LONGEST_SITE_LINE:
        assert front.is_sites(line) == bool(front._byline().search(line) or front._site().search(line))


@pytest.mark.parametrize(
    "pattern", [cues._title, cues._salutation, cues._weak_salutation, cues._date_at_end, cues._closing_end],
    ids=lambda pattern: pattern.__name__,
)  # fmt: skip
@given(data=st.data())
def test_what_a_pattern_matches_passes_the_look_before_it(pattern, data):
    line = data.draw(st.from_regex(pattern(), fullmatch=True).map(str.strip).filter(bool))
    if not pattern().fullmatch(line):
        return
    tail = line.rstrip("!。. ")[-1:]
    assert {
        "_title": line[-1] in cues._title_ends(),
        "_salutation": line[0] in cues._greeting_starts(),
        "_weak_salutation": line[-1] in "!:" and len(line) <= cues.LONGEST_GREETING,
        "_date_at_end": line[-1] in cues._date_ends(),
        "_closing_end": tail in cues._closing_ends() or "归" in line,
    }[pattern.__name__], line


@given(st.from_regex(headings.english()))
def test_english_headings_begin_with_their_words(text):
    assert headings.english().search(text)["label"][:2] in {word[:2] for word in headings.ENGLISH_WORDS}


# ---- speed: ratios, not seconds


@pytest.mark.parametrize(
    "unit",
    ["1.\n", " ", "\n", "篇", "第一", "水务工作总结1\n", " a\nb\nb\nb\n", "……\n", "\r\n", "工作总结工作总结"],
)
def test_time_is_linear(unit):
    def seconds(length):
        texts = [(unit * (length // len(unit) + 1))[:length]] * 4
        best = float("inf")
        for _ in range(2):
            forget()
            started = time.perf_counter()
            split_batch(texts)
            best = min(best, time.perf_counter() - started)
        return best

    seconds(1000)
    assert seconds(24_000) < 24 * seconds(3_000) + 0.05


# ---- what the stages make of sections


@given(st.lists(st.integers(0, 30), max_size=8), st.lists(st.integers(0, 30), min_size=1, max_size=5))
def test_repairs_are_counted_by_the_section_in_which_they_begin(edits, starts):
    edits, starts = sorted(edits), sorted(starts)
    places = tuple((start, end, 1) for start, end in pairwise([*starts, 31]))
    document = SimpleNamespace(edits=[SimpleNamespace(start=edit) for edit in edits], places=places)
    bounds = [*starts, 31]
    expected = [sum(low <= edit < high for edit in edits) for low, high in pairwise(bounds)]
    assert repairs(document) == expected


def test_what_was_split_before_is_split_the_same():
    page = "篇1\n" + "认真开展了工作。" * 20 + "\n篇2\n" + "按时完成了任务。" * 20
    long = page + "\n" + "全面落实各项措施。" * 4000  # too long to be remembered
    for text in ("", page, long):
        forget()
        first = split(text)
        assert split("".join(text)) == first
        assert split_batch([text] * 5) == [first] * 5
    assert [section.cue for section in split(page)] == ["heading", "heading"]
