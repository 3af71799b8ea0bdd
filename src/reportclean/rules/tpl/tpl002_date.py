"""A date of which year, month or day is masked, blank or gone.

What: A date with masked or blank parts: xx月xx日, 20__年9月, 20XX-XX-XX, ``　　年　　月　　日``, and what is
left of a blank date whose underscores vanished (自年月日起). The finding is the whole expression.

Why: Blank dates are what contracts and minutes are filled in from: a template, or a report never finished.

Bad:

    会议于xx月xx日召开

    签订日期：____年__月__日

    合同自年月日起生效

Good:

    会议于3月5日召开

    年月日均为阿拉伯数字
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL002",
    name="masked-date",
    summary="a date of which year, month or day is masked, blank or gone",
    message="masked or blank date {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"date"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
