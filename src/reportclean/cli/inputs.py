"""Where the input comes from: the command line, a list, standard input."""

from __future__ import annotations

import lzma
import shutil
import sys
import tempfile
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from reportclean.errors import InputError
from reportclean.formats.listed import Listed, listed
from reportclean.formats.remote import Input, Remote, is_url

STDIN = "-"
_MAGIC = {  # how files begin that standard input may be
    b"\x1f\x8b": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zXZ\0": ".xz",
}
_LOOKED_AT = 1 << 16  # bytes of standard input
_TOLD_BY = 100  # bytes of what they unpack to


def given_paths(paths: tuple[str, ...], paths_from: str | None) -> Sequence[str | Listed]:
    """The inputs as they were named, or as a list names them.

    Raises:
        InputError: The list cannot be read, or names nothing.
    """
    if paths_from is None:
        if not paths:
            raise click.UsageError("name a PATH, or a list of them with --paths-from")
        return paths
    if paths:
        raise click.UsageError("the paths come from the command line or from --paths-from; choose one")
    if paths_from == STDIN:
        return listed(_standard_input().read(), "standard input")
    try:
        return listed(Path(paths_from).read_bytes(), paths_from)
    except OSError as error:
        raise InputError(f"--paths-from {paths_from}: {error.strerror or error}") from error


def resolved(path: str | Listed, stack: ExitStack, form: str) -> Input:
    """An input as the work takes it.

    Args:
        path: As it was given.
        stack: Removes what standard input is kept in.
        form: What standard input is, if somebody said so.
    """
    if isinstance(path, Listed):
        return path
    if not path:
        raise click.UsageError("a path is empty; is a variable of the shell not set?")
    if path == STDIN:
        return kept_input(stack, form)
    return Remote(path) if is_url(path) else Path(path)


def kept_input(stack: ExitStack, form: str, name: str = "") -> Path:
    """Standard input in a temporary file, since the work reads its input in pieces.

    Args:
        stack: Removes the file.
        form: What it is, if somebody said so; else it is told by its first bytes.
        name: What the file is called, if somebody said so.
    """
    source = _standard_input()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reportclean-stdin-")))
    begun = source.read(_LOOKED_AT)
    file = folder / (Path(name).name or f"stdin{_ending(begun, form)}")
    with file.open("wb") as target:
        target.write(begun)
        shutil.copyfileobj(source, target)
    return file


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    return sys.stdin.buffer


def _ending(begun: bytes, form: str) -> str:
    """The end of a name that says what standard input is, by how it begins."""
    packed = next((end for sign, end in _MAGIC.items() if begun.startswith(sign)), "")
    if packed:
        begun = _unpacked(begun, packed)
    if form:
        from reportclean.formats.registry import FORMATS  # noqa: PLC0415  # after --help

        return FORMATS[form].SUFFIXES[0] + packed
    if begun.startswith(b"PAR1"):
        return ".parquet" + packed
    if begun.startswith(b"WARC/"):
        return ".warc" + packed
    return (".jsonl" if begun.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else ".txt") + packed


def _unpacked(begun: bytes, packed: str) -> bytes:
    """A few bytes of what is packed; nothing where it cannot be told."""
    from reportclean.formats.streams import STREAMS  # noqa: PLC0415  # after --help

    try:
        with STREAMS[packed](BytesIO(begun)) as stream:
            return stream.read(_TOLD_BY)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return b""
