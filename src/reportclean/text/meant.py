"""What is written out and meant so: in a URL, a path, a program, in quotation marks of code, or mentioned.

Each function looks at what stands around ``text[start:end]``, on its line and a bounded way.
"""

from __future__ import annotations

import re
from functools import cache

_QUOTES = "\"'`"
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_WORD = 2048  # how far a run without spaces is looked at
_AROUND = 80  # code points of the line that are read on either side
_LINE_START = 400
_HERE = "\x01"


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether it is part of a word in code's quotation marks, or follows a backslash."""
    if text[start - 1 : start] == "\\":
        return True
    before, after = _word(text, start, end)
    return any(quote in before and quote in after for quote in _QUOTES)


def in_address(text: str, start: int, end: int) -> bool:
    """Whether the ASCII word around it is a URL, a query or a path."""
    word = " ".join(_word(text, start, end))
    if any(sign in word for sign in _ADDRESS):
        return True
    return text[start] == "\\" and _drive().search(text[max(0, start - 3) : start]) is not None


_ADDRESS = ("://", "www.", "/", ":\\", "=", "&", "@", ".com", ".cn", "?", "(#")


def _word(text: str, start: int, end: int) -> tuple[str, str]:
    """The printable ASCII right before and after."""
    left, right = text[max(0, start - _WORD) : start], text[end : end + _WORD]
    return left[len(left.rstrip(_PRINTABLE)) :], right[: len(right) - len(right.lstrip(_PRINTABLE))]


@cache
def _drive() -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z])[A-Za-z]:\Z")


def in_path(text: str, start: int, end: int) -> bool:
    r"""Whether it is a step of a path: ``C:\张三\u4f60``, ``\\server\u4f60``, ``..\u4f60``."""
    before = re.split(r"\s", text[max(0, start - _AROUND) : start])[-1]
    after = re.split(r"\s", text[end : end + _AROUND])[0]
    return _path_before().search(before) is not None or _step_after().search(after) is not None


@cache
def _path_before() -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z])[A-Za-z]:\\|\\\\|\A[\"'（(]?\.{1,2}\Z")


@cache
def _step_after() -> re.Pattern[str]:
    # The rest of a name and another step; \\n, \\" and the like are JSON's.
    return re.compile(r"\A[^\\/:*?\"<>|，。；、！]{0,40}\\(?!u[0-9A-Fa-f]{4}|[nrt\"/\\])")


def is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether it stands alone between quotation marks or brackets, or ends a line after a space."""
    before, after = text[max(0, start - 8) : start], text[end : end + 1]
    if after in {"", "\n"} and before.endswith(" "):
        return True
    return after != "" and after in "”’»」』）)\"'" and _opens_mention().search(before) is not None


@cache
def _opens_mention() -> re.Pattern[str]:
    return re.compile("[“‘„«「『（(\"'][^”’»」』）)\"'\n]{0,7}\\Z")


def about_markup(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of entities instead of using them; one that writes Han so uses them."""
    around = _around(text, start, end)
    return _speaks_of_markup().search(around) is not None and _written_so().search(around) is None


@cache
def _written_so() -> re.Pattern[str]:
    """A numeric reference to U+3000 or beyond."""
    return re.compile("&(?:amp;){0,4}#(?:[xX][3-9A-Fa-f][0-9A-Fa-f]{3}|1[3-9][0-9]{3}|[2-9][0-9]{4});")


@cache
def _speaks_of_markup() -> re.Pattern[str]:
    return re.compile(
        "&[lg]t;|&;|实体|實體|引用|參照|引數|与号|與號|转义|轉義|跳脫|エスケープ|アンパサンド|参照|이스케이프|앰퍼샌드|라고|字符串|字串|HTML|XML|"
        "(?i:entit|escap|ampersand|referen|markup|character code)"
    )


def about_addresses(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of how addresses are written."""
    return _speaks_of_addresses().search(_around(text, start, end)) is not None


@cache
def _speaks_of_addresses() -> re.Pattern[str]:
    return re.compile(
        "UR[LI]|(?i:encod|escap|percent)|编码|編碼|转义|轉義|百分号|百分號|エンコード|エスケープ|인코딩|이스케이프"
    )


def in_comment(text: str, start: int, end: int) -> bool:
    """Whether the line is a comment of a program, in a language of letters."""
    line = text[max(0, start - _LINE_START) : end].rpartition("\n")[2]
    return _comment().match(line) is not None and not _east_asian().search(line)


@cache
def _comment() -> re.Pattern[str]:
    return re.compile(r"\s*(?:\*\*\s|//|/\*|\s\*\s|#\s|\{#|--\s|%\s|;;)")


@cache
def _east_asian() -> re.Pattern[str]:
    return re.compile("[\u2e80-\u9fff\uac00-\ud7a3\U00020000-\U000323af]")


def in_code(text: str, start: int, end: int) -> bool:
    """Whether the neighbourhood on its line looks like a program, a pattern or markup."""
    around = _around(text, start, end)
    return _code().search(around) is not None or around.partition(_HERE)[0].count("`") % 2 == 1


def _around(text: str, start: int, end: int) -> str:
    """What stands on its line before and after, with a mark between."""
    left = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    return left + _HERE + text[end : end + _AROUND].partition("\n")[0]


@cache
def _code() -> re.Pattern[str]:
    return re.compile(
        r"</?[A-Za-z][^<>\n\x01]{0,60}/?>|[\"'][,:)\]}]|[({\[=:,]\s?[\"'][^\"'\n]{0,60}\x01|\)\s?[;{]"
        r"|\b(?:def|return|import|function|var|const|let|printf?|echo|regex|charset)\b[ (\"'=]"
        r"|=>|==|\+=|\[\^|\\[dwsb]\b|\\[nrt]\b(?![\\\x01])|\\x[0-9A-Fa-f]{2}"
    )
