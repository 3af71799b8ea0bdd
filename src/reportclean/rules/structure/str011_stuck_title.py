"""An article's title stuck to its first paragraph.

What: A line that begins with a title (…总结, …报告, …方案), a space, and a sentence.

Why: The line end was lost; the article seems to have no title.

Bad:

    物业公司2015年度工作总结 今年我公司按照年初的安排，围绕大局，强化管理，全员参与，取得了成绩。

Good:

    物业公司2015年度工作总结

    今年的工作总结已经完成，下面将有关情况汇报如下。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.structure import find_stuck_titles
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="STR011",
    name="stuck-title",
    summary="an article's title stuck to its first paragraph",
    message="title {text!r} belongs on a line of its own",
    phase=Phase.ARTEFACTS,
    finder=find_stuck_titles,
    kinds=frozenset({"stuck-title"}),
    doc=__doc__,
    gate=CharClass.HAN,
    fix=Safety.UNSAFE,
)
