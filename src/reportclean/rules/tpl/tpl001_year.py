"""A year of which digits, or all, were masked.

What: A year of which some digits, or all, were replaced by signs: 20xx, 202_, 20__, 二〇XX, ××××年, a bare
__年. The stem is the digits that are left.

Why: A template's year, or a real report's that a copy site masked to pass for a new one. Such copies differ
in nothing but the mask, so the matching key masks real years too.

Bad:

    20xx年工作总结

    __年，我们完成了改造任务。

    二〇XX届毕业生

Good:

    2015年工作总结

    二○○四年十月一日起施行

    RTX 20XX系列
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL001",
    name="masked-year",
    summary="a year of which digits, or all, were masked",
    message="masked year {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"year"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
