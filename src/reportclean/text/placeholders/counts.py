"""Runs of signs that stand for a number or an ordinal: units, 第, 届, the five-year plans."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reportclean.text.placeholders.context import Run
from reportclean.text.placeholders.signs import HAN, MASKS, SPACE
from reportclean.text.placeholders.words import any_of, none_of, words


class Meaning(NamedTuple):
    """A kind, and whether a neighbouring word gave it (strong) or the signs alone did."""

    kind: str
    strong: bool = True


NUMBER = Meaning("number")
ORDINAL = Meaning("ordinal")
OPENING_QUOTES = "“‘「『《〈\"'"


@cache
def _unit() -> re.Pattern[str]:
    to_another = f"(?:[-–—~～至到][{MASKS}]{{1,4}})?"
    word = f"{none_of(words('units', 'unless'))}(?P<unit>{any_of(words('units', 'words'))})"
    return re.compile(rf"{to_another}[{SPACE}]?(?:多|余|餘|几|幾)?{word}")


@cache
def sum_unit() -> re.Pattern[str]:
    """Units that make a masked year a masked sum: 202_万元."""
    return re.compile(
        rf"[{SPACE}]?[多余餘]?{none_of(words('units', 'unless'))}{any_of(words('sums', 'words'))}"
    )


@cache
def _single_units() -> frozenset[str]:
    return frozenset(words("single", "words"))


# More often an office or a branch than a count.
_PERCENT = re.compile(r"(?:[-–—~～至到].{1,4})?[%％](?![A-Za-z0-9(_])(?![ ]?[A-Za-z0-9(_]+[ ]?[)\]])")
_OFFICES = frozenset("处處部门門所台臺支")
_MARK_NOT_NUMBER = re.compile(r"[号號](?:表示|代表|键|鍵|处|是|为|者|和|或)")
_HAN_OR_CLOSING = re.compile(f"[{HAN}〕）)］\\]]")
_HAN_OR_OPENING = re.compile(f"[{HAN}（(]")


def counted(run: Run) -> Meaning | None:  # a cascade: one form a line
    """A number: between 第 and its noun, or before a unit."""
    left, right = run.left, run.right
    if left.endswith("第") or (left.endswith("第 ") and run.length > 1):
        if right.startswith(("届", "屆")):
            return ORDINAL
        century = right.startswith(("世纪", "世紀"))  # Roman numerals: 第XX世纪
        return NUMBER if not century and _HAN_OR_OPENING.match(right.lstrip(" ")) else None
    if run.last in "（(" and right.startswith(("）班", ")班")):
        return NUMBER
    if run.family in {"hollow", "solid"} and run.length < 2:
        return None
    if run.family == "star" and (run.length > 4 or (run.last.isascii() and run.last.isalnum())):
        return None
    if run.family == "line" and left.rstrip(" \t\u3000").endswith(("：", ":")):
        return None  # a form's line, whatever unit stands at its end
    found = _unit().match(right)
    if found is None:
        return None
    unit = found["unit"]
    if run.family == "star" and found.group()[0] in " \t\u3000\xa0":
        return None  # the end of Markdown's emphasis
    if unit in {"%", "％"} and not _PERCENT.match(right):
        return None  # the operator
    if run.length == 1:
        return NUMBER if _single(run, unit) else None
    if unit in _OFFICES or (run.last.isascii() and run.last.isalpha()):
        return None
    return NUMBER


def _single(run: Run, unit: str) -> bool:
    """One sign alone counts only before a clear unit, and where it is no sign of multiplication."""
    last = run.last
    if run.family not in {"cross", "line"} or (last.isascii() and (last.isalnum() or last in "+-*/=<>._")):
        return False
    if unit in {"号", "號"}:
        drawn = last in "打画划标写用的“以√、叉和或"  # the sign itself is spoken of
        return not _MARK_NOT_NUMBER.match(run.right) and not drawn and bool(_HAN_OR_CLOSING.match(last))
    if run.family == "line":
        return bool(_HAN_OR_OPENING.match(last))
    return unit in _single_units() and not re.search("[=＝÷]", run.left[-12:] + run.right[:12])


_CONGRESS = re.compile(
    rf"大(?=[^{HAN}]|\Z|精神|报告|報告|会议|會議|以来|以來|召开|召開|胜利|勝利|代表|闭幕|閉幕|开幕|開幕|提出|关于|關於|指出|新|后|後|之后"
    r"|的|和|、|以后|部署|期间|期間|文件|主题|主題|对|確定|确定|修|上|作出|强调|明确|决议|宣讲|学习|安保|维稳)"
)
_FIVE_YEARS = re.compile(r"五(?:[”\"’」』]|规划|規劃|期间|期間|时期|時期|末|计划|計劃|开局|開局|发展|發展)")
_BEFORE_CONGRESS = ("党的", "黨的", "习", "習", "彻", "徹", "迎", "接", "十", "落实", "落實", "学", "实")


def ordinal(run: Run) -> Meaning | None:  # a cascade: one form a line
    """A congress, a session, a plan: xx大, X届, X中全会, “xx五”."""
    right = run.right
    if run.family == "solid":
        return None
    if right.startswith(("中全会", "中全會", "次全")):
        return NUMBER
    if run.first in "届屆":
        return ORDINAL
    if run.first == "大" and run.length <= 3 and _CONGRESS.match(right):
        if run.family == "cross" and (run.length == 2 or run.left.endswith(("党的", "黨的"))):
            return ORDINAL
        if (
            run.family in {"star", "line", "hollow"}
            and run.length == 2
            and run.left.endswith(_BEFORE_CONGRESS)
        ):
            return ORDINAL
    quoted = run.last in OPENING_QUOTES
    if (
        run.first == "五"
        and run.length <= 2
        and _FIVE_YEARS.match(right)
        and (quoted or run.family == "cross")
    ):
        return ORDINAL
    return None
