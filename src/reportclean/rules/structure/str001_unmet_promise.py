"""A page promises a number of articles and holds another.

What: a title-like line near the top names a count (精选13篇, 共五篇, "5 articles"), and the sections that
were found are more or fewer.

Why: articles are missing, or two of them could not be told apart; either way the page wants a look.

Bad:

    供水所工作总结（精选3篇）
    供水所工作总结 篇1
    一年来，我所完成管网改造四公里。
    供水所工作总结 篇2
    今年以来，我所抢修爆管十七处。

Good:

    供水所工作总结（精选2篇）
    供水所工作总结 篇1
    一年来，我所完成管网改造四公里。
    供水所工作总结 篇2
    今年以来，我所抢修爆管十七处。
"""

from reportclean.rules.base import Phase, Rule
from reportclean.text.sections import find_unmet_promise

RULE = Rule(
    code="STR001",
    name="unmet-promise",
    summary="The number of sections is not the number that the title promises.",
    message="{stem}",
    phase=Phase.REPORT,
    finder=find_unmet_promise,
    kinds=frozenset({"unmet-promise"}),
    doc=__doc__,
)
