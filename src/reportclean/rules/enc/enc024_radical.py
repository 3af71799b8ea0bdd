"""A radical where an ideograph is meant.

What: Up to four radicals of U+2E80 to U+2FD5 beside an ideograph, but those by which a rare character
is described and those in a line about radicals.

Why: The text layer of PDF files often has them; they look the same and match nothing.

Bad:

    ⼯会和⼥职⼯

Good:

    工会和女职工

    ⼀⼁⼂⼃⼄⼅

    蹀{⻊習}檛

    部首⼝，像⼈⼝之形
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.compatibility import find_radicals

RULE = Rule(
    code="ENC024",
    name="radical",
    summary="a radical for an ideograph",
    message="{text!r} stands for {replacement!r}",
    phase=Phase.CHARACTERS,
    finder=find_radicals,
    kinds=frozenset({"radical"}),
    doc=__doc__,
    gate=CharClass.RADICAL,
    fix=Safety.SAFE,
)
