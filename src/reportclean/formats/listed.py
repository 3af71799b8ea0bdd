"""Lists of paths: one a line, or a NUL behind each, as ``find -print0`` and ``git ls-files -z`` write them.

A path below the working folder is called by the way there, another by its whole path without the first slash.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

from reportclean.errors import InputError

URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A path of a list.

    Attributes:
        path: The file or folder.
        name: What it is called in results.
        place: Where it stands in the list, for messages.
        url: Its address where it is elsewhere; ``path`` is no path then.
    """

    path: Path
    name: str
    place: str
    url: str = ""


def listed(data: bytes, where: str) -> list[Listed]:
    """The paths of a list, each once, in its order; empty lines are passed over.

    Args:
        data: The list. Lines end as on any system; behind NULs, a path may hold line ends.
        where: What the list is called.

    Raises:
        InputError: It names no path, or is in UTF-16, or two of its paths would have one name.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{where} is in UTF-16; save the list as UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        word, entries = "entry", data.split(b"\0")
    else:
        word, entries = "line", [line.removesuffix(b"\r") for line in data.split(b"\n")]
    here = os.getcwd()  # noqa: PTH109  # bytes that are no UTF-8 go through as they are
    found: dict[str, Listed] = {}
    whole: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        if not entry.strip():
            continue
        path = os.fsdecode(entry)
        if (address := URL.match(path)) is not None:
            below = os.path.normpath("/" + path[address.end() :]).lstrip("/")  # nothing leads above the root
            absolute, name = path, below.encode("utf-8", "backslashreplace").decode() or "root"
        else:
            absolute = os.path.abspath(path)  # noqa: PTH100  # a link has its own name
            name = _name(absolute, here)
        if whole.setdefault(name, absolute) != absolute:
            raise InputError(
                f"{where}: {word} {number}: {path} would be called {name!r}, as {whole[name]} is; "
                "run it from another folder, or list them apart"
            )
        url = path if address else ""
        found.setdefault(name, Listed(Path(path), name, f"{word} {number} of {where}", url))
    if not found:
        raise InputError(f"{where} names no path; list files and folders, one a line")
    return list(found.values())


def _name(absolute: str, here: str) -> str:
    """What a path is called: nothing of it leads out of the folder that is written to."""
    below = os.path.join(here, "")  # noqa: PTH118  # with its last slash
    if absolute.startswith(below):
        return absolute[len(below) :]
    return absolute.lstrip("/") or Path(here).name or "root"
