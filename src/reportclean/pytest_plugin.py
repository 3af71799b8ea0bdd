"""For pytest: a corpus that is checked like code.

    from reportclean.pytest_plugin import assert_clean

    def test_corpus():
        assert_clean("corpus/", select=["DUP", "ENC"])

pytest loads this module in every session of an environment in which reportclean is installed; so it imports
nothing of the package until a corpus is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from os import PathLike

    from reportclean.results import CheckReport
    from reportclean.rules.options import CheckConfig

_SHOWN = 100  # findings of a report that fails a test


def assert_clean(
    path: str | PathLike[str],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    config: CheckConfig | None = None,
    baseline: str | PathLike[str] | None = None,
) -> CheckReport:
    """Fail the test where ``reportclean check`` would exit with 1; the message is its concise report.

    Args:
        path: A file or a folder.
        select: Codes, families or names of the rules to report, in the place of the configuration's.
        ignore: The same, left out besides those that the configuration leaves out.
        config: What is looked for and how much of it is allowed; the nearest configuration file says it
            where this is None.
        baseline: A file of findings that are known.

    Returns:
        The report of a check that passed.

    Raises:
        AssertionError: A limit is not kept, or there is a finding of severity error without a limit.
        InputError: The path cannot be read.
        ConfigError: A rule does not exist, or a configuration file or the baseline cannot be used.
    """
    __tracebackhide__ = True
    report = _check(path, select, ignore, config, baseline)
    if not report.passed:
        raise AssertionError("\n".join(_failure(path, report)))
    return report


@pytest.fixture(scope="session")
def reportclean_corpus() -> Callable[..., CheckReport]:
    """A function of the arguments of :func:`assert_clean` that returns the report, passed or not.

    A corpus is checked once a session for the same arguments, so that each test may look at what it is about.
    """
    reports: list[tuple[tuple[Any, ...], CheckReport]] = []

    def check(
        path: str | PathLike[str],
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        config: CheckConfig | None = None,
        baseline: str | PathLike[str] | None = None,
    ) -> CheckReport:
        asked = (str(path), tuple(select), tuple(ignore), config, str(baseline))
        for known, report in reports:
            if known == asked:
                return report
        reports.append((asked, _check(path, select, ignore, config, baseline)))
        return reports[-1][1]

    return check


def _check(
    path: str | PathLike[str],
    select: Sequence[str],
    ignore: Sequence[str],
    config: CheckConfig | None,
    baseline: str | PathLike[str] | None,
) -> CheckReport:
    from reportclean.config.checked import check_configured  # noqa: PLC0415  # only where a corpus is checked

    known = None if baseline is None else Path(baseline)
    return check_configured(Path(path), select, ignore, config, known)


def _failure(path: str | PathLike[str], report: CheckReport) -> Iterator[str]:
    """The words of a failed assertion: the first findings, then how the report closes."""
    from reportclean.report.concise import concise  # noqa: PLC0415  # only where a test fails
    from reportclean.report.showing import escaped  # noqa: PLC0415  # the same

    lines = concise(report)
    yield f"{escaped(str(path))} is not clean"
    yield from islice(lines, min(len(report.findings), _SHOWN))
    left = len(report.findings) - _SHOWN
    if left > 0:
        yield f"... and {left:,} more"
        next(islice(lines, left - 1, None))
    yield from lines
