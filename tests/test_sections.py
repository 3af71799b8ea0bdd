"""The section splitter, on pages as data, on the example, on the real page where it is there, and on noise."""

import functools
import json
import time
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.text.folding import plain_view
from reportclean.text.sections import find_unmet_promise, numerals, promised_count, split, unmet_promise
from reportclean.text.sections.page import folded
from reportclean.text.sections.split import forget

ROOT = Path(__file__).resolve().parents[1]
CASES = json.loads((ROOT / "tests/cases/sections.json").read_text(encoding="utf-8"))
SHARED = ROOT.parent / "shared/pages"
REAL = SHARED / "zciku-science-summaries.txt"
TITLE = "202_年度科技工作总结"
HAN_NUMBERS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三".split()


@functools.cache
def converter():
    return opencc.OpenCC("s2t")


def traditional(text):
    return converter().convert(text)


def first_lines(text):
    """The line numbers, from 1, where the sections begin; the front matter left out."""
    return [text.count("\n", 0, section.start) + 1 for section in split(text) if section.ordinal]


def assert_tiles(text):
    sections = split(text)
    assert "".join(text[section.start : section.end] for section in sections) == text
    assert all(section.start < section.end for section in sections)
    assert [section.ordinal for section in sections if section.ordinal] == list(
        range(1, len(sections) + (sections[0].ordinal if sections else 0))
    )
    assert [section.cue for section in sections if not section.ordinal] in ([], ["front"])
    assert all(section.cue for section in sections)


def case_id(case):
    return case["name"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_case(case, line_end, request):
    if case.get("known_failure"):
        request.applymarker(pytest.mark.xfail(reason=case["known_failure"]))
    text = line_end.join(case["lines"])
    assert_tiles(text)
    if "inline" in case:
        sections = [section for section in split(text) if section.ordinal]
        assert [text[s.start :].startswith(begin) for s, begin in zip(sections, case["inline"], strict=True)]
    else:
        assert first_lines(text) == (case["starts"] or [1])
    promise = promised_count(text)
    assert int(promise.stem if promise else 0) == case["promised"]


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_case_in_traditional_characters(case):
    text = "\n".join(case["lines"])
    assert first_lines(traditional(text)) == first_lines(text)


@pytest.mark.parametrize("case", [case for case in CASES if "inline" not in case], ids=case_id)
def test_blank_lines_between_all_lines_change_nothing(case):
    starts = first_lines("\n\n".join(case["lines"]))
    assert [(line + 1) // 2 for line in starts] == first_lines("\n".join(case["lines"]))


def test_whole_documents_are_one_section():
    whole = [case for case in CASES if case["kind"] == "whole"]
    assert len(whole) >= 15
    for case in whole:
        sections = [section for section in split("\n".join(case["lines"])) if section.ordinal]
        assert len(sections) == 1, case["name"]


def test_example_page():
    truth = json.loads((ROOT / "tests/cases/example_truth.json").read_text(encoding="utf-8"))
    text = (ROOT / "examples" / truth["source"]).read_text(encoding="utf-8")
    assert first_lines(text) == [section["first_line"] for section in truth["sections"]]
    for section, true in zip(split(text)[1:], truth["sections"], strict=True):
        assert text[section.start :].lstrip().startswith(true["begins"])
    assert promised_count(text).stem == str(truth["promised"])
    assert list(find_unmet_promise(text)) == []


def test_example_twins_differ_by_one_full_stop():
    truth = json.loads((ROOT / "tests/cases/example_truth.json").read_text(encoding="utf-8"))
    text = (ROOT / "examples" / truth["source"]).read_text(encoding="utf-8")
    bodies = {section.ordinal: text[section.start : section.end] for section in split(text)}
    for cluster in truth["clusters"]:
        first, second = (bodies[ordinal] for ordinal in cluster["exact"])
        assert first.rstrip() == second.replace("。。", "。").rstrip()
        assert first != second
        assert all(bodies[ordinal] != first for ordinal in cluster["spun"])


def test_example_records_are_whole():
    lines = (ROOT / "examples/records.jsonl").read_text(encoding="utf-8").splitlines()
    for record in map(json.loads, lines):
        assert len(split(record["text"])) == 1


# ---- the real page


def real_variants():
    text = REAL.read_text(encoding="utf-8")
    truth = json.loads((SHARED / "zciku-science-summaries.truth.json").read_text(encoding="utf-8"))
    firsts = [section["first_line"] for section in truth["sections"]]
    lines = text.split("\n")

    def headed():
        out = []
        for number, line in enumerate(lines, 1):
            if number in firsts[1:]:
                out.append(f"{TITLE} 篇{firsts.index(number) + 1}")
            out.append(line)
        return "\n".join(out)

    def stuck(numbers):
        out = []
        for number, line in enumerate(lines, 1):
            if number == firsts[0]:
                continue
            opens = number in firsts or number == firsts[0] + 1
            heading = numbers[firsts.index(number) if number in firsts else 0] if opens else ""
            out.append(f"篇{heading}{line.lstrip()}" if opens else line)
        return "\n".join(out)

    stuck_firsts = [firsts[0], *(first - 1 for first in firsts[1:])]
    yield "as it is", text, firsts
    yield "traditional", traditional(text), firsts
    yield "CRLF", text.replace("\n", "\r\n"), firsts
    yield "stripped", "\n".join(line.strip() for line in lines), firsts
    yield "headed", headed(), [first + index - (index > 0) for index, first in enumerate(firsts)]
    yield "stuck digits", stuck([str(n) for n in range(1, 14)]), stuck_firsts
    yield "stuck Han numbers", stuck(HAN_NUMBERS), stuck_firsts


@pytest.mark.skipif(not REAL.exists(), reason="the real page is not in a shared folder beside the project")
def test_real_page():
    for name, text, firsts in real_variants():
        assert first_lines(text) == firsts, name
        assert split(text)[0].cue == "front", name
        assert promised_count(text).stem == "13", name
        assert list(find_unmet_promise(text)) == [], name


@pytest.mark.skipif(not REAL.exists(), reason="the real page is not in a shared folder beside the project")
def test_real_page_without_line_ends():
    headed = next(text for name, text, _ in real_variants() if name == "headed")
    text = " ".join(headed.split("\n"))
    sections = split(text)
    assert [text[section.start :][: len(TITLE) + 2] for section in sections[1:]] == [f"{TITLE} 篇"] * 13


# ---- promises


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("水务工作总结（精选13篇）", 13),
        ("水务工作总结3篇", 3),
        ("水务工作总结【集合4篇】", 4),
        ("水务工作总结十五篇", 15),
        ("十五篇水务工作总结", 15),
        ("水务工作总结(5份)", 5),
        ("汇编五篇水务总结", 5),
        ("水务工作总结合集三篇", 3),
        ("水务工作总结通用15篇", 15),
        ("水务工作总结共6篇", 6),
        ("水務工作總結（精選１３篇）", 13),
        ("水务工作总结范文（精选二十篇）_总结范文", 20),
        ("5 articles about rivers", 5),
        ("Ten Essays on Water", 10),
        ("水务工作总结 第3篇", 0),
        ("全年发表论文3篇", 0),
        ("全年报送信息12篇", 0),
        ("本合同一式两份", 0),
        ("精选1篇", 0),
        ("2023年水务工作总结", 0),
        ("他写了3篇日记，又撕掉了。", 0),
    ],
)
def test_promised_count(line, count):
    hit = promised_count(f"{line}\n正文从这里开始，说的是别的事情。\n")
    assert int(hit.stem if hit else 0) == count
    if hit:
        assert hit.kind == "promise"
        assert line[hit.start : hit.end].lower() in plain_or_itself(line)


def plain_or_itself(line):
    return line.lower() + plain_view(line)


def test_a_count_in_the_body_promises_nothing():
    body = "图书馆今年添了三千册新书。\n" * 30
    assert promised_count(body + "工作总结（精选13篇）\n") is None


def test_unmet_promise_names_both_numbers():
    text = "水务总结（精选3篇）\n篇1\n第一年修了渠。\n篇2\n第二年修了坝。\n"
    (hit,) = find_unmet_promise(text)
    assert (hit.kind, hit.stem) == ("unmet-promise", "promised 3, found 2")
    assert text[hit.start : hit.end] == "3"
    assert unmet_promise(promised_count(text), split(text)) == hit
    assert unmet_promise(None, split(text)) is None


def test_documents_joined_by_nul_lines_are_found_one_by_one():
    texts = [case_text for case in CASES if (case_text := "\n".join(case["lines"]))]
    joined = "\n\x00\n".join(texts)
    one_by_one, start = [], 0
    for text in texts:
        one_by_one += [(start + hit.start, start + hit.end, hit.stem) for hit in find_unmet_promise(text)]
        start += len(text) + 3
    assert one_by_one
    assert [(hit.start, hit.end, hit.stem) for hit in find_unmet_promise(joined)] == one_by_one


# ---- sections


def test_titles_and_cues():
    text = "水务总结精选3篇\n篇一：灌溉\n修了渠，通了水。\n【篇二】\n修了坝。\n篇三20xx年，修了闸。\n"
    front, *sections = split(text)
    assert (front.ordinal, front.cue, front.title) == (0, "front", "")
    assert [section.title for section in sections] == ["篇一：灌溉", "【篇二】", "篇三"]
    assert {section.cue for section in sections} == {"heading"}


def test_degenerate_texts():
    assert split("") == ()
    for text in ("\n", " ", "\r\n", "\x00", "一", "篇1", "篇1\n篇2", "\ud800", "\u2028", "1.", "精选3篇"):
        assert_tiles(text)


numbered = st.sampled_from(
    "一、做法|二、成效|(一)起因|1、准备|2.收尾|第一条 总则|第二条 附则|第一章 总则|篇1|篇2|篇三：水|范文一|"
    "尊敬的各位领导：|谢谢大家！|水务工作总结|一年来，我们修了渠。|- 1 -|此致|敬礼！|附件1|20xx年6月1日|"
    "水务总结（精选3篇）|小编为大家整理|来源：网络|  缩进的一行|　　缩进的一行|www.example.com|水务总结 篇2 20xx年|…|\x00|\ud800|Article 1|"
    "现将情况汇报如下：|渠水一直流到村口，孩子们在渠边放纸船，大人们在渠边洗菜，谁也没有想到会停水。".split(
        "|"
    )
)
pages = st.lists(st.one_of(numbered, st.text(max_size=12)), max_size=40).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n", " "]).map(lambda end: end.join(lines))
)


@settings(max_examples=150, deadline=None)
@given(pages)
def test_sections_tile_any_text(text):
    assert_tiles(text)
    promised_count(text)
    list(find_unmet_promise(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(numbered, max_size=30).map("\n".join))
def test_script_and_width_change_no_boundary(text):
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "()0123456789."})
    assert [s.start for s in split(wide)] == [s.start for s in split(text)]
    other = traditional(text.replace("\ud800", "?"))
    assert [s.start for s in split(other)] == [s.start for s in split(text.replace("\ud800", "?"))]


@given(st.integers(1, 99))
def test_numerals(value):
    tens, ones = divmod(value, 10)
    digits = "零一二三四五六七八九"
    han = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
    assert numerals.value_of(han) == numerals.value_of(str(value)) == value
    assert value in numerals.readings(han)


def test_patterns_are_folded_like_the_view():
    assert folded("[同合]").search(plain_view("同"))
    assert folded("工作计划").search(plain_view("工作計劃"))


# ---- speed: ratios, not seconds


@pytest.mark.parametrize(
    "unit",
    ["1.\n", "1.\n2.\n", "一、\n", " ", "\n", "篇1", "篇1篇2篇3 ", "篇1\n", "第一篇：\n", "尊敬的各位领导：\n谢谢大家！\n", "工作总结1\n",
     "附件1\n一、\n二、\n", " a\nb\nb\nb\n", "【", "(", "此致\n", "……\n"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", "水务工作总结（精选13篇）\n"], ids=["plain", "promised"])
def test_time_is_linear(unit, head):
    def seconds(length):
        text = head + (unit * (length // len(unit) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            forget()
            started = time.perf_counter()
            split(text)
            best = min(best, time.perf_counter() - started)
        return best

    seconds(1000)
    # Eight times the text: linear is 8, quadratic 64; the margin is for a busy machine.
    assert seconds(24_000) < 24 * seconds(3_000) + 0.05
