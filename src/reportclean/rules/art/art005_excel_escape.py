"""A control character written as _x000D_.

What: ``_x000D_``, ``_x000A_``, ``_x0009_`` and the escapes of other control characters, as Office
writes them in XML.

Why: They are line ends and tabs that were never decoded.

Bad:

    第一行_x000D_
    第二行

    甲_x0009_乙

Good:

    Order_x0020_Details

    _x005F_x000D_
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.word import find_word_marks
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART005",
    name="excel-escape",
    summary="a control character written as _x000D_",
    message="escape {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_word_marks,
    kinds=frozenset({"escape"}),
    doc=__doc__,
    gate=CharClass.UNDERSCORE | CharClass.ASCII_DIGIT,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
