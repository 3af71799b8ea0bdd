"""``reportclean dedupe PATH... -o DIR``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import click

from reportclean.cli.progress import progress_bar
from reportclean.document import Rejected
from reportclean.near.options import KEEP, UNITS, DedupeConfig

_F = TypeVar("_F", bound=Callable[..., Any])
_DEFAULTS = DedupeConfig()
_STDIN = "-"
_QUARANTINE_SHOWN = 5


def _option(*names: str, **settings: Any) -> Callable[[_F], _F]:
    """An option of a setting, with the setting's default shown."""
    default = getattr(_DEFAULTS, names[-1].removeprefix("--").replace("-", "_"))
    return click.option(*names, default=default, show_default=bool(default), **settings)


@click.command("dedupe", short_help="Remove the sections that repeat.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the result goes.")
@_option("--threshold", type=float, help="Jaccard on shingles from which two sections match.")
@_option("--shingle-size", type=int, help="Tokens in a shingle.")
@_option("--num-perm", type=int, help="Permutations of a signature.")
@_option("--seed", type=int, help="Seed of the permutations.")
@_option("--min-tokens", type=int, help="Shorter sections match only when they are equal.")
@_option("--unit", type=click.Choice(UNITS), help="Compare sections, or whole documents.")
@_option("--keep", type=click.Choice(KEEP), help="Which one of a cluster stays.")
@_option("--prefer", metavar="GLOB", help="What comes from such a source stays before anything else.")
@_option("--keep-updates", is_flag=True, help="Keep what differs in years or numbers only.")
@_option("--mark", is_flag=True, help="Remove nothing; say in each record what would have been removed.")
@click.option("--text-field", default="text", show_default=True, help="Field of a JSON record with its text.")
@click.option("--id-field", default="id", show_default=True, help="Field of a JSON record with its id.")
@click.option(
    "--date-field", default="date", show_default=True, help="Field with its date, for --keep newest."
)
@click.option("--workers", type=int, default=None, help="Worker processes.  [default: the cores]")
@click.option("--overwrite", is_flag=True, help="Replace DIR if it is an earlier result.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything went to quarantine.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
def command(
    paths: tuple[str, ...],
    output: Path | None,
    workers: int | None,
    overwrite: bool,
    dry_run: bool,
    strict: bool,
    quiet: bool,
    no_progress: bool,
    **settings: Any,
) -> int:
    """Read text files, folders of them and JSON Lines; remove the sections that repeat.

    DIR gets the clean documents (kept/), what was removed and why (documents, sections, matches and
    edits as Parquet, clusters.jsonl), what could not be read (quarantine.jsonl) and summary.json.
    PATH may be - for standard input.
    """
    from reportclean.engines.local import dedupe_files  # noqa: PLC0415  # after --help and bad usage
    from reportclean.engines.options import RunOptions  # noqa: PLC0415  # the same
    from reportclean.formats.base import ReadOptions  # noqa: PLC0415  # the same

    if output is None and not dry_run:
        raise click.UsageError("name the folder for the result with -o DIR, or use --dry-run")
    fields = {name: settings.pop(name) for name in ("text_field", "id_field", "date_field")}
    config = DedupeConfig(**settings)
    options = RunOptions(
        workers=_cores() if workers is None else workers,
        read=ReadOptions(**fields),
        overwrite=overwrite,
        dry_run=dry_run,
    )
    with ExitStack() as stack:
        inputs = [_path(path, stack) for path in paths]
        progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress)))
        summary = dedupe_files(inputs, output, config, options, progress)
    if not quiet:
        click.echo(_closing(summary.values, output, dry_run=dry_run, mark=config.mark))
        for line in _quarantine_words(summary.quarantine):
            click.echo(line, err=True)
    return int(strict and bool(summary.quarantine))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _path(path: str, stack: ExitStack) -> Path:
    """A path; standard input is kept in a temporary file, since the work reads its input in pieces."""
    if path != _STDIN:
        return Path(path)
    data = sys.stdin.buffer.read()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportclean-stdin-")))
    file = folder / ("stdin.jsonl" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "stdin.txt")
    file.write_bytes(data)
    return file


def _closing(values: dict[str, Any], output: Path | None, *, dry_run: bool, mark: bool) -> str:
    """The closing words: documents, sections, findings, seconds, where the output is."""
    from reportclean.rules.base import FAMILIES  # noqa: PLC0415  # loaded by now, but not before it is needed

    documents, sections, clusters = values["documents"], values["sections"], values["clusters"]
    verb = "would stay" if dry_run or mark else "kept"
    lines = [
        f"documents  {_counted(documents, verb)}, {documents['quarantined']:,} in quarantine",
        f"sections   {_counted(sections, verb)}, {clusters:,} cluster{'' if clusters == 1 else 's'} of repeats",
    ]
    found = dict.fromkeys(FAMILIES, 0)
    for code, count in values["findings"].items():
        found[code[:3]] += count
    if any(found.values()):
        said = ", ".join(f"{n:,} {FAMILIES[family]} ({family})" for family, n in found.items() if n)
        lines.append(f"findings   {said}")
    where = "nothing was written (--dry-run)" if dry_run or output is None else f"the result is in {output}/"
    lines.append(f"{sum(values['seconds'].values()):.1f} s; {where}")
    return "\n".join(lines)


def _counted(unit: dict[str, int], verb: str) -> str:
    return f"{unit['in']:,} in, {unit['kept']:,} {verb}, {unit['removed']:,} removed"


def _quarantine_words(quarantine: Sequence[Rejected]) -> Iterator[str]:
    """The first few lines of the quarantine."""
    for item in quarantine[:_QUARANTINE_SHOWN]:
        place = item.source if item.line is None else f"{item.source}:{item.line}"
        yield f"quarantine {place}: {item.detail}"
    if len(quarantine) > _QUARANTINE_SHOWN:
        yield f"quarantine … and {len(quarantine) - _QUARANTINE_SHOWN:,} more; quarantine.jsonl has them all"
