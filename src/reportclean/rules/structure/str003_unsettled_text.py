"""Fixes uncover ever new things to fix.

What: after thirty-two rounds of fixes the text still changes; it is left exactly as it was.

Why: marks nested in marks are made by machines, most often to harm one. Cleaning stays linear, and
cleaning twice stays the same as cleaning once.

Bad:

    (40×[bookmark: )_Toc1(40×])

Good:

    [bookmark: [bookmark: _Toc1]]
"""

from reportclean.rules.base import Phase, Rule

RULE = Rule(
    code="STR003",
    name="unsettled-text",
    summary="The text still changes after the last round of fixes.",
    message="the text does not settle",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"unsettled"}),
    doc=__doc__,
)
