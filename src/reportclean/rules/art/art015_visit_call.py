"""A call to visit the site.

What: 更多精彩内容请访问…, 欢迎访问…, 点击阅读全文: lines, sentences, and brackets in mid-sentence.

Why: The site's words, not the author's.

Bad:

    更多精彩内容请访问www.example.com

    为今后业务的开拓打好(更多内容请访问首页：)了基础

    点击阅读全文

Good:

    更多的人参加了活动。

    请访问贫困户的同志做好记录。
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART015",
    name="visit-call",
    summary="a call to visit the site",
    message="call to visit {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"visit"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
