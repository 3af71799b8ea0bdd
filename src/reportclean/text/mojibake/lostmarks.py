"""A ``?`` where a character that the target encoding lacked was lost: 上海?科技 was 上海·科技."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# What makes a question of the clause before; then the sign is one.
_ASKS = "吗嗎呢么麼吧啊呀啦嘛什谁誰哪何几幾否怎多为為咋孰乎哉耶欤歟岂豈是不没沒问問请請能可要会會有"
_CLAUSE = 16


def find_lost_marks(text: str) -> Iterator[Hit]:
    """ASCII question marks between ideographs that ask nothing.

    Kinds: ``lost-dot`` for one (· was lost), ``lost-dash`` for two (—— was lost). Whether it was that can
    only be guessed, so the replacement is for those who ask for it.

    >>> [hit.kind for hit in find_lost_marks("上海?科技馆，你去吗?我去。历史??回顾")]
    ['lost-dot', 'lost-dash']
    """
    for match in _mark().finditer(text):
        start, end = match.span()
        clause = _clause_end().search(text, max(0, start - _CLAUSE), start)
        if clause is None or not any(sign in clause.group() for sign in _ASKS):
            single = end - start == 1
            yield Hit(start, end, "lost-dot" if single else "lost-dash", "", "·" if single else "——")


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(f"(?<=[{_HAN}])\\?{{1,2}}(?=[{_HAN}])")


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}A-Za-z0-9]+\\Z")
