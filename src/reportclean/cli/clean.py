"""``reportclean clean PATH... -o DIR``, ``--in-place`` or ``--diff``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from reportclean.cli import inputs, log
from reportclean.cli import options as shared
from reportclean.cli.configuring import Configured, configuration
from reportclean.cli.progress import progress_bar


@click.command("clean", cls=Configured, short_help="Repair texts; record every change.")
@shared.paths_and_output
@click.option("--in-place", is_flag=True, help="Replace the files themselves, each as a whole.")
@click.option("--diff", is_flag=True, help="Print what changes.")
@shared.reading
@shared.cleaning
@configuration
def command(
    paths: tuple[str, ...],
    paths_from: str | None,
    output: Path | None,
    to: str,
    overwrite: bool,
    fresh: bool,
    workers: int | None,
    strict: bool,
    quiet: bool,
    no_progress: bool,
    log_json: str | None,
    in_place: bool,
    diff: bool,
    **settings: Any,
) -> int:
    """Read text files, folders of them and JSON Lines; repair them.

    DIR gets the clean documents (clean/), every change (edits.parquet), the documents (documents.parquet),
    what could not be read (quarantine.jsonl) and summary.json. With --in-place the files themselves are
    replaced, in their encoding and with their line ends; with --diff alone nothing is written.
    """
    named = inputs.given_paths(paths, paths_from)
    if output is not None and in_place:
        raise click.UsageError("-o and --in-place are two ways; choose one")
    if output is None and not (in_place or diff):
        raise click.UsageError("name the folder for the result with -o DIR, or use --in-place or --diff")
    if to and output is None:
        raise click.UsageError("--to is for what is written to a folder; name one with -o DIR")
    if in_place and "-" in paths:
        raise click.UsageError("standard input cannot be replaced in place; use -o DIR")

    from reportclean.engines.server import start_for  # noqa: PLC0415  # after --help

    workers = shared.cores() if workers is None else workers
    log.start_log(log_json, named, output, workers)
    start_for((one if isinstance(one, str) else one.path for one in named), workers, kernels=False)
    from reportclean.engines.cleaning import clean_files, clean_in_place  # noqa: PLC0415  # after bad usage
    from reportclean.engines.options import RunOptions  # noqa: PLC0415  # the same

    options = RunOptions(
        workers=workers,
        read=shared.read_options(settings),
        clean=shared.clean_config(settings),
        overwrite=overwrite,
        to=to,
        fresh=fresh,
    )
    show = click.echo if diff else None
    with ExitStack() as stack:
        given = [inputs.resolved(path, stack, options.read.format) for path in named]
        if in_place:
            summary = clean_in_place(given, options, show)
        else:
            progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress or diff)))
            summary = clean_files(given, output, options, show, progress)
    if not quiet:
        closing = _closing(summary.values, output, in_place=in_place)
        if diff:  # which has standard output for itself
            log.say_aside([closing])
        else:
            click.echo(closing)
        log.say_aside(shared.quarantine_words(summary.quarantine, ""))
    return log.end_log(int(strict and bool(summary.quarantine)), summary.values)


def _closing(values: dict[str, Any], output: Path | None, *, in_place: bool) -> str:
    """The closing words: documents, findings, seconds, where the output is."""
    total, changed, left = (values["documents"][name] for name in ("in", "changed", "quarantined"))
    lines = [f"documents  {total:,} in, {changed:,} changed, {left:,} in quarantine"]
    if values["findings"]:
        lines.append(f"findings   {shared.findings_words(values['findings'])}")
    if values.get("resumed_batches"):
        lines.append(f"resumed    {values['resumed_batches']:,} batches were prepared before")
    if values["passed_over"]:
        lines.append(shared.passed_over_words(values["passed_over"]))
    where = f"the result is in {output}/" if output is not None else "nothing was written"
    if in_place:
        where = "the files were replaced in place"
    lines.append(f"{sum(values['seconds'].values()):.1f} s; {where}")
    return "\n".join(lines)
