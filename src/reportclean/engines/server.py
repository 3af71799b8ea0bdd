"""The process that worker processes are forked from: started first thing, with everything imported in it.

Forking the caller's process would copy whatever threads and locks it has. The server is a fresh process of
one thread, which imports the library and loads the kernels while the caller still looks at its input; then
workers begin at once, and share its pages.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterable
from itertools import islice
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import ModuleType

PROCESSES_FROM_BYTES = 8_000_000  # below it starting processes costs more than it saves
_LOOKED_AT = 1_000  # files of a folder; a walk through all of it comes later
_READY = "reportclean.engines.ready"  # what the server imports
_KERNELS = "reportclean.engines.ready_kernels"  # the same for jobs that need these: half a second more


def start_server(*, kernels: bool) -> None:
    """Start the server if it is not running; it gets ready by itself.

    Args:
        kernels: Whether the kernels will be needed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_READY, *([_KERNELS] if kernels else [])])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, sys.path))  # it finds what we found
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
        context.set_forkserver_preload(["__main__"])  # as it was, should others start one later


class Worker(ForkServerProcess):
    """A process that does not run the caller's main module again, as none of our work stands there.

    So scripts need no ``if __name__ == "__main__"``.
    """

    def start(self) -> None:
        """Fork it from the server."""
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")  # of no file: there is nothing to run
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class WorkerContext(ForkServerContext):
    """Makes such processes."""

    Process = Worker


def start_for(paths: Iterable[str | Path], workers: int, *, kernels: bool) -> None:
    """Start the server where a first look says that the input is large enough for worker processes."""
    if workers > 1 and _large(Path(path) for path in paths):
        start_server(kernels=kernels)


def _large(paths: Iterable[Path]) -> bool:
    size = 0
    for path in paths:
        try:
            files = islice(path.iterdir(), _LOOKED_AT) if path.is_dir() else (path,)
            for file in files:
                size += file.stat().st_size
                if size >= PROCESSES_FROM_BYTES:
                    return True
        except OSError:  # whoever reads it will say so
            continue
    return False
