"""A line that leads elsewhere on the site.

What: 上一篇/下一篇, 相关推荐, 当前位置：…, 返回首页 at the start of a line.

Why: It names other articles, which then seem to be part of this one.

Bad:

    上一篇：学校工作总结

    相关推荐

    当前位置：首页 > 范文 > 工作总结

Good:

    他翻到下一篇，接着读。

    相关文章已经印发。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART014",
    name="site-navigation",
    summary="a line that leads elsewhere on the site",
    message="navigation {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"navigation"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
