"""Files written as a whole: whoever reads one sees the old contents or the new, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from reportclean.errors import OutputError


def check_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before any work is done.

    Raises:
        OutputError: It is a folder, or its folder is not there or cannot be written.
    """
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"cannot write to {path}: it is a folder; name a file")
    if not folder.is_dir():
        raise OutputError(f"cannot write to {path}: there is no folder {folder}; make it first")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise OutputError(f"cannot write to {path}: Permission denied; name a file elsewhere")


def write_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file, through a second one beside it that takes its place; a pipe or a device as it is.

    Raises:
        OutputError: It cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.writelines(parts)
            return
        _replace(path.resolve(), parts)
    except OSError as error:
        raise OutputError(f"cannot write to {path}: {error.strerror or error}") from error


def _replace(target: Path, parts: Iterable[bytes]) -> None:
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
