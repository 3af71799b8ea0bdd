"""A sentence cut by a line end.

What: A line end that splits a word, leaves a bracket open or stands at the constant width of its
neighbourhood, between two lines of prose. The lines are joined. Headings, verse, addresses, lists,
tables, signatures and code are left.

Why: Copied from a page or a mail of fixed width, the sentence is in two pieces; nothing that looks
for sentences finds it.

Bad:

    为了保证活动经费，各班组认真执行公司的教
    育培训方案，以培养员工为目的。

    他们在大会上提出了“科技兴市，人才
    强市”的口号，得到了热烈的响应。

Good:

    强化服务意识，努力为群众办实事
    牢固树立服务意识，积极为群众办好事。

    春风又绿江南岸，
    明月何时照我还。
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.wrapping import find_wraps
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART010",
    name="hard-wrap",
    summary="a sentence cut by a line end",
    message="line end in mid-sentence ({stem})",
    phase=Phase.JOINS,
    finder=find_wraps,
    kinds=frozenset({"wrap"}),
    doc=__doc__,
    gate=CharClass.LINE_END,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
