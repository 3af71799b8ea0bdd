"""Options that several commands share, and what they mean for the layers below."""

from __future__ import annotations

import lzma
import os
import re
import shutil
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import reduce
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from reportclean.cli.log import current
from reportclean.document import Rejected
from reportclean.errors import InputError
from reportclean.formats.base import FORMAT_NAMES, ReadOptions
from reportclean.formats.limits import Limits
from reportclean.formats.listed import Listed
from reportclean.formats.remote import Remote, is_url
from reportclean.rules.base import FAMILIES
from reportclean.rules.options import SCRIPTS, CleanConfig

F = TypeVar("F", bound=Callable[..., Any])
STDIN = "-"
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # of an address, as a path: one slash is lost
_QUARANTINE_SHOWN = 5
_ENDINGS_SHOWN = 5
_PATHS_LOGGED = 100
_NOT_LOGGED = frozenset({"settings", "versions", "seconds"})  # summary.json has them
_LOOKED_AT = 1 << 16  # bytes of standard input
_TOLD_BY = 100  # bytes of what they unpack to
_NUMBER = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s?(kB|MB|GB|)", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_READING = ("text_field", "id_field", "date_field", "encoding", "format")
_MAGIC = {  # how files begin that standard input may be
    b"\x1f\x8b": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zXZ\0": ".xz",
}
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


def given_paths(paths: tuple[str, ...], paths_from: str | None) -> Sequence[str | Listed]:
    """The inputs as they were named, or as a list names them.

    Raises:
        InputError: The list cannot be read, or names nothing.
    """
    if paths_from is None:
        if not paths:
            raise click.UsageError("name a PATH, or a list of them with --paths-from")
        return paths
    if paths:
        raise click.UsageError("the paths come from the command line or from --paths-from; choose one")
    from reportclean.formats.listed import listed  # noqa: PLC0415  # after --help

    if paths_from == STDIN:
        return listed(_standard_input().read(), "standard input")
    try:
        return listed(Path(paths_from).read_bytes(), paths_from)
    except OSError as error:
        raise InputError(f"--paths-from {paths_from}: {error.strerror or error}") from error


def input_path(path: str | Listed, stack: ExitStack, name: str = "", form: str = "") -> Any:
    """A path; standard input is kept in a temporary file, since the work reads its input in pieces.

    Args:
        path: As it was given.
        stack: Removes the file.
        name: What the file is called, if somebody said so.
        form: What standard input is, if somebody said so; else it is told by its first bytes.
    """
    if not path:
        raise click.UsageError("a path is empty; is a variable of the shell not set?")
    if path != STDIN:
        if not isinstance(path, str):
            return path
        return Remote(path) if is_url(path) else Path(path)
    source = _standard_input()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportclean-stdin-")))
    begun = source.read(_LOOKED_AT)
    file = folder / (Path(name).name or f"stdin{_ending(begun, form)}")
    with file.open("wb") as target:
        target.write(begun)
        shutil.copyfileobj(source, target)
    return file


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    return sys.stdin.buffer


def _ending(begun: bytes, form: str) -> str:
    """The end of a name that says what standard input is, by how it begins."""
    packed = next((end for sign, end in _MAGIC.items() if begun.startswith(sign)), "")
    if packed:
        begun = _unpacked(begun, packed)
    if form:
        from reportclean.formats.registry import FORMATS  # noqa: PLC0415  # after --help

        return FORMATS[form].SUFFIXES[0] + packed
    if begun.startswith(b"PAR1"):
        return ".parquet" + packed
    if begun.startswith(b"WARC/"):
        return ".warc" + packed
    return (".jsonl" if begun.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else ".txt") + packed


def _unpacked(begun: bytes, packed: str) -> bytes:
    """A few bytes of what is packed; nothing where it cannot be told."""
    from reportclean.formats.streams import STREAMS  # noqa: PLC0415  # after --help

    try:
        with STREAMS[packed](BytesIO(begun)) as stream:
            return stream.read(_TOLD_BY)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return b""


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


def start_log(place: str | None, paths: Sequence[str | Listed], output: Path | None, workers: int) -> None:
    """Begin to log, where that is asked for.

    Raises:
        OutputError: The log cannot be written.
    """
    if place is not None:
        context = click.get_current_context()
        values = {
            "paths": [path if isinstance(path, str) else path.name for path in paths[:_PATHS_LOGGED]],
            "paths_given": len(paths),
            "output": None if output is None else str(output),
            "workers": workers,
        }
        current().open(place, context.info_name or "", values)


def end_log(code: int, values: dict[str, Any]) -> int:
    """End the log with what a run has to say; its exit code."""
    current().end("end", code, {name: value for name, value in values.items() if name not in _NOT_LOGGED})
    return code


def say_aside(lines: Iterable[str]) -> None:
    """Words for people, on standard error unless that is for machines."""
    if not current().instead:
        for line in lines:
            click.echo(line, err=True)


def quarantine_words(quarantine: Sequence[Rejected], where: str) -> Iterator[str]:
    """The first few lines of the quarantine."""
    for item in quarantine[:_QUARANTINE_SHOWN]:
        place = item.source if item.line is None else f"{item.source}:{item.line}"
        yield f"quarantine {place}: {item.detail}"
    if len(quarantine) > _QUARANTINE_SHOWN:
        yield f"quarantine … and {len(quarantine) - _QUARANTINE_SHOWN:,} more{where}"
