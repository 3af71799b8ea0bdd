"""A compatibility ideograph in Chinese text.

What: Ideographs that Unicode has twice, in documents without kana and Hangul.

Why: Keyboards and old encodings gave them; they look the same and match nothing.

Bad:

    六(U+F9D1)十

Good:

    六十
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.compatibility import find_compatibility

RULE = Rule(
    code="ENC025",
    name="compatibility-ideograph",
    summary="a compatibility ideograph",
    message="{text!r} stands for {replacement!r}",
    phase=Phase.CHARACTERS,
    finder=find_compatibility,
    kinds=frozenset({"compatibility-ideograph"}),
    doc=__doc__,
    gate=CharClass.COMPATIBILITY,
    fix=Safety.SAFE,
)
