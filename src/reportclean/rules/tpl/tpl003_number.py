"""A number masked before its unit or after 第.

What: A number replaced by signs: XX%, ××万元, 第×期, ____平方米, XXX,XXX元, a long one of which the first
digits are given (202xxxxxxxxx), and a unit whose number vanished (为期年的合同).

Why: A report without its figures is a template, and two that differ in figures alone are the same report.

Bad:

    完成投资××亿元

    同比增长XX%

    发表于第×期

Good:

    完成投资12亿元

    长×宽×高

    HTTP 4xx和5xx
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL003",
    name="masked-number",
    summary="a number masked before its unit or after 第",
    message="masked number {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"number"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
