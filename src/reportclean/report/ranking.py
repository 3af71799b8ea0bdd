"""Which findings to show where not all can be: errors first, then one of each rule, the rarest rule first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import nsmallest

from reportclean.results import CheckFinding


def best(findings: Sequence[CheckFinding], most: int) -> list[CheckFinding]:
    """Findings by severity; then the first of every rule before the second of any, rare rules before common.

    A thousand findings of one rule say hardly more than one; what a rule found once is worth a look.

    Args:
        findings: In the order of a report.
        most: How many are wanted.
    """
    total = Counter(finding.code for finding in findings)
    seen: Counter[str] = Counter()
    rows = []
    for index, finding in enumerate(findings):
        seen[finding.code] += 1
        if seen[finding.code] <= most:
            rows.append((finding.severity != "error", seen[finding.code], total[finding.code], index))
    return [findings[row[-1]] for row in nsmallest(most, rows)]
