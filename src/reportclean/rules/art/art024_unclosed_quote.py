"""A quotation that is never closed.

What: “ after a Han character with no ” before the next “, in this paragraph or the following one.

Why: The closing sign was lost, or the end of the quotation with it.

Bad:

    大力实施“科教兴市战略，培育创新主体。

    这个“坐得住的“人才”一干十七年。

Good:

    实施“科教兴市”战略。

    他说：“我们走吧。
    大家都同意。”
"""

from reportclean.rules.base import Phase, Rule
from reportclean.text.artefacts.punctuation import find_unclosed_quotes
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART024",
    name="unclosed-quote",
    summary="a quotation that is never closed",
    message="quotation is never closed",
    phase=Phase.REPORT,
    finder=find_unclosed_quotes,
    kinds=frozenset({"unclosed-quote"}),
    doc=__doc__,
    gate=CharClass.LATIN1_HIGH | CharClass.HAN,
)
