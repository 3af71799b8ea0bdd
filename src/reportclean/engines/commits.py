"""The points at which work becomes durable, named in one place; each is a rename, so whole or not there.

Whatever ends the process between two of them, the same command goes on from the last.
"""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path


class Commit(Enum):
    """What a run leaves behind, in this order."""

    RUN = "the settings that batches are prepared with"
    BATCH = "a prepared batch of documents, with the identity of its input"
    SUMMARY = "the summary, the last file of a result"
    INDEX = "the name of what is about to be added to an index"
    ASIDE = "the earlier result, moved out of the way"
    RESULT = "the result in its place"


def commit(point: Commit, made: Path, place: Path) -> None:  # noqa: ARG001  # named for whoever looks on
    """Put what was made in its place at one stroke, which is free or holds an earlier state of the same.

    Raises:
        OSError: It cannot be put there; both are as they were.
    """
    os.replace(made, place)  # noqa: PTH105  # a folder moves too


def write_committed(point: Commit, place: Path, data: bytes) -> None:
    """Write a file as a whole: its old contents or the new are there at any time.

    Raises:
        OSError: The disk is full, or the folder cannot be written.
    """
    made = place.with_name(f"{place.name}.{os.getpid()}.new")
    made.write_bytes(data)
    commit(point, made, place)
