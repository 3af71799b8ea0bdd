"""A comma that stands twice.

What: Exactly two ，, alone or with one space between, after a word or a closing sign.

Why: A slip of typing, or what is left where a word between two commas was taken out.

Bad:

    加强领导，，落实责任

    会议结束， ，下午

Good:

    他说，，，算了

    工、、青、妇
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.punctuation import find_doubled_commas

RULE = Rule(
    code="ART021",
    name="doubled-comma",
    summary="a comma that stands twice",
    message="{text!r} for {replacement!r}",
    phase=Phase.ARTEFACTS,
    finder=find_doubled_commas,
    kinds=frozenset({"doubled-comma"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
