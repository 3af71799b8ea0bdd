"""GBK text that lost a byte, so that every byte after it pairs wrongly.

What: A mark of the loss and rare characters up to a letter that is a second byte, where reading one
byte on gives words.

Why: The text looks like nothing, yet all of it but a byte is there.

Bad:

    完成任务?偨Y如下

Good:

    真的吗？我知道
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_mojibake

RULE = Rule(
    code="ENC008",
    name="slipped-bytes",
    summary="GBK text read one byte out of step",
    message="{text!r} is really {replacement!r}",
    phase=Phase.REPAIR,
    finder=find_mojibake,
    kinds=frozenset({"slipped"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
