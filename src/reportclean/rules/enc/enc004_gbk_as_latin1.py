"""GBK or Big5 that was read as Latin-1 or Windows-1252.

What: Pairs of accented letters and signs whose bytes are likelier as Chinese.

Why: Programs without a Chinese locale read one byte a character; other tools take the result for
broken UTF-8.

Bad:

    ÄãºÃ

    ¹¤×÷×Ü½á

Good:

    你好

    Ça été déjà vu
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC004",
    name="gbk-as-latin1",
    summary="GBK or Big5 that was read as Latin-1",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"gbk-as-latin1", "big5-as-latin1"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
