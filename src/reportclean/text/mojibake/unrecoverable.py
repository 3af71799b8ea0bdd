"""What is left where the text itself is gone: 锟斤拷, 烫烫烫, 屯屯屯, rows of U+FFFD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit

_BEGINNINGS = ("锟斤", "烫烫烫", "屯屯屯", "\ufffd\ufffd", "ï¿½")


def find_unrecoverable(text: str) -> Iterator[Hit]:
    """Traces of text that was lost for good; kind ``unrecoverable``, the text stays as it is.

    锟斤拷 is U+FFFD twice, written as UTF-8 and read as GBK (ï¿½ the same read as Latin-1); 烫 and 屯 fill
    memory that a program never wrote.

    >>> [text[hit.start : hit.end] for text in ["总锟斤拷结"] for hit in find_unrecoverable(text)]
    ['锟斤拷']
    """
    places = sorted(at for beginning in _BEGINNINGS for at in _places(text, beginning))
    done = 0
    for at in places:  # a pattern that scans the text would take most of the time
        if at >= done and (match := _traces().match(text, at)) is not None:
            yield Hit(at, match.end(), "unrecoverable")
            done = match.end()


def _places(text: str, beginning: str) -> Iterator[int]:
    if beginning[0] not in text:  # ten times as fast as to look for all of it
        return
    at = text.find(beginning)
    while at >= 0:
        yield at
        at = text.find(beginning, at + 1)


@cache
def _traces() -> re.Pattern[str]:
    return re.compile("(?:锟斤拷)+(?:锟斤?)?|锟斤|(?:ï¿½)+|烫{3,}|屯{3,}|\ufffd{2,}")
