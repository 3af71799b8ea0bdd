"""The table of formats, and the walk that turns paths into chunks."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from reportclean.document import Rejected
from reportclean.errors import InputError
from reportclean.formats import jsonl, txt
from reportclean.formats.base import Chunk, Format

FORMATS: dict[str, Format] = {
    name: cast("Format", module) for name, module in (("txt", txt), ("jsonl", jsonl))
}
_BY_SUFFIX = {suffix: form for form in FORMATS.values() for suffix in form.SUFFIXES}


def by_path(path: Path) -> Format | None:
    """The format of a file, by the end of its name; None for one that is not read."""
    return _BY_SUFFIX.get(path.suffix.lower())


def find_chunks(paths: Sequence[Path], excluded: Sequence[Path] = ()) -> Iterator[Chunk | Rejected]:
    """All chunks of the inputs, in the order given; inside a folder, by name.

    A file that is named is read whatever it is called (as text, unless its name says otherwise); in a
    folder only the files of known formats are, links to folders are not followed, and what begins with
    a dot is left alone. With several inputs, names begin with the input's own.

    Args:
        paths: Files and folders.
        excluded: Folders left out of the walk, such as an output folder inside an input.

    Raises:
        InputError: A path does not exist, or two inputs have the same name.
    """
    names = [path.resolve().name for path in paths]
    for path, name in zip(paths, names, strict=True):
        if not path.exists():
            raise InputError(f"{path} does not exist; name a file or a folder that does")
        if len(paths) > 1 and names.count(name) > 1:
            raise InputError(
                f"two inputs are called {name!r}, so their results could not be told apart; "
                "give the folder above them instead"
            )
    left_out = {path.resolve() for path in excluded}
    for path, name in zip(paths, names, strict=True):
        if path.is_dir():
            prefix = f"{name}/" if len(paths) > 1 else ""
            for file in _walk(path, left_out):
                form = by_path(file)
                if form is not None:
                    yield from _chunks(form, file, prefix + file.relative_to(path).as_posix())
        else:
            yield from _chunks(by_path(path) or FORMATS["txt"], path, name)


def _walk(folder: Path, left_out: set[Path]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        here = Path(root)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (here / name).resolve() not in left_out
        )
        yield from (here / name for name in sorted(files) if not name.startswith("."))


def _chunks(form: Format, path: Path, name: str) -> Iterator[Chunk | Rejected]:
    name = name.encode("utf-8", "backslashreplace").decode("utf-8")  # a file name may be any bytes
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            yield Rejected(name, None, "not-a-file", "it is neither a file nor a folder")
            return
        yield from form.chunks(path, name)
    except OSError as error:
        yield Rejected(name, None, "unreadable", error.strerror or str(error))
