"""Tabs inside words go; tabs that part cells, keys and signatures stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.text.tabs import find_tabs

SENTENCE = "积极做好专业技\t术工作，提高服务水平和能力。"


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        f"认真总结经验，改进不足之处。\n{SENTENCE}\n今年以来，各项工作有序推进。",
        f"姓名\t张三\n\n\n{SENTENCE}",
        f"姓名\t张三\n\0\n{SENTENCE}\n\0\n姓名\t张三",
    ],
)
def test_a_tab_in_a_word_is_found(text):
    at = text.index("技\t术") + 1
    assert [(hit.start, hit.end, hit.replacement) for hit in find_tabs(text)] == [(at, at + 1, "")]


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t张三，男，汉族，大学本科学历，中共党员。",
        f"{SENTENCE[:-1]}\t完成。",
        f"项目\t内容\n{SENTENCE}",
        f"{SENTENCE}\n合计\t12",
        "专业技\t术",
        "新樂府 七德舞\t美撥亂，陳王業也，凡二十首。",
        "甲方：\t\t乙方：\t\t，签字盖章后生效，一式两份。",
        "工会\t组织职工开展活动，提高服务水平和能力。",
        "技\t术工作，提高服务水平和能力，做好各项服务。",
        "for line in text:\t# 逐行读取，去掉空白。",
    ],
)
def test_other_tabs_stay(text):
    assert list(find_tabs(text)) == []


@given(st.text(st.sampled_from("技术工作，。\t\n\0a 姓名"), max_size=60))
def test_only_tabs_are_found(text):
    assert all(text[hit.start : hit.end] == "\t" for hit in find_tabs(text))
