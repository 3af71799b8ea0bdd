"""Simplified writing, for those who want a traditional corpus.

What: Characters of sentences that are in simplified writing and that traditional writing has
otherwise.

Why: One simplified character may stand for several; OpenCC chooses by the word.

Bad:

    各级工会组织

Good:

    各級工會組織
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.script import find_simplified

RULE = Rule(
    code="SCR002",
    name="simplified-script",
    summary="simplified writing",
    message="{text!r} is {replacement!r} in traditional writing",
    phase=Phase.CHARACTERS,
    finder=find_simplified,
    kinds=frozenset({"simplified"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
