"""Code points that Unicode promises never to assign.

What: U+FDD0 to U+FDEF and the last two of every plane are removed.

Why: They are for a program's own use; this one marks placeholders in matching keys with them.

Bad:

    工(U+FDD0)会

Good:

    工会
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.invisible import find_noncharacters

RULE = Rule(
    code="ENC022",
    name="noncharacter",
    summary="a noncharacter",
    message="noncharacter {text!r}",
    phase=Phase.CHARACTERS,
    finder=find_noncharacters,
    kinds=frozenset({"noncharacter"}),
    doc=__doc__,
    gate=CharClass.NONCHARACTER,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
