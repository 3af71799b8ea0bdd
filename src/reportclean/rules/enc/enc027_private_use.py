"""A private-use character.

What: Code points without a meaning of their own, as far as no table tells it.

Why: An icon of a font, or a character that got lost on the way; a person must look.

Bad:

    (U+E000)

Good:

    ★
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.compatibility import find_private_use

RULE = Rule(
    code="ENC027",
    name="private-use",
    summary="a private-use character",
    message="nobody knows what {text!r} stands for",
    phase=Phase.REPORT,
    finder=find_private_use,
    kinds=frozenset({"private-use"}),
    doc=__doc__,
    gate=CharClass.PRIVATE_USE,
    fix=Safety.NONE,
    severity=Severity.ERROR,
)
