"""Merge fields and prompts in brackets: one pattern for the brackets, one judge for each form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from reportclean.document import Hit
from reportclean.text.placeholders.context import after, before
from reportclean.text.placeholders.signs import HAN
from reportclean.text.placeholders.words import any_of, words
from reportclean.text.scanned import At, anchored, han_letters

_PLAIN = r"[^{}<>\n\r\x00\\]"


@cache
def _brackets() -> re.Pattern[str]:
    """Everything in brackets that can be a field; each group is judged by the function of its name."""
    inside = rf"[{HAN}A-Za-z0-9_/、，,：: \-×]{{1,24}}"
    forms = (
        rf"(?<=\{{)\{{[ ]?(?P<mustache>{_PLAIN}{{1,60}}?)[ ]?\}}\}}\}}?",
        rf"(?<=\$)\{{(?P<dollar>{_PLAIN}{{1,60}})\}}",
        rf"(?<=@)\{{(?P<at>{_PLAIN}{{1,40}})\}}",
        rf"(?<=[{{｛])(?P<brace>[{HAN}]{{1,12}}|[A-Za-z_]\w{{0,30}}|[0-9]{{1,2}})[}}｝]",
        r"(?<=<)%[=\-#]?(?P<erb>[^%\n\r\x00]{1,80})%>",
        rf"(?<=<)(?P<tag>[{HAN}]{{1,12}})>|(?<=＜)(?P<wide_tag>[{HAN}]{{1,12}})＞",
        rf"(?<=«)(?P<merge>[{HAN}]{{1,16}}|[A-Za-z]\w{{0,30}})»",
        rf"(?<=【)(?P<lenticular>{inside})】|(?<=[\[［〔])(?P<square>{inside})[\]］〕]",
        rf"(?<=《)(?P<book>[{HAN}]{{2,12}})》",
        rf"(?<=%)(?P<percent>[{HAN}]{{1,10}})%|(?<=[#＃])(?P<hash>[{HAN}]{{1,10}})[#＃]",
        r"(?<=[(（])(?P<paren>(?:此[处處]|在此|待|请|請|[单點点單][击擊])[^()（）\n\r\x00]{1,30}|略|从略|從略|下略)[)）]",
    )
    return re.compile(rf"[{{$@<«【\[［《%#＃〔（(＜｛〈](?:{'|'.join(forms)})")


@cache
def _openings() -> tuple[At, ...]:
    """Where :func:`_brackets` can begin: what opens, and what comes first inside."""
    inside_book = {word[0] for kind in ("owners", "names", "book") for word in words("field", kind)}
    return (
        At("{$@", "{"),
        At("{｛«【[［〔｛"),
        At("<", "%" + han_letters()),
        At("＜%#＃", han_letters()),
        At("《", "".join(sorted(inside_book)) + "请請"),
        At("(（", "此在待请請单单點点單略从從下"),
    )


class Field(NamedTuple):
    """Something in brackets, what it holds, and what stands around it on its line."""

    inside: str
    left: str
    right: str

    @property
    def alone(self) -> bool:
        """Whether it is its whole line."""
        return not self.left.strip() and not self.right.strip()

    @property
    def beside_han(self) -> bool:
        """Whether an ideograph or its punctuation stands next to it."""
        return _HAN_OR_PUNCTUATION.search(self.left[-2:] + self.right[:2]) is not None

    @property
    def names_field(self) -> bool:
        """Whether it holds the name of something to fill in."""
        return bool(self.names_strongly or _weak().fullmatch(self.inside) or self.prompts)

    @property
    def names_strongly(self) -> bool:
        """The same, with a word that is seldom a heading."""
        return _strong().fullmatch(self.inside) is not None

    @property
    def prompts(self) -> bool:
        """Whether it asks for something: 请输入标题."""
        return _prompt().fullmatch(self.inside) is not None


_HAN_OR_PUNCTUATION = re.compile(f"[{HAN}，。：；、（）“”《》]")
_HAN_ONE = re.compile(f"[{HAN}]")


@cache
def _strong() -> re.Pattern[str]:
    longer = rf"[{HAN}A-Za-z/、 ]{{0,10}}{any_of(words('field', 'strong'))}"
    return re.compile(rf"{longer}|[{HAN}]{{0,3}}{any_of(words('field', 'short'))}")


@cache
def _weak() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}A-Za-z/、 ]{{0,10}}{any_of(words('field', 'weak'))}")


@cache
def _prompt() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words('field', 'prompts'))}[{HAN}A-Za-z0-9/、，, ]{{1,16}}")


@cache
def _pending() -> re.Pattern[str]:
    return re.compile(any_of(words("field", "pending")) + r"|(?:略|从略|從略|下略)\Z")


def find_fields(text: str) -> Iterator[Hit]:
    """Yield merge fields and bracketed prompts, brackets included."""
    for found in anchored(text, _brackets(), *_openings()):
        group = found.lastgroup or ""
        start, end = found.span()
        judge = _JUDGES[group]
        if kind := judge(Field(found[group].strip(), before(text, start), after(text, end, _AFTER))):
            yield Hit(start, end, kind)


_AFTER = 96  # how far a closing tag may be


def _variable(judged: object) -> str:
    return "variable" if judged else ""


_EXPRESSION = re.compile(rf"[#/^>&!]?[ ]?[\w{HAN}.$\[\]()'\"|: ,\-]+")


def _mustache(field: Field) -> str:
    inside = field.inside
    return _variable(_EXPRESSION.fullmatch(inside) and inside.count("|") < 2 and not inside.startswith("#if"))


_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]*(?:[:#%/].*)?")


def _dollar(field: Field) -> str:
    if _ENVIRONMENT.fullmatch(field.inside) or field.right[:1] in {"/", "\\"}:
        return ""
    in_code = bool(field.left) and field.left[-1] in "/\\.-_@:="
    return _variable(not in_code or _HAN_ONE.search(field.left[-24:] + field.right[:24]))


def _at(field: Field) -> str:
    return _variable(_HAN_ONE.search(field.inside) or field.beside_han)


_GREETING = re.compile(r"(?:Dear|Hello|Hi|Hey),? \Z")


def _brace(field: Field) -> str:
    last = field.left[-1:]
    quoted = last in {"'", '"'} and field.beside_han
    code = last in set("\\$#%@^_])}{*+?.'\"") or (last.isascii() and last.isalnum())
    if (code and not quoted) or field.right[:1] in {"}", "{", "*", "+", "?"}:
        return ""
    if _HAN_ONE.match(field.inside):
        return _variable(field.names_field)
    return _variable(field.beside_han or field.alone or _GREETING.search(field.left))


def _server(field: Field) -> str:
    return _variable(field.inside)


def _tag(field: Field) -> str:
    return _variable(field.names_field and f"</{field.inside}>" not in field.right)


_MERGE_NAME = re.compile(r"[A-Za-z]+(?:_\w+|[a-z][A-Z]\w*)")


def _merge(field: Field) -> str:
    if _HAN_ONE.match(field.inside):
        return _variable(field.names_field)
    return _variable(_MERGE_NAME.fullmatch(field.inside) or field.beside_han)


_SIGNS_ONLY = re.compile(r"[×xXＸ]{2,8}")


@cache
def _sentence_goes_on() -> re.Pattern[str]:
    return re.compile(r"[ ]?(?:[、，。{【\[]|" + any_of(words("field", "followers"))[3:])


@cache
def _headings() -> re.Pattern[str]:
    return re.compile(any_of(words("field", "headings")))


@cache
def _own_name() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words('field', 'owners'))}?{any_of(words('field', 'names'))}")


def _lenticular(field: Field) -> str:
    """【公司名称】 is a field in a sentence, and a heading where it opens a line before its content."""
    if _pending().match(field.inside):
        return "blank"
    if _SIGNS_ONLY.fullmatch(field.inside) or field.prompts:
        return "variable"
    if not field.names_field or _headings().search(field.inside) or len(field.inside) > 12:
        return ""
    if field.left.strip() and not field.left.rstrip().endswith(("。", "；", "！", "】")):
        return "variable"
    if field.alone:
        return _variable(_own_name().fullmatch(field.inside))
    return _variable(field.names_strongly and _sentence_goes_on().match(field.right))


_NUMBERED = re.compile(r".?[号號第0-9]")


@cache
def _english() -> re.Pattern[str]:
    first, last = any_of(words("english", "first")), any_of(words("english", "last"))
    return re.compile(rf"{first}\b.*|.*\b{last}", re.IGNORECASE)


def _square(field: Field) -> str:
    inside = field.inside
    if field.right[:1] in {"(", "["}:
        return ""  # a Markdown link
    if _pending().match(inside):
        return "blank"
    if _SIGNS_ONLY.fullmatch(inside):
        return _variable(field.beside_han and not _NUMBERED.match(field.right))
    if not _HAN_ONE.search(inside):
        return _variable(" " in inside and _english().fullmatch(inside))
    last = field.left[-1:]
    if last.isascii() and last.isalnum():
        return ""
    weak = _weak().fullmatch(inside) and field.left.strip() and field.right
    return _variable(field.prompts or field.names_strongly or weak)


@cache
def _book_field() -> re.Pattern[str]:
    owner, name = any_of(words("field", "owners")), any_of(words("field", "names"), words("field", "book"))
    return re.compile(
        rf"(?:(?!您的|你的){owner})?{name}|[请請](?:输入|輸入|填写|填寫|填入|插入)[{HAN}]{{1,10}}"
    )


def _book(field: Field) -> str:
    """《公司名称》: a merge field in the marks that Chinese has for titles."""
    return _variable(_book_field().fullmatch(field.inside))


def _percent(field: Field) -> str:
    return _variable(not field.left[-1:].isdigit() and field.names_field)


@cache
def _separated() -> tuple[str, ...]:
    return (*words("field", "strong"), *words("field", "short"), *words("field", "weak"))


_NEXT_COLUMN = re.compile(f"[{HAN}A-Za-z]{{1,8}}#")


def _hash(field: Field) -> str:
    if field.left.endswith(_separated()) or _NEXT_COLUMN.match(field.right):
        return ""  # 学号#姓名#年龄: the sign separates columns
    topic = field.inside.startswith(("话题", "話題", "主题", "主題"))
    return _variable(field.left[-1:] not in {"#", "＃"} and field.names_field and not topic)


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(
        r"(?:此[处處]|在此|[单點点單][击擊]).{0,6}(?:填|输入|輸入|添加|插入|[写寫]|录入|粘贴|[编編])"
        r"|[请請](?:在此|填[写寫入]|[输輸]入|[补補]充|自行填)"
    )


def _paren(field: Field) -> str:
    pending = field.inside.startswith(("待", "略", "从略", "從略", "下略")) and _pending().match(field.inside)
    return "blank" if pending or _asks().match(field.inside) else ""


_JUDGES: dict[str, Callable[[Field], str]] = {
    "mustache": _mustache,
    "dollar": _dollar,
    "at": _at,
    "brace": _brace,
    "erb": _server,
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
