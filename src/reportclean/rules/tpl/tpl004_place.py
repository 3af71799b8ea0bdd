"""A place's name masked before 省, 市, 县, 区, 路.

What: Signs or 某某 where a place's name was: XX市, **县, 某某省, ○○区, ____区.

Why: Names are blanked so that a report can be handed in anywhere; copies blanked for different places match
once the mask is the same.

Bad:

    **县人民政府

    家住○○区××路

    某某省某某市

Good:

    **重点**市县

    各县区人民政府

    XX染色体
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL004",
    name="masked-place",
    summary="a place's name masked before 省, 市, 县, 区, 路",
    message="masked place {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"place"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
)
