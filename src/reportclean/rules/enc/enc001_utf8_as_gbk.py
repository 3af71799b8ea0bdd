"""UTF-8 that was read as GBK or GB18030.

What: Characters whose GBK bytes are valid UTF-8, where that is much likelier as Chinese.

Why: A scraper trusted a header or a locale; nothing else in the text matches its copies.

Bad:

    浣犲ソ

    宸ヤ綔鎬荤粨

Good:

    你好

    沔水浣纱
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC001",
    name="utf8-as-gbk",
    summary="UTF-8 that was read as GBK",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"utf8-as-gbk", "utf8-as-gbk-lossy"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
