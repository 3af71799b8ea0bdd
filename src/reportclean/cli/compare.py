"""``reportclean compare A B``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportclean.cli import inputs
from reportclean.cli import options as shared
from reportclean.cli.configuring import Configured, configuration, given
from reportclean.cli.dedupe import option
from reportclean.cli.printing import encoded, print_lines
from reportclean.near.options import KEEP, DedupeConfig

if TYPE_CHECKING:
    from reportclean.comparison import Comparison
    from reportclean.engines.comparing import Subject
    from reportclean.report.comparison_text import Segment

_STYLES = {
    "left": "red",
    "right": "green",
    "swap": "magenta",
    "value": "yellow",
    "placeholder": "cyan",
    "label": "bold",
    "aside": "dim",
}
_MATCHING = (
    "threshold",
    "shingle_size",
    "min_tokens",
    "keep",
    "prefer",
    "keep_updates",
    "spun",
    "spin_lexicon",
)
_matching = shared.together(
    option("--threshold", type=float, help="Jaccard on shingles from which two texts match."),
    option("--shingle-size", type=int, help="Tokens in a shingle."),
    option("--min-tokens", type=int, help="Shorter texts match only when they are equal."),
    option("--keep", type=click.Choice(KEEP), help="Which one stays."),
    option("--prefer", metavar="GLOB", help="What comes from such a source stays before anything else."),
    option("--keep-updates/--no-keep-updates", help="Keep what differs in years or numbers only."),
    option("--spun/--no-spun", help="Tell spun copies from other near-duplicates."),
    option("--spin-lexicon", metavar="FILE", help="Swaps of spinners that an earlier run learned."),
)
_showing = shared.together(
    click.option(
        "--output-format", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write there, not to the screen.",
    ),
    click.option(
        "--context",
        type=click.IntRange(0),
        default=40,
        show_default=True,
        help="Characters of equal text beside a difference.",
    ),
    click.option("--full", is_flag=True, help="Leave nothing out, however long it is."),
    click.option("--unseen", is_flag=True, help="Mark punctuation, spaces, script, width and case, too."),
)


@click.command("compare", cls=Configured, short_help="Show where two texts differ, and which one stays.")
@click.argument("paths", nargs=-1, required=True, metavar="A B")
@click.option(
    "--result",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A and B are sections of this result of dedupe; B may be left out.",
)
@click.option("--raw", is_flag=True, help="Compare the texts as they are; clean nothing first.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if they do not match.")
@_showing
@_matching
@shared.reading
@shared.cleaning
@configuration
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    result: Path | None,
    raw: bool,
    exit_code: bool,
    output_format: str,
    output: Path | None,
    context: int,
    full: bool,
    unseen: bool,
    **settings: Any,
) -> int:
    """Compare two texts as dedupe does: cleaned first, then by the shingles of their matching keys.

    A and B are files (FILE), sections of files (FILE#3), documents of files that hold several (FILE#ID, or
    FILE:LINE for a record without an id; FILE#ID#3 for a section of one), or - for standard input. With
    --result they are section ids of a result, compared as its run compared them; of a removed section, which
    may be named alone, the other is the one that was kept in its place.

    What only A has is marked [-...-], what only B has {+...+}.
    """
    if len(paths) != 2 and not (result is not None and len(paths) == 1):
        raise click.UsageError(
            "name two texts, A and B" + ("" if result is None else ", or one that was removed")
        )
    if result is not None and raw:
        raise click.UsageError("the texts of a result are clean already; leave out --raw or --result")
    if output is not None:
        from reportclean.engines.files import check_writable  # noqa: PLC0415  # after --help

        check_writable(output)
    from reportclean.engines.subjects import Result  # noqa: PLC0415  # after --help and bad usage

    if result is not None:
        asked = {name: value for name, value in given(ctx).items() if name in _MATCHING}
        found = Result(result).compare(paths, asked)
    else:
        found = _compared(paths, settings, raw=raw)
    choices = {"context": context, "full": full, "unseen": unseen}
    if output is not None:
        from reportclean.engines.files import write_file  # noqa: PLC0415  # after --help

        write_file(output, encoded(_lines(found, output_format, None, choices)))
    elif output_format == "text" and (
        (sys.stdout is not None and sys.stdout.isatty()) or "FORCE_COLOR" in os.environ
    ):
        _show(found, choices)
    else:
        print_lines(_lines(found, output_format, None, choices))
    return int(exit_code and not found.matches)


def _compared(names: Sequence[str], settings: dict[str, Any], *, raw: bool) -> Comparison:
    """Two files, or what is in them."""
    from reportclean.engines.comparing import compare_subjects  # noqa: PLC0415  # after --help and bad usage
    from reportclean.engines.subjects import Wanted, read_subject, wanted  # noqa: PLC0415  # the same
    from reportclean.near.spinlexicon import read_lexicon  # noqa: PLC0415  # the same

    read, clean = shared.read_options(settings), shared.clean_config(settings)
    config = DedupeConfig(**settings)
    if all(name == inputs.STDIN for name in names):
        raise click.UsageError("only one of the two can be standard input")
    with ExitStack() as stack:
        subjects: list[Subject] = []
        for name, side in zip(names, ("left", "right"), strict=True):
            stdin = name == inputs.STDIN
            meant = Wanted(name, inputs.kept_input(stack, read.format)) if stdin else wanted(name)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportclean-")))
            subjects.append(read_subject(meant, side, config, read, clean, folder, raw=raw))
    return compare_subjects(subjects[0], subjects[1], config, read_lexicon(config.spin_lexicon))


def _lines(
    found: Comparison, output_format: str, width: int | None, choices: dict[str, Any]
) -> Iterator[str]:
    if output_format == "json":
        from reportclean.report.json_text import json_text  # noqa: PLC0415  # the one that is asked for

        yield json_text({"version": 1} | found.to_dict())
    elif output_format == "html":
        from reportclean.report.comparison_html import comparison_html  # noqa: PLC0415  # the same

        yield comparison_html(found, **choices).rstrip("\n")
    else:
        yield from ("".join(segment.text for segment in line) for line in _text(found, width, choices))


def _text(found: Comparison, width: int | None, choices: dict[str, Any]) -> Iterable[Sequence[Segment]]:
    from reportclean.report.comparison_text import comparison_lines  # noqa: PLC0415  # after --help

    return comparison_lines(found, width=width, **choices)


def _show(found: Comparison, choices: dict[str, Any]) -> None:
    """Print to a terminal, in colours unless NO_COLOR is set, in lines of its width."""
    from rich.console import Console  # noqa: PLC0415  # only where somebody looks
    from rich.text import Text  # noqa: PLC0415  # the same

    console = Console(highlight=False, markup=False, emoji=False)
    for line in _text(found, console.width, choices):
        shown = Text.assemble(*((segment.text, _STYLES.get(segment.style, "")) for segment in line))
        console.print(shown, soft_wrap=True)
