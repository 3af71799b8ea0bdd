"""The number of a congress, a session or a plan is masked.

What: The number of a party congress, a term or a five-year plan: xx大, xx届, X届X中全会, “xx五”.

Why: Copy sites mask it because it dates a text; the reader loses how old the text is.

Bad:

    学习党的xx大精神

    第×届职工代表大会

    “xx五”规划

Good:

    学习党的十九大精神

    XX大学生
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL007",
    name="masked-ordinal",
    summary="the number of a congress, a session or a plan is masked",
    message="masked ordinal {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"ordinal"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
)
