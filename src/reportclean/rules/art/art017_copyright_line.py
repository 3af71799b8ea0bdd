"""A line on copyright.

What: 版权所有, Copyright ©, ICP备…, 如有侵权请联系删除 at the start of a line.

Why: The page's foot, the same on every page of the site.

Bad:

    版权所有：某某文库

    Copyright © 2020 Example All Rights Reserved

    京ICP备12345678号-1

Good:

    版权制度是一项重要制度。

    我们办理了ICP备案。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART017",
    name="copyright-line",
    summary="a line on copyright",
    message="copyright line {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"copyright"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
