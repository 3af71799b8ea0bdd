"""A section repeats another, key for key.

What: the matching keys of two sections are equal, so they differ at most in punctuation, space, width,
case, script, and in how a year or a placeholder is masked. One finding for each section but the
representative of its cluster.

Why: a corpus that holds the same section many times teaches it many times.

Bad:

    一、全年检修线路一百二十公里。
    一、全年檢修線路一百二十公里！

Good:

    一、全年检修线路一百二十公里。
    一、全年走访用户三千余户。
"""

from reportclean.rules.base import Phase, Rule, Scope, Severity

RULE = Rule(
    code="DUP001",
    name="exact-duplicate",
    summary="A section whose matching key equals another's.",
    message="the section repeats {text}",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"exact"}),
    scope=Scope.CORPUS,
    doc=__doc__,
    severity=Severity.ERROR,
)
