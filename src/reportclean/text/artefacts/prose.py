"""Is a line running prose, and is its last sentence unfinished? Asked by several finders."""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.artefacts.lines import BLANK

CLAUSE = "，。；！？"
MIN_PROSE = 15  # code points; shorter lines are headings and entries more often than sentences


def is_han(char: str) -> bool:
    """Whether one character is a Han character of the common blocks (the empty string is not)."""
    return (
        "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003fffd"
    )


def is_prose(line: str) -> bool:
    """Whether a line is long enough for a sentence and has the punctuation of one.

    >>> is_prose("通过组织外出学习参观，加强科技宣传"), is_prose("四、存在的问题")
    (True, False)
    """
    return len(line) >= MIN_PROSE and any(sign in line for sign in CLAUSE)


def is_open(line: str) -> bool:
    """Whether a line breaks off in mid-sentence: its last sign is Han, a comma or a joining mark.

    >>> is_open("以培养员工"), is_open("以培养员工。")
    (True, False)
    """
    last = line.rstrip(BLANK)[-1:]
    return is_han(last) or (last != "" and last in "，、《“‘（(")


@cache
def _block_start() -> re.Pattern[str]:
    numeral = "一二三四五六七八九十百零〇0-9０-９IVXivx①-⑳"
    return re.compile(
        rf"[ \t\u3000]*(?:[(（\[【〔]?[{numeral}]{{1,4}}[)）\]】〕]?[、.．,，:：)）\s]"
        rf"|[(（\[【〔][{numeral}]{{1,4}}[)）\]】〕]"
        rf"|第[{numeral}]{{1,5}}[章节節条條款部篇编編卷回课課讲講步]"
        r"|[①-⑳⑴-⒇㈠-㈩❶-❿]|[-*+•·●○■□◆◇▪★☆►▶※→>#|=~_—–]"
        r"|附[件录錄表]|[图圖表][ ]?[0-9０-９])"
    )


def starts_block(line: str) -> bool:
    """Whether a line opens an entry of its own: numbered, bulleted, a caption, a rule.

    >>> starts_block("（二）加强领导"), starts_block("2、加强领导"), starts_block("二是加强领导")
    (True, True, False)
    """
    return _block_start().match(line) is not None
