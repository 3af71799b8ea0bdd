"""Archives, by the end of the file's name: their members, in the archive's order."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from reportclean.errors import DecodeError, InputError
from reportclean.formats.limits import Limits
from reportclean.formats.zipped import open_zip
from reportclean.text.decoding import decode

_UTF8_NAME = 0x800  # bits of a zip member's flags
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        name: As the archive has it.
        open: Opens its bytes.
        refused: Why it is not read; empty where it is.
    """

    name: str
    open: Callable[[], BinaryIO]
    refused: str = ""


def _zip(path: Path, limits: Limits) -> Iterator[Member]:
    with path.open("rb") as file, open_zip(file, limits) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                refused = "it is encrypted" if info.flag_bits & _ENCRYPTED else ""
                yield Member(_zip_name(info), partial(_opened, archive, info), refused)


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(info))
    except (NotImplementedError, RuntimeError) as error:  # a method of compression that is not known here
        raise InputError(str(error)) from error


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: where it is not marked as UTF-8, its bytes are guessed, for Windows wrote GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return decode(info.filename.encode("cp437")).text
    except (UnicodeEncodeError, DecodeError):
        return info.filename


def _tar(path: Path, limits: Limits) -> Iterator[Member]:  # noqa: ARG001  # members are counted as they come
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it remembers them all
            if info.isfile():
                yield Member(info.name, partial(_extracted, archive, info))
            elif not info.isdir():
                yield Member(
                    info.name, partial(_extracted, archive, info), "it is neither a file nor a folder"
                )


def _extracted(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    stream = archive.extractfile(info)
    if stream is None:
        raise InputError("it holds no bytes")
    return cast("BinaryIO", stream)


ARCHIVES: dict[str, Callable[[Path, Limits], Iterator[Member]]] = {".zip": _zip, ".tar": _tar}
