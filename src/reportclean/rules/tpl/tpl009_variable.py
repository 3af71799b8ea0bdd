"""A merge field or a variable that was never filled in.

What: Merge fields and template variables, with their brackets: {{name}}, ${name}, <%= name %>, «公司名称»,
【公司名称】, [姓名], #姓名#, %姓名%.

Why: The text left its generator before the generator ran; nothing of it is about anybody.

Bad:

    尊敬的{{name}}，您好

    由【公司名称】的负责人签字

    您好，%姓名%

Good:

    【摘要】本文介绍了三种方法

    ${HOME}/bin

    <姓名>张三</姓名>
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL009",
    name="variable",
    summary="a merge field or a variable that was never filled in",
    message="variable not filled in: {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"variable"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
