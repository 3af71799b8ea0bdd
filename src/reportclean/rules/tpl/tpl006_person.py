"""A person's name masked before a title or after a role.

What: Signs or 某某 where a person's name was: ×××同志, 审判长×××, 张××, 王**主任, ____同学.

Why: A name that a reader is meant to fill in. A party that a court anonymised (徐某某) is a real referent
and is not reported.

Bad:

    授予×××同志荣誉称号

    汇报人：XXX

    ____同学获得一等奖

Good:

    徐某某亦到庭

    u***@example.com
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL006",
    name="masked-person",
    summary="a person's name masked before a title or after a role",
    message="masked person {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"person"}),
    doc=__doc__,
    severity=Severity.ERROR,
)
