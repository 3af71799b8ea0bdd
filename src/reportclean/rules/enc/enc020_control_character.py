"""Control characters, and what a terminal was told with them.

What: C0 and C1 but tab and line ends; a form feed or vertical tab that alone ends a line becomes a
line feed.

Why: Nobody sees them; they split words and break parsers.

Bad:

    工(U+0007)会

Good:

    工会
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.invisible import find_controls

RULE = Rule(
    code="ENC020",
    name="control-character",
    summary="control characters",
    message="control character {text!r}",
    phase=Phase.CHARACTERS,
    finder=find_controls,
    kinds=frozenset({"control", "escape-sequence"}),
    doc=__doc__,
    gate=CharClass.CONTROL,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
