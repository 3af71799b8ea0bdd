"""Conversion between the scripts: only what is in the other one, and the gate changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportclean.errors import ConfigError
from reportclean.text.charclass import code_points
from reportclean.text.script import (
    _changed_alone,
    _gate,
    convert,
    converter,
    find_simplified,
    find_traditional,
)

TRADITIONAL_ONLY = "國會們這個來說對時為學發經義點從業產權條關無電開歷實應議員體際總報組織導聯"


def test_keep_changes_nothing():
    assert convert("各級工會，各级工会", "keep") == "各級工會，各级工会"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各級工會組織要認真貫徹。", "各级工会组织要认真贯彻。"),
        ("破坏土地的行为", "破坏土地的行为"),
        ("破坏土地的行为！各級工會。", "破坏土地的行为！各级工会。"),
        ("头发和发展", "头发和发展"),
        ("English, 日本語のテキスト", "English, 日本語のテキスト"),
    ],
)
def test_to_simplified(text, expected):
    assert convert(text, "simplified") == expected


def test_to_traditional():
    assert (
        convert("各级工会组织。皇后在后面，头发和发展", "traditional")
        == "各級工會組織。皇后在後面，頭髮和發展"
    )
    assert convert("各級工會組織。", "traditional") == "各級工會組織。"


def test_words_are_rewritten_only_when_asked():
    assert convert("電腦軟體", "simplified") == "电脑软体"
    assert convert("電腦軟體", "simplified", "tw2sp") != "电脑软体"


def test_wrong_targets_are_refused():
    with pytest.raises(ConfigError, match="script"):
        convert("國", "latin")
    with pytest.raises(ConfigError, match="s2t"):
        convert("國", "simplified", "s2t")


def test_hits_are_what_differs():
    assert [(hit.start, hit.end, hit.replacement) for hit in find_traditional("今天開會。")] == [
        (2, 4, "开会")
    ]
    assert [hit.replacement for hit in find_simplified("开会")] == ["開會"]


@given(
    st.lists(
        st.sampled_from([*TRADITIONAL_ONLY, "的", "人", "，", "乾", "著", "坏", "瞭", "甦"]), max_size=20
    )
)
@settings(max_examples=200, deadline=None)
def test_the_gate_changes_nothing_on_traditional_text(characters):
    text = "國會" + "".join(characters)
    assert convert(text, "simplified") == converter("t2s")(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=12))
@settings(max_examples=200, deadline=None)
def test_what_passes_no_gate_is_not_changed(text):
    if not _gate("t2s")[code_points(text)].any():
        assert converter("t2s")(text) == text


@given(st.text(st.sampled_from([*TRADITIONAL_ONLY, *"国会们这个来说对时。坏乾著"]), max_size=30))
@settings(max_examples=200, deadline=None)
def test_converting_again_changes_nothing(text):
    once = convert(text, "simplified")
    assert convert(once, "simplified") == once


def test_the_gate_is_asked_of_the_installed_opencc():
    assert len(_changed_alone("t2s")) > 2000
