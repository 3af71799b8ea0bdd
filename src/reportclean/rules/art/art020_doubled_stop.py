"""A full stop that stands twice.

What: Exactly two 。, alone or with one space between, after a word or a closing sign.

Why: A slip of typing or of joining paragraphs; it makes copies of one sentence differ.

Bad:

    对道路旁的垃圾进行清理。。参加打扫

    会议结束。 。

Good:

    真的吗。。。

    （。。）
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.punctuation import find_doubled_stops
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="ART020",
    name="doubled-stop",
    summary="a full stop that stands twice",
    message="{text!r} for {replacement!r}",
    phase=Phase.ARTEFACTS,
    finder=find_doubled_stops,
    kinds=frozenset({"doubled-stop"}),
    doc=__doc__,
    gate=CharClass.FULL_STOP,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
