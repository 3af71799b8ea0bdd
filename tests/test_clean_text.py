"""Clean text stays as it is: what looks like damage to encodings and is none, alone and among other text."""

import json
from pathlib import Path

import pytest

from reportclean.rules.base import Safety
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run, run_batch

CASES = json.loads((Path(__file__).parent / "cases" / "clean_text.json").read_text(encoding="utf-8"))
RULES = tuple(rule for rule in all_rules() if rule.family == "ENC" and rule.fix is Safety.SAFE)
TEXTS = [case["text"] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['note']}: {case['text'][:12]!a}")
def test_clean_text_stays(case):
    assert [(edit.code, edit.before, edit.after) for edit in run(case["text"], RULES).edits] == []


def test_clean_text_stays_in_one_document_and_in_one_batch():
    document = "\n".join(TEXTS)
    assert run(document, RULES).text == document
    assert [outcome.text for outcome in run_batch(TEXTS, RULES)] == TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The damage beside each of the exceptions.
        ("工\u200b会 ภาษา\u200bไทย", "工会 ภาษา\u200bไทย"),
        ("ภาษาไทย 工会\u200b工作", "ภาษาไทย 工会工作"),
        ("职工\ufe0f之家ℹ\ufe0f", "职工之家ℹ\ufe0f"),
        ("a\u200eb\nשלום\u200e", "ab\nשלום\u200e"),
        ("Nord\u00adrhein \ufeff工会", "Nordrhein 工会"),
        ("⼯会{⻊習}⼯会", "工会{⻊習}工会"),
        (r"C:\Users\张三\u4f60 标题\u4f60\u597d", r"C:\Users\张三\u4f60 标题你好"),
        (r"标题：\u4f60\u597d\n\u6b63\u6587", r"标题：你好\n正文"),
        (r"caf\u00e9 it\u2019s \u00a0 \u3000\u3000工会", "café it’s \\u00a0 \u3000\u3000工会"),
        ("`ls` 工会&mdash;工作", "`ls` 工会—工作"),
        ("`&mdash;` 工会&#24037;", "`&mdash;` 工会工"),
        ("&amp;gt; &#8220;&#25968;&#23383;&#8221;", "&amp;gt; “数字”"),
        ("见 https://a.cn/%E4%BD%A0 标题%E4%BD%A0%E5%A5%BD", "见 https://a.cn/%E4%BD%A0 标题你好"),
        ("# 工会&mdash;工作", "# 工会—工作"),
    ],
)
def test_damage_beside_it_is_repaired(text, expected):
    assert run(text, RULES).text == expected
