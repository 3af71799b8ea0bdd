"""Marks that Word and its converters leave in plain text: bookmarks, fields, error texts, escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.artefacts.lines import BLANK, LineCursor, with_line_end
from reportclean.text.scanned import At, anchored


@cache
def _start() -> re.Pattern[str]:
    # Where a mark may begin. Every alternative begins with a plain character, so that the search skips.
    return re.compile(
        r"\[bookmark:|\[Bookmark:|\[image:|\[Image:|\[pic\]|\[PIC\]|HYPERLINK|PAGEREF|NOTEREF|STYLEREF"
        r"|REF _|TOC |SEQ |EMBED |INCLUDEPICTURE|MERGEFORMAT|错误！|错误!|錯誤!|錯誤！|エラー|Error! |_x00"
    )


@cache
def _pattern() -> re.Pattern[str]:
    """One alternative a mark; tried only where a needle begins, so its size costs nothing."""
    quoted = r'(?:"[^"\n]{0,500}"|“[^”\n]{0,500}”)'
    named = r"[ \t]{1,4}\\\*[ \t]{0,4}[A-Za-z]{3,16}\d?"
    lettered = r"[ \t]{1,4}\\[a-z@#!](?:[ \t]{1,4}" + quoted + r")?"
    switch = rf"(?:{named}|{lettered})"
    switches = switch + r"{0,9}"
    # What follows the code is the field's result and stays; the spaces between them go.
    return re.compile(
        r"(?P<bookmark>\[[bB]ookmark:[ \t]*[^\[\]\n]{0,100}\])"
        r"|(?P<image>\[[iI]mage:[ \t]*[^\[\]\n]{0,200}\]|\[(?:pic|PIC)\])"
        r"|(?P<field>"
        r"(?:HYPERLINK"
        + switch
        + r"{0,3}[ \t]{1,4}(?:"
        + quoted
        + r"|(?:https?://|mailto:|www\.|_Toc)[!-~]{1,500})"
        r"|HYPERLINK[ \t]{1,4}\\l[ \t]{1,4}" + quoted + r""
        r"|(?:PAGEREF|NOTEREF|REF)[ \t]+_[A-Za-z]{2,20}\d{1,20}"
        r"|STYLEREF[ \t]+" + quoted + r""
        r"|TOC(?=[ \t]+\\[a-z])"
        r"|SEQ[ \t]+[^\s\\]{1,20}(?=[ \t]+\\\*)"
        r"|EMBED[ \t]+(?:Equation|Word|Excel|Visio|PBrush|Package|MSGraph|PowerPoint)[.\w]{0,40}"
        r"|INCLUDEPICTURE[ \t]+(?:\\d[ \t]+)?" + quoted + r")" + switches + r"[ \t]*"
        r"|(?:(?:PAGE|NUMPAGES|DATE|TIME|FILENAME)[ \t]+)?\\\*[ \t]*MERGEFORMAT(?:INET)?[ \t]*"
        r")"
        r"|(?P<error>"
        r"(?:错误[！!][ ]?(?:未定义书签|未找到引用源|未找到目录项|未找到索引项"
        r"|文档中没有指定样式的文字|链接无效|超链接引用无效|不能通过编辑域代码创建对象|未指定书签|书签未定义)"
        r"|錯誤[!！][ ]?(?:尚未定義書籤|找不到參照來源|找不到目錄項目|連結無效"
        r"|超連結參照不正確|所指定的樣式的文字不存在文件中))"
        r"(?:[。.](?![.。])|(?=\d|[ \t\r]*(?:\n|\Z)))"
        r"|エラー[!！][ ]?(?:ブックマークが定義されていません|参照元が見つかりません"
        r"|リンクが正しくありません)。"
        r"|Error![ ](?:Bookmark not defined|Reference source not found|Hyperlink reference not valid"
        r"|No text of specified style in document|No table of contents entries found"
        r"|Not a valid link|Use the Home tab to apply [^.\n]{1,80})\."
        r")"
        r"|(?P<escape>_x00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f])_|_x000[Dd]_\r?\n?|_x000[Aa]_|_x0009_)"
    )


_BEFORE_FIELD = "{=`(（\"'“‘"  # the code itself is shown or used there: a tutorial, a formula
_QUOTES = "\"'`“‘「『"
_NEAR = 200  # spaces looked at on either side of a mark


def find_word_marks(text: str) -> Iterator[Hit]:
    """Bookmarks, image marks, field codes, reference errors and ``_x000D_`` escapes.

    Kinds: ``bookmark``, ``image``, ``field``, ``error``, ``escape``. All have a replacement. A
    mark in quotes or backticks, or a field in braces, is being talked about and is left.

    >>> [(h.kind, h.replacement) for h in find_word_marks("[bookmark: _Toc1]总结")]
    [('bookmark', '')]
    """
    cursor = LineCursor(text)
    pattern = _pattern()
    floor = 0
    for found in anchored(text, _start(), At("[HPNSRTEIM错錯エ_", "bBiIpPYAOTEMNRrx误誤ラ")):
        position = found.start()
        if position < floor:
            continue
        start = _field_start(text, position, floor)
        match = pattern.match(text, start)
        if match is None:
            continue
        kind = match.lastgroup or ""
        end = match.end()
        if _is_shown(text, start, kind):
            continue
        if kind == "escape":
            hit = _escape(text, start, end)
        else:
            line = cursor.at(start)
            hit = Hit(*_span(text, start, end, line, floor), kind, replacement="")
        floor = hit.end
        yield hit


def _is_shown(text: str, start: int, kind: str) -> bool:
    """Whether the mark is spoken of, or is part of a longer word."""
    if kind == "escape":
        return text.endswith(("_x005F", *_QUOTES), 0, start)
    if kind != "field":
        return text.endswith((*_QUOTES,), 0, start)
    before = text[max(0, start - 4) : start]
    return before.rstrip(" ").endswith((*_BEFORE_FIELD,)) or (before[-1:].isascii() and before[-1:].isalnum())


def _span(text: str, start: int, end: int, line: tuple[int, int], floor: int) -> tuple[int, int]:
    """The whole line where the mark is all of it, else the mark; at a line's end with the spaces before."""
    mark = start
    first = max(line[0], floor, start - _NEAR)
    while start > first and text[start - 1] in BLANK:
        start -= 1
    last = min(line[1], end + _NEAR)
    rest = text[end:last].strip(BLANK)
    if not rest and last == line[1]:
        return with_line_end(text, *line, floor) if start == line[0] else (start, end)
    return mark, end


def _field_start(text: str, position: int, floor: int) -> int:
    """Where the field begins whose ``MERGEFORMAT`` stands at ``position``; else the position itself."""
    if not text.startswith("MERGEFORMAT", position):
        return position
    match = _merge_head().search(text, max(floor, position - 24), position)
    return match.start() if match else position


@cache
def _merge_head() -> re.Pattern[str]:
    return re.compile(r"(?:\b(?:PAGE|NUMPAGES|DATE|TIME|FILENAME)[ \t]{1,6})?\\\*[ \t]{0,6}\Z")


def _escape(text: str, start: int, end: int) -> Hit:
    """The character that ``_x000D_`` and its like stand for."""
    code = int(text[start + 2 : start + 6], 16)
    if code == 0x0D:
        ends_line = text[end - 1] == "\n"
        end = start + 7
        at_end = ends_line or end == len(text) or text.startswith("_x000", end)
        return Hit(start, end, "escape", replacement="" if at_end or text[end] == "\n" else "\n")
    return Hit(start, end, "escape", replacement={0x09: "\t", 0x0A: "\n"}.get(code, ""))
