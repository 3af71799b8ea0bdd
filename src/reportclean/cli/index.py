"""``reportclean index add|query|remove|info|compact FILE``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportclean.cli import inputs, log
from reportclean.cli import options as shared
from reportclean.cli.progress import progress_bar
from reportclean.formats.remote import Input
from reportclean.near.options import UNITS, DedupeConfig

if TYPE_CHECKING:
    from reportclean.engines.indexing import Answer
    from reportclean.engines.options import RunOptions
    from reportclean.index.store import Info

_OWN = "  [default: the index's own]"
_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
_output_format = click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_memory = click.option(
    "--memory-limit", default="", metavar="SIZE", help="What DuckDB may use, such as 500MB."
)
_running = shared.together(
    click.option("--workers", type=int, default=None, help="Worker processes.  [default: the cores]"),
    click.option("--strict", is_flag=True, help="Exit with 1 if anything went to quarantine."),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and what was asked for."),
    click.option("--no-progress", is_flag=True, help="Show no progress bar."),
    shared.log_json,
)
_ASKED = ("threshold", "min_tokens")
_MADE = ("shingle_size", "num_perm", "seed", "unit")
_asking = shared.together(
    click.option("--threshold", type=float, help="Jaccard on shingles from which two sections match." + _OWN),
    click.option("--min-tokens", type=int, help="Shorter sections match only when they are equal." + _OWN),
)
_making = shared.together(
    click.option("--shingle-size", type=int, help="Tokens in a shingle."),
    click.option("--num-perm", type=int, help="Permutations of a signature."),
    click.option("--seed", type=int, help="Seed of the permutations."),
    click.option("--unit", type=click.Choice(UNITS), help="Compare sections, or whole documents."),
)


@click.group("index", short_help="Keep sections in a file, and ask which of them a text repeats.")
def command() -> None:
    """Keep the sections of documents in a DuckDB file, and ask which of them other documents repeat."""


@command.command("add")
@_file
@shared.paths
@_asking
@_making
@_memory
@_running
@_output_format
@shared.reading
@shared.cleaning
def add(
    file: Path,
    paths: tuple[str, ...],
    paths_from: str | None,
    memory_limit: str,
    workers: int | None,
    strict: bool,
    quiet: bool,
    no_progress: bool,
    log_json: str | None,
    output_format: str,
    **settings: Any,
) -> int:
    """Add the documents of files and folders to an index; make the index where there is none.

    A document whose id the index has is left out; remove it first to have it anew.
    """
    from reportclean.engines.indexing import add_files  # noqa: PLC0415  # after --help and bad usage
    from reportclean.index.duckdb_store import DuckDBStore  # noqa: PLC0415  # the same

    asked = _given(settings, (*_ASKED, *_MADE))
    options = _run_options(settings, workers)
    named = inputs.given_paths(paths, paths_from)
    log.start_log(log_json, named, None, options.workers)
    with ExitStack() as stack:
        given = [inputs.resolved(path, stack, options.read.format) for path in named]
        _require(given)
        if not file.exists():
            stack.enter_context(DuckDBStore(file, DedupeConfig(**asked))).close()
        store = stack.enter_context(DuckDBStore(file, memory_limit=memory_limit))
        store.settings.require(replace(store.settings.config(), **asked), str(file))
        progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress)))
        grown = add_files(store, given, options, progress)
    if output_format == "json":
        counts = {name: value for name, value in asdict(grown).items() if name != "rejected"}
        quarantine = [asdict(item) for item in grown.rejected]
        _print_json({"index": str(file), **counts, "quarantined": len(quarantine), "quarantine": quarantine})
    elif not quiet:
        click.echo(
            f"documents  {grown.documents:,} in, {grown.added:,} added, {grown.known:,} known already, "
            f"{len(grown.rejected):,} in quarantine"
        )
        click.echo(f"sections   {grown.sections:,} added, {grown.fresh:,} of them unlike any before")
    log.say_aside([] if quiet else shared.quarantine_words(grown.rejected, ""))
    counts = {"in": grown.documents, "added": grown.added, "quarantined": len(grown.rejected)}
    return log.end_log(int(strict and bool(grown.rejected)), {"documents": counts})


@command.command("query")
@_file
@shared.paths
@_asking
@click.option(
    "--most", type=click.IntRange(1), default=5, show_default=True, help="Matches told of a section."
)
@_memory
@_running
@_output_format
@shared.reading
@shared.cleaning
def query(
    file: Path,
    paths: tuple[str, ...],
    paths_from: str | None,
    most: int,
    memory_limit: str,
    workers: int | None,
    strict: bool,
    quiet: bool,
    no_progress: bool,
    log_json: str | None,
    output_format: str,
    **settings: Any,
) -> int:
    """Print which sections of files and folders repeat a section of an index, which stays as it is."""
    from reportclean.engines.indexing import query_files  # noqa: PLC0415  # after --help and bad usage
    from reportclean.index.duckdb_store import DuckDBStore  # noqa: PLC0415  # the same

    asked = _given(settings, _ASKED)
    options = _run_options(settings, workers)
    named = inputs.given_paths(paths, paths_from)
    log.start_log(log_json, named, None, options.workers)
    answers: list[Answer] = []
    rejected: list[Any] = []
    counts = Counter(dict.fromkeys(("documents", "sections", "matched"), 0))
    with ExitStack() as stack:
        given = [inputs.resolved(path, stack, options.read.format) for path in named]
        store = stack.enter_context(DuckDBStore(file, read_only=True, memory_limit=memory_limit))
        config = replace(store.settings.config(), **asked)
        store.settings.require(config, str(file))
        progress = stack.enter_context(progress_bar(wanted=not (quiet or no_progress)))
        for part in query_files(store, given, config, options, most, progress):
            rejected += part.rejected
            counts["documents"] += part.documents
            counts["sections"] += part.sections
            counts["matched"] += len({one.section_id for one in part.answers})
            if output_format == "json":
                answers += part.answers
            for one in part.answers if output_format == "text" else ():
                click.echo(_line(one))
    if output_format == "json":
        quarantine = [asdict(item) for item in rejected]
        matches = [asdict(one) for one in answers]
        _print_json({"index": str(file), **counts, "matches": matches, "quarantine": quarantine})
    elif not quiet:
        log.say_aside([f"{counts['matched']:,} of {counts['sections']:,} sections are in the index"])
    log.say_aside([] if quiet else shared.quarantine_words(rejected, ""))
    found = {
        "documents": {"in": counts["documents"], "quarantined": len(rejected)},
        "sections": {"in": counts["sections"], "matched": counts["matched"]},
    }
    return log.end_log(int(strict and bool(rejected)), found)


@command.command("remove")
@_file
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_output_format
def remove(file: Path, ids: tuple[str, ...], output_format: str) -> int:
    """Remove documents, or single sections (DOCUMENT#ORDINAL), from an index: all that are named, or none."""
    import numpy as np  # noqa: PLC0415  # after --help

    from reportclean.errors import StoreError  # noqa: PLC0415  # the same
    from reportclean.index.duckdb_store import DuckDBStore  # noqa: PLC0415  # the same

    with DuckDBStore(file) as store:
        found = np.union1d(store.of_documents(ids), store.of_ids(ids))
        columns, _ = store.columns(found)
        missing = [name for name in ids if name not in {*columns.document_ids, *columns.section_ids}]
        if missing:
            raise StoreError(f"{file} has no document and no section {missing[0]}; nothing was removed")
        count = store.remove(found)
    if output_format == "json":
        _print_json({"index": str(file), "sections": count})
    else:
        click.echo(f"{count:,} section{'s' if count != 1 else ''} removed")
    return 0


@command.command("info")
@_file
@_output_format
def info(file: Path, output_format: str) -> int:
    """Print what an index holds and what it was made with."""
    from reportclean.index.duckdb_store import DuckDBStore  # noqa: PLC0415  # after --help

    with DuckDBStore(file, read_only=True) as store:
        held = store.info()
    if output_format == "json":
        _print_json({"index": str(file), **asdict(held)})
    else:
        click.echo(_info_words(held))
    return 0


@command.command("compact")
@_file
@_memory
@_output_format
def compact(file: Path, memory_limit: str, output_format: str) -> int:
    """Drop from an index what was removed, and merge what is in pieces."""
    from reportclean.index.duckdb_store import DuckDBStore  # noqa: PLC0415  # after --help

    with DuckDBStore(file, memory_limit=memory_limit) as store:
        unused = store.info().unused
        store.compact()
        size = store.info().size
    if output_format == "json":
        _print_json({"index": str(file), "dropped": unused, "size": size})
    else:
        click.echo(f"{unused:,} unused keys dropped; {size / 1e6:,.1f} MB")
    return 0


def _given(settings: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Take options out of a command's settings: those that were given."""
    taken = {name: settings.pop(name) for name in names}
    return {name: value for name, value in taken.items() if value is not None}


def _run_options(settings: dict[str, Any], workers: int | None) -> RunOptions:
    from reportclean.engines.options import RunOptions  # noqa: PLC0415  # after --help

    return RunOptions(
        workers=shared.cores() if workers is None else workers,
        read=shared.read_options(settings),
        clean=shared.clean_config(settings),
    )


def _require(inputs: Sequence[Input]) -> None:
    """Refuse inputs that are not there before an index is made."""
    from reportclean.errors import InputError  # noqa: PLC0415  # after --help

    for path in inputs:
        if isinstance(path, Path) and not path.exists():
            raise InputError(f"{path}: there is no such file or folder")


def _line(one: Answer) -> str:
    said = one.kind if one.kind == "exact" else f"{one.kind} {one.jaccard:.3f}"
    said += "" if one.differs == "none" else f", {one.differs} differ"
    more = f" and {one.copies - 1:,} more" if one.copies > 1 else ""
    return f"{one.section_id}  {one.match_id}{more}  ({said})"


def _info_words(held: Info) -> str:
    settings = held.settings
    counts = {"documents": held.documents, "sections": held.sections, "keys": held.keys}
    lines = [f"{name:<13}{count:,}" for name, count in counts.items()]
    if held.unused:
        lines.append(f"{'unused keys':<13}{held.unused:,} (index compact drops them)")
    lines.append(f"{'batches':<13}{len(held.batches):,}")
    lines.append(f"{'size':<13}{held.size / 1e6:,.1f} MB")
    shown = ("threshold", "shingle_size", "num_perm", "seed", "min_tokens", "unit", "fold_version")
    lines += [f"{name.replace('_', ' '):<13}{getattr(settings, name)}" for name in shown]
    return "\n".join(lines)


def _print_json(values: dict[str, Any]) -> None:
    click.echo(json.dumps({"version": 1} | values, ensure_ascii=False, indent=2))
