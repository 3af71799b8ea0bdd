"""Big5 that was read as GBK, or GBK that was read as Big5.

What: Rare characters in a row that each stand for a common one under the other encoding.

Why: Pages of Taiwan and Hong Kong read with the mainland's default, and the reverse.

Bad:

    璶粄痷砮过

Good:

    要認真貫徹
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC006",
    name="big5-gbk-crossed",
    summary="Big5 that was read as GBK, or the reverse",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"big5-as-gbk", "gbk-as-big5"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
