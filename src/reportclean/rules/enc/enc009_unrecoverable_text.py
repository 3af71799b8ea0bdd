"""Traces of text that was lost for good.

What: 锟斤拷, 烫烫烫, 屯屯屯, rows of U+FFFD.

Why: It can only be found again at its source; it should count against this copy when the best of
several is kept.

Bad:

    总锟斤拷结

Good:

    总结
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.mojibake import find_unrecoverable

RULE = Rule(
    code="ENC009",
    name="unrecoverable-text",
    summary="text that is lost for good",
    message="{text!r} stands for text that is lost for good",
    phase=Phase.REPORT,
    finder=find_unrecoverable,
    kinds=frozenset({"unrecoverable"}),
    doc=__doc__,
    fix=Safety.NONE,
    severity=Severity.ERROR,
)
