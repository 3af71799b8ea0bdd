"""The life of a result folder: everything is written to ``DIR.partial`` and renamed at the end.

So a folder of that name is always a whole result, and only a folder that reportclean wrote is ever replaced.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reportclean.errors import OutputError
from reportclean.formats.registry import is_result, real_path

MARKER = ".reportclean"  # in the partial folder: it is ours; locked while somebody writes there


def check_target(output: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse an output folder before any work is done.

    Raises:
        OutputError: It exists, or replacing it would take something that is not ours.
    """
    _check_free(output, overwrite=overwrite)
    target = real_path(output)
    for path in inputs:
        source = real_path(path)
        if source == target or target in source.parents:
            raise OutputError(f"{output} holds the input {path}; name a folder elsewhere")
    partial = partial_of(output)
    if partial.exists() and not (partial / MARKER).exists():
        raise OutputError(f"{partial} is in the way and is not of reportclean's making; move it")


def _check_free(output: Path, *, overwrite: bool) -> None:
    if output.is_symlink() or output.exists():
        if not overwrite:
            raise OutputError(f"{output} exists; name another folder, or replace it with --overwrite")
        if output.is_symlink() or not is_result(output):
            raise OutputError(
                f"{output} is not a result of reportclean; it is not replaced, name another folder"
            )


def partial_of(output: Path) -> Path:
    """The folder that a result is written to before it is whole."""
    whole = Path(os.path.abspath(output))  # noqa: PTH100  # a link stays a link
    return whole.with_name(whole.name + ".partial")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that leaves nothing.

    Raises:
        OutputError: The disk that holds temporary files is full, or cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="reportclean-") as folder:
            yield Path(folder)
    except BrokenPipeError:
        raise  # that is whoever reads what we print
    except OSError as error:
        where = tempfile.gettempdir()
        raise OutputError(
            f"cannot work in the temporary folder {where}: {error.strerror or error}; "
            "name another with the environment variable TMPDIR"
        ) from error


@contextmanager
def result_folder(output: Path | None, *, overwrite: bool) -> Iterator[Path]:
    """A fresh partial folder, which becomes the result when the block ends without an error.

    Args:
        output: The result; None for a temporary folder that leaves nothing.
        overwrite: Whether an earlier result may be replaced.

    Raises:
        OutputError: The disk is full, something cannot be written, or another run writes there. Nothing of
            ours is left behind then.
    """
    if output is None:
        with temporary_folder() as folder:
            yield folder
        return
    partial = partial_of(output)
    try:
        with _claimed(partial, output):
            try:
                yield partial
                (partial / MARKER).unlink()
                _replace(partial, output, overwrite=overwrite)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
    except BrokenPipeError:
        raise  # that is whoever reads what we print
    except OSError as error:
        raise OutputError(
            f"cannot write to {output}: {error.strerror or error}; nothing was left there"
        ) from error


@contextmanager
def _claimed(partial: Path, output: Path) -> Iterator[None]:
    """Make the partial folder, throw away what a killed run left there, and hold it against other runs."""
    taken = OutputError(f"another run is writing to {output}; wait for it, or name another folder")
    try:
        with (partial / MARKER).open("rb") as stale:
            fcntl.flock(stale, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(partial)
    except BlockingIOError:
        raise taken from None
    except FileNotFoundError:
        pass
    try:
        partial.mkdir(parents=True)
    except FileExistsError:
        raise taken from None
    with (partial / MARKER).open("wb") as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)
        yield


def _replace(partial: Path, output: Path, *, overwrite: bool) -> None:
    """Put the whole result in its place; what stands there is moved aside first, and back if that fails."""
    _check_free(output, overwrite=overwrite)
    whole = Path(os.path.abspath(output))  # noqa: PTH100  # a link stays a link
    if not whole.exists():
        partial.rename(whole)
        return
    aside = Path(tempfile.mkdtemp(dir=whole.parent, prefix=f".{whole.name}."))
    whole.rename(aside / "old")
    try:
        partial.rename(whole)
    except OSError:
        (aside / "old").rename(whole)
        aside.rmdir()
        raise
    shutil.rmtree(aside)
