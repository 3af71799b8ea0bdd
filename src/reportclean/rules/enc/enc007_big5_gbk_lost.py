"""What lost bytes on the way between Big5 and GBK.

What: Text beside a repaired stretch, up to its last U+FFFD.

Why: A lost byte breaks all pairs after it, so nothing is proven there.

Bad:

    跪撰馱頗郪眽猁�

Good:

    各级工会组织要
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC007",
    name="big5-gbk-lost",
    summary="text beside a repair that lost bytes between Big5 and GBK",
    message="{text!r} lost bytes between Big5 and GBK and cannot be brought back",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"big5-as-gbk-lossy", "gbk-as-big5-lossy"}),
    doc=__doc__,
    fix=Safety.NONE,
    severity=Severity.ERROR,
)
