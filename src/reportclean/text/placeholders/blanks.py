"""Runs of signs that no word next to them explains: notes, labels, lines to write on, blanks."""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.placeholders.context import Run
from reportclean.text.placeholders.counts import Meaning
from reportclean.text.placeholders.names import AFTER_NAME, HAN_ONE, is_han, surnames
from reportclean.text.placeholders.signs import HAN, MASKS, SPACE
from reportclean.text.placeholders.words import words

BLANK = Meaning("blank")
GUESSED_BLANK = Meaning("blank", strong=False)
_ART = frozenset("|/\\+<>^~=#")  # what drawings and rules are made of
_IDENTIFIER = frozenset("/\\@-_=~<>#$&|+")


@cache
def _note() -> re.Pattern[str]:
    return re.compile(
        rf"[{SPACE}]?[（(][^（()）]{{0,18}}?(?:"
        r"(?P<number>电话|電話|号码|號碼|编号|編號|金额|金額|数额|数量|手机号)|(?P<place>城市|地名|地点|地點|地址|国家|地区)"
        r"|(?P<organisation>名称|名稱|机关|機關|单位|單位|公司|机构|機構|部门|部門)"
        r"|(?P<person>姓名|名字|[人者员員]|原告|被告)|(?P<date>日期|时间|時間))[^（()）]{0,8}[）)]"
    )


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    """What a form asks for, by the kind of the answer."""
    return {kind: tuple(words("labels", kind)) for kind in ("number", "organisation", "place")}


_ASIDE = re.compile(r"[（(][^（()）]{0,12}[)）]\Z")
_PLAIN_LABEL = re.compile(f"[{HAN}]{{2,8}}\\Z")


@cache
def _document_number() -> re.Pattern[str]:
    return re.compile(
        rf"[{HAN}]{{1,4}}[{SPACE}]?[〔［\[（(【](?:[12][0-9{MASKS}]{{3}}|[{MASKS}]{{2,4}})[〕］\]）)】]"
    )


_IN_DOCUMENT_NUMBER = re.compile(rf".(?:[{HAN}{MASKS}…]|[{SPACE}]?第)", re.DOTALL)
_NUMBER_AFTER = re.compile(rf".[{MASKS}第0-9]", re.DOTALL)


def in_document(run: Run) -> Meaning | None:
    """Parts of a document's number: ××法建〔××××〕×号."""
    if run.family not in {"cross", "star", "hollow"} or run.length < 2:
        return None
    if run.last in "〔［[（(【" and run.first in "〕］]）)】":
        if run.length == 4 and run.last != "【" and _IN_DOCUMENT_NUMBER.match(run.right):
            return Meaning("year")
        in_number = run.last in "〔［[" and is_han(run.left[-2:-1]) and _NUMBER_AFTER.match(run.right)
        return Meaning("year") if in_number else None
    if run.family != "hollow" and _document_number().match(run.right):
        return Meaning("organisation")
    return None


def noted(run: Run) -> Meaning | None:
    """A note in brackets after the signs says what they are: ××××（被建议单位名称）."""
    if run.length < 2 or run.family == "solid" or (run.family == "star" and run.length > 6):
        return None
    note = _note().match(run.right) if run.right.lstrip(" \u3000")[:1] in {"（", "("} else None
    return Meaning(note.lastgroup or "blank") if note else None


def labelled(run: Run) -> Meaning | None:
    """A form's label before the signs says what they are: 联系电话：XXX."""
    if run.length < 2 or run.family not in {"cross", "hollow", "star"}:
        return None
    if run.family == "cross" and run.left.endswith(tuple(words("person", "members"))):
        return Meaning("organisation", strong=False)
    left = run.left.translate(_NO_SPACE)  # 编 制 单 位：
    name = _ASIDE.sub("", left.rstrip("：:是为為"))
    colon = left.endswith(("：", ":"))
    if run.family == "star" and (run.right or not colon):
        return None
    if colon or name != left:
        for kind, labels in _labels().items():
            if name.endswith(labels):
                return Meaning(kind)
        return BLANK if colon and run.family == "cross" and _PLAIN_LABEL.search(name) and _ends(run) else None
    return Meaning("number") if run.family == "cross" and name.endswith(_labels()["number"]) else None


_NO_SPACE = str.maketrans("", "", " \t\u3000\xa0")


def _ends(run: Run) -> bool:
    """Whether the line or a clause ends after the signs."""
    return run.first in " ，。；、,;|<\"'）)"


def form_line(run: Run) -> Meaning | None:
    """Five underscores and more are a line to write on, unless the line of text is nothing else."""
    if _surname_alone(run):
        return Meaning("person")
    if run.last in _ART or run.first in _ART or (run.last.isalnum() and run.first in "'\""):
        return None
    around = run.left + " " + run.right
    return BLANK if HAN_ONE.search(around) or re.search("[A-Za-z]{2}", around) else None


def _surname_alone(run: Run) -> bool:
    return run.last in surnames() and not is_han(run.left[-2:-1] or "。")


_NO_BLANK = re.compile(
    r"[了呢吗吧过着]|染色体|染色體|射线|射線|光机|型|码|碼|战警|世纪|世紀|系列|号字|轴|軸|语言|网用户|表示|代表|连锁|形|状|友|星|√|[LSM]"
)
_ADJACENT = re.compile(f"[{HAN}，。、；：“”‘’（）《》「」『』【】！？…〔〕]")
_QUOTES = frozenset({"“”", "《》", "「」", "『』"})
_LATIN_OR_DIGIT_BEFORE = re.compile(r"[A-Za-z0-9][ \-]?\Z")


def rest(run: Run) -> Meaning | None:
    """What is left: a blank, where the signs stand among ideographs and are no other thing."""
    match run.family:
        case "line":
            return _short_line(run)
        case "star":
            return _quoted_stars(run)
        case "hollow" | "solid":
            quoted = run.last in "“《「" and run.first in "”》」杯"
            return BLANK if quoted and 2 <= run.length <= 6 else None
        case _:
            return _crosses(run)


def _crosses(run: Run) -> Meaning | None:  # a cascade: one form a line
    left, right = run.left, run.right
    if run.length < 2 or _NO_BLANK.match(right) or left.endswith("√") or _LATIN_OR_DIGIT_BEFORE.search(left):
        return None
    if run.last in _IDENTIFIER or run.last in ".:" or run.first in _IDENTIFIER:
        return None
    if run.first == "." and right[1:2].isascii() and right[1:2].isalnum():
        return None
    if run.length >= 5 and re.search("[号號证證編编码碼]", left[-20:]):
        return Meaning("number")
    if left.endswith(
        ("省", "市", "县", "縣", "区", "區", "镇", "鎮", "乡", "鄉", "村", "街道")
    ) and not is_han(run.first):
        return Meaning("place", strong=False)
    if not HAN_ONE.search(left[-4:] + right[:4]) and run.last + run.first not in _QUOTES:
        return None
    if run.length == 3 and AFTER_NAME.match(right) and _before_name(left):
        return Meaning("person", strong=False)
    if run.last + run.first in _QUOTES:
        return BLANK
    return GUESSED_BLANK if _ADJACENT.match(run.last) or _ADJACENT.match(run.first) else None


def _before_name(left: str) -> bool:
    left = left.rstrip(" \t\u3000\xa0")
    return not left or left[-1] in "，,。；;、！!？?（(" or left.endswith(tuple(words("person", "verbs")))


@cache
def _generic() -> tuple[str, ...]:
    return tuple(words("generic", "words"))


def _unnamed(run: Run) -> Meaning | None:
    """Two signs before a noun that has a name: 参加__活动, 在__的领导下."""
    if run.length not in {2, 3} or (not is_han(run.last) and run.last not in " ，。、；：（“《"):
        return None
    if run.right.startswith(_generic()) or (run.first == "的" and run.last in "在由受"):
        return GUESSED_BLANK
    return None


def _quoted_stars(run: Run) -> Meaning | None:
    if not 2 <= run.length <= 8:
        return None
    if run.last in "“《「『" and (run.first in "”》」』" or run.right[1:2] in {"”", "》"}):
        return BLANK
    ascii_quoted = run.last == run.first == '"' and is_han(run.left[-2:-1]) and is_han(run.right[1:2])
    return BLANK if ascii_quoted else _unnamed(run)


_FILE_NAME = re.compile(r"\.[A-Za-z]{2,4}\b|_[A-Za-z0-9]|[A-Za-z0-9]_")


def _short_line(run: Run) -> Meaning | None:
    """One to four underscores without a telling word."""
    left, right = run.left, run.right
    if run.length == 1 or run.last in _ART or run.first in _ART or run.last in "-.'`" or run.first in "-'`":
        return None
    ideographs = bool(HAN_ONE.search(left) or HAN_ONE.search(right))
    closed = run.first in "”》」』）)】" or (run.first in "杯奖獎" and right[1:2] in {"”", "》"})
    if run.last in "“《「『（(【" and closed and (ideographs or run.last in "《“「"):
        return BLANK
    if run.length == 4 or left.rstrip(" \t\u3000").endswith(("：", ":")):
        if _surname_alone(run):
            return Meaning("person")
        if ideographs:
            return BLANK
        label = run.length == 4 and re.search(r"[A-Za-z]{2}[^A-Za-z]{1,3}\Z", left) and not run.last.isalnum()
        return BLANK if label else None
    return None if _FILE_NAME.search(left + right) else _unnamed(run)
