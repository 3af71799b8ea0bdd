"""Lines as bytes, for files and for standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from reportclean.errors import OutputError

_BLOCK = 500  # lines printed at once


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as blocks of UTF-8; half a surrogate pair in a path is spelled out."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == _BLOCK:
            yield "".join(f"{one}\n" for one in block).encode("utf-8", "backslashreplace")
            block.clear()
    yield "".join(f"{one}\n" for one in block).encode("utf-8", "backslashreplace")


def print_lines(lines: Iterable[str]) -> None:
    """Print lines; a reader that goes away has seen enough, and the verdict stands.

    Raises:
        OutputError: Standard output cannot be written to.
    """
    if sys.stdout is None:  # the caller closed it
        return
    try:
        for block in encoded(lines):
            sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or it fails again at the end
        if not isinstance(error, BrokenPipeError):
            raise OutputError(f"cannot write to standard output: {error.strerror or error}") from error
