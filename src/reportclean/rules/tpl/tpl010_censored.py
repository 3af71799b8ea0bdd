"""A word of which a filter struck characters.

What: A star, or ×, in the place of characters that a site's filter struck: 中国*基层组织, ***思想, ×总书记.

Why: The word is lost here, while copies from sites with other filters keep it.

Bad:

    中国*基层组织选举

    ***思想是行动指南

Good:

    面积等于长*宽

    带有*标记的品种
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL010",
    name="censored-word",
    summary="a word of which a filter struck characters",
    message="a filter struck a word here: {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"censored"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
)
