r"""Characters that were written out for a machine: HTML entities, percent signs, \u escapes in running text.

What stands in a URL, in a path, in code or in quotation marks of code is meant as it is and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html.entities import html5

from reportclean.document import Hit
from reportclean.text.charmodel import model
from reportclean.text.mojibake.weighing import plausible

# Decoding these would make markup of text, or text of markup; < and > stay as they are written.
_MARKUP = frozenset("<>")
_MIN_GAIN = 6.0  # nats a character by which a percent-escape of GBK bytes must be likelier than its bytes
_QUOTES = "\"'`\\"
_WORD = 2048  # how far a run without spaces is looked at


def find_entities(text: str) -> Iterator[Hit]:
    """HTML entities, also those that were escaped twice (``&amp;#20320;``); kind ``entity``.

    ``&lt;`` and ``&gt;`` stay, because the text they stand in may be about markup. ``&nbsp;`` becomes U+00A0.

    >>> [hit.replacement for hit in find_entities("&#20320;&#x597D;&mdash;&amp;#20320;")]
    ['你', '好', '—', '你']
    """
    for match in _entity().finditer(text):
        char = _decoded_entity(match)
        if char is None or _is_quoted(text, *match.span()) or _in_code(text, *match.span()):
            continue
        if char < "\u2e80" and (_about_markup(text, *match.span()) or _is_mentioned(text, *match.span())):
            continue
        if char != "&" or not _in_address(text, *match.span()):
            yield Hit(match.start(), match.end(), "entity", "", char)


@cache
def _entity() -> re.Pattern[str]:
    return re.compile(
        r"&(?:amp;){0,4}(?:#(?P<decimal>[0-9]{2,7});?|#[xX](?P<hex>[0-9A-Fa-f]{2,6});?"
        r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)"
    )


def _decoded_entity(match: re.Match[str]) -> str | None:
    if (name := match["name"]) is not None:
        char = html5.get(f"{name};")
    else:
        point = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
        char = chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else None
        if 0x80 <= point < 0xA0:  # what browsers make of these: the author meant Windows-1252
            char = bytes([point]).decode("cp1252", "ignore") or None
        if char is not None and not match.group().endswith(";") and char < "\u2e80":
            return None
    if char is None or _MARKUP.intersection(char):
        return None
    if any(unicodedata.category(c) == "Cc" and c not in "\t\n" for c in char):
        return None
    return char


def find_percents(text: str) -> Iterator[Hit]:
    """``%E4%BD%A0`` (UTF-8 or GBK) and ``%u4F60`` in running text; kinds ``percent``, ``percent-u``.

    >>> [hit.replacement for hit in find_percents("标题%E4%BD%A0%E5%A5%BD，%u4F60%20%u597D")]
    ['你好', '你 好']
    """
    for match in _percent().finditer(text):
        start, end = match.span()
        found = match.group()
        decoded = _decoded_u(found) if "%u" in found or "%U" in found else _decoded_percent(found)
        if decoded is None or _is_quoted(text, start, end) or _in_address(text, start, end):
            continue
        if not _in_code(text, start, end):
            yield Hit(start, end, "percent-u" if "%u" in found.lower() else "percent", "", decoded)


@cache
def _percent() -> re.Pattern[str]:
    unit = "(?:[uU][0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})"
    return re.compile(f"%{unit}(?:%{unit})*")


def _decoded_percent(found: str) -> str | None:
    data = bytes.fromhex(found.replace("%", ""))
    if data.isascii():
        return None
    try:
        return _written(data.decode())
    except UnicodeDecodeError:
        pass
    try:
        decoded = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    high = [c for c in decoded if c > "\x7f"]
    if len(high) < 2 or not plausible(decoded) or model().score(decoded) < -9.0 * len(decoded):
        return None
    return _written(decoded)


def _decoded_u(found: str) -> str | None:
    units = re.findall(r"%[uU]([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})", found)
    data = b"".join(int(wide or narrow, 16).to_bytes(2, "big") for wide, narrow in units)
    try:
        return _written(data.decode("utf-16-be"))
    except UnicodeDecodeError:
        return None


def find_backslash_escapes(text: str) -> Iterator[Hit]:
    r"""``\u4f60\u597d`` in running text; kind ``backslash-u``.

    >>> [hit.replacement for hit in find_backslash_escapes(r"标题\u4f60\u597d，[\u4e00-\u9fa5]")]
    ['你好']
    """
    for match in _backslash().finditer(text):
        start, end = match.span()
        data = b"".join(bytes.fromhex(unit) for unit in match.group().split("\\u")[1:])
        try:
            decoded = _written(data.decode("utf-16-be"))
        except UnicodeDecodeError:
            continue
        if decoded is None or _is_quoted(text, start, end) or _in_address(text, start, end):
            continue
        # A class of a regular expression names its ends.
        if (
            text[start - 1 : start] in {"[", "-"}
            or text[end : end + 1] in {"-", "]"}
            or _in_code(text, start, end)
        ):
            continue
        yield Hit(start, end, "backslash-u", "", decoded)


@cache
def _backslash() -> re.Pattern[str]:
    return re.compile(r"(?<!\\)(?:\\u[0-9A-Fa-f]{4})+")


def _written(decoded: str) -> str | None:
    """The text, if every character of it is one that is written, and one at least is above ASCII."""
    if decoded.isascii() or any(
        unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} and c != "\n" for c in decoded
    ):
        return None
    return decoded


# --- what is meant as it stands ---------------------------------------------------------------------------


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether it is all that stands in a pair of code's quotation marks."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return before != "" and before in _QUOTES and (after in _QUOTES or before == "\\")


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether the ASCII word around it is a URL, a query or a path."""
    before = _word_before().search(text[max(0, start - _WORD) : start])
    after = _word_after().match(text, end, end + _WORD)
    word = f"{before.group() if before else ''} {after.group() if after else ''}"
    if any(sign in word for sign in ("://", "www.", "/", ":\\", "=", "&", "@", ".com", ".cn", "?")):
        return True
    return text[start] == "\\" and _drive().search(text[max(0, start - 3) : start]) is not None


@cache
def _drive() -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z])[A-Za-z]:\Z")


@cache
def _word_before() -> re.Pattern[str]:
    return re.compile(r"[!-~]*\Z")


@cache
def _word_after() -> re.Pattern[str]:
    return re.compile(r"[!-~]*")


def _is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether it stands alone between quotation marks or brackets, or ends a line after a space."""
    before, after = text[max(0, start - 8) : start], text[end : end + 1]
    if after in {"", "\n"} and before.endswith(" "):
        return True
    return after != "" and after in "”’»」』）)\"'" and _opens_mention().search(before) is not None


@cache
def _opens_mention() -> re.Pattern[str]:
    return re.compile("[“‘„«「『（(\"'][^”’»」』）)\"'\n]{0,7}\\Z")


def _about_markup(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of entities instead of using one."""
    left = text[max(0, start - 80) : start].rpartition("\n")[2]
    right = text[end : end + 80].partition("\n")[0]
    return _speaks_of_markup().search(f"{left} {right}") is not None


@cache
def _speaks_of_markup() -> re.Pattern[str]:
    return re.compile(
        "&[lg]t;|&;|实体|實體|引用|參照|引數|与号|與號|转义|轉義|跳脫|エスケープ|アンパサンド|参照|이스케이프|앰퍼샌드|라고|字符串|字串|HTML|XML|"
        "(?i:entit|escap|ampersand|referen|markup|character code)"
    )


def _in_code(text: str, start: int, end: int) -> bool:
    """Whether the neighbourhood on its line looks like a program, a pattern or markup."""
    left = text[max(0, start - 80) : start].rpartition("\n")[2]
    right = text[end : end + 80].partition("\n")[0]
    return _code().search(left + "\x01" + right) is not None


@cache
def _code() -> re.Pattern[str]:
    return re.compile(
        r"</?[A-Za-z][^<>\n\x01]{0,60}/?>|[\"'][,:)\]}]|[({\[=:,]\s?[\"'][^\"'\n]{0,60}\x01|\)\s?[;{]"
        r"|\b(?:def|return|import|function|var|const|let|printf?|echo|regex|charset)\b[ (\"'=]"
        r"|`[^`\n]{0,60}\x01|=>|==|\+=|\[\^|\\[dwsnrtb]\b"
    )
