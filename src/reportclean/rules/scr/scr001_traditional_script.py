"""Traditional writing, for those who want a simplified corpus.

What: Characters of sentences that are in traditional writing and that simplified writing has
otherwise.

Why: Models and dictionaries of one script do not know the other. Matching needs it not: keys fold
both.

Bad:

    各級工會組織

Good:

    破坏土地
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.charclass import CharClass
from reportclean.text.script import find_traditional

RULE = Rule(
    code="SCR001",
    name="traditional-script",
    summary="traditional writing",
    message="{text!r} is {replacement!r} in simplified writing",
    phase=Phase.CHARACTERS,
    finder=find_traditional,
    kinds=frozenset({"traditional"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
