"""A check of a path as its configuration file says, for programs: what the command does without options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from reportclean.config.files import find
from reportclean.config.settings import compose, from_file
from reportclean.engines.baseline import read_baseline
from reportclean.engines.checking import check_files
from reportclean.engines.options import RunOptions
from reportclean.formats.base import ReadOptions
from reportclean.formats.limits import Limits
from reportclean.near.options import DedupeConfig
from reportclean.results import CheckReport
from reportclean.rules.options import CheckConfig

_T = TypeVar("_T")


def check_configured(
    path: Path,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: CheckConfig | None = None,
    baseline: Path | None = None,
) -> CheckReport:
    """Check a file or a folder.

    Args:
        path: What to check.
        select: Codes, families or names of the rules to report, in the place of the configuration's.
        ignore: The same, left out besides those that the configuration leaves out.
        config: What is looked for and how much of it is allowed; where it is None, the configuration file
            nearest to the path says it. How records are read is the file's to say in any case.
        baseline: A file of findings that are known.

    Raises:
        InputError: The path cannot be read.
        ConfigError: A rule does not exist, or a configuration file or the baseline cannot be used.
    """
    settings = from_file(compose(find([path]), {}), "check")
    values = {name: setting.value for name, setting in settings.items()}
    if config is None:
        config = _options(CheckConfig, values | {"dedupe": _options(DedupeConfig, values)})
    config = replace(config, select=tuple(select) or config.select, ignore=(*config.ignore, *ignore))
    limits = _options(Limits, values)
    options = RunOptions(read=_options(ReadOptions, values | {"limits": limits}))
    known = () if baseline is None else read_baseline(baseline)
    return check_files([path], config, options, baseline=known)


def _options(kind: Callable[..., _T], values: Mapping[str, Any]) -> _T:
    """The options of a dataclass among settings."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # each is a dataclass
    return kind(**{name: value for name, value in values.items() if name in names})
