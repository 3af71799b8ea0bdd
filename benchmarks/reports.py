"""How long a check's report takes to be written in each format: CPU time for findings, and for ten times as many.

    python benchmarks/reports.py [--findings 100000]

Prints for each format the seconds, the microseconds a finding, and the time for all as a multiple of the time
for a tenth of them (10 where it is linear). The best of three runs; the report itself is made beforehand.
"""

import argparse
from collections import Counter, deque
from collections.abc import Callable, Iterator

from reportclean.report.counts import statistics
from reportclean.report.github import github_summary
from reportclean.report.outputs import FORMATS
from reportclean.results import CheckFinding, CheckReport
from sentences import sentences
from timing import seconds

RULES = (
    ("TPL001", "masked-year", None),
    ("ART020", "doubled-stop", "safe"),
    ("ENC028", "lost-mark", "unsafe"),
)


def report(findings: int) -> CheckReport:
    """A report of so many findings in lines of ordinary prose, a hundred to a file."""
    lines = sentences(1000, seed=5)
    found = []
    for number in range(findings):
        code, name, fix = RULES[number % len(RULES)]
        line = lines[number % len(lines)]
        start = number % max(len(line) - 4, 1)
        path = f"pages/{number // 100:05}/报告.txt"
        row = number % 100 + 1
        message = f"{name} {line[start : start + 4]!r}"
        severity = "error" if number % 5 == 0 else "warning"
        place = (path, row, start + 1, code, name, severity, row, start + 5, message, path, f"{path}#1")
        found.append(CheckFinding(*place, f"{number:032x}", fix, "", line, start, start + 4))
    counts = Counter(finding.code for finding in found)
    return CheckReport(tuple(found), (), (), (), findings // 100, findings // 10, 10**6, 0, 0.1, 0.0, counts)


def taken(form: Callable[[CheckReport], Iterator[str]], checked: CheckReport) -> float:
    """CPU seconds of writing a report."""
    return seconds(lambda: deque(form(checked), maxlen=0), runs=3)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--findings", type=int, default=100_000)
    number = parser.parse_args().findings
    few, many = report(number // 10), report(number)
    print(f"{'format':<16} {'s':>6} {'us each':>8} {'ratio':>6}")
    for name, form in {**FORMATS, "statistics": statistics, "github_summary": github_summary}.items():
        long = taken(form, many)
        print(f"{name:<16} {long:6.2f} {long / number * 1e6:8.1f} {long / taken(form, few):6.1f}")


if __name__ == "__main__":
    main()
