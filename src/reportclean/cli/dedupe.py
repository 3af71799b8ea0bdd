"""``reportclean dedupe PATH... -o DIR``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from reportclean.cli import inputs, log
from reportclean.cli import options as shared
from reportclean.cli.configuring import Configured, configuration
from reportclean.cli.progress import progress_bar
from reportclean.near.options import KEEP, UNITS, DedupeConfig

_DEFAULTS = DedupeConfig()


def option(name: str, **settings: Any) -> Callable[[shared.F], shared.F]:
    """An option of a setting, with the setting's default shown."""
    default = getattr(_DEFAULTS, name.partition("/")[0].removeprefix("--").replace("-", "_"))
    return click.option(name, default=default, show_default=bool(default), **settings)


matching = shared.together(
    option("--threshold", type=float, help="Jaccard on shingles from which two sections match."),
    option("--shingle-size", type=int, help="Tokens in a shingle."),
    option("--num-perm", type=int, help="Permutations of a signature."),
    option("--seed", type=int, help="Seed of the permutations."),
    option("--min-tokens", type=int, help="Shorter sections match only when they are equal."),
    option("--unit", type=click.Choice(UNITS), help="Compare sections, or whole documents."),
    option("--keep", type=click.Choice(KEEP), help="Which one of a cluster stays."),
    option("--prefer", metavar="GLOB", help="What comes from such a source stays before anything else."),
    option("--keep-updates/--no-keep-updates", help="Keep what differs in years or numbers only."),
    option("--spun/--no-spun", help="Tell spun copies, keep their originals, learn their swaps."),
    option("--spin-lexicon", metavar="FILE", help="Swaps of spinners that an earlier run learned."),
)


@click.command("dedupe", cls=Configured, short_help="Remove the sections that repeat.")
@shared.paths_and_output
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@matching
@click.option(
    "--index",
    default="",
    metavar="FILE",
    help="Remove what earlier runs kept in this index, too, and add what this one keeps.",
)
@click.option(
    "--against",
    multiple=True,
    metavar="FILE",
    help="Remove what stands in this index, which is not changed; again for more.",
)
@click.option(
    "--memory",
    default="",
    metavar="SIZE",
    help="What all processes may take together, such as 2GB; the result is the same.",
)
@option("--mark/--no-mark", help="Remove nothing; say in each record what would have been removed.")
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
    dry_run: bool,
    index: str,
    against: tuple[str, ...],
    memory: str,
    **settings: Any,
) -> int:
    """Read text files, folders of them and JSON Lines; remove the sections that repeat.

    DIR gets the clean documents (kept/), what was removed and why (documents, sections, matches, texts
    and edits as Parquet, clusters.jsonl), what could not be read (quarantine.jsonl) and summary.json.
    PATH may be - for standard input.
    """
    named = inputs.given_paths(paths, paths_from)
    if output is None and not dry_run:
        raise click.UsageError("name the folder for the result with -o DIR, or use --dry-run")

    from reportclean.engines.server import start_for  # noqa: PLC0415  # after --help

    workers = shared.cores() if workers is None else workers
    log.start_log(log_json, named, output, workers)
    start_for((one if isinstance(one, str) else one.path for one in named), workers, kernels=True)
    from reportclean.engines.local import dedupe_files  # noqa: PLC0415  # after --help and bad usage
    from reportclean.engines.options import RunOptions  # noqa: PLC0415  # the same

    options = RunOptions(
        workers=workers,
        read=shared.read_options(settings),
        clean=shared.clean_config(settings),
        overwrite=overwrite,
        to=to,
        fresh=fresh,
        dry_run=dry_run,
        index=index,
        against=tuple(against),
        memory=memory,
    )
    config = DedupeConfig(**settings)
    with ExitStack() as stack:
        given = [inputs.resolved(path, stack, options.read.format) for path in named]
        progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress)))
        summary = dedupe_files(given, output, config, options, progress)
    if not quiet:
        click.echo(_closing(summary.values, output, dry_run=dry_run, mark=config.mark))
        where = "" if dry_run else "; quarantine.jsonl has them"
        log.say_aside(shared.quarantine_words(summary.quarantine, where))
    return log.end_log(int(strict and bool(summary.quarantine)), summary.values)


def _closing(values: dict[str, Any], output: Path | None, *, dry_run: bool, mark: bool) -> str:
    """The closing words: documents, sections, findings, seconds, where the output is."""
    verb = "would stay" if dry_run else "kept"
    documents, sections = (_counted(values[unit], verb) for unit in ("documents", "sections"))
    if mark:
        sections += f" ({values['marked']:,} marked)"
    clusters = f"{values['clusters']:,} cluster{'s' if values['clusters'] != 1 else ''} of repeats"
    lines = [
        f"documents  {documents}, {values['documents']['quarantined']:,} in quarantine",
        f"sections   {sections}, {clusters}",
    ]
    if history := values.get("history"):
        lines.append(_history_words(history, dry_run=dry_run))
    if values["findings"]:
        lines.append(f"findings   {shared.findings_words(values['findings'])}")
    if values.get("resumed_batches"):
        lines.append(f"resumed    {values['resumed_batches']:,} batches were prepared before")
    if values["passed_over"]:
        lines.append(shared.passed_over_words(values["passed_over"]))
    where = "nothing was written (--dry-run)" if dry_run or output is None else f"the result is in {output}/"
    lines.append(f"{sum(values['seconds'].values()):.1f} s; {where}")
    return "\n".join(lines)


def _history_words(history: dict[str, Any], *, dry_run: bool) -> str:
    """What was there before, and what was added to it."""
    index = history.get("index", "")
    names = ", ".join([*([index] if index else []), *history["against"]])
    matched = history["matched"]
    said = f"history    {matched:,} section{'s' if matched != 1 else ''} matched {names}"
    return said if dry_run or not index else f"{said}; {history['added']:,} added to {index}"


def _counted(unit: dict[str, int], verb: str) -> str:
    return f"{unit['in']:,} in, {unit['kept']:,} {verb}, {unit['removed']:,} removed"
