"""The table of formats, and the walk that turns paths into chunks."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import cast

from reportclean.document import Rejected
from reportclean.errors import InputError, LimitError
from reportclean.formats import docx, html, jsonl, parquet, txt, warc
from reportclean.formats.base import Chunk, Finishing, Format, Loaded, ReadOptions, Rewriting, Writer
from reportclean.formats.delimited import CSV, TSV
from reportclean.formats.limits import DEFAULT, Limits, refusal
from reportclean.formats.listed import Listed
from reportclean.formats.packed import PACKINGS, Unpacker, is_archive, packing, plain_name
from reportclean.formats.remote import Fetcher, Input
from reportclean.formats.written import BY_LINES

SUMMARY = "summary.json"  # the last file of a result

FORMATS: dict[str, Format] = {
    form.NAME: form
    for form in (cast("Format", part) for part in (txt, jsonl, CSV, TSV, parquet, html, docx, warc))
}
WRITERS: dict[str, Writer] = {**FORMATS, **{writer.NAME: writer for writer in BY_LINES.values()}}
_BY_SUFFIX = {suffix: form for form in FORMATS.values() for suffix in form.SUFFIXES}


def by_name(name: str) -> Format | None:
    """The format of a file, by the end of its name; None for one that is not read."""
    return _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())


def endings() -> list[str]:
    """The ends of the names of files that are read."""
    return [*_BY_SUFFIX, *PACKINGS]


def is_read(name: str, form: str = "") -> bool:
    """Whether a file of that name is read, be it packed or not; any is where it is said what files are."""
    return bool(form) or by_name(plain_name(name)) is not None or is_archive(name)


def rewriting(name: str) -> Rewriting | None:
    """The format of a name if its files can be cleaned where they stand."""
    form = FORMATS[name]
    return cast("Rewriting", form) if hasattr(form, "rewrite") else None


def finishing(name: str) -> Finishing | None:
    """The writer of a name if its files are finished when all their documents are written."""
    form = WRITERS[name]
    return cast("Finishing", form) if hasattr(form, "finish") else None


def is_result(folder: Path) -> bool:
    """Whether reportclean wrote this folder."""
    try:
        return "reportclean" in json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["versions"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def real_path(path: Path) -> Path:
    """The path with its links followed; one that leads nowhere or into itself stays as far as it goes."""
    return Path(os.path.realpath(path))


def pieces_of(
    inputs: Sequence[Input],
    excluded: Sequence[Path] = (),
    passed_over: Counter[str] | None = None,
    unpacked: Path | None = None,
    options: ReadOptions | None = None,
    told: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Chunk | Rejected]:
    """The same as :func:`find_chunks`, of inputs that may be elsewhere: those are copied first.

    Args:
        inputs: Files and folders, here and elsewhere.
        excluded: Folders left out of the walk.
        passed_over: Counts the files that are not read, by the ends of their names.
        unpacked: A folder for copies and for what packed files hold.
        options: How they are read; by default as it is by default.
        told: Called with the bytes that are copied of a folder and those in all, now and then.

    Raises:
        InputError: An input does not exist, or two have the same name.
        OutputError: The disk is full.
    """
    options = options or ReadOptions()
    over: Counter[str] = Counter() if passed_over is None else passed_over
    fetcher = Fetcher(unpacked, lambda name: is_read(name, options.format), over, told)
    paths = fetcher.fetch(inputs)
    yield from fetcher.refused
    yield from find_chunks(
        paths, excluded, over, unpacked=unpacked, limits=options.limits, form=options.format
    )


def find_chunks(
    paths: Sequence[Path | Listed],
    excluded: Sequence[Path] = (),
    passed_over: Counter[str] | None = None,
    skip: Callable[[Path], bool] = lambda _: False,
    unpacked: Path | None = None,
    limits: Limits = DEFAULT,
    form: str = "",
) -> Iterator[Chunk | Rejected]:
    """All chunks of the inputs, in the order given; inside a folder, by name.

    A file that is named is read whatever it is called (as text, unless its name says otherwise); in a
    folder only the files of known formats are, links to folders are not followed, and what begins with
    a dot is left alone. An earlier result that stands inside a folder is left out, with a line in the
    quarantine. With several inputs, names begin with the input's own. A path of a list that leads nowhere
    costs a line of the quarantine, and a file that the list means twice is read once.

    Args:
        paths: Files and folders; all of them from a list, or none.
        excluded: Folders left out of the walk, such as an output folder inside an input.
        passed_over: Counts the files of the folders that are not read, by the ends of their names.
        skip: Whether a file or a folder is to be left out as if it were not there.
        unpacked: A folder for what compressed files and archives hold; without it they are refused.
        limits: How much one input may cost.
        form: What every file is, whatever it is called; packed ones are still told by their names.

    Raises:
        InputError: A path does not exist, or two inputs have the same name.
    """
    names = _names(paths)
    left_out = {real_path(path) for path in excluded}
    over: Counter[str] = Counter() if passed_over is None else passed_over
    wanted = (lambda _: True) if form else by_name
    unpacker = None if unpacked is None else Unpacker(unpacked, limits, wanted, over)
    reader = _Reader(unpacker, limits, form)
    seen: set[str] = set()  # names, where a list may mean a file and a folder that it is in
    for given, name in zip(paths, names, strict=True):
        path = given.path if isinstance(given, Listed) else given
        if skip(path):
            continue
        if isinstance(given, Listed) and not os.path.lexists(path):
            yield missing(given)
        elif path.is_dir():
            prefix = f"{name}/" if len(paths) > 1 or isinstance(given, Listed) else ""
            for found in _walk(path, left_out, skip):
                if isinstance(found, Rejected):
                    yield replace(found, source=printable(prefix + found.source))
                elif found.name.startswith("."):
                    over["hidden"] += 1
                elif not is_read(found.name, form):
                    over[found.suffix.lower() or "without ending"] += 1
                else:
                    target = prefix + found.relative_to(path).as_posix()
                    if target not in seen:
                        seen |= {target} if isinstance(given, Listed) else set()
                        yield from reader.file(found, target)
        elif name not in seen:
            seen |= {name} if isinstance(given, Listed) else set()
            yield from reader.file(path, name)


def missing(given: Listed) -> Rejected:
    """The line of the quarantine for a path of a list that leads nowhere."""
    return Rejected(
        printable(given.name), None, "missing", f"there is no such file or folder ({given.place})"
    )


def _names(paths: Sequence[Path | Listed]) -> list[str]:
    """What the inputs are called.

    Raises:
        InputError: One that was named itself does not exist, or two have the same name.
    """
    names = [
        path.name if isinstance(path, Listed) else Path(os.path.abspath(path)).name  # noqa: PTH100  # a link has its own name
        for path in paths
    ]
    times = Counter(names)
    for path, name in zip(paths, names, strict=True):
        if isinstance(path, Path) and not path.exists():
            raise InputError(f"{path} does not exist; name a file or a folder that does")
        if times[name] > 1:
            raise InputError(
                f"two inputs are called {name!r}, so their results could not be told apart; "
                "give the folder above them instead"
            )
    return names


def _walk(folder: Path, left_out: set[Path], skip: Callable[[Path], bool]) -> Iterator[Path | Rejected]:
    """Files of a folder, and what could not be looked into."""
    unreadable: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=unreadable.append):
        here = Path(root)
        kept = []
        for name in sorted(folders):
            inner = here / name
            if name.startswith(".") or real_path(inner) in left_out or skip(inner):
                continue
            if is_result(inner):
                said = "a result of reportclean; name it as an input to read it"
                yield Rejected(inner.relative_to(folder).as_posix(), None, "earlier-result", said)
                continue
            kept.append(name)
        folders[:] = kept
        yield from (here / name for name in sorted(files) if not skip(here / name))
    for error in unreadable:
        where = Path(error.filename).relative_to(folder).as_posix()
        yield Rejected(where, None, "unreadable", f"the folder cannot be read: {error.strerror}")


def printable(name: str) -> str:
    """A file's name as text; a name may be any bytes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


class _Reader:
    """Cuts files into chunks, unpacked where they are packed.

    Args:
        unpacker: What unpacks them; None where packed files are refused.
        limits: How much one input may cost.
        form: What every file is; told by its name where it is empty.
    """

    def __init__(self, unpacker: Unpacker | None, limits: Limits, form: str) -> None:
        self._unpacker = unpacker
        self._limits = limits
        self._form = form

    def file(self, path: Path, target: str) -> Iterator[Chunk | Rejected]:
        """The chunks of a file, of a packed one those of the files in it."""
        name = printable(target)
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                yield Rejected(name, None, "not-a-file", "it is neither a file nor a folder")
            elif not packing(name):
                yield from self._chunks(path, name, name, target)
            elif self._unpacker is None:
                yield Rejected(name, None, "packed", "packed files are not read here; unpack it first")
            else:
                for found in self._unpacker.unpack(path, name):
                    if isinstance(found, Rejected):
                        yield found
                    else:
                        below = target + found.name[len(name) :]
                        yield from self._chunks(found.path, found.name, found.plain, below)
        except (OSError, InputError) as error:
            yield Rejected(name, None, "unreadable", _said(error))

    def _chunks(self, path: Path, name: str, plain: str, target: str) -> Iterator[Chunk | Rejected]:
        """The chunks of a file that is not packed; one with another name than the formats know is text."""
        form = FORMATS[self._form] if self._form else by_name(plain) or FORMATS["txt"]
        try:
            for found in form.chunks(path, name, self._limits):
                yield found if isinstance(found, Rejected) else replace(found, target=os.fsencode(target))
        except LimitError as error:
            yield refusal(name, None, error)
        except (OSError, InputError) as error:
            yield Rejected(name, None, "unreadable", _said(error))


def _said(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def records(piece: Chunk | Rejected, options: ReadOptions) -> Iterator[Loaded | Rejected]:
    """What is in a piece of input; a file that cannot be read is one line of the quarantine."""
    if isinstance(piece, Rejected):
        yield piece
        return
    try:
        for item in FORMATS[piece.format].read(piece, options):
            if isinstance(item, Loaded) and len(item.document.text) * 4 > options.limits.document_bytes:
                yield _bounded(item, options.limits)
            else:
                yield item
    except LimitError as error:
        yield refusal(piece.name, None, error)
    except (OSError, InputError) as error:
        yield Rejected(piece.name, None, "unreadable", _said(error))


def _bounded(item: Loaded, limits: Limits) -> Loaded | Rejected:
    """A document, or that its text is too long."""
    document = item.document
    try:
        limits.check_document(len(document.text.encode("utf-8", "surrogatepass")))
    except LimitError as error:
        return refusal(document.source, document.line, error)
    return item
