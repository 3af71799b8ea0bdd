"""A blank to fill in, or a prompt to do so.

What: A place to write in: lines of underscores, brackets, quotes and book titles around nothing, dotted lines
after a label, （略）, 待补充, 此处填写, Word's prompts; and signs that no
neighbouring word explains (XX问题).

Why: A form and not a report, or a report of which words were taken out.

Bad:

    甲方：____________

    我国的首都是（　　）。

    点击此处添加标题

    《　　》读后感

Good:

    ____

    甲方：某市供水公司

    在此表示感谢
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL008",
    name="blank",
    summary="a blank to fill in, or a prompt to do so",
    message="nothing was filled in here: {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"blank"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
