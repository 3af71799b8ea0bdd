"""How much of a run is in memory at a time, from the memory that it may take as a whole.

The input is worked on in pieces, and all that may be large is in files; set here is how much is looked
at together. Nothing here changes a result.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from dataclasses import dataclass

from reportclean.errors import ConfigError
from reportclean.near.rows import AT_ONCE

_SIZE = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*(kB|MB|GB|TB)", re.IGNORECASE | re.ASCII)
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
# Measured; memory that processes share is counted once.
_PROCESS = 200 * 10**6  # this one with its libraries, and the one that workers come from
_WORKER = 215 * 10**6  # with a piece of the input
_LEAST = 100 * 10**6  # for what the run knows of the sections
_A_SHINGLE = 50  # bytes of the rest for each that is looked at together: a hash, its copies, what knows of it
_FEWEST = 1_000_000
_OF_DATABASE = 5  # the share of a database is a fifth


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be in memory together.

    Attributes:
        shingles: Of the sections that are looked at together.
        database: What each database may use, as DuckDB is told; its own default where it is empty.
    """

    shingles: int = AT_ONCE
    database: str = ""

    @staticmethod
    def of(memory: str, workers: int) -> Budget:
        """That of a run.

        Args:
            memory: What all processes of the run may take together, ``"1GB"``; empty for as much as is quick.
            workers: How many processes there are.

        Raises:
            ConfigError: It is no size, or too little.
        """
        if not memory:
            return Budget()
        whole = in_bytes("memory", memory)
        left = whole - _PROCESS - _WORKER * workers
        if left < _LEAST:
            least = _PROCESS + _WORKER * workers + _LEAST
            said = "one worker" if workers == 1 else f"{workers} workers"
            cure = "" if workers == 1 else "; allow that, or use fewer workers"
            raise ConfigError(
                f"memory is {memory!r}; it must be at least {least // 10**6}MB with {said}{cure}"
            )
        shingles = min(AT_ONCE, max(_FEWEST, left // _A_SHINGLE))
        return Budget(shingles, f"{whole // _OF_DATABASE // 10**6}MB")


def give_back() -> None:
    """Return to the system what was freed and the C library keeps, where that is glibc's."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def in_bytes(name: str, size: str) -> int:
    """A size in words, such as ``"2GB"``; the units are powers of ten.

    Raises:
        ConfigError: It is none; the message names the option.
    """
    found = _SIZE.fullmatch(size.strip())
    if found is None:
        raise ConfigError(f"{name} is {size!r}; it must be a size such as 500MB or 2GB")
    return int(float(found[1].replace("_", "")) * _UNITS[found[2].lower()])
