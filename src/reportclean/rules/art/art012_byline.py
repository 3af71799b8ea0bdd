"""Source, author, date and clicks on one line.

What: A line of two or more labels (来源：… 作者：… 更新时间：…), or of one that only sites write.

Why: Copies of one article differ in their bylines and in nothing else.

Bad:

    来源：网络  作者：佚名  更新时间：2024-10-26

    2023-01-05 来源：互联网 浏览次数：35

Good:

    作者：鲁迅

    时间：上午九点。地点：会议室。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART012",
    name="byline",
    summary="source, author, date and clicks on one line",
    message="byline {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"byline"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
