"""A section nearly repeats another.

What: the exact Jaccard of the two sections' shingles reaches the threshold, without their keys being
equal. One finding for each section but the representative of its cluster.

Why: copies on other sites differ by a few edits; only what is compared piece by piece finds them.

Bad:

    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里，走访用户三千余户，得到各方好评。
    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里，走访用户三千余户，得到各方赞扬。

Good:

    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里，走访用户三千余户，得到各方好评。
    本年度电网安全运行三百六十五天，班组长带队巡视变电站四十座，消除隐患九十余处，无一事故。
"""

from reportclean.rules.base import Phase, Rule, Scope, Severity

RULE = Rule(
    code="DUP002",
    name="near-duplicate",
    summary="A section that shares most of its shingles with another.",
    message="the section nearly repeats {text}",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"near"}),
    scope=Scope.CORPUS,
    doc=__doc__,
    severity=Severity.ERROR,
)
