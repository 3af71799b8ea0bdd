"""A note that the site left text out.

What: ……此处隐藏4366个字……; the note is replaced by an ellipsis.

Why: The note is not the author's, and its number differs between copies.

Bad:

    提高了认识……此处隐藏4366个字……为今后打下基础。

Good:

    这里隐藏着一个秘密。

    此处省略若干字
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.teaser import find_hidden_text
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART041",
    name="hidden-text",
    summary="a note that the site left text out",
    message="note of hidden text {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_hidden_text,
    kinds=frozenset({"hidden-text"}),
    doc=__doc__,
    gate=CharClass.HAN | CharClass.ASCII_DIGIT,
    fix=Safety.UNSAFE,
    severity=Severity.ERROR,
)
