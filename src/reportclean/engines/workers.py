"""Tasks over the input, done in this process or in worker processes, with results in order.

What a worker makes does not depend on how many there are: the input is cut into tasks before any starts.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import wait as wait_for_any
from pathlib import Path
from typing import Any, Protocol, TypeVar

from reportclean.document import Rejected
from reportclean.engines.deaths import end_pool, note_in, noted, obituary
from reportclean.engines.progress import Counted, Teller, silent
from reportclean.engines.server import PROCESSES_FROM_BYTES, WorkerContext, start_server
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Record
from reportclean.errors import InputError, ReportcleanError
from reportclean.formats.base import CHUNK_BYTES, Chunk, ReadOptions
from reportclean.formats.converting import converted, retargeted
from reportclean.formats.listed import Listed
from reportclean.formats.registry import endings, pieces_of, records
from reportclean.formats.remote import Input, Remote

COLLECT_AFTER = 50_000  # objects more, where Python's own default is 700; it saves 6 % of the time
_PATHS_SHOWN = 5
_LOOK_EVERY = 0.1  # seconds between looks at interrupts

S = TypeVar("S")
R = TypeVar("R")
C = TypeVar("C", bound=Counted)


@dataclass(frozen=True, slots=True)
class Task:
    """A worker's share of the input, and what is known to be unusable in it."""

    number: int
    pieces: tuple[Chunk | Rejected, ...]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(piece.length for piece in self.pieces if isinstance(piece, Chunk))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do.

    Attributes:
        tasks: The input, cut into pieces of about the same size.
        passed_over: Files of the folders that are not read, by the ends of their names.
    """

    tasks: tuple[Task, ...]
    passed_over: dict[str, int]


def plan(
    paths: Sequence[Input],
    excluded: Sequence[Path],
    unpacked: Path | None = None,
    options: ReadOptions | None = None,
    to: str = "",
    teller: Teller | None = None,
) -> Plan:
    """Look for the input and cut it into tasks.

    Args:
        paths: Files and folders, all of them from a list or none.
        excluded: Folders left out of the walk.
        unpacked: A folder for what compressed files and archives hold; without it they are refused.
        options: How they are read; by default as it is by default.
        to: The format that all documents are written in; that of their input where it is empty.
        teller: Told how far copying has come, where there is something to copy.

    Raises:
        InputError: A path does not exist, or nothing is there to be read.
    """
    options = options or ReadOptions()
    passed_over: Counter[str] = Counter()
    found: Iterable[Chunk | Rejected] = pieces_of(
        paths, excluded, passed_over, unpacked, options, partial((teller or Teller(silent)).at, "fetch")
    )
    if to:
        found = retargeted(list(found), to, endings())
    tasks = tuple(tasks_of(found))
    if not tasks:
        raise InputError(nothing_in(paths))
    return Plan(tasks, dict(sorted((_utf8(ending), count) for ending, count in passed_over.items())))


def nothing_in(paths: Sequence[Input]) -> str:
    """What is said where no file of a known format is there."""
    names = [
        one.url if isinstance(one, Remote) else str(one.path if isinstance(one, Listed) else one)
        for one in paths[:_PATHS_SHOWN]
    ]
    shown = ", ".join([*names, *(["…"] if len(paths) > _PATHS_SHOWN else [])])
    known = ", ".join(endings())
    return f"nothing to read in {shown}: no file there ends in {known}; --format says what others are"


def _utf8(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def tasks_of(pieces: Iterable[Chunk | Rejected]) -> Iterator[Task]:
    """Group pieces into tasks of about the size of a chunk, whatever the number of workers."""
    number, size = 0, 0
    group: list[Chunk | Rejected] = []
    for piece in pieces:
        group.append(piece)
        size += piece.length if isinstance(piece, Chunk) else 0
        if size >= CHUNK_BYTES:
            yield Task(number, tuple(group))
            number, size, group = number + 1, 0, []
    if group:
        yield Task(number, tuple(group))


def load(task: Task, options: ReadOptions) -> tuple[list[Record], list[Rejected]]:
    """The documents of a task, and what could not be used."""
    loaded: list[Record] = []
    rejected: list[Rejected] = []
    for piece in task.pieces:
        for item in records(piece, options):
            if isinstance(item, Rejected):
                rejected.append(item)
            elif isinstance(piece, Chunk):
                goal = (
                    converted(item, piece, options)
                    if piece.to
                    else (piece.format, piece.target, item.envelope)
                )
                loaded.append(Record(item.document, *goal))
    return loaded, rejected


class Sized(Protocol):
    """A share of the work."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...


class Crew:
    """Does jobs in this process, or in worker processes.

    Args:
        pool: The worker processes; None where there are none.
        workers: How many.
    """

    def __init__(self, pool: ProcessPoolExecutor | None = None, workers: int = 1) -> None:
        self._pool = pool
        self._workers = workers
        self.calls: dict[int, tuple[Any, ...]] = {}  # those that are not done, for whoever asks what broke

    @property
    def apart(self) -> bool:
        """Whether the work is done in other processes, which do not see what is held here."""
        return self._pool is not None

    def each(self, job: Callable[..., R], calls: Iterable[tuple[Any, ...]]) -> Iterator[R]:
        """Do a job with each of some arguments, a few ahead of what is taken; results come in their order.

        Args:
            job: A function of a module, for it is called in other processes.
            calls: Its arguments.
        """
        if self._pool is None:
            for arguments in calls:
                yield job(*arguments)
            return
        waiting: deque[tuple[int, Future[R]]] = deque()
        with later_interrupts() as check:
            try:
                for number, arguments in enumerate(calls):
                    self.calls[number] = arguments
                    waiting.append((number, self._pool.submit(noted, number, job, *arguments)))
                    if len(waiting) > 2 * self._workers:
                        yield self._taken(waiting, check)
                while waiting:
                    yield self._taken(waiting, check)
            except BrokenProcessPool:
                check()  # an interrupt may reach a process that is just starting, and break the pool
                raise

    def _taken(self, waiting: deque[tuple[int, Future[R]]], check: Callable[[], None]) -> R:
        number, future = waiting.popleft()
        result = _result(future, check)
        del self.calls[number]
        return result


@contextmanager
def crew(workers: int, tasks: Sequence[Sized], *, kernels: bool) -> Iterator[Crew]:
    """A crew for tasks of about the size of these; small inputs are done in this process.

    Args:
        workers: Processes, at most.
        tasks: The tasks.
        kernels: Whether the kernels are needed for them.
    """
    workers = min(workers, len(tasks))
    if workers <= 1 or sum(task.size for task in tasks) < PROCESSES_FROM_BYTES:
        with fewer_collections():
            yield Crew()
        return
    start_server(kernels=kernels)
    others = set(multiprocessing.active_children())
    context = WorkerContext()
    with tempfile.TemporaryDirectory(prefix="reportclean-", ignore_cleanup_errors=True) as folder:
        pool = ProcessPoolExecutor(workers, context, initializer=_get_ready, initargs=(Path(folder),))
        hands = Crew(pool, workers)
        try:
            yield hands
            pool.shutdown(wait=False)  # they have nothing left to do
        except BaseException as error:
            # Nobody wants to wait for what has begun; and what the pool's thread says of its closed
            # pipes helps nobody.
            threading.excepthook = lambda _: None
            said = ""
            if isinstance(error, BrokenProcessPool):
                end_pool(pool)
                said = obituary(context.workers, Path(folder), hands.calls)
            ours = set(multiprocessing.active_children()) - others
            for process in ours:
                process.kill()
            for process in ours:
                process.join(timeout=1)  # nobody writes into the folder that is about to be removed
            pool.shutdown(wait=False, cancel_futures=True)
            if said:
                raise ReportcleanError(said) from error
            raise


def run_all(
    hands: Crew,
    job: Callable[[Task, S, Spool], C],
    tasks: Sequence[Task],
    settings: S,
    spool: Spool,
    teller: Teller,
    stage: str = "prepare",
) -> Iterator[C]:
    """Do a job on every task.

    Args:
        hands: Who does it.
        job: A function of a module, for it is called in other processes.
        tasks: What to do.
        settings: What the job is told besides.
        spool: Where it leaves texts.
        teller: Told how far the work has come.
        stage: What that is called.

    Yields:
        What the job returned, in order of the tasks.
    """
    teller.begin(stage, sum(task.size for task in tasks))
    results = hands.each(job, ((task, settings, spool) for task in tasks))
    for task, result in zip(tasks, results, strict=True):
        teller.add(task.size, result.counts)
        yield result


def _result(future: Future[R], check: Callable[[], None]) -> R:
    """A future's result, with a look at interrupts now and then."""
    while not future.done():
        check()
        wait([future], timeout=_LOOK_EVERY)
    check()
    return future.result()


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Look for cycles more seldom: a batch makes many small objects, hardly any of which is in one."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], COLLECT_AFTER) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def later_interrupts() -> Iterator[Callable[[], None]]:
    """Interrupts raise where the given function is called, or at the end, not in the midst of the work."""
    seen: list[int] = []

    def check() -> None:
        if seen:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check  # signals are the main thread's
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _frame: seen.append(number)) for number in numbers]
    try:
        yield check
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    check()


def _get_ready(folder: Path) -> None:
    """Load in a worker what the server has loaded already, unless it is somebody else's."""
    note_in(folder)
    import_module("reportclean.engines.ready")
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """End this process as soon as its parent has, which may have been killed: nobody waits for its work."""
    wait_for_any([sentinel])
    os._exit(1)
