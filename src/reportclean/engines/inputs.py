"""What a check looks at: inputs cut into tasks, each file by the name that the user knows it by."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import lru_cache
from pathlib import Path

from reportclean.document import Rejected
from reportclean.engines.workers import Task, nothing_in, tasks_of
from reportclean.errors import InputError
from reportclean.formats.base import Chunk, ReadOptions
from reportclean.formats.listed import Listed
from reportclean.formats.registry import find_chunks, missing, printable, real_path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What there is to do.

    Attributes:
        tasks: The input, cut into pieces of about the same size.
        shown: The path of each source, as it was named.
        files: What was looked at.
    """

    tasks: tuple[Task, ...]
    shown: Mapping[str, str]
    files: Sequence[Path]


def find_inputs(
    paths: Sequence[Path | Listed],
    exclude: Sequence[str] = (),
    named: Mapping[Path, str] | None = None,
    left_out: Collection[Path] = (),
    unpacked: Path | None = None,
    options: ReadOptions | None = None,
) -> Inputs:
    """Look for the input of a check.

    Sources are called as the other commands call them: by their path below the input, which with several
    inputs begins with the input's own name; inputs of the same name are told apart by their whole paths.

    Args:
        paths: Files and folders; one of a list that leads nowhere cannot be read, another ends the check.
        exclude: Globs of what is not looked at, named by the user or found in a folder.
        named: What a path is shown as, where that is not the path.
        left_out: Real paths of files that are not looked at.
        unpacked: A folder for what compressed files and archives hold; without it they are refused.
        options: How they are read; by default as it is by default.

    Returns:
        The tasks; none where everything was excluded.

    Raises:
        InputError: A path does not exist, or nothing is there to be read.
    """
    named, options = named or {}, options or ReadOptions()
    excluded = matcher(exclude)
    seen: set[str] = set()
    skipped = 0
    files: list[Path] = []

    def skip(path: Path) -> bool:
        nonlocal skipped
        left = excluded(named.get(path, str(path))) or (bool(left_out) and real_path(path) in left_out)
        if len(paths) > 1:  # they may overlap
            whole = os.path.abspath(path)  # noqa: PTH100  # a link is a file of its own
            left = left or whole in seen
            seen.add(whole)
        skipped += left
        if not left:
            files.append(path)
        return left

    pieces: list[Chunk | Rejected] = []
    shown: dict[str, str] = {}
    there: list[Path] = []
    for one in paths:
        if isinstance(one, Path):
            there.append(one)
        elif os.path.lexists(one.path):
            there.append(one.path)
        elif not skip(one.path):
            pieces.append(gone := missing(one))
            shown[gone.source] = printable(one.path.as_posix())
    for path, prefix in zip(there, _prefixes(there), strict=True):
        folder = path.is_dir()
        for piece in find_chunks(
            [path], skip=skip, unpacked=unpacked, limits=options.limits, form=options.format
        ):
            below = piece.name if isinstance(piece, Chunk) else piece.source
            if folder:
                name = posixpath.join(prefix, below)
            else:
                below = below.partition("/")[2]  # of an archive, the member
                name = posixpath.join(prefix or _name(path), below) if below else prefix or _name(path)
            shown[name] = _shown(path, below, named)
            pieces.append(
                replace(piece, name=name) if isinstance(piece, Chunk) else replace(piece, source=name)
            )
    if not pieces and not skipped:
        raise InputError(nothing_in(there))
    return Inputs(tuple(tasks_of(pieces)), shown, files)


def _name(path: Path) -> str:
    return printable(Path(os.path.abspath(path)).name)  # noqa: PTH100  # a link has its own name


def _prefixes(paths: Sequence[Path]) -> list[str]:
    """What the names of each input begin with: nothing, its name, or its path where names repeat."""
    if len(paths) == 1:
        return [""]
    names = [_name(path) for path in paths]
    times = Counter(names)
    return [name if times[name] == 1 else path.as_posix() for path, name in zip(paths, names, strict=True)]


def _shown(path: Path, below: str, named: Mapping[Path, str]) -> str:
    root = named.get(path, path.as_posix())
    name = posixpath.normpath(posixpath.join(root, below)) if below else root
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def matcher(globs: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path is meant by any of some globs.

    A glob means the files and folders that it matches, and what is in those folders, wherever they stand:
    ``drafts`` and ``corpus/drafts`` both mean ``/data/corpus/drafts/a.txt``, as does ``*.txt``. A ``*``
    crosses folders.

    >>> means = matcher(["drafts", "old/*.jsonl"])
    >>> [means(path) for path in ("corpus/drafts/a.txt", "old/x/a.jsonl", "draft/a.txt")]
    [True, True, False]
    """
    patterns = [translate(posixpath.normpath(glob.removeprefix("**/"))) for glob in globs]
    if not patterns:
        return lambda _: False
    pattern = re.compile("|".join(f"(?:{one})" for one in patterns))

    @lru_cache(maxsize=100_000)
    def means(path: str) -> bool:
        path = posixpath.normpath(path)
        parts = path.strip("/").split("/")
        lasts = range(1, len(parts) + 1)
        found = any(pattern.match("/".join(parts[first:last])) for last in lasts for first in range(last))
        if path.startswith("/"):
            found = found or any(pattern.match("/" + "/".join(parts[:last])) for last in lasts)
        return found

    return means
