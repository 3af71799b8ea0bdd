"""Files that are elsewhere (``s3://``, ``gs://``, ``https://``): copied here before they are read.

Each input becomes a file or a folder of a folder of ours, under the names that it has there; what is not read
is not copied. Nothing there chooses where it is written: a name that leads out is refused.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from reportclean.document import Rejected
from reportclean.errors import InputError, OutputError
from reportclean.formats.listed import URL, Listed

_MAGIC = re.compile(r"[*\[]")  # a question mark belongs to an address
_AT_ONCE = 16  # files; most of the time of a small one is waiting
_BLOCK = 1 << 20
_CLOUD = "'reportclean[cloud]'"
_PACKAGES = {"gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs", "adl": "adlfs"}
_MODIFIED = ("LastModified", "last_modified", "mtime", "updated", "created")  # by the kind of service


@dataclass(frozen=True, slots=True)
class Remote:
    """A file or a folder that is elsewhere.

    Attributes:
        url: Its address; it may hold ``*`` and ``[…]``.
    """

    url: str


Input = Path | Listed | Remote


def is_url(path: str) -> bool:
    """Whether something is an address rather than a path.

    >>> is_url("s3://bucket/a.txt"), is_url("C:/a.txt"), is_url("a/b")
    (True, False, False)
    """
    return URL.match(path) is not None


def here(inputs: Iterable[Input]) -> list[Path]:
    """The inputs that are files and folders of this machine."""
    local = (
        one for one in inputs if not isinstance(one, Remote) and not (isinstance(one, Listed) and one.url)
    )
    return [one.path if isinstance(one, Listed) else one for one in local]


@dataclass(frozen=True, slots=True)
class _File:
    """A file to copy: where it is, what is known of it, where it goes, what it is called."""

    path: str
    info: Mapping[str, Any]
    target: Path
    name: str


class Fetcher:
    """Copies what is elsewhere.

    Args:
        folder: Exists, and is empty of what is called ``fetched``.
        wanted: Whether a file of that name is read at all.
        passed_over: Counts files that are not, by the ends of their names.
        told: Called with the bytes that are copied of a folder and those in all, now and then.

    Attributes:
        refused: What could not be copied.
    """

    def __init__(
        self,
        folder: Path | None,
        wanted: Callable[[str], bool],
        passed_over: Counter[str],
        told: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        self._folder = folder
        self._wanted = wanted
        self._passed_over = passed_over
        self._told = told
        self._made = 0
        self.refused: list[Rejected] = []

    def fetch(self, inputs: Sequence[Input]) -> list[Path | Listed]:
        """The inputs, those that were elsewhere as the copies that they are here.

        Raises:
            InputError: An address that was named itself cannot be read, or a library is missing.
            OutputError: The disk is full.
        """
        found: list[Path | Listed] = []
        for one in inputs:
            if isinstance(one, Remote):
                found.append(self._named(one.url))
            elif isinstance(one, Listed) and one.url:
                try:
                    found.append(replace(one, path=self._named(one.url), url=""))
                except InputError as error:
                    self.refused.append(Rejected(one.name, None, "missing", f"{error} ({one.place})"))
            else:
                found.append(one)
        return found

    def _named(self, url: str) -> Path:
        """The copy of what is at an address."""
        if self._folder is None:
            raise InputError(f"{url}: what is elsewhere cannot be replaced in place; use -o DIR")
        system, root = _opened(url)
        self._made += 1
        folder = self._folder / f"fetched-{self._made}"
        folder.mkdir()
        try:
            if _MAGIC.search(root) and not system.exists(root):
                root = _MAGIC.split(root)[0].rpartition("/")[0]
                listing = system.glob(system.unstrip_protocol(_opened(url)[1]), detail=True)
                files = {path: info for path, info in listing.items() if info.get("type") == "file"}
            elif (info := system.info(root)).get("type") == "directory":
                files = system.find(root, detail=True)
            else:
                return self._one(system, root, info, url, folder)
        except Exception as error:
            raise _unreadable(url, error) from error
        if not files:
            raise InputError(f"{url}: there is no file")
        top = folder / (PurePosixPath(root).name or "root")
        top.mkdir()
        self._copy(system, list(self._below(files, root, top)))
        return top

    def _one(self, system: Any, path: str, info: Mapping[str, Any], url: str, folder: Path) -> Path:
        """The copy of one file, which is read whatever it is called."""
        name = PurePosixPath(urlsplit(url).path if "?" in path else path).name
        if name in {"", ".", ".."}:
            name = "download"
        target = folder / name
        said = _copied(system, _File(path, info, target, name))
        if said is not None:
            raise InputError(f"{url}: {said}")
        return target

    def _below(self, files: Mapping[str, Mapping[str, Any]], root: str, top: Path) -> Iterator[_File]:
        """The files of a folder that are read, by name."""
        names = {path.removeprefix(root).lstrip("/") for path in files}
        for path in sorted(files):
            below = PurePosixPath(path.removeprefix(root).lstrip("/"))
            if path.endswith("/"):  # a folder that a service keeps as an empty file
                continue
            if ".." in below.parts or not below.parts:
                said = "its name leads out of the folder"
                self.refused.append(Rejected(f"{top.name}/{below}", None, "member-refused", said))
            elif any(str(parent) in names for parent in below.parents):
                said = "it cannot be called so on this machine: a file has the name of its folder"
                self.refused.append(Rejected(below.as_posix(), None, "unreadable", said))
            elif any(part.startswith(".") for part in below.parts):
                self._passed_over["hidden"] += 1
            elif not self._wanted(below.name):
                self._passed_over[below.suffix.lower() or "without ending"] += 1
            else:
                yield _File(path, files[path], top / below, below.as_posix())

    def _copy(self, system: Any, files: Sequence[_File]) -> None:
        """Copy files, some at a time."""
        sizes = [int(file.info.get("size") or 0) for file in files]
        done, total = 0, sum(sizes)
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch")
        try:
            self._told(done, total)
            copied = pool.map(partial(_copied, system), files)
            for file, size, said in zip(files, sizes, copied, strict=True):
                if said is not None:
                    self.refused.append(Rejected(file.name, None, "unreadable", said))
                done += size
                self._told(done, total)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _copied(system: Any, file: _File) -> str | None:
    """Copy a file, with the time of its last change; why it cannot be read.

    Raises:
        OutputError: The disk is full, or a name cannot be used here.
    """
    try:
        source = system.open(file.path, "rb")
    except Exception as error:  # noqa: BLE001  # whatever a service says, it is said of this file alone
        return _said(error)
    try:
        file.target.parent.mkdir(parents=True, exist_ok=True)
        out = file.target.open("wb")
    except OSError as error:
        source.close()
        return f"it cannot be called so on this machine: {error.strerror or error}"
    with source, out:
        while True:
            try:
                block = source.read(_BLOCK)
            except Exception as error:  # noqa: BLE001  # the same
                out.close()
                file.target.unlink()
                return _said(error)
            if not block:
                break
            try:
                out.write(block)
            except OSError as error:
                raise OutputError(
                    f"cannot copy to {file.target.parent}: {error.strerror}; make room there and run it again"
                ) from error
    changed = _changed(file.info)
    os.utime(file.target, (changed, changed))
    return None


def _changed(info: Mapping[str, Any]) -> float:
    """Seconds since 1970 of the last change; 0 where nobody says, so that each run has the same."""
    for name in _MODIFIED:
        value = info.get(name)
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float):
            return float(value)
    return 0.0


def _opened(url: str) -> tuple[Any, str]:
    """What reads an address, and the path that it has there.

    Raises:
        InputError: A library is missing, or there is no such kind of address.
    """
    scheme = url.partition("://")[0].lower()
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415  # an extra
    except ImportError:
        said = f"{scheme}:// is read with fsspec, which is not installed: pip install {_CLOUD}"
        raise InputError(said) from None
    try:
        system, path = url_to_fs(url)
    except ImportError as error:
        package = _PACKAGES.get(scheme, _CLOUD)
        said = f"{scheme}:// is read with a library that is not installed: pip install {package} ({error})"
        raise InputError(said) from error
    except Exception as error:  # the library of a service
        raise _unreadable(url, error) from error
    return system, str(path)


def _unreadable(url: str, error: Exception) -> InputError:
    return InputError(f"{url}: {_said(error)}")


def _said(error: Exception) -> str:
    """An error of a service in words."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())
