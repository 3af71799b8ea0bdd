"""A full stop where an opening bracket was.

What: ``。1)`` at the head of an enumeration whose second entry reads ``(2)``.

Why: The bracket was lost when the text was converted; the sentence seems to end there.

Bad:

    重点抓了两项工作。1)加强领导；(2)落实责任。

    要点。一）组织；（二）检查。

Good:

    工作要点。1)加强领导；2)落实责任。

    如下：(1)组织；(2)检查。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.punctuation import find_lost_openings
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART022",
    name="lost-opening",
    summary="a full stop where an opening bracket was",
    message="{text!r} for {replacement!r}",
    phase=Phase.ARTEFACTS,
    finder=find_lost_openings,
    kinds=frozenset({"lost-opening"}),
    doc=__doc__,
    gate=CharClass.FULL_STOP | CharClass.PAREN,
    fix=Safety.UNSAFE,
)
