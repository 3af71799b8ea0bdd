"""Characters written with percent signs in running text.

What: %E4%BD%A0 (UTF-8 or GBK) and %u4F60 outside of addresses, code and sentences
about addresses.

Why: A title was taken from an address or from a script's escape().

Bad:

    标题%E4%BD%A0%E5%A5%BD

    %u4F60%u597D

Good:

    https://a.cn/%E4%BD%A0

    增长50%25

    =ENCODEURL(B1) 返回 %E8%BB%8A
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.escapes import find_percents

RULE = Rule(
    code="ENC011",
    name="percent-escape",
    summary="percent signs for characters in running text",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_percents,
    kinds=frozenset({"percent", "percent-u"}),
    doc=__doc__,
    gate=CharClass.HASH_OR_PERCENT,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
