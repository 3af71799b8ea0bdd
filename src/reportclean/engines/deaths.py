"""Which worker process died, of what, and what it was working on.

Each process notes in a file of its own which call it is working on. When one dies, the pool breaks and ends
the others; the one that was not ended by the pool is the one to tell of.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from reportclean.document import Rejected
from reportclean.engines.server import Worker
from reportclean.formats.base import Chunk

R = TypeVar("R")

_IDLE = -1
_WIDTH = 20  # digits
_PATIENCE = 5.0  # seconds that a broken pool may take to end its processes
_MEMORY = "try again with fewer --workers"

_noted: dict[str, int] = {}  # in a worker: the file that it notes its work in, once it is open


def note_in(folder: Path) -> None:
    """Note from now on, in this process, what it works on; where it cannot, the work goes before."""
    with suppress(OSError):
        _noted["file"] = os.open(folder / str(os.getpid()), os.O_WRONLY | os.O_CREAT, 0o600)


def noted(number: int, job: Callable[..., R], *arguments: Any) -> R:
    """Do a job, and note meanwhile that it is being done."""
    _note(number)
    try:
        return job(*arguments)
    finally:
        _note(_IDLE)


def _note(number: int) -> None:
    with suppress(OSError, KeyError):
        os.pwrite(_noted["file"], f"{number:<{_WIDTH}}".encode(), 0)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """Wait until a broken pool has ended its processes, but not for ever: exit codes are known then."""
    waiting = threading.Thread(target=pool.shutdown, daemon=True)
    waiting.start()
    waiting.join(_PATIENCE)


def obituary(workers: Iterable[Worker], folder: Path, calls: Mapping[int, tuple[Any, ...]]) -> str:
    """What is said of a worker that died: how, over what, and what to do.

    Args:
        workers: All processes of the pool.
        folder: Where they noted what they did.
        calls: The arguments of the calls that were not done, by number.
    """
    for worker in workers:
        code = worker.exitcode
        if code is None or code in {0, -signal.SIGTERM}:  # the pool ended it, or nobody did
            continue
        how = _how(code)
        number = _number(folder / str(worker.pid))
        what = _what(calls[number]) if number in calls else ""
        over = f" while it worked on {what}" if what else ""
        return f"a worker process {how}{over}; {_advice(code, what)}"
    return f"a worker process was ended from outside (out of memory?); {_MEMORY}"


def _how(code: int) -> str:
    if code == -signal.SIGKILL:
        return "was killed (SIGKILL, as the system does when memory runs out)"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"crashed ({name})"
    return f"ended by itself (exit code {code})"


def _advice(code: int, what: str) -> str:
    if code == -signal.SIGKILL:
        return f"{_MEMORY}, or leave large documents out with --limit document-bytes=N"
    aside = "move that input aside and run it again" if what else "run it again with --workers 1"
    return f"a library failed on what it read: {aside}, and please report it"


def _number(path: Path) -> int:
    """The call that a process was at; none where it noted nothing."""
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return _IDLE


def _what(arguments: tuple[Any, ...]) -> str:
    """The input of a call, for people; empty of a call that is not about files."""
    pieces: tuple[Chunk | Rejected, ...] = getattr(arguments[0], "pieces", ()) if arguments else ()
    chunks = [piece for piece in pieces if isinstance(piece, Chunk)]
    if not chunks:
        return ""
    number = arguments[0].number
    names = list(dict.fromkeys(chunk.name for chunk in chunks))
    if len(names) > 1:
        return f"batch {number}, {len(names):,} files from {names[0]} to {names[-1]}"
    first = chunks[0].first_line
    return f"batch {number}, {names[0]}" + (f" from line {first:,}" if first > 1 else "")
