"""Whole dates and masked years: what a run of signs is when 年, 月, 日 or a separator follows it."""

from __future__ import annotations

import re
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import WINDOW, after, before
from reportclean.text.placeholders.signs import MASKS, SPACE

_GAP = f"[{SPACE}]{{0,3}}"
_SIGNS = f"[{MASKS}]{{1,24}}"
_HAN_NUMBER = "[一二三四五六七八九十廿卅〇零元]{1,3}"
_PART = rf"(?:{_SIGNS}|[0-9０-９]{{1,2}}|{_HAN_NUMBER}|[{SPACE}]{{2,12}})"

# Digits of a year that stand before the signs; "2O" is written for 20, and ○ for 〇.
_STEM = (
    r"(?:(?<![0-9０-９A-Za-z.])[12１２][0-9０-９OoＯ]{0,2}"
    r"|(?<![一二三四五六七八九十百千万〇零○])[一二][九〇○◯零O0Ｏ][〇○◯零一二三四五六七八九]?)"
)


@cache
def stem_pattern() -> re.Pattern[str]:
    """A stem, a gap and an opening bracket, at the end of what stands before a run."""
    return re.compile(rf"(?P<stem>{_STEM})(?P<gap>[{SPACE}]?)(?P<open>[(（]?)\Z")


@cache
def _tail() -> re.Pattern[str]:
    """What makes a year with 年 a date: a month, and perhaps a day and a time."""
    time = "".join(rf"(?:{_GAP}{_PART}{_GAP}[{unit}]" for unit in ("时時", "分", "秒")) + ")?" * 3
    return re.compile(
        rf"{_GAP}(?:年度?){_GAP}(?P<month>{_PART}){_GAP}月(?!份?[{MASKS}]*个)"
        rf"(?:{_GAP}(?P<day>{_PART}){_GAP}[日号號]{time})?"
    )


@cache
def _month_tail() -> re.Pattern[str]:
    return re.compile(rf"{_GAP}月(?:{_GAP}(?P<day>{_PART}){_GAP}[日号號])?")


@cache
def _before_month() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![0-9])[12][0-9]{{3}}|[０-９]{{4}}|[一二][九〇○零][〇○零一二三四五六七八九]{{2}}){_GAP}年{_GAP}\Z"
    )


@cache
def _before_day() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:(?<![0-9])[12][0-9]{{3}}|[一二][九〇○零][〇○零一二三四五六七八九]{{2}}){_GAP}年{_GAP})?"
        rf"(?:(?<![0-9])[0-9]{{1,2}}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{{1,2}}){_GAP}月{_GAP}\Z"
    )


@cache
def _numeric() -> re.Pattern[str]:
    part = rf"(?:[{MASKS}]{{1,2}}|[0-9]{{1,2}})"
    return re.compile(rf"([/.\-／．])(?:{part}\1{part}|[{MASKS}]{{1,2}})(?![\w{MASKS}])")


@cache
def _numeric_from_day() -> re.Pattern[str]:
    return re.compile(
        rf"[{MASKS}]{{1,2}}([/.\-])[{MASKS}]{{1,2}}\1(?:[12][0-9][{MASKS}]{{2}}|[{MASKS}]{{4}})(?![\w{MASKS}])"
    )


@cache
def _duration() -> re.Pattern[str]:
    """年 that counts years: a number, not a year."""
    return re.compile(
        rf"{_GAP}年(?:来|來|以上|以下|以内|以來|之久|左右|多|(?:的)?(?:工作)?(?:经验|經驗|经历|工龄|教龄)|内|期限|有期徒刑|(?:的)?历史)"
    )


@cache
def _counted() -> re.Pattern[str]:
    return re.compile(
        r"(?:为期|為期|期限|期限为|有效期|有效期为|近|约|約|长达|長達|满|滿|历时|歷時|历经|已有|连续|連續|工作|未来|未來|共|至少|不少于|工龄)[：:]?\Z"
    )


_NOT_YEARS = re.compile(r"年(?:级|級|龄|齡|轻|輕|货|貨|糕|夜饭|薪)")


def date_at(text: str, start: int, end: int) -> Hit | None:
    """The date or the year that a run of signs belongs to, with the real digits beside it."""
    right = after(text, end, WINDOW)
    if not right:
        return _year_without_unit(text, start, end, right)
    stemmed = stem_pattern().search(before(text, start, 8))
    begin = start - len(stemmed.group()) if stemmed else start
    stem = stemmed["stem"] if stemmed else ""
    close = 1 if stemmed and stemmed["open"] and right[0] in ")）" else 0
    if stemmed and stemmed["open"] and not close:
        begin, stem = start, ""
    year = right[close:]
    first = year.lstrip(" \t\u3000\xa0")[:1]
    if first == "年":
        return _with_unit(text, begin, start, end, close, stem, year)
    if first == "月":
        return _month(text, start, end, right)
    if first in "日" and first:
        return _day(text, start, end, right)
    if numeric := _numeric_date(text, begin, end, stem, right):
        return numeric
    return _year_without_unit(text, start, end, right)


def _with_unit(text: str, begin: int, start: int, end: int, close: int, stem: str, year: str) -> Hit | None:
    if tail := _tail().match(year):
        if end - start == 1 and not stem and not set(tail["month"]) & set(MASKS):
            return None
        return Hit(begin, end + close + tail.end(), "date", stem)
    if _NOT_YEARS.match(year.lstrip()):
        return None
    if len(stem) >= 2 and 3 <= len(stem) + end - start <= 12:
        return Hit(begin, end + close, "year", stem)
    left = before(text, start, 8)
    if _duration().match(year) or _counted().search(left) or left.endswith("第"):
        return Hit(start, end, "number")
    if end - start == 1 or left[-1:].isdigit():
        return None
    return Hit(start, end, "year")


def _month(text: str, start: int, end: int, right: str) -> Hit | None:
    tail = _month_tail().match(right)
    if tail is None:
        return None
    real = _before_month().search(before(text, start, 16))
    masked_day = tail["day"] is not None and bool(set(tail["day"]) & set(MASKS))
    if real:
        return Hit(start - len(real.group()), end + tail.end(), "date", real.group().strip())
    if end - start == 1 and not masked_day:
        return None
    return Hit(start, end + tail.end(), "date")


def _day(text: str, start: int, end: int, right: str) -> Hit | None:
    real = _before_day().search(before(text, start, 20))
    length = right.index("日") + 1
    if real:
        return Hit(start - len(real.group()), end + length, "date", real.group().strip())
    if right[length:].startswith(("本", "万", "元", "语", "語", "用", "常", "报", "報")):
        return None
    if end - start == 1:
        if right[length:].startswith(("内", "內")):
            return Hit(start, end, "number")
        if not before(text, start, 2).endswith(("于", "於", "至", "到", "截至", "自")):
            return None
    if right[length:].startswith(("内", "內", "以内", "前", "后", "後")):
        return Hit(start, end, "number")
    return Hit(start, end + length, "date")


def _numeric_date(text: str, begin: int, end: int, stem: str, right: str) -> Hit | None:
    if len(stem) >= 2 and len(stem) + end - (begin + len(stem)) == 4 or (not stem and end - begin == 4):
        if found := _numeric().match(right):
            return Hit(begin, end + found.end(), "date", stem)
    if not stem and (found := _numeric_from_day().match(text, begin)):
        return Hit(begin, found.end(), "date")
    return None


@cache
def _not_after_year() -> re.Pattern[str]:
    return re.compile(rf"[{SPACE}]?(?:系列|系|显卡|顯卡|型|款|错误|狀態碼|状态码|响应|[A-Za-z])")


@cache
def _model_before() -> re.Pattern[str]:
    return re.compile(r"(?:[A-Za-z]{2,}[ \-]?|#|[A-Za-z0-9]_|\d[.\-])\Z")


@cache
def _century_range() -> re.Pattern[str]:
    """Both ends of a range with other centuries describe a format, not a gap: 18xx-20xx年."""
    return re.compile(r"(?<!\d)(?:1[0-9])[xX×]{2}[ ]?[-–—~至到][ ]?\Z")


def in_century_range(text: str, begin: int, end: int) -> bool:
    """Whether a masked year is one end of such a range as 18xx-20xx."""
    stem = text[begin : begin + 2]
    if stem == "20" and _century_range().search(before(text, begin, 8)):
        return True
    if stem[:1] != "1":
        return False
    return bool(re.match(r"[ ]?[-–—~至到][ ]?20[xX×]{2}", after(text, end, 8)))


def _year_without_unit(text: str, start: int, end: int, right: str) -> Hit | None:
    """A stem of two or three digits and signs up to four: a year even where 年 does not follow."""
    stemmed = stem_pattern().search(before(text, start, 8))
    if stemmed is None or stemmed["open"]:
        return None
    stem = stemmed["stem"]
    if stemmed["gap"] or len(stem) < 2 or len(stem) + end - start != 4:
        return None
    begin = start - len(stem)
    if stem[:2] not in {"19", "20", "１９", "２０", "一九", "二〇", "二零", "二○", "二◯", "2O"}:
        return None
    if _not_after_year().match(right):
        return None
    left = before(text, begin, 8)
    if _model_before().search(left) and not left.endswith(
        ("FY", "in ", "of ", "for ", "In ", "by ", "since ", "and ")
    ):
        return None
    return Hit(begin, end, "year", stem)
