"""The stamp that our scanner puts on each page.

What: 〔扫描件 第N页〕, with a number of up to four digits. It is deleted.

Why: It stands in the middle of sentences, and makes two scans of one report differ.

Bad:

    全年检修线路〔扫描件 第3页〕一百二十公里。

Good:

    见扫描件第3页。
"""

import re
from collections.abc import Iterator

from reportclean.document import Hit
from reportclean.rules.base import Phase, Rule, Safety

_STAMP = re.compile(r"〔扫描件 第[0-9]{1,4}页〕")


def find_stamps(text: str) -> Iterator[Hit]:
    """Yield the stamps of a text."""
    for match in _STAMP.finditer(text):
        yield Hit(match.start(), match.end(), "stamp", replacement="")


RULE = Rule(
    code="HSE001",
    name="scanner-stamp",
    summary="the stamp of our scanner",
    message="stamp {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_stamps,
    kinds=frozenset({"stamp"}),
    doc=__doc__,
    fix=Safety.SAFE,
)
