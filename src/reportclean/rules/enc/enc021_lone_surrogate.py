"""A surrogate that is no half of a pair.

What: It becomes U+FFFD; a pair of surrogates becomes the character that it is.

Why: No encoding can write one, so the document could not be saved.

Bad:

    a(U+D800)b

Good:

    a😀b
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.invisible import find_surrogates

RULE = Rule(
    code="ENC021",
    name="lone-surrogate",
    summary="a lone surrogate",
    message="lone surrogate {text!r}",
    phase=Phase.CHARACTERS,
    finder=find_surrogates,
    kinds=frozenset({"surrogate"}),
    doc=__doc__,
    gate=CharClass.SURROGATE,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
