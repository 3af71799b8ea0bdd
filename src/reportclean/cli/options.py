"""Options that several commands share, and what they mean for the layers below."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from reportclean.document import Rejected
from reportclean.formats.base import FORMAT_NAMES, ReadOptions
from reportclean.formats.limits import Limits
from reportclean.rules.base import FAMILIES
from reportclean.rules.options import SCRIPTS, CleanConfig

F = TypeVar("F", bound=Callable[..., Any])
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # of an address, as a path: one slash is lost
_QUARANTINE_SHOWN = 5
_ENDINGS_SHOWN = 5
_NUMBER = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s?(kB|MB|GB|)", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_READING = ("text_field", "id_field", "date_field", "encoding", "format")
_CLEANING = tuple(CleanConfig.__slots__)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in their order."""
    return lambda function: reduce(lambda done, option: option(done), reversed(options), function)


def words(_ctx: click.Context, _param: click.Parameter, entries: tuple[str, ...]) -> tuple[str, ...]:
    """What an option lists; it may be given again and again, and with commas."""
    return tuple(word for entry in entries for word in entry.replace(",", " ").split())


def _options_of_rules(
    _ctx: click.Context, param: click.Parameter, entries: tuple[str, ...]
) -> dict[str, dict[str, int]]:
    """What an option says as ``CODE.NAME=N``, again and again, by code and name."""
    table: dict[str, dict[str, int]] = {}
    for entry in entries:
        name, _, number = entry.partition("=")
        code, _, option = name.partition(".")
        if not (code and option and number.isascii() and number.isdigit()):
            raise click.BadParameter(f"{entry!r} is not {param.metavar}", param=param)
        table.setdefault(code, {})[option] = int(number)
    return table


def _limits(_ctx: click.Context, param: click.Parameter, entries: tuple[str, ...]) -> dict[str, int | float]:
    """What an option says as ``NAME=N``, again and again, by field; sizes may end in kB, MB or GB."""
    table: dict[str, int | float] = {}
    for entry in entries:
        name, _, said = entry.partition("=")
        field = name.replace("-", "_")
        if field not in Limits.__slots__:
            names = ", ".join(known.replace("_", "-") for known in Limits.__slots__)
            raise click.BadParameter(f"{name!r} is no limit; those are {names}", param=param)
        size, found = field.endswith("_bytes"), _NUMBER.fullmatch(said)
        if found is None or (found[2] and not size):
            example = f"{name}={'50MB' if size else '50'}"
            raise click.BadParameter(f"{entry!r} is not {param.metavar}, such as {example}", param=param)
        number = float(found[1].replace("_", "")) * _UNITS[found[2].lower()]
        table[field] = int(number) if number.is_integer() else number
    return table


def _or_empty(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    """An option that says nothing unless it is given."""
    return value or ""


def _folder_here(_ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """A folder of this machine."""
    if value is not None and _ELSEWHERE.match(str(value)):
        raise click.BadParameter(
            "a result appears at one stroke, which only a folder of this machine can do; copy it there then",
            param=param,
        )
    return value


rule_option = click.option(
    "--rule-option",
    "rule_options",
    multiple=True,
    callback=_options_of_rules,
    metavar="CODE.NAME=N",
    help="Set an option of a rule; `explain CODE` names them.",
)
boilerplate = click.option(
    "--boilerplate-min-documents",
    type=int,
    default=0,
    metavar="N",
    help="A line in so many documents is boilerplate.",
)
log_json = click.option(
    "--log-json",
    metavar="FILE",
    help="Write how the run goes to this file, a line of JSON at a time; - is standard error.",
)
paths = together(
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option(
        "--paths-from",
        metavar="FILE",
        help="Read the paths that this list names, one a line or NUL behind each; - is standard input.",
    ),
)
paths_and_output = together(
    paths,
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        callback=_folder_here,
        metavar="DIR",
        help="Where the result goes.",
    ),
    click.option(
        "--to",
        type=click.Choice(FORMAT_NAMES),
        callback=_or_empty,
        help="Write this format, not the input's.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace DIR if it is an earlier result."),
    click.option("--fresh", is_flag=True, help="Throw away what an earlier run left in DIR.partial."),
    click.option("--workers", type=int, default=None, help="Worker processes.  [default: the cores]"),
    click.option("--strict", is_flag=True, help="Exit with 1 if anything went to quarantine."),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
    click.option("--no-progress", is_flag=True, help="Show no progress bar."),
    log_json,
)
reading = together(
    click.option(
        "--format",
        type=click.Choice(FORMAT_NAMES),
        callback=_or_empty,
        help="What every input is, whatever its name.",
    ),
    click.option(
        "--text-field",
        default="text",
        show_default=True,
        metavar="NAME",
        help="Field of a record with its text; a.b is the field b in the field a.",
    ),
    click.option(
        "--id-field", default="id", show_default=True, metavar="NAME", help="Field of a record with its id."
    ),
    click.option(
        "--date-field",
        default="date",
        show_default=True,
        metavar="NAME",
        help="Field of a record with its date.",
    ),
    click.option("--encoding", default="", metavar="NAME", help="Encoding of the input, instead of a guess."),
    click.option(
        "--limit",
        "limits",
        multiple=True,
        callback=_limits,
        metavar="NAME=N",
        help="Set a limit on what one input may cost; the quarantine names it.",
    ),
)
cleaning = together(
    click.option(
        "--select",
        multiple=True,
        callback=words,
        metavar="RULES",
        help="Run these rules only: codes, families, names.",
    ),
    click.option("--ignore", multiple=True, callback=words, metavar="RULES", help="Leave these rules out."),
    click.option(
        "--drop",
        multiple=True,
        callback=words,
        metavar="GROUPS",
        help="Delete site-lines, teaser, symbols, boilerplate.",
    ),
    click.option(
        "--unsafe-fixes/--no-unsafe-fixes", default=False, help="Apply fixes that may be wrong now and then."
    ),
    click.option(
        "--script", type=click.Choice(SCRIPTS), default="keep", help="Convert the text to a script."
    ),
    boilerplate,
    click.option(
        "--guess/--no-guess", default=False, help="Fill the gaps of repairs with the likeliest character."
    ),
    rule_option,
)


def read_options(settings: dict[str, Any]) -> ReadOptions:
    """Take the options of reading out of a command's settings."""
    limits = Limits(**settings.pop("limits"))
    return ReadOptions(**{name: settings.pop(name) for name in _READING}, limits=limits)


def clean_config(settings: dict[str, Any]) -> CleanConfig:
    """Take the options of cleaning out of a command's settings."""
    return CleanConfig(**{name: settings.pop(name) for name in _CLEANING})


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def findings_words(findings: dict[str, int]) -> str:
    """Numbers of findings by family, for the closing words."""
    found = Counter(dict.fromkeys(FAMILIES, 0))
    for code, count in findings.items():
        found[code.rstrip("0123456789")] += count
    named = {family: f"{FAMILIES[family]} ({family})" if family in FAMILIES else family for family in found}
    return ", ".join(f"{count:,} {named[family]}" for family, count in found.items() if count)


def passed_over_words(passed_over: dict[str, int]) -> str:
    """What stood in the folders and is not read, by the ends of names."""
    most = sorted(passed_over.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{count:,} {ending}" for ending, count in most[:_ENDINGS_SHOWN])
    rest = ", …" if len(most) > _ENDINGS_SHOWN else ""
    return f"passed over  {sum(passed_over.values()):,} files that are not read: {named}{rest}"


def quarantine_words(quarantine: Sequence[Rejected], where: str) -> Iterator[str]:
    """The first few lines of the quarantine."""
    for item in quarantine[:_QUARANTINE_SHOWN]:
        place = item.source if item.line is None else f"{item.source}:{item.line}"
        yield f"quarantine {place}: {item.detail}"
    if len(quarantine) > _QUARANTINE_SHOWN:
        yield f"quarantine … and {len(quarantine) - _QUARANTINE_SHOWN:,} more{where}"
