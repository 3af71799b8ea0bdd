"""The life of a result folder: work goes on in ``DIR.partial``; the whole result takes its place at the end.

So a folder of that name is always a whole result, only a folder that reportclean wrote is ever replaced, and
what a run had prepared when it ended, in whatever way, is there for the next one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reportclean.engines.commits import Commit, commit
from reportclean.errors import OutputError
from reportclean.formats.registry import is_result, real_path
from reportclean.formats.remote import Input, here

MARKER = ".reportclean"  # in the partial folder: it is ours; locked while somebody works there
MANIFEST = ".manifest"  # ends the name of what makes a batch count
GO_ON = "run the same command again to go on, or with --fresh to start over"


@dataclass(frozen=True, slots=True)
class Work:
    """A folder that a run works in.

    Attributes:
        folder: The folder itself.
        output: Where the result goes; None where it goes nowhere.
        overwrite: Whether an earlier result may be replaced.
    """

    folder: Path
    output: Path | None = None
    overwrite: bool = False

    @property
    def batches(self) -> Path:
        """Prepared batches, which stay for a later run."""
        return self.folder / "batches"

    @property
    def unpacked(self) -> Path:
        """What packed inputs hold."""
        return self.folder / "unpacked"

    @property
    def spill(self) -> Path:
        """What indexes have no room for in memory; made by whoever needs it."""
        return self.folder / "spill"

    @property
    def result(self) -> Path:
        """The result before it is in its place."""
        return self.folder / "result"

    @property
    def replaced(self) -> Path:
        """The earlier result, once it is out of its place."""
        return self.folder / "replaced"

    def prepared(self) -> int:
        """How many batches are there."""
        with suppress(FileNotFoundError):
            return sum(entry.name.endswith(MANIFEST) for entry in os.scandir(self.batches))
        return 0

    def begin(self) -> None:
        """Make the folders that a run writes to; batches stay."""
        self.batches.mkdir(exist_ok=True)
        _remove(self.spill)
        for path in (self.unpacked, self.result):
            _remove(path)
            path.mkdir()

    def end(self) -> None:
        """Put the result in its place; what stands there is moved aside first, and back if that fails.

        Raises:
            OutputError: Something stands there that is not to be replaced.
            OSError: It cannot be put there; what stood there is there again.
        """
        if self.output is None:
            return
        _check_free(self.output, overwrite=self.overwrite)
        place = _absolute(self.output)
        if place.exists():
            _remove(self.replaced)
            commit(Commit.ASIDE, place, self.replaced)
        try:
            commit(Commit.RESULT, self.result, place)
        except OSError:
            self.restore()
            raise

    def restore(self) -> None:
        """Put an earlier result back whose place is empty."""
        if self.output is not None and self.replaced.exists() and not _absolute(self.output).exists():
            self.replaced.rename(_absolute(self.output))


def check_target(output: Path, inputs: Sequence[Input], *, overwrite: bool) -> None:
    """Refuse an output folder before any work is done.

    Raises:
        OutputError: It exists, or replacing it would take something that is not ours.
    """
    _check_free(output, overwrite=overwrite)
    target = real_path(output)
    for path in here(inputs):
        source = real_path(path)
        if source == target or target in source.parents:
            raise OutputError(f"{output} holds the input {path}; name a folder elsewhere")
    partial = partial_of(output)
    if partial.exists() and not (partial / MARKER).exists() and (partial.is_file() or any(partial.iterdir())):
        raise OutputError(f"{partial} is in the way and is not of reportclean's making; move it")


def _check_free(output: Path, *, overwrite: bool) -> None:
    if output.is_symlink() or output.exists():
        if not overwrite:
            raise OutputError(f"{output} exists; name another folder, or replace it with --overwrite")
        if output.is_symlink() or not is_result(output):
            raise OutputError(
                f"{output} is not a result of reportclean; it is not replaced, name another folder"
            )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # a link stays a link


def partial_of(output: Path) -> Path:
    """The folder that a run works in before its result is whole."""
    whole = _absolute(output)
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
def work_folder(output: Path | None, *, overwrite: bool, fresh: bool = False) -> Iterator[Work]:
    """A folder to work in, whose result is in its place when the block ends without an error.

    When it ends with one, the batches that are prepared stay for a later run, and the error has a note of it;
    where there are none, nothing is left.

    Args:
        output: Where the result goes; None for a temporary folder that leaves nothing.
        overwrite: Whether an earlier result may be replaced.
        fresh: Whether to throw away what an earlier run has left.

    Raises:
        OutputError: The disk is full, something cannot be written, or another run works there.
    """
    if output is None:
        with temporary_folder() as folder:
            yield Work(folder)
        return
    work = Work(partial_of(output), output, overwrite)
    try:
        with _claim(work.folder, output):
            try:
                work.restore()
                if fresh:
                    _empty(work.folder)
                yield work
                work.end()
            except BaseException as error:
                if (kept := _kept(work)) and not isinstance(error, OutputError):  # that says what to do
                    error.add_note(f"{kept}; {GO_ON}")
                raise
            _remove_all(work.folder)
    except BrokenPipeError:
        raise  # that is whoever reads what we print
    except OSError as error:
        left = next(iter(getattr(error, "__notes__", ())), "nothing was left there")
        raise OutputError(f"cannot write to {output}: {_said(error, work.folder)}; {left}") from error


def _kept(work: Work) -> str:
    """What is left of a run that did not end well, in words; nothing where nothing is worth it."""
    if not (number := work.prepared()):
        with suppress(OSError):
            _remove_all(work.folder)
        return ""
    with suppress(OSError):
        for path in (
            work.unpacked,
            work.spill,
            work.result,
        ):  # these are made again, and the disk may be full
            _remove(path)
    return f"{number:,} prepared {'batch stays' if number == 1 else 'batches stay'} in {work.folder.name}"


def _said(error: OSError, folder: Path) -> str:
    """An error in words, with the disk where it is full."""
    said = error.strerror or str(error)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return said
    disk = next((path for path in (folder, *folder.parents) if os.path.ismount(path)), folder)
    return f"{said}: the disk at {disk} is full; free some of it"


def _claim(folder: Path, output: Path) -> BinaryIO:
    """Make the partial folder where there is none, and hold it against other runs while the file is open.

    Raises:
        OutputError: Another run holds it.
    """
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # the run that held it has just ended and taken it away
            marker = (folder / MARKER).open("ab")
            try:
                fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(marker.fileno()), (folder / MARKER).stat()):
                    return marker
                marker.close()
            except BaseException as error:
                marker.close()
                if isinstance(error, BlockingIOError):
                    said = f"another run is writing to {output}; wait for it, or name another folder"
                    raise OutputError(said) from None
                raise


def _remove_all(folder: Path) -> None:
    """Remove the partial folder, last what says that it is ours."""
    _empty(folder)
    (folder / MARKER).unlink()
    folder.rmdir()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != MARKER:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
