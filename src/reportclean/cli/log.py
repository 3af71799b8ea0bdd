"""A run as lines of JSON, for machines: what began, how far it is, what went wrong, what came of it.

Every line has ``time`` (ISO 8601, of Greenwich), ``seconds`` since the run began, and ``event``;
docs/progress.md says what else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from reportclean import __version__
from reportclean.errors import OutputError
from reportclean.formats.listed import Listed

if TYPE_CHECKING:
    from reportclean.engines.progress import State

KEY = "reportclean.log"  # in a context's meta
STDERR = "-"
_EVERY = 1.0  # seconds between two lines of progress
_PATHS_LOGGED = 100
_NOT_LOGGED = frozenset({"settings", "versions", "seconds"})  # summary.json has them


class Log:
    """Writes lines where somebody asked for them, and nothing before."""

    def __init__(self) -> None:
        self._file: IO[str] | None = None
        self._began = self._told = self._stage_began = time.monotonic()
        self._stage = ""
        self._done = 0
        self.instead = False  # whether the lines stand in the place of words for people

    def open(self, place: str, command: str, values: Mapping[str, Any]) -> None:
        """Write from now on, behind what is in a file; ``-`` is standard error.

        Raises:
            OutputError: The file cannot be written.
        """
        if place == STDERR:
            self._file, self.instead = sys.stderr, True
        else:
            try:
                self._file = Path(place).open("a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115  # open to the end
            except OSError as error:
                raise OutputError(
                    f"--log-json {place}: {error.strerror or error}; name a file that can be written"
                ) from error
        self.write("start", version=__version__, command=command, **values)

    def write(self, event: str, **values: Any) -> None:
        """A line; where it cannot be written, no other is tried, for the run goes before its log."""
        if self._file is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "seconds": round(time.monotonic() - self._began, 3), "event": event, **values}
        try:
            self._file.write(json.dumps(line, ensure_ascii=self.instead) + "\n")
            self._file.flush()
        except OSError as error:
            where, self._file = getattr(self._file, "name", "the log"), None
            if not self.instead:
                click.echo(f"reportclean: no more is logged to {where}: {error.strerror or error}", err=True)

    def progress(self, state: State) -> None:
        """How far a run has come: a line where a stage begins, and one a second while it goes on."""
        if self._file is None:
            return
        now = time.monotonic()
        if state.stage != self._stage:
            self._stage, self._stage_began, self._told, self._done = state.stage, now, now, state.done
            self.write("stage", stage=state.stage)
        if state.done == self._done or (now - self._told < _EVERY and state.done < state.total):
            return
        self._told, self._done = now, state.done
        rate = state.done / max(now - self._stage_began, 1e-3)
        self.write(
            "progress",
            stage=state.stage,
            bytes=state.done,
            bytes_total=state.total,
            documents=state.documents,
            findings=state.findings,
            quarantined=state.quarantined,
            mb_per_second=round(rate / 1e6, 3),
            seconds_left=round((state.total - state.done) / rate, 1) if rate else None,
        )

    def end(self, event: str, code: int, values: Mapping[str, Any]) -> None:
        """The last line: ``end`` of a run that came to its end, ``error`` of one that did not."""
        self.write(event, exit_code=code, **values)
        if self._file is not None and not self.instead:
            self._file.close()
        self._file = None


def current() -> Log:
    """The log of the command that runs."""
    log: Log = click.get_current_context().meta.setdefault(KEY, Log())
    return log


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
