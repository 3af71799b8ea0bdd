"""An organisation's name masked before 公司, 局, 大学.

What: Signs or 某某 where the name of a company, an office or a school was, also at some distance from its
noun: ××公司, XX局, **大学, ×××市场监督管理局, ××法建〔××××〕×号.

Why: As for places: what is left is a form that fits any organisation.

Bad:

    ××公司20××年度报告

    在**大学的支持下

    某某公司内部资料

Good:

    本公司内部资料

    这是**重点**公司
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.charclass import CharClass
from reportclean.text.placeholders import find_marks

RULE = Rule(
    code="TPL005",
    name="masked-organisation",
    summary="an organisation's name masked before 公司, 局, 大学",
    message="masked organisation {text!r}",
    phase=Phase.REPORT,
    finder=find_marks,
    kinds=frozenset({"organisation"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
)
