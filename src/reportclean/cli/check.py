"""``reportclean check PATH...``."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportclean.cli import inputs, log
from reportclean.cli import options as shared
from reportclean.cli.configuring import Configured, configuration
from reportclean.cli.dedupe import matching
from reportclean.cli.printing import encoded, print_lines
from reportclean.cli.progress import progress_bar
from reportclean.formats.listed import Listed
from reportclean.formats.remote import Remote
from reportclean.near.options import DedupeConfig
from reportclean.report.closing import closing_lines
from reportclean.report.counts import statistics as table
from reportclean.report.github import github_summary
from reportclean.report.outputs import FORMATS
from reportclean.rules.options import CheckConfig

if TYPE_CHECKING:
    from reportclean.results import CheckReport

_DEDUPE = tuple(name for name in DedupeConfig.__slots__ if name != "mark")
_SUMMARY_FILE = "GITHUB_STEP_SUMMARY"
_T = TypeVar("_T")


def _table(
    value: Callable[[str], _T],
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], dict[str, _T]]:
    """What an option says as ``NAME=VALUE``, again and again, as a table."""

    def read(_ctx: click.Context, param: click.Parameter, entries: tuple[str, ...]) -> dict[str, _T]:
        table: dict[str, _T] = {}
        for entry in entries:
            name, sign, said = entry.rpartition("=")
            try:
                table[name] = value(said)
            except ValueError:
                sign = ""
            if not (name and sign):
                raise click.BadParameter(f"{entry!r} is not {param.metavar}", param=param)
        return table

    return read


def _names(said: str) -> tuple[str, ...]:
    return tuple(said.replace(",", " ").split())


_selection = shared.together(
    click.option(
        "--select",
        multiple=True,
        callback=shared.words,
        metavar="RULES",
        help="Report these rules only: codes, families, names.",
    ),
    click.option(
        "--extend-select", multiple=True, callback=shared.words, metavar="RULES", help="Report these as well."
    ),
    click.option(
        "--ignore", multiple=True, callback=shared.words, metavar="RULES", help="Leave these rules out."
    ),
    click.option(
        "--per-file-ignores",
        multiple=True,
        callback=_table(_names),
        metavar="GLOB=RULES",
        help="Leave rules out in some files.",
    ),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Do not look at such files and folders."),
    shared.boilerplate,
    shared.rule_option,
)
_limits = shared.together(
    click.option(
        "--severity",
        multiple=True,
        callback=_table(str),
        metavar="RULE=LEVEL",
        help="Make a rule an error, a warning, or off.",
    ),
    click.option(
        "--max-findings",
        multiple=True,
        callback=_table(int),
        metavar="RULE=N",
        help="Allow so many findings of a rule, a family, or all.",
    ),
    click.option("--max-duplicate-ratio", type=float, metavar="R", help="Allow such a share of repeats."),
    click.option("--max-mojibake-ratio", type=float, metavar="R", help="Allow such a share of mojibake."),
)
_output = shared.together(
    click.option(
        "--output-format", type=click.Choice(list(FORMATS)), default="full", show_default=True, help="How."
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write there, not to the screen.",
    ),
    click.option("--statistics", is_flag=True, help="Print the number of findings by rule instead of them."),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found."),
    click.option("--workers", type=int, default=None, help="Worker processes.  [default: the cores]"),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
    click.option("--no-progress", is_flag=True, help="Show no progress bar."),
    shared.log_json,
)
_known = shared.together(
    click.option(
        "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Let pass what this file holds."
    ),
    click.option(
        "--write-baseline",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write what is found to this file; exit with 0.",
    ),
    click.option(
        "--against",
        "others",  # `against` is a setting of dedupe, and means an index there
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Find what repeats these files, too.",
    ),
)


@click.command("check", cls=Configured, short_help="Say what is wrong with texts; fail where it is too much.")
@shared.paths
@_selection
@_limits
@_known
@_output
@click.option("--stdin-filename", default="", metavar="NAME", help="What to call standard input.")
@matching
@shared.reading
@configuration
def command(
    paths: tuple[str, ...],
    paths_from: str | None,
    output: Path | None,
    output_format: str,
    statistics: bool,
    exit_zero: bool,
    workers: int | None,
    quiet: bool,
    no_progress: bool,
    log_json: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    others: tuple[Path, ...],
    stdin_filename: str,
    **settings: Any,
) -> int:
    """Read text files, folders of them and JSON Lines; print what the rules find, where it stands.

    Nothing is changed: `reportclean clean` repairs what is marked [*]. Exits with 0 if the findings are
    within the limits, with 1 if they are not, with 2 if the check could not run. PATH may be - for standard
    input.
    """
    from reportclean.engines import baseline as known  # noqa: PLC0415  # after --help and bad usage
    from reportclean.engines.checking import check_files  # noqa: PLC0415  # the same
    from reportclean.engines.files import check_writable, write_file  # noqa: PLC0415  # the same
    from reportclean.engines.options import RunOptions  # noqa: PLC0415  # the same

    given = inputs.given_paths(paths, paths_from)
    if stdin_filename and inputs.STDIN not in paths:
        raise click.UsageError("--stdin-filename is for standard input; name it as the PATH -")
    for file in (output, write_baseline):
        if file is not None:
            check_writable(file)
    entries = () if baseline is None else known.read_baseline(baseline)
    options = RunOptions(
        workers=shared.cores() if workers is None else workers, read=shared.read_options(settings)
    )
    log.start_log(log_json, given, output, options.workers)
    matches = DedupeConfig(**{name: settings.pop(name) for name in _DEDUPE})
    config = CheckConfig(dedupe=matches, **settings)
    with ExitStack() as stack:
        found: dict[Path | Listed, str] = {}
        for path in dict.fromkeys(given):
            if path == inputs.STDIN:
                found[inputs.kept_input(stack, options.read.format, stdin_filename)] = inputs.STDIN
                continue
            one = inputs.resolved(path, stack, options.read.format)
            if isinstance(one, Remote) or (isinstance(one, Listed) and one.url):
                raise click.UsageError(f"{one.url}: check reads files of this machine; copy it here first")
            found[one] = str(path)
        named = {
            file: stdin_filename or path
            for file, path in found.items()
            if isinstance(file, Path) and path == inputs.STDIN
        }
        progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress)))
        report = check_files(
            list(found),
            config,
            options,
            baseline=entries,
            against=others,
            named=named,
            progress=progress,
        )
    if write_baseline is not None:
        known.write_baseline(write_baseline, (*report.findings, *report.known))
        held = len(report.findings) + len(report.known)
        log.say_aside([] if quiet else [f"{write_baseline} holds {held:,} findings"])
        return log.end_log(0, _logged(report))
    lines = FORMATS[output_format](report)
    if output is not None:
        write_file(output, encoded(lines))
    if statistics and not quiet:
        print_lines(chain(table(report), closing_lines(report)))
    elif output is None and not quiet:
        print_lines(lines)
    if output_format == "github":
        _append_summary(report)
    return log.end_log(int(not (report.passed or exit_zero)), _logged(report))


def _logged(report: CheckReport) -> dict[str, Any]:
    """What the log says of a report in the end."""
    return {
        "documents": {"in": report.documents + report.quarantined, "quarantined": report.quarantined},
        "sections": {"in": report.sections},
        "findings": dict(report.by_code),
        "known": len(report.known),
        "passed": report.passed,
    }


def _append_summary(report: CheckReport) -> None:
    """Add the summary to the page of a run on GitHub, where there is one; it decides nothing."""
    path = os.environ.get(_SUMMARY_FILE)
    if not path:
        return
    try:
        with Path(path).open("ab") as file:
            file.writelines(encoded(github_summary(report)))
    except OSError as error:
        click.echo(f"reportclean: cannot write {_SUMMARY_FILE}: {error.strerror or error}", err=True)
