"""Going on where an earlier run of the same command ended: what it left is used if it is what would come out.

Each batch is taken if its input has the bytes that it was made from. Settings are another matter: where what
batches are prepared with is not what it was, all the earlier work would be lost, so that is refused.
"""

from __future__ import annotations

import hashlib
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from reportclean.engines.commits import Commit, write_committed
from reportclean.engines.folder import Work
from reportclean.engines.identity import shares
from reportclean.engines.journal import Entry, Journal
from reportclean.engines.progress import Counted
from reportclean.engines.workers import Task
from reportclean.errors import OutputError, ResumeWarning

R = TypeVar("R", bound=Counted)

# Of the settings, those that only the deciding process looks at: batches prepared with others serve as well.
DECIDING = frozenset({"threshold", "min_tokens", "keep", "prefer", "keep_updates", "spun"})
_RUN = "run.json"
_SHOWN = 3


class Run(msgspec.Struct, frozen=True):
    """What batches are prepared with.

    Attributes:
        command: Which one.
        settings: By name, of the options.
        versions: Of reportclean and the libraries.
    """

    command: str
    settings: dict[str, Any]
    versions: dict[str, Any]


def journal_of(work: Work, run: Run, tasks: Sequence[Task], basis: Mapping[str, Any]) -> Journal:
    """The journal of the batches of a run, with those that are there from an earlier one.

    Args:
        work: The folder of the run.
        run: What its batches are prepared with.
        tasks: Its input.
        basis: What is known of the input as a whole, and all batches depend on.

    Raises:
        OutputError: The earlier run was of another kind; its batches would be lost.
    """
    journal = Journal(work.batches, _digest(basis))
    path = work.folder / _RUN
    run = _plain(run)
    if work.prepared():
        try:
            earlier = msgspec.json.decode(path.read_bytes(), type=Run)
        except (FileNotFoundError, msgspec.MsgspecError):
            _warn(f"what {work.folder} holds cannot be told; it is prepared again")
            shutil.rmtree(work.batches)
            work.batches.mkdir()
        else:
            _check_run(work, earlier, run)
            _check_input(work, journal, tasks)
    write_committed(Commit.RUN, path, msgspec.json.encode(run))
    return journal


def _check_run(work: Work, earlier: Run, run: Run) -> None:
    there = f"{work.folder.name} holds the batches of a run"
    back = "run it as it was to go on, or with --fresh to start over"
    if earlier.command != run.command:
        raise OutputError(f"{there} of {earlier.command}; {back}")
    if other := _different(earlier.versions, run.versions):
        raise OutputError(f"{there} with other versions ({'; '.join(other.values())}); {back}")
    other = _different(earlier.settings, run.settings)
    if any(name not in DECIDING for name in other):
        raise OutputError(f"{there} with other settings ({'; '.join(other.values())}); {back}")
    if other:
        _warn(f"going on with other settings: {'; '.join(other.values())}")


def _check_input(work: Work, journal: Journal, tasks: Sequence[Task]) -> None:
    """Refuse where nothing of what was prepared is in the input."""
    manifests = ((task, journal.manifest(task.number)) for task in tasks)
    if not any(manifest and shares(manifest.seen, task) for task, manifest in manifests):
        raise OutputError(
            f"{work.folder.name} holds the batches of a run on other inputs; "
            "name those to go on, or use --fresh to start over"
        )


def _different(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """What is not as it was, in words, by name."""
    return {
        name: f"{name.replace('_', '-')} was {_word(before, name)}, is {_word(now, name)}"
        for name in (*now, *(before.keys() - now.keys()))
        if before.get(name) != now.get(name)
    }


def _word(values: Mapping[str, Any], name: str) -> str:
    return msgspec.json.encode(values[name]).decode() if name in values else "unknown"


def _plain(run: Run) -> Run:
    """The values as they are read back."""
    return msgspec.json.decode(msgspec.json.encode(run), type=Run)


def _digest(values: Mapping[str, Any]) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(values, order="deterministic"), digest_size=16).digest()


class Resumed(Generic[R]):
    """Counts the batches that were there, and says which input was not what it was.

    Args:
        entries: The batches in order of input.
    """

    def __init__(self, entries: Iterable[Entry[R]]) -> None:
        self._entries = entries
        self.batches = 0

    def indices(self) -> Iterator[R]:
        """What the deciding process is told of each batch."""
        changed: dict[str, None] = {}
        for entry in self._entries:
            self.batches += entry.resumed
            changed |= dict.fromkeys(entry.changed)
            yield entry.index
        if changed:
            names = ", ".join([*list(changed)[:_SHOWN], *(["…"] if len(changed) > _SHOWN else [])])
            _warn(f"changed since the run before, and prepared again: {names}")


def _warn(said: str) -> None:
    warnings.warn(said, ResumeWarning, stacklevel=2)
