"""Whole dates and masked years: what a run of signs is when 年, 月, 日 or a separator follows it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reportclean.document import Hit
from reportclean.text.placeholders.context import Run
from reportclean.text.placeholders.signs import MASKS, SPACE
from reportclean.text.placeholders.words import any_of, words

_GAP = f"[{SPACE}]{{0,3}}"
_SIGNS = f"[{MASKS}]{{1,24}}"
_PART = rf"(?:{_SIGNS}|[0-9０-９]{{1,2}}|[一二三四五六七八九十廿卅〇零元]{{1,3}}|[{SPACE}]{{2,12}})"
_HAN_YEAR = "[一二][九〇○零][〇○零一二三四五六七八九]{2}"
_CENTURIES = frozenset({"19", "20", "１９", "２０", "一九", "二〇", "二零", "二○", "二◯", "2O"})
_SIGN_SET = frozenset(MASKS)


class Stem(NamedTuple):
    """Digits of a year before the signs, how far before the run they begin, and how they are joined."""

    digits: str
    width: int
    gap: bool
    opened: bool


@cache
def _stem() -> re.Pattern[str]:
    """A stem, a gap and an opening bracket, at the end; "2O" is written for 20, and ○ for 〇."""
    return re.compile(
        r"(?:(?<![0-9０-９A-Za-z.])(?P<arabic>[12１２][0-9０-９OoＯ]{0,2})"
        r"|(?<![一二三四五六七八九十百千万〇零○])(?P<han>[一二][九〇○◯零O0Ｏ][〇○◯零一二三四五六七八九]?))"
        rf"(?P<gap>[{SPACE}]?)(?P<open>[(（]?)\Z"
    )


_STEM_ENDS = frozenset("0123456789０１２３４５６７８９OoＯ〇○◯零一二三四五六七八九(（ \t\u3000\xa0")


def stem_before(run: Run) -> Stem | None:
    """The digits of a year right before a run."""
    if run.last not in _STEM_ENDS:
        return None
    left = run.left[-6:]
    # A fiscal year's letters are no word that the digits belong to.
    found = _stem().search("  " + run.left[-6:].removeprefix("FY") if "FY" in left else left)
    if found is None:
        return None
    digits = found["arabic"] or found["han"]
    return Stem(digits, len(found.group()), bool(found["gap"]), bool(found["open"]))


@cache
def _tail() -> re.Pattern[str]:
    """What makes a year with 年 a date: a month, and perhaps a day and a time."""
    time = "".join(rf"(?:{_GAP}{_PART}{_GAP}[{unit}]" for unit in ("时時", "分", "秒")) + ")?" * 3
    return re.compile(
        rf"{_GAP}年度?{_GAP}(?P<month>{_PART}){_GAP}月(?:{_GAP}(?P<day>{_PART}){_GAP}[日号號]{time})?"
    )


@cache
def _month_tail() -> re.Pattern[str]:
    return re.compile(rf"{_GAP}月(?:{_GAP}(?P<day>{_PART}){_GAP}[日号號])?")


@cache
def _real_year() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![0-9])[12][0-9]{{3}}|[０-９]{{4}}|{_HAN_YEAR}){_GAP}年{_GAP}\Z")


@cache
def _real_month() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:(?<![0-9])[12][0-9]{{3}}|{_HAN_YEAR}){_GAP}年{_GAP})?"
        rf"(?:(?<![0-9])[0-9]{{1,2}}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{{1,2}}){_GAP}月{_GAP}\Z"
    )


@cache
def _numeric() -> re.Pattern[str]:
    part = rf"(?:[{MASKS}]{{1,2}}|[0-9]{{1,2}})"
    return re.compile(rf"([/.\-／．])(?:{part}\1{part}|[{MASKS}]{{1,2}})(?![\w{MASKS}])")


@cache
def _numeric_from_day() -> re.Pattern[str]:
    return re.compile(rf"([/.\-])[{MASKS}]{{1,2}}\1(?:[12][0-9][{MASKS}]{{2}}|[{MASKS}]{{4}})(?![\w{MASKS}])")


@cache
def _duration() -> re.Pattern[str]:
    """年 that counts years: a number, not a year."""
    return re.compile("年" + any_of(words("durations", "after")))


@cache
def _counted() -> tuple[str, ...]:
    return tuple(words("durations", "before"))


_DASHES = "-–—－~～至到"


@cache
def _range_of_years() -> re.Pattern[str]:
    """The rest of XX—XX学年."""
    return re.compile(rf"[{_DASHES}]{{1,2}}[{MASKS}]{{2,4}}[学學]?年")


_NOT_YEARS = ("级", "級", "龄", "齡", "轻", "輕", "货", "貨", "糕", "夜饭", "薪", "轮", "輪")


def date_or_year(run: Run, stem: Stem | None) -> Hit | None:
    """The date or the year that a run belongs to, with the real digits beside it."""
    right = run.right
    closing = 0
    if stem and stem.opened:
        closing = 1 if run.first in ")）" else 0
        stem = stem if closing else None
    rest = right[closing:].lstrip(" \t\u3000\xa0")
    unit = rest[:1]
    if unit == "年":
        return _before_year_sign(run, stem, right[closing:], rest, closing)
    if unit and unit in "学學" and rest[1:2] == "年":
        return _school_year(run, stem, closing)
    if unit and unit in _DASHES and not stem and run.length > 1 and _range_of_years().match(right):
        return Hit(run.start, run.end, "year")
    if unit == "月":
        return _month(run)
    if unit == "日":
        return _day(run)
    return _numeric_date(run, stem) or _bare_year(run, stem)


def _before_year_sign(run: Run, stem: Stem | None, right: str, rest: str, closing: int) -> Hit | None:
    begin = run.start - stem.width if stem else run.start
    digits = stem.digits if stem else ""
    if tail := _tail().match(right):
        masked = run.length > 1 or digits or _SIGN_SET.intersection(tail["month"])
        return Hit(begin, run.end + closing + tail.end(), "date", digits) if masked else None
    if rest.startswith(_NOT_YEARS, 1):
        return None
    if stem and len(digits) >= 2 and len(digits) + run.length <= 12:
        return Hit(begin, run.end + closing, "year", digits)
    if _duration().match(rest) or run.left.rstrip("：: ").endswith(_counted()):
        return Hit(run.start, run.end, "number")
    return Hit(run.start, run.end, "year") if run.length > 1 and not run.last.isdigit() else None


def _school_year(run: Run, stem: Stem | None, closing: int) -> Hit | None:
    if stem and len(stem.digits) >= 2:
        return Hit(run.start - stem.width, run.end + closing, "year", stem.digits)
    if 2 <= run.length <= 4 and not run.last.isdigit() and run.last != "第":
        return Hit(run.start, run.end, "year")
    return None


def _month(run: Run) -> Hit | None:
    tail = _month_tail().match(run.right)
    if tail is None or run.last.isdigit() or (run.family == "star" and run.first != "月"):
        return None
    real = _real_year().search(run.left[-16:])
    masked_day = bool(_SIGN_SET.intersection(tail["day"] or ""))
    if real:
        return Hit(run.start - len(real.group()), run.end + tail.end(), "date", real.group().strip())
    told = masked_day or run.right.startswith("份", tail.end()) or run.left.endswith(_NAMED_YEARS)
    if run.length == 1 and not told:
        return None
    return Hit(run.start, run.end + tail.end(), "date")


_NAMED_YEARS = ("今年", "去年", "明年", "本年", "同年", "当年", "當年", "次年", "至", "到")


def _day(run: Run) -> Hit | None:
    if run.last.isdigit() or (run.family == "star" and run.first != "日"):
        return None  # a space after stars: the end of Markdown's emphasis
    length = run.right.index("日") + 1
    rest = run.right[length:]
    real = _real_month().search(run.left[-20:])
    if real:
        return Hit(run.start - len(real.group()), run.end + length, "date", real.group().strip())
    if rest.startswith(("期", "本", "万", "萬", "元", "语", "語", "用", "常", "报", "報", "均", "志", "程")):
        return None
    if rest.startswith(("内", "內", "以内", "前", "后", "後")):
        return Hit(run.start, run.end, "number")
    if run.length == 1 and not run.left.endswith(("于", "於", "至", "到", "自")):
        return None
    return Hit(run.start, run.end + length, "date")


def _numeric_date(run: Run, stem: Stem | None) -> Hit | None:
    if run.first not in "/.-／．":
        return None
    digits = stem.digits if stem and not stem.gap else ""
    if (
        (len(digits) >= 2 or not stem)
        and len(digits) + run.length == 4
        and (found := _numeric().match(run.right))
    ):
        return Hit(run.start - len(digits), run.end + found.end(), "date", digits)
    if not stem and run.length <= 2 and (found := _numeric_from_day().match(run.right)):
        return Hit(run.start, run.end + found.end(), "date")
    return None


_MODELS = ("系列", "系", "显卡", "顯卡", "型", "款", "错误", "狀態碼", "状态码", "响应")


@cache
def _model_before() -> re.Pattern[str]:
    """A product's name or an identifier, which the digits belong to."""
    return re.compile(
        r"(?:[A-Z]{2,}[ \-]?|(?:GeForce|Radeon|Ryzen|Model|Mark|Type|Core)[ ]"
        r"|[A-Za-z]|#|[A-Za-z][_\-]|[0-9]_|\d\.)\Z"
    )


_BEFORE_YEAR = ("FY", "IN ", "OF ", "FOR ", "YEAR ", "REPORT ")


def _bare_year(run: Run, stem: Stem | None) -> Hit | None:
    """Two or three digits of a year and signs up to four: a year even where 年 does not follow."""
    if stem is None or stem.gap or stem.opened or len(stem.digits) + run.length != 4:
        return None
    if run.family == "star" and run.first in "(-+/=":
        return None  # arithmetic
    if stem.digits[:2] not in _CENTURIES or run.right.lstrip(" ").startswith(_MODELS):
        return None
    left = run.left[: -stem.width]
    range_of_years = left.endswith("-") and left[-2:-1] in _SIGN_SET
    if not left.endswith(_BEFORE_YEAR) and not range_of_years and _model_before().search(left[-24:]):
        return None
    return Hit(run.start - stem.width, run.end, "year", stem.digits)


@cache
def _earlier_century() -> re.Pattern[str]:
    return re.compile(r"(?<!\d)1\d[xX×]{2}[ ]?[-–—~至到][ ]?20\Z")


@cache
def _later_century() -> re.Pattern[str]:
    return re.compile(r"[ ]?[-–—~至到][ ]?20[xX×]{2}")


def in_century_range(run: Run) -> bool:
    """Whether both ends of a range are masked centuries: 18xx-20xx年 describes a format, not a gap."""
    if run.family != "cross":
        return False
    if _earlier_century().search(run.left[-12:]):
        return True
    return run.left[-2:-1] == "1" and bool(_later_century().match(run.right))
