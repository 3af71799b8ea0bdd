"""A section nearly repeats another.

What: the exact Jaccard of the two sections' shingles reaches the threshold, without their keys being
equal. One finding for each section but the representative of its cluster.

Why: copies on other sites differ by a few edits; only what is compared piece by piece finds them.

Bad:

    the same report with one paragraph reworded

Good:

    a report on the same subject in words of its own
"""

from reportclean.rules.base import Phase, Rule, Scope, Severity

RULE = Rule(
    code="DUP002",
    name="near-duplicate",
    summary="A section that shares most of its shingles with another.",
    message="the section nearly repeats {text}",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"near"}),
    scope=Scope.CORPUS,
    doc=__doc__,
    severity=Severity.ERROR,
)
