"""A page number in the text.

What: ``- 1 -``, 第 1 页 共 10 页, ``Page 1 of 10`` on a line of their own or inside a sentence, and
``1/10`` where a series of them runs through the document.

Why: The pages are gone; the number cuts a sentence in two and differs between copies of one text.

Bad:

    加强领导
    - 1 -
    落实责任

    通过举办讲座，组织外出学习参观，进一步加强 - 12 -
    宣传工作

    第 3 页 共 10 页

Good:

    比分是 3 - 1 - 2

    详见本书第3页

    —1998—
"""

from reportclean.rules.base import Phase, Rule, Safety, Severity
from reportclean.text.artefacts.pagenumbers import find_page_numbers

RULE = Rule(
    code="ART006",
    name="page-number",
    summary="a page number in the text",
    message="page number {text!r}",
    phase=Phase.ARTEFACTS,
    finder=find_page_numbers,
    kinds=frozenset({"page-line", "page-inline"}),
    doc=__doc__,
    fix=Safety.SAFE,
    severity=Severity.ERROR,
)
