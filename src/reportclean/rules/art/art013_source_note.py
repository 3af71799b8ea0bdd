"""A note of where a site took the text from.

What: 本文来源于…, 转载请注明… at the start of a line, or as a sentence or bracket of its own.

Why: The site's words, not the author's.

Bad:

    本文来源于某某文库，转载请注明出处。

    全年任务圆满完成。（本文来自网络）

Good:

    他在信中写道，本文来自生活。

    转载量很大
"""

from reportclean.rules.base import Phase, Rule, Safety
from reportclean.text.artefacts.sitelines import find_site_lines

RULE = Rule(
    code="ART013",
    name="source-note",
    summary="a note of where a site took the text from",
    message="source note {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_site_lines,
    kinds=frozenset({"source"}),
    doc=__doc__,
    fix=Safety.UNSAFE,
)
