"""A sum that was masked because it looked like a year.

What: Digits and signs in the form of a masked year, before a unit of money or of things: 202_万元, 20__人次.

Why: A rule that masks years took a sum for one, so a figure of the report is lost. It says that the text was
masked by a machine.

Bad:

    发放贷款202_万元

    培训学员20__人次

Good:

    发放贷款2020万元

    202_年发放贷款
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL011",
    name="masked-sum",
    summary="a sum that was masked because it looked like a year",
    message="a sum was taken for a year and masked: {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"masked_sum"}),
    doc=__doc__,
    gate=CharClass.ASCII_DIGIT,
    severity=Severity.ERROR,
)
