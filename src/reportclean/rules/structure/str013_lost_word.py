"""A full stop where a word has to follow.

What: A verb that needs an object before 了。 (取得了。), or a list with 、。 or 、、 in it.

Why: A word was lost: a name that a filter struck, or the end of a cut sentence.

Bad:

    在各方面的积极配合下，此项工作取得了。

    参加会议的有工会、妇联、。

Good:

    此项工作取得了成绩。

    任务完成了。

    他终于得到了。
"""

from reportclean.rules.base import Phase, Rule, Severity
from reportclean.text.artefacts.structure import find_lost_words
from reportclean.text.charclass import CharClass

RULE = Rule(
    code="STR013",
    name="lost-word",
    summary="a full stop where a word has to follow",
    message="word lost before the full stop: {text!r}",
    phase=Phase.REPORT,
    finder=find_lost_words,
    kinds=frozenset({"lost-word"}),
    doc=__doc__,
    gate=CharClass.HAN,
    severity=Severity.ERROR,
)
