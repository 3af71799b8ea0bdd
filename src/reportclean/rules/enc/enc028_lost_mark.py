"""A question mark between ideographs that asks nothing.

What: An ASCII question mark, or two, after a clause without a word that asks.

Why: An encoding without · or — put it there. What it was can only be guessed.

Bad:

    上海?科技馆

Good:

    你去吗?我去。
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.mojibake.lostmarks import find_lost_marks

RULE = Rule(
    code="ENC028",
    name="lost-mark",
    summary="a question mark for a sign that was lost",
    message="{text!r} stands where {replacement!r} may have been",
    phase=Phase.CHARACTERS,
    finder=find_lost_marks,
    kinds=frozenset({"lost-dot", "lost-dash"}),
    doc=__doc__,
    gate=CharClass.QUESTION | CharClass.HAN,
    fix=Safety.UNSAFE,
    severity=Severity.ERROR,
)
