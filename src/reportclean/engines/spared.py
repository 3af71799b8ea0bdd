"""Imports that other libraries try by themselves and a job has no use for, spared where the process is ours.

numba loads SciPy's linear algebra to see whether it is there, pyarrow loads pandas before it makes its first
array: half a second of a command's time, on a machine where others need them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

_processes: set[str] = set()


def is_ours() -> None:
    """Say that no code but ours runs in this process: it is the command's, or that of its workers."""
    _processes.add("this one")


@contextmanager
def spared(name: str) -> Iterator[None]:
    """Let an import fail inside, as if the library were not installed, unless it is loaded already.

    In a process of somebody else's nothing changes: another of its threads may want the library.

    Args:
        name: What is imported.
    """
    if not _processes or name in sys.modules:
        yield
        return
    refused = _Refused(name)
    sys.meta_path.insert(0, refused)
    try:
        yield
    finally:
        sys.meta_path.remove(refused)


class _Refused(MetaPathFinder):
    """Finds nothing, but says of one name that it is not there."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002  # the protocol's
        if fullname == self._name:
            raise ModuleNotFoundError(f"{fullname} is not needed", name=fullname)
