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
from reportclean.text.meant import (
    about_addresses,
    about_markup,
    in_address,
    in_code,
    in_comment,
    in_path,
    is_mentioned,
    is_quoted,
)
from reportclean.text.mojibake.weighing import plausible

# Decoding these would make markup of text, or text of markup; < and > stay as they are written.
_MARKUP = frozenset("<>")
_MIN_GAIN = 6.0  # nats a character by which a percent-escape of GBK bytes must be likelier than its bytes


def find_entities(text: str) -> Iterator[Hit]:
    """HTML entities, also those that were escaped twice (``&amp;#20320;``); kind ``entity``.

    ``&lt;`` and ``&gt;`` stay, because the text they stand in may be about markup. ``&nbsp;`` becomes U+00A0.

    >>> [hit.replacement for hit in find_entities("&#20320;&#x597D;&mdash;&amp;#20320;")]
    ['你', '好', '—', '你']
    """
    for match in _entity().finditer(text):
        char = _decoded_entity(match)
        span = match.span()
        if char is None or is_quoted(text, *span) or in_code(text, *span):
            continue
        if char < "\u2e80" and any(meant(text, *span) for meant in (about_markup, is_mentioned, in_comment)):
            continue
        if char != "&" or not in_address(text, *span):
            yield Hit(*span, "entity", "", char)


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
        if decoded is None or is_quoted(text, start, end) or in_address(text, start, end):
            continue
        if not in_code(text, start, end) and not about_addresses(text, start, end):
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

    An escape of a character that Chinese, Japanese and Korean do not use must touch the word that it belongs
    to (``caf\u00e9``): one that stands alone is mentioned.

    >>> [hit.replacement for hit in find_backslash_escapes(r"标题\u4f60\u597d，[\u4e00-\u9fa5], \u00e0")]
    ['你好']
    """
    for match in _backslash().finditer(text):
        start, end = match.span()
        data = b"".join(bytes.fromhex(unit) for unit in match.group().split("\\u")[1:])
        try:
            decoded = _written(data.decode("utf-16-be"))
        except UnicodeDecodeError:
            continue
        before, after = text[start - 1 : start], text[end : end + 1]
        if decoded is None or before in _CLASS_BEFORE or after in _CLASS_AFTER:
            continue
        if max(decoded) < "\u2e80" and not (before.isalpha() or after.isalpha()):
            continue
        if any(meant(text, start, end) for meant in (is_quoted, in_address, in_path, in_code)):
            continue
        yield Hit(start, end, "backslash-u", "", decoded)


# Beside these an escape is the end of a range, or one of several, in a regular expression.
_CLASS_BEFORE = frozenset("[-|^")
_CLASS_AFTER = frozenset("]-|")


@cache
def _backslash() -> re.Pattern[str]:
    return re.compile(r"(?<!\\)(?:\\u[0-9A-Fa-f]{4})+")


def _written(decoded: str) -> str | None:
    """The text, if every character of it is one that is written, and one at least is seen and above ASCII."""
    if all(c < "\x80" or unicodedata.category(c) in {"Cf", "Me", "Mn"} for c in decoded) or any(
        unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} and c != "\n" for c in decoded
    ):
        return None
    return decoded
