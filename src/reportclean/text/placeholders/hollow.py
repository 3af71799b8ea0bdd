"""Brackets, quotes and book titles around nothing but space."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reportclean.document import Hit
from reportclean.text.placeholders.context import before
from reportclean.text.placeholders.signs import HAN, SPACE
from reportclean.text.scanned import At, anchored


@cache
def _hollow() -> re.Pattern[str]:
    """Opening sign, space, closing sign; of the named groups the inside alone is the blank."""
    forms = (
        rf"(?<=（)[{SPACE}]{{1,60}}）",
        rf"(?<=\()[{SPACE}]{{2,60}}\)",
        rf"(?<=【)[{SPACE}]{{1,60}}】",
        rf"(?<=［)[{SPACE}]{{1,60}}］",
        rf"(?<=〔)[{SPACE}]{{1,60}}〕",
        rf"(?<=《)(?P<book>[{SPACE}]{{1,60}})》",
        rf"(?<=“)(?P<quote>[{SPACE}]{{2,60}})”",
        rf"(?<=「)(?P<corner>[{SPACE}]{{2,60}})」",
    )
    return re.compile(f"[（(《“【［「〔](?=[{SPACE}])(?:{'|'.join(forms)})")


_IN_CHINESE = re.compile(f"[{HAN}：:、，]")


def find_hollow_brackets(text: str) -> Iterator[Hit]:
    """Yield round and square brackets around space, whole, and the space in quotes and book titles."""
    for found in anchored(text, _hollow(), At("（(《“【［「〔", " \t\u3000\xa0")):
        start, end = found.span(found.lastgroup or 0)
        if text[start] == "(" and not _IN_CHINESE.search(before(text, start, 3)):
            continue  # code
        yield Hit(start, end, "blank")
