"""What a run of signs stands for, by the words around it.

``meaning`` asks the questions in order of how telling they are: a number's unit, 第, a person's
title, a place, an organisation, a document number, a note in brackets, a label with a colon; only then what
is left is a blank. The answer is *strong* where a word next to the signs gave it, and weak where the
signs alone did.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reportclean.text.placeholders.context import after, before
from reportclean.text.placeholders.signs import ALL, HAN, MASKS, SPACE
from reportclean.text.placeholders.words import any_of, characters, none_of, words


class Meaning(NamedTuple):
    """A kind, whether a neighbouring word gave it, and signs before or after that belong to it."""

    kind: str
    strong: bool = True
    stem: str = ""


class Run(NamedTuple):
    """A run of one family of signs with what stands around it on its line."""

    family: str
    signs: str
    left: str
    right: str

    @property
    def length(self) -> int:
        """How many signs."""
        return len(self.signs)


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(
        rf"[{SPACE}]?[多余餘几]?{none_of(words('units', 'unless'))}{any_of(words('units', 'words'))}"
    )


@cache
def masked_sum_unit() -> re.Pattern[str]:
    """Units that make a masked year a masked sum: 202_万元."""
    sums = [
        word
        for word in words("units", "words")
        if word not in {"级", "級", "届次", "期", "号", "號", "班", "月份"}
    ]
    return re.compile(rf"[{SPACE}]?[多余餘]?{none_of(words('units', 'unless'))}{any_of(sums)}")


@cache
def _place() -> re.Pattern[str]:
    return re.compile(none_of(words("place", "unless")) + any_of(words("place", "words")))


@cache
def _organisation() -> re.Pattern[str]:
    """An organisation's noun right after the signs, or a strong one a few characters on."""
    return re.compile(
        rf"{none_of(words('organisation', 'unless'))}{any_of(words('organisation', 'immediate'), words('organisation', 'words'))}"
        rf"|(?:(?![的了在是和与與及由被对對把将將为為从從向到于於有问問])[{HAN}（）()]){{1,10}}?{any_of(words('organisation', 'words'))}"
        r"|(?:(?![的了在是和与與及由被对對把将將为為从從向到于於有问問])["
        + HAN
        + r"]){2,6}?[局厅廳院](?![面部限势長长有以士])"
    )


@cache
def _title() -> re.Pattern[str]:
    return re.compile(
        rf"[{SPACE}]?(?:[、，和与與及][{SPACE}]?[{MASKS}]{{2,4}}){{0,8}}等?(?:[0-9一二三四五六七八九十{MASKS}]{{1,2}}[名位])?"
        rf"(?:常务|常務)?[副老原]?{none_of(words('person', 'unless'))}{any_of(words('person', 'titles'))}"
    )


@cache
def _role() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(words('person', 'roles'), words('person', 'titles'))}|书[ ]记[ ]员|書[ ]記[ ]員|审[ ]判[ ][长员]|[{HAN}]人员?)"
        rf"(?:[（(][^（()）\n]{{0,20}}[)）])?(?P<colon>[{SPACE}]?[：:])?[{SPACE}]{{0,4}}\Z"
    )


@cache
def _role_without_colon() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(words('person', 'roles'), words('person', 'titles'))}|书[ ]记[ ]员|審[ ]判[ ]長)[{SPACE}]?\Z"
    )


@cache
def _name_verb() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(words('person', 'verbs'))}|(?:^|[，,。；;：:、！!？?（(])[{SPACE}]*)\Z")


@cache
def _after_name() -> re.Pattern[str]:
    return re.compile(
        r"[的向在于於是对對与與和、，。；,;因任为為被说說指把将從从]|指出|表示|强调|強調|介绍|出席|主持|设计|設計|提出|编写|撰写|负责|代表|担任|同意|不服|诉|訴|申请|[（(]"
    )


@cache
def _surname() -> re.Pattern[str]:
    return re.compile(rf"(?P<before>.?)[{characters('person', 'surnames')}]\Z", re.DOTALL)


@cache
def _note() -> re.Pattern[str]:
    return re.compile(
        rf"[{SPACE}]?[（(][^（()）\n]{{0,18}}?(?:"
        r"(?P<number>电话|電話|号码|號碼|编号|金额|数额|数量|手机号)|(?P<place>城市|地名|地点|地址|国家|地区)"
        r"|(?P<organisation>名称|名稱|机关|機關|单位|單位|公司|机构|部门)"
        r"|(?P<person>姓名|名字|申请人|申請人|原告|被告|上诉人|[人者员])|(?P<date>日期|时间))[^（()）\n]{0,8}[）)]"
    )


@cache
def _label() -> re.Pattern[str]:
    """A form's label with its colon, at the end of what stands before."""
    return re.compile(
        r"(?:(?P<number>电话|電話|手机|手機|号码|號碼|编号|編號|案号|文号|证号|[账帐賬]号|学号|工号|金额|金額|数量|人数)"
        r"|(?P<organisation>抄送|主送|报送|抄报|单位|單位|公司|部门|部門|机关|機關|机构|用人单位|委托单位)"
        r"|(?P<place>地址|地点|地點|住址|住所|住所地|籍贯|籍貫|城市))"
        rf"(?:[（(][^（()）\n]{{0,12}}[)）])?[{SPACE}]?[：:][{SPACE}]{{0,4}}\Z"
    )


@cache
def _document_number() -> re.Pattern[str]:
    return re.compile(
        rf"[{HAN}]{{1,4}}[{SPACE}]?[〔［\[（(【](?:[12][0-9{MASKS}]{{3}}|[{MASKS}]{{2,4}})[〕］\]）)】]"
    )


_ORDINAL = re.compile(
    r"届|屆|大(?=[^一-鿿]|\Z|精神|报告|報告|会议|以来|以來|召开|胜利|代表|闭幕|开幕|提出|关于|指出|新|后|後|之后|的|和|、|以后|部署|期间|文件|主题|对|确定|修)"
)
_FIVE_YEARS = re.compile(r"五(?=[”\"’」』]|规划|規劃|期间|期間|时期|末|计划|计划|开局|发展)")
_NOT_BLANK_RIGHT = re.compile(
    r"染色体|染色體|射线|射線|光机|型|码|碼|战警|世纪|世紀|系列|号字|轴|軸|语言|網用户|网用户|表示|代表|连锁|形|状|網|级片|友|星|√|[LSM]"
)
_OPEN_QUOTE = "“‘「『《〈\"'"
_CLOSE_QUOTE = "”’」』》〉\"'"
_ADJACENT = re.compile(f"[{HAN}，。、；：“”‘’（）《》「」『』【】！？…〔〕]")


def meaning(run: Run) -> Meaning | None:
    """What the run stands for; None where it is no placeholder."""
    if run.family == "line" and run.length >= 5:
        return _form_line(run)
    for question in (_counted, _ordinal, _censored, _person, _place_or_organisation, _documents, _labelled):
        answer = question(run)
        if answer:
            return answer
    return _rest(run)


def _counted(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if left.endswith("第") or (left.endswith("第 ") and run.length > 1):
        if right.startswith(("届", "屆")):
            return Meaning("ordinal")
        if right.startswith(("世纪", "世紀")) or not right[:1] or not re.match(rf"[{HAN}{SPACE}]", right):
            return None
        return Meaning("number")
    if run.family in {"hollow", "solid"} and run.length < 2:
        return None
    if run.family == "star" and (run.length > 4 or left[-1:].isascii() and left[-1:].isalnum()):
        return None
    if run.family == "line" and _is_label(left):
        return None
    found = _unit().match(right)
    if not found:
        return None
    unit = found.group().strip()
    if run.length == 1:
        return Meaning("number") if _single_count(run, unit) else None
    if unit in {"处", "處", "部", "门", "門", "所", "台", "臺", "支"}:
        return None  # more often an office than a count
    if unit[:1] in "%％‰" and run.family in {"star", "hollow", "solid"} and not right[len(found.group()) :]:
        return Meaning("number")
    if left[-1:].isascii() and left[-1:].isalpha():
        return None
    return Meaning("number")


def _is_label(left: str) -> bool:
    return left.rstrip(" \t\u3000")[-1:] in {"：", ":"}


_AFTER_SINGLE = re.compile(r"号(?:表示|代表|键|鍵|处|是|为|者|和|或)")


def _single_count(run: Run, unit: str) -> bool:
    """One sign alone counts only where a clear unit follows and it is no sign of multiplication."""
    left, right = run.left, run.right
    if run.family not in {"cross", "line"}:
        return False
    last = left[-1:]
    if last.isascii() and (last.isalnum() or last in "+-*/=<>._"):
        return False
    if unit in {"号", "號"}:
        if _AFTER_SINGLE.match(right) or last in "打画划标写用的“以√、叉和或":
            return False
        return bool(last) and (bool(re.match(f"[{HAN}]", last)) or last in "〕）)］]")
    if run.family == "line":
        return bool(last) and bool(re.match(f"[{HAN}（(第]", last))
    strong = {
        "元",
        "万元",
        "亿元",
        "%",
        "％",
        "个月",
        "個月",
        "个百分点",
        "人",
        "名",
        "条",
        "條",
        "次",
        "期",
        "页",
        "款",
        "项",
        "班",
        "年级",
        "年級",
        "小时",
        "天",
        "周",
        "分钟",
        "组",
        "万",
        "亿",
        "户",
        "家",
        "件",
        "份",
        "岁",
    }
    return unit in strong and not re.search(r"[=＝×*/÷]", left[-12:] + right[:12])


def _ordinal(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if run.family in {"solid"}:
        return None
    if right.startswith("中全会") or right.startswith("中全會") or right.startswith("次全"):
        return Meaning("number")
    found = _ORDINAL.match(right)
    if found:
        if right[0] in "届屆":
            return Meaning("ordinal")
        if run.family == "cross" and (run.length == 2 or left.endswith(("党的", "黨的"))):
            return Meaning("ordinal")
        if (
            run.family in {"star", "line"}
            and run.length == 2
            and left.endswith(("党的", "黨的", "习", "彻", "徹", "迎", "接", "十"))
        ):
            return Meaning("ordinal")
    if run.length == 2 or left[-1:] in _OPEN_QUOTE:
        if _FIVE_YEARS.match(right) and (left[-1:] in _OPEN_QUOTE or run.family == "cross"):
            return Meaning("ordinal")
    return None


@cache
def _censored_after() -> re.Pattern[str]:
    return re.compile(any_of(words("censored", "words")))


@cache
def _censored_before() -> re.Pattern[str]:
    return re.compile(any_of(words("censored", "before")) + r"\Z")


_HAN_ONE = re.compile(f"[{HAN}]")


def _censored(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if run.family not in {"star", "cross"} or run.length > 4:
        return None
    if _censored_after().match(right):
        if run.family == "cross" and not right.startswith(("总", "總")):
            return None
        return Meaning("censored")
    if run.family == "cross":
        return None
    last, first = left[-1:], right[:1]
    if run.length == 1:
        if _censored_before().search(left) and not first.isascii():
            return Meaning("censored")
        factors = words("censored", "factors")[0]
        if _HAN_ONE.match(last) and _HAN_ONE.match(first) and last not in factors and first not in factors:
            return Meaning("censored", strong=False)
    elif _censored_before().search(left) and right[:1] in {"", "党", "黨", "的", "，", "。", "、", "领"}:
        return Meaning("censored")
    return None


def _person(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if run.length > 4 or (run.length == 1 and run.family != "cross"):
        return None
    surname = _surname().search(left)
    if _title().match(right):
        if run.length == 1 and not surname:
            return None
        return Meaning("person")
    role = _role_without_colon().search(left) if run.family == "line" else _role().search(left)
    if role and run.length >= 2:
        colon = run.family == "line" or role["colon"]
        if colon or not (_place().match(right) or _organisation().match(right) or _unit().match(right)):
            closed = not right[:1].isascii() or not right[:1].isalnum()
            return Meaning("person") if closed else None
    if surname and run.length <= 2 and run.family in {"cross", "hollow"} and not _organisation().match(right):
        if not _place().match(right) and (
            not _HAN_ONE.match(surname["before"] or "。")
            or surname["before"] in "由和与請请任長长记员，、同人"
        ):
            return Meaning("person") if right[:1] not in "系型" or not right else None
    if run.family == "star" and run.length in {2, 3} and left.endswith("由") and _after_name().match(right):
        return Meaning("person")
    return None


def _place_or_organisation(run: Run) -> Meaning | None:
    right = run.right
    if run.family in {"hollow", "solid"} and not 2 <= run.length <= 6:
        return None
    if run.family == "star" and (
        run.length > 6 or right.startswith(("酒店", "宾馆", "賓館", "饭店")) and run.length > 2
    ):
        return None
    if run.length == 1 and (run.family != "cross" and run.family != "star"):
        return None
    if run.left[-1:].isascii() and run.left[-1:].isalnum():
        return None
    found = _place().match(right)
    if found:
        single = {"省", "市", "县", "縣", "镇", "鎮", "乡", "鄉", "村", "区", "區", "街道"}
        if run.length > 1:
            return Meaning("place")
        if (
            found.group() in single
            and run.family == "cross"
            and not re.match(rf"[{HAN}]", run.left[-1:] or "。")
        ):
            return Meaning("place")
        return None
    found = _organisation().match(right)
    if not found:
        return None
    if run.length == 1:
        immediate = found.group() in {"公司", "大学", "学院", "医院", "银行", "局", "单位", "厂", "村委会"}
        bare = not re.match(rf"[{HAN}]", run.left[-1:] or "。") or run.left[-1:] in "在于与和由从"
        return Meaning("organisation") if immediate and bare and run.family == "cross" else None
    if run.family in {"star", "line"} and len(found.group()) > 4 and "公司" not in found.group():
        near = (
            found.group()[-2:] in {"大学", "学院", "中学", "小学", "法院", "医院", "银行"}
            or found.group()[-1] in "局厅"
        )
        return Meaning("organisation", strong=near)
    return Meaning("organisation")


def _documents(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if run.family not in {"cross", "star", "hollow"} or run.length < 2:
        return None
    if left[-1:] in "〔［[（(【" and left and right[:1] in "〕］]）)】" and right:
        if run.length == 4 and re.match(rf".[{HAN}{MASKS}…第]", right, re.DOTALL):
            return Meaning("year")
        if left[-1] in "〔［[" and re.match(rf".[{MASKS}第0-9]", right, re.DOTALL):
            return Meaning("year")
        return None
    if run.family != "hollow" and _document_number().match(right):
        return Meaning("organisation")
    return None


def _labelled(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    if run.length < 2 or (run.family == "star" and run.length > 6) or run.family == "solid":
        return None
    note = _note().match(right)
    if note:
        return Meaning(note.lastgroup or "blank")
    if run.family == "line":
        return None
    label = _label().search(left)
    if label and (run.family == "cross" or run.family == "hollow" or not right):
        return Meaning(label.lastgroup or "blank")
    return None


def _form_line(run: Run) -> Meaning | None:
    """Five underscores and more are a line to write on."""
    surname = _surname().search(run.left)
    if surname and not _HAN_ONE.match(surname["before"] or "。"):
        return Meaning("person")
    if run.left[-1:] in set("|/\\+<>^~=#") or run.right[:1] in set("|/\\+<>^~=#"):
        return None
    if not re.search(f"[{HAN}A-Za-z]{{2}}", run.left + " " + run.right) and not _HAN_ONE.search(
        run.left + run.right
    ):
        return None
    return Meaning("blank")


def _rest(run: Run) -> Meaning | None:
    left, right = run.left, run.right
    last, first = left[-1:], right[:1]
    if run.family == "line":
        return _short_line(run)
    if run.family == "star":
        return _quoted_stars(run)
    if run.family in {"hollow", "solid"}:
        quoted = last != "" and last in "“《「" and first != "" and first in "”》」杯"
        return Meaning("blank") if quoted and 2 <= run.length <= 6 else None
    if (
        run.length < 2
        or _NOT_BLANK_RIGHT.match(right)
        or left.endswith("√")
        or re.search(r"[A-Za-z0-9][ \-]?\Z", left)
    ):
        return None
    if last in set("/\\.:@-_=~<>#$&|+") and last or first in set("/\\@-_=~<>#$&|+") and first:
        return None
    if first == "." and right[1:2].isascii() and right[1:2].isalnum():
        return None
    if run.length >= 5 and re.search(r"号|號|证|編|编|码", left[-20:]):
        return Meaning("number")
    if re.search(rf"(?:[省市县縣区區镇鎮乡鄉村]|街道)\Z", left) and not _HAN_ONE.match(first):
        return Meaning("place", strong=False)
    if run.length == 3 and _name_verb().search(left) and _after_name().match(right):
        return Meaning("person", strong=False)
    around = (last and _ADJACENT.match(last)) or (first and _ADJACENT.match(first))
    if not around or not (_HAN_ONE.search(left[-4:]) or _HAN_ONE.search(right[:4])):
        return None
    return Meaning("blank", strong=False)


def _quoted_stars(run: Run) -> Meaning | None:
    last, first = run.left[-1:], run.right[:1]
    if not last or not first or not 2 <= run.length <= 8:
        return None
    if last in "“《「『" and (first in "”》」』" or re.match(r"[杯奖][”》]", run.right)):
        return Meaning("blank")
    if last == first == '"' and (_HAN_ONE.match(run.left[-2:-1]) and _HAN_ONE.match(run.right[1:2])):
        return Meaning("blank")
    return None


def _short_line(run: Run) -> Meaning | None:
    """One to four underscores without a telling word."""
    left, right = run.left, run.right
    last, first = left[-1:], right[:1]
    art = set("|/\\+<>^~=#-.'`")
    if last in art and last or first in art and first:
        return None
    enclosed = (
        last != ""
        and last in "“《「『（(【"
        and (first != "" and first in "”》」』）)】" or bool(re.match(r"[杯奖][”》]", right)))
    )
    if enclosed and run.length >= 2 and (_HAN_ONE.search(left) or _HAN_ONE.search(right[1:])):
        return Meaning("blank")
    if enclosed and last in "《“「" and run.length >= 2:
        return Meaning("blank")
    if run.length == 1:
        return None
    text = left + right
    if run.length == 4 or _is_label(left):
        if _HAN_ONE.search(text) or (
            run.length == 4
            and re.search(r"[A-Za-z]{2}[^A-Za-z]*\Z", left)
            and not re.search(r"[A-Za-z0-9]\Z", left)
        ):
            surname = _surname().search(left)
            if surname and not _HAN_ONE.match(surname["before"] or "。"):
                return Meaning("person")
            return Meaning("blank")
        return None
    if (
        _HAN_ONE.match(last)
        and _HAN_ONE.match(first)
        and not re.search(r"\.[A-Za-z]{2,4}\b|_[A-Za-z0-9]|[A-Za-z0-9]_", text)
    ):
        return Meaning("blank", strong=False)
    return None
