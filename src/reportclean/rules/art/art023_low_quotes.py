"""Low quotation marks where an ellipsis was.

What: Two or more „ in a row.

Why: The bytes of an ellipsis were read in another table; no text has two of these marks in a row.

Bad:

    加强管理„„提高水平

    等等„„„

Good:

    er sagte „gut“

    加强管理……提高水平
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.punctuation import find_low_quotes
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART023",
    name="low-quotes",
    summary="low quotation marks where an ellipsis was",
    message="{text!r} for {replacement!r}",
    phase=Phase.ARTEFACTS,
    finder=find_low_quotes,
    kinds=frozenset({"low-quotes"}),
    doc=__doc__,
    gate=CharClass.LATIN1_HIGH,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
