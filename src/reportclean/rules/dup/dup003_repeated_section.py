"""A section repeats another of the same document.

What: two sections of one document match, by equal keys or by their shingles. It takes the place of the
other rules on duplicates there, and says which of them it would have been. One finding for each section
but the one that represents them.

Why: a page that promises thirteen reports and shows one of them three times was put together by a
machine; the copies are found without any other document.

Bad:

    篇1：供电所工作总结
    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里。
    篇2：学校工作总结
    学校举办读书节，师生共读三百余册，写下心得八十篇。
    篇3：供电所工作总结
    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里。

Good:

    篇1：供电所工作总结
    一年来，工会组织职工开展劳动竞赛，检修线路一百二十公里。
    篇2：学校工作总结
    学校举办读书节，师生共读三百余册，写下心得八十篇。
"""

from reportclean.rules.base import Phase, Rule, Scope, Severity

RULE = Rule(
    code="DUP003",
    name="repeated-section",
    summary="A section that repeats another of its own document.",
    message="the section repeats {text}, which stands in the same document",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"repeated"}),
    scope=Scope.CORPUS,
    doc=__doc__,
    severity=Severity.ERROR,
)
