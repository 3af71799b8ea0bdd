"""The text of a reference that Word could not resolve.

What: 错误！未定义书签。, Error! Reference source not found. and the other texts that Word prints where a
field has no result. In quotation marks the text is spoken of and stays.

Why: The text is Word's, not the author's.

Bad:

    一、概述 错误！未定义书签。

    see Error! Reference source not found. for details

Good:

    目录里出现“错误！未定义书签。”时，更新域即可

    错误！请重新输入
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.word import find_word_marks

RULE = Rule(
    code="ART004",
    name="word-error",
    summary="the text of a reference that Word could not resolve",
    message="reference error {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_word_marks,
    kinds=frozenset({"error"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
