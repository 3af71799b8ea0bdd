"""A site editor's introduction.

What: 【阅读指引】…, 以下是小编为大家整理的… at the start of a line.

Why: The site's words, not the author's; the same sentence stands on thousands of pages.

Bad:

    【阅读指引】本文共三篇，约四千字。

    以下是小编为大家整理的工作总结，希望对大家有所帮助。

Good:

    阅读指引导学生成长。

    以下是今年的工作情况。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART016",
    name="site-guide",
    summary="a site editor's introduction",
    message="guide {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"guide"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
