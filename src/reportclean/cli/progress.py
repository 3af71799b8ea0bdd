"""What is seen while the work goes on: a bar on a terminal, lines of JSON where they are asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportclean.cli.log import current

if TYPE_CHECKING:
    from reportclean.engines.progress import Progress, State


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Progress]:
    """A function to be told how far the run has come."""
    log = current()
    if not wanted or log.instead or sys.stderr is None or not sys.stderr.isatty():
        yield log.progress
        return
    with _bar() as shown:

        def both(state: State) -> None:
            shown(state)
            log.progress(state)

        yield both


@contextmanager
def _bar() -> Iterator[Callable[[State], None]]:
    """A line at the foot of the terminal, which goes when the work is done."""
    from rich.console import Console  # noqa: PLC0415  # only where somebody looks
    from rich.progress import (  # noqa: PLC0415  # the same
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("find", total=None, counts="")
        stage = "find"

        def tell(state: State) -> None:
            nonlocal stage
            if state.stage != stage:
                stage = state.stage
                bar.reset(task, description=stage)
            working = state.done < state.total  # else there is no telling how much is left
            bar.update(
                task, completed=state.done, total=state.total if working else None, counts=counts_words(state)
            )

        yield tell


def counts_words(state: State) -> str:
    """The documents so far, and what was found in them."""
    words = [f"{state.documents:,} documents", f"{state.findings:,} findings"] if state.documents else []
    return ", ".join([*words, *([f"{state.quarantined:,} in quarantine"] if state.quarantined else [])])
