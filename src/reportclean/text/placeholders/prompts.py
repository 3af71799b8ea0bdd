"""Prompts in words, and dotted lines to write on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import before, ends_line
from reportclean.text.placeholders.signs import HAN
from reportclean.text.placeholders.words import words
from reportclean.text.scanned import At, anchored

_ACTION = "(?:填写|填寫|填入|输入|輸入|添加|插入|录入|錄入|编辑|編輯|粘贴|黏貼|放置|替换|替換|上传|写|寫)"
_OBJECT = "[^，。；：！？!?\\n\\r\\x00\\x0b\\x0c\\x1c-\\x1e\\x85\\u2028\\u2029（）()【】\\[\\]“”\"'<>|]{0,20}"
_HERE = ("此处", "此處", "在此", "这里", "這裡", "這里")
_CLICKS = ("单击或点击", "單擊或點擊", "点击", "點擊", "单击", "單擊", "双击", "按一下")


@cache
def _prompts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A pattern a word: each begins with a literal, which the engine finds ten times faster than a class."""
    return tuple((here, re.compile(f"{here}{_ACTION}{_OBJECT}")) for here in _HERE)


def find_prompts(text: str) -> Iterator[Hit]:
    """Yield 此处填写单位名称, 点击此处添加标题: the prompt and what it asks for."""
    hits = [
        hit
        for here, pattern in _prompts()
        for found in anchored(text, pattern, At(here[0], here[1]))
        if (hit := _prompt(text, found))
    ]
    yield from sorted(hits, key=lambda hit: hit.start)


def _prompt(text: str, found: re.Match[str]) -> Hit | None:
    start, end = found.span()
    left = before(text, start, 6)
    click = next((word for word in _CLICKS if left.endswith(word)), "")
    here = found.group()[:2]
    if here in {"这里", "這裡", "這里"} and not click and not left.endswith("请在"):
        return None  # in prose, people add and write things here
    if here == "在此" and not click and left and left[-1] not in "请請，。：（(":
        return None
    if click and text[end : end + 1] == "。":
        end += 1
    asked = 2 if left.endswith(("请在", "請在")) else 1 if left.endswith(("请", "請")) else 0
    return Hit(start - (len(click) or asked), end, "blank")


@cache
def _pending() -> re.Pattern[str]:
    return re.compile(r"待(?:补充|補充|填写|填寫|填)(?=[。；，、|]|\s|\Z)")


def find_pending(text: str) -> Iterator[Hit]:
    """Yield 待补充 and its like where they fill a field by themselves."""
    for found in anchored(text, _pending(), At("待", "补補填")):
        left = before(text, found.start(), 1)
        if not left or left in "：:|、 \t\u3000":
            yield Hit(found.start(), found.end(), "blank")


@cache
def _dots() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The signs, and what a run of each looks like."""
    runs = {".": r"\.\.\.\.\.\.\.*+", "…": "……*+", "·": "·······*+", "。": "。。。。。。。*+"}
    return tuple((sign, re.compile(run)) for sign, run in runs.items())


_SPEECH = ("说", "說", "道", "问", "問", "曰", "想", "喊", "答", "是", "如", "下", "叫", "云", "写")


def find_dotted_lines(text: str) -> Iterator[Hit]:
    """Yield dots to write on after a label: 备注：............"""
    hits = [
        hit
        for sign, pattern in _dots()
        for found in anchored(text, pattern, At(sign, "" if sign == "…" else sign))  # one … may be two
        if (hit := _dotted(text, found))
    ]
    yield from sorted(hits, key=lambda hit: hit.start)


@cache
def _fields() -> frozenset[str]:
    return frozenset(words("field", "strong"))


def _dotted(text: str, found: re.Match[str]) -> Hit | None:
    start, end = found.span()
    label = _label().search(before(text, start, 12))
    if end - start < 4 and not (ends_line(text, end) and label and label["name"] in _fields()):
        return None
    closed = ends_line(text, end) or text[end] in "元年月日号 \u3000）)"
    if label is None or not closed or label["name"].endswith(_SPEECH):
        return None
    return Hit(start, end, "blank")


@cache
def _label() -> re.Pattern[str]:
    return re.compile(f"(?P<name>[{HAN}]{{2,8}}|[A-Za-z]{{3,10}})(?:[）)])?[：:][ ]?\\Z")
