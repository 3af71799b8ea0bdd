"""Segments as files beside a database: read through the page cache, so that opening them costs nothing.

The files can be thrown away at any time: whoever opens the index makes them again from its tables. A file
counts only if the tables name it and its size is right; names are never used twice.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportclean.index.segments import Segment

SUFFIX = ".segment"


def new_name() -> str:
    """A name that no file had before."""
    return secrets.token_hex(12) + SUFFIX


def _sizes(keys: int, entries: int, num_perm: int) -> tuple[int, int, int, int]:
    """Bytes of the parts: checks, values, numbers (padded), sketches."""
    return keys * 8, entries * 8, (entries + 1) // 2 * 8, keys * num_perm


def write(path: Path, segment: Segment) -> None:
    """Write a segment, wholly or not at all.

    Raises:
        OSError: The disk is full, or the folder cannot be written.
    """
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    padding = np.zeros(len(segment.numbers) % 2, np.uint32)
    arrays: tuple[NDArray[Any], ...] = (
        segment.checks,
        segment.values,
        segment.numbers,
        padding,
        segment.sketches,
    )
    try:
        with part.open("wb") as file:
            for array in arrays:
                if array.size:
                    file.write(np.ascontiguousarray(array).data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def read(path: Path, first: int, last: int, entries: int, num_perm: int) -> Segment | None:
    """Map a segment into memory; None where the file is missing or of another size."""
    keys = last - first
    sizes = _sizes(keys, entries, num_perm)
    try:
        if path.stat().st_size != sum(sizes):
            return None
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except OSError:
        return None
    checks, values, numbers, sketches = np.split(np.asarray(data), np.cumsum(sizes)[:-1])
    return Segment(
        first,
        last,
        values.view(np.uint64),
        numbers.view(np.uint32)[:entries],
        checks.view(np.uint64),
        sketches.reshape(keys, num_perm),
    )
