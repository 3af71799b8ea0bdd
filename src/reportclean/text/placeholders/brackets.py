"""Merge fields and prompts in brackets, brackets and quotes around nothing, and prompts in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before, ends_line
from reportclean.text.placeholders.signs import HAN, SPACE
from reportclean.text.placeholders.words import any_of, words

_PLAIN = r"[^{}<>\n\r\x00\\]"


@cache
def _fields() -> re.Pattern[str]:
    """Everything that a bracket opens and that can be a field; the inside is judged afterwards."""
    inside = rf"[{HAN}A-Za-z0-9_/、，,：: \-×xX]{{1,24}}"
    return re.compile(
        r"[{$@<«【\[［《%#＃〔（(＜｛〈＄]"
        r"(?:"
        rf"(?<=\{{)\{{[ ]?(?P<mustache>[#/^>&!]?{_PLAIN}{{1,60}}?)[ ]?\}}\}}\}}?"
        rf"|(?<=\$)\{{(?P<dollar>{_PLAIN}{{1,60}})\}}"
        rf"|(?<=@)\{{(?P<at>{_PLAIN}{{1,40}})\}}"
        rf"|(?<=[{{｛])(?P<brace>[{HAN}]{{1,12}}|[A-Za-z_]\w{{0,30}}|[0-9]{{1,2}})[}}｝]"
        r"|(?<=<)%[=\-#]?(?P<erb>[^%\n\r\x00]{1,80})%>"
        rf"|(?<=<)(?P<tag>[{HAN}]{{1,12}})>|(?<=＜)(?P<wide_tag>[{HAN}]{{1,12}})＞"
        rf"|(?<=«)(?P<merge>[{HAN}]{{1,16}}|[A-Za-z]\w{{0,30}})»"
        rf"|(?<=【)(?P<lenticular>{inside})】|(?<=[\[［〔])(?P<square>{inside})[\]］〕]"
        rf"|(?<=《)(?P<book>[{HAN}]{{2,12}})》"
        rf"|(?<=%)(?P<percent>[{HAN}]{{1,10}})%|(?<=[#＃])(?P<hash>[{HAN}]{{1,10}})[#＃]"
        rf"|(?<=[(（])(?P<paren>(?:此处|在此|待|请|單擊|单击|点击)[^()（）\n\r\x00]{{1,30}}|略|从略|下略)[)）]"
        r")"
    )


@cache
def _strong_field() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}A-Za-z/、 ]{{0,10}}{any_of(words('field', 'strong'))}")


@cache
def _weak_field() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}A-Za-z/、 ]{{0,10}}{any_of(words('field', 'weak'))}")


@cache
def _prompt() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words('field', 'prompts'))}[{HAN}A-Za-z0-9/、，, ]{{1,16}}")


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(any_of(words("field", "headings")))


_PENDING = re.compile(
    r"待(?:补充|補充|填写|填寫|填|定|查证|查證|确认|確認|核实|核實|完善|补|人工|续|添加|编辑|更新|录入|上传|公布)|此处|此處|在此|请在此|请在此处|略$|从略$|下略$|单击|點擊|点击|單擊|TODO|TBD"
)
_ENGLISH = re.compile(
    r"(?:(?:your|insert|enter|type|add|company|client|customer|employee|recipient|first|last|full|project|job|employer|sender|today)\b.*"
    r"|.*\b(?:name|date|address|title here|here))",
    re.IGNORECASE,
)
_SIGNS_ONLY = re.compile(r"[×xXＸ]{2,8}")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_HAN_ONE = re.compile(f"[{HAN}]")
_AFTER_FIELD = re.compile(
    r"[ ]?(?:同志|先生|女士|小姐|老师|同学|您|你|感谢|欢迎|的|在|于|与|和|、|，|。|公司|提醒|祝|为|因|已|将|向|自|是|诚邀|[{【\[])"
)


def find_fields(text: str) -> Iterator[Hit]:
    """Yield merge fields and bracketed prompts, brackets included."""
    for found in _fields().finditer(text):
        group = found.lastgroup or ""
        inside = found[group].strip()
        kind = _JUDGES[group](text, found, inside)
        if kind:
            yield Hit(found.start(), found.end() + _pair(text, found), kind, "")


def _pair(text: str, found: re.Match[str]) -> int:
    return 0


def _mustache(text: str, found: re.Match[str], inside: str) -> str:
    if inside.startswith(("#if", "/if")) or "=" in inside or "||" in inside and False:
        return ""
    if re.fullmatch(rf"[#/^>&!]?[ ]?[\w{HAN}.$\[\]()'\"|: ,\-]+", inside) and inside.count("|") < 2:
        return "variable"
    return ""


def _dollar(text: str, found: re.Match[str], inside: str) -> str:
    if re.fullmatch(r"[A-Z][A-Z0-9_]*(?:[:#%/].*)?", inside):
        return ""
    left, right = before(text, found.start(), 1), after(text, found.end(), 1)
    if (
        left
        and left in "/\\.-_@:="
        and left.isascii()
        and not _HAN_ONE.search(before(text, found.start(), 24) + after(text, found.end(), 24))
    ):
        return ""
    return "" if right and right in "/\\" else "variable"


def _at(text: str, found: re.Match[str], inside: str) -> str:
    return "variable" if _HAN_ONE.search(inside) or _beside_han(text, found) else ""


def _beside_han(text: str, found: re.Match[str]) -> bool:
    around = before(text, found.start(), 2) + after(text, found.end(), 2)
    return bool(re.search(f"[{HAN}，。：；、（）“”《》]", around))


def _brace(text: str, found: re.Match[str], inside: str) -> str:
    left = before(text, found.start(), 1)
    if left and (left in "\\$#%@^_])}{*+?.'\"" or left.isascii() and left.isalnum()):
        if not (left in "'\"" and _beside_han(text, found)):
            return ""
    if after(text, found.end(), 1)[:1] in {"}", "{", "*", "+", "?"}:
        return ""
    if _HAN_ONE.match(inside):
        return (
            "variable"
            if _strong_field().fullmatch(inside)
            or _weak_field().fullmatch(inside)
            or _prompt().fullmatch(inside)
            else ""
        )
    return "variable" if _beside_han(text, found) else ""


def _erb(text: str, found: re.Match[str], inside: str) -> str:
    return "variable"


def _tag(text: str, found: re.Match[str], inside: str) -> str:
    if f"</{inside}>" in after(text, found.end(), 120):
        return ""
    return "variable" if _is_field(inside) else ""


def _is_field(inside: str) -> bool:
    return any(pattern().fullmatch(inside) for pattern in (_strong_field, _weak_field, _prompt))


def _merge(text: str, found: re.Match[str], inside: str) -> str:
    if _HAN_ONE.match(inside):
        return "variable" if _is_field(inside) else ""
    return (
        "variable"
        if re.fullmatch(r"[A-Za-z]+(?:_\w+|[a-z][A-Z]\w*)", inside) or _beside_han(text, found)
        else ""
    )


def _lenticular(text: str, found: re.Match[str], inside: str) -> str:
    if _PENDING.match(inside):
        return "blank"
    if _SIGNS_ONLY.fullmatch(inside) or _prompt().fullmatch(inside):
        return "variable"
    strong = _strong_field().fullmatch(inside)
    if not strong and not _weak_field().fullmatch(inside):
        return ""
    if _heading().search(inside) or len(inside) > 12:
        return ""
    left, right = before(text, found.start(), 8), after(text, found.end(), 24)
    if left.strip() and not left.rstrip().endswith(("。", "；", "！", "】")):
        return "variable"
    if not strong:
        return ""
    return "variable" if _AFTER_FIELD.match(right) else ""


def _square(text: str, found: re.Match[str], inside: str) -> str:
    if after(text, found.end(), 1) in {"(", "["} and after(text, found.end(), 1):
        return ""  # a Markdown link
    if _PENDING.match(inside):
        return "blank"
    if _SIGNS_ONLY.fullmatch(inside):
        return (
            "variable"
            if _beside_han(text, found) and not re.match(r".?[号號第0-9]", after(text, found.end(), 2))
            else ""
        )
    if _HAN_ONE.search(inside):
        left, right = before(text, found.start(), 8), after(text, found.end(), 8)
        if left[-1:].isascii() and left[-1:].isalnum():
            return ""
        if _prompt().fullmatch(inside) or _strong_field().fullmatch(inside):
            return "variable"
        if _weak_field().fullmatch(inside):
            return "variable" if left.strip() and right else ""
        return ""
    return "variable" if len(inside) > 3 and " " in inside and _ENGLISH.fullmatch(inside) else ""


def _book(text: str, found: re.Match[str], inside: str) -> str:
    if _prompt().fullmatch(inside):
        return "variable"
    known = {"公司", "单位", "项目", "企业", "学校", "客户", "甲方", "乙方", "机构", "部门", "产品"}
    names = [word for word in known if inside.startswith(word)]
    tails = ("名称", "姓名", "地址", "电话", "编号", "全称", "账号", "开户行", "日期")
    if inside in {"姓名", "单位", "公司", "日期", "金额", "地址", "电话", "联系电话", "联系人"}:
        return "variable"
    return "variable" if names and inside.removeprefix(names[0]) in tails else ""


def _percent(text: str, found: re.Match[str], inside: str) -> str:
    left = before(text, found.start(), 1)
    return "variable" if not left.isdigit() and _is_field(inside) else ""


def _hash(text: str, found: re.Match[str], inside: str) -> str:
    left = before(text, found.start(), 1)
    return (
        "variable"
        if left not in {"#", "＃"} and _is_field(inside) and not inside.startswith(("话题", "主题"))
        else ""
    )


def _paren(text: str, found: re.Match[str], inside: str) -> str:
    if inside in {"略", "从略", "下略"}:
        return "blank"
    if _PENDING.match(inside) and not inside.startswith("待定"):
        return (
            "blank"
            if not re.match(
                r"(?:点击|點擊|单击|此处|此處|在此)(?!.{0,6}(?:填|输入|輸入|添加|插入|写|录入|粘贴|编辑))",
                inside,
            )
            else ""
        )
    return "blank" if re.match(r"请(?:在此|填写|输入|填入|补充|自行填)|待定$", inside) else ""


_JUDGES = {
    "mustache": _mustache,
    "dollar": _dollar,
    "at": _at,
    "brace": _brace,
    "erb": _erb,
    "tag": _tag,
    "wide_tag": _tag,
    "merge": _merge,
    "lenticular": _lenticular,
    "square": _square,
    "book": _book,
    "percent": _percent,
    "hash": _hash,
    "paren": _paren,
}


@cache
def _hollow_brackets() -> re.Pattern[str]:
    """Brackets and quotes around nothing but space."""
    return re.compile(
        rf"[（(《“【［\[「〔]"
        rf"(?:(?<=（)[{SPACE}]{{1,60}}）|(?<=\()[{SPACE}]{{2,60}}\)|(?<=【)[{SPACE}]{{1,60}}】|(?<=［)[{SPACE}]{{1,60}}］"
        rf"|(?<=〔)[{SPACE}]{{1,60}}〕|(?<=《)(?P<book>[{SPACE}]{{1,60}})》|(?<=“)(?P<quote>[{SPACE}]{{2,60}})”|(?<=「)(?P<corner>[{SPACE}]{{2,60}})」)"
    )


def find_hollow_brackets(text: str) -> Iterator[Hit]:
    """Yield round and square brackets around space, whole, and the space in quotes and book titles."""
    for found in _hollow_brackets().finditer(text):
        if found.lastgroup:
            start, end = found.span(found.lastgroup)
            yield Hit(start, end, "blank")
            continue
        if found.group()[0] == "(" and not re.search(f"[{HAN}：:、，]", before(text, found.start(), 3)):
            continue
        yield Hit(found.start(), found.end(), "blank")


@cache
def _prompts_in_words() -> re.Pattern[str]:
    action = "(?:填写|填寫|填入|输入|輸入|添加|插入|录入|錄入|编辑|粘贴|放置|替换|上传|写)"
    return re.compile(
        rf"[此在点點单單请請](?:"
        rf"(?<=此)[处處]{action}[^，。；！？!?\n\r\x00（）()【】\[\]“”\"'<>|]{{0,20}}"
        rf"|(?<=[在])此[处處]?{action}[^，。；！？!?\n\r\x00（）()【】\[\]“”\"'<>|]{{0,20}}"
        rf"|(?<=[点點单單])[击擊](?:或[点點][击擊])?(?:此[处處]|[这這][里裡裏]){action}[^，。；！？!?\n\r\x00（）()【】\[\]“”\"'<>|]{{0,20}}。?"
        rf"|(?<=[请請])在(?:此[处處]?|[这這][里裡裏]){action}[^，。；！？!?\n\r\x00（）()【】\[\]“”\"'<>|]{{0,20}}"
        r")"
    )


@cache
def _dots() -> re.Pattern[str]:
    return re.compile(rf"[：:](?P<dots>(?:\.{{6,}}|…{{4,}}|·{{6,}}|。{{6,}}))")


_PENDING_WORDS = ("待补充", "待補充", "待填写", "待填寫")


@cache
def _pending_words() -> re.Pattern[str]:
    return re.compile(r"待(?:补充|補充|填写|填寫)(?=[。；，、\n\r\x00|]|\Z)")


def find_prompts(text: str) -> Iterator[Hit]:
    """Yield prompts in words (点击此处添加标题) and dotted lines after a label."""
    for found in _prompts_in_words().finditer(text):
        yield Hit(found.start(), found.end(), "blank")


def find_pending(text: str) -> Iterator[Hit]:
    """Yield 待补充 and its like where they fill a field by themselves."""
    for found in _pending_words().finditer(text):
        left = before(text, found.start(), 1)
        if not left or left in "：:|、（ \t\u3000":
            yield Hit(found.start(), found.end(), "blank")


def find_dotted_lines(text: str) -> Iterator[Hit]:
    """Yield dots to write on after a label: 备注：............"""
    for found in _dots().finditer(text):
        label = re.search(f"[{HAN}]{{1,8}}\\Z", before(text, found.start(), 9))
        after_dots = found.end("dots")
        closed = ends_line(text, after_dots) or after(text, after_dots, 1) in "元年月日号 \u3000）)"
        if label and closed and not re.search(r"(?:说|道|问|曰|想|喊|答|是|如|下)\Z", label.group()):
            yield Hit(found.start("dots"), after_dots, "blank")
