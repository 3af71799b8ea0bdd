"""A call to contribute or to follow.

What: 我要投稿, 投稿邮箱…, 扫描二维码, 关注公众号 at the start of a line.

Why: The site's words, not the author's.

Bad:

    我要投稿

    关注我们的微信公众号

Good:

    他说我要投稿给校报

    全年投稿三十篇
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART018",
    name="contribution-call",
    summary="a call to contribute or to follow",
    message="call {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"contribute"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
