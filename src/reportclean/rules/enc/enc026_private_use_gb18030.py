"""A private-use character that GB18030 has a real one for by now.

What: The characters that GB18030 of 2000 left in private use and later editions assigned.

Why: Old fonts drew them; new ones draw a box.

Bad:

    (U+E863)

Good:

    䶮
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.compatibility import find_private_use

RULE = Rule(
    code="ENC026",
    name="private-use-gb18030",
    summary="a private-use character of old GB18030",
    message="{text!r} stands for {replacement!r}",
    phase=Phase.CHARACTERS,
    finder=find_private_use,
    kinds=frozenset({"private-use-gb18030"}),
    doc=__doc__,
    gate=CharClass.PRIVATE_USE,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
