"""Find a configuration file and read it; know the line on which each of its keys stands.

``reportclean.toml`` holds the settings at its top, ``pyproject.toml`` in the table ``[tool.reportclean]``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reportclean.errors import ConfigError

OWN = "reportclean.toml"
PROJECT = "pyproject.toml"
_TABLE = ("tool", "reportclean")
_MAX_BYTES = 1_000_000  # a configuration is written by hand; what is larger is something else
_MAX_DEPTH = 50
_TOO_DEEP = "lists or tables are nested too deeply"
_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)
# Whatever can hold a bracket or a line end that does not count, then those that do.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


@dataclass(frozen=True)
class ConfigFile:
    """A configuration as it was read.

    Attributes:
        path: The file.
        table: Its settings, without ``tool.reportclean``.
        prefix: What leads to them in the file.
        text: The whole file.
    """

    path: Path
    table: Mapping[str, Any]
    prefix: tuple[str, ...]
    text: str

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return key_lines(self.text)

    def line(self, keys: Sequence[str]) -> int | None:
        """The line, from 1, of a setting or of the nearest thing around it; None where it is not there."""
        path = (*self.prefix, *keys)
        places = (self._lines.get(path[:length]) for length in range(len(path), len(self.prefix), -1))
        return next((place for place in places if place is not None), None)

    def place(self, keys: Sequence[str]) -> str:
        """The same for a message: ``FILE:LINE``."""
        line = self.line(keys)
        return shown(self.path) if line is None else f"{shown(self.path)}:{line}"

    def key(self, keys: Sequence[str]) -> str:
        """A setting's name in the file: ``tool.reportclean.dedupe.threshold``."""
        return ".".join((*self.prefix, *keys))


def shown(path: Path) -> str:
    """A path as people name it: from the folder they are in, where it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def find(paths: Iterable[str | Path]) -> ConfigFile | None:
    """The configuration nearest to some paths.

    Looked for from the deepest folder that holds all of the paths upwards, then from the working folder
    upwards; of two in one folder ``reportclean.toml`` counts, and a ``pyproject.toml`` without the table
    ``[tool.reportclean]`` is passed over. Folders are as the paths name them: a link is not followed.

    Raises:
        ConfigError: A file is there and cannot be read or parsed.
    """
    seen: set[Path] = set()
    for start in (_common_folder(paths), Path.cwd()):
        for folder in (start, *start.parents):
            if folder in seen:
                continue
            seen.add(folder)
            found = _in_folder(folder)
            if found is not None:
                return found
    return None


def read(path: Path) -> ConfigFile:
    """A configuration that somebody named.

    Raises:
        ConfigError: It cannot be read or parsed, or is a ``pyproject.toml`` without the table.
    """
    found = _read(path)
    if found is None:
        raise ConfigError(f"{shown(path)}: there is no table [{'.'.join(_TABLE)}] in it")
    return found


def _common_folder(paths: Iterable[str | Path]) -> Path:
    folders = []
    for path in map(Path, paths):
        absolute = path.resolve() if ".." in path.parts else path.absolute()  # .. means what the system means
        folders.append(str(absolute if absolute.is_dir() else absolute.parent))
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def _in_folder(folder: Path) -> ConfigFile | None:
    for name in (OWN, PROJECT):
        path = folder / name
        if _is_there(path):
            found = _read(path)
            if found is not None:
                return found
    return None


def _is_there(path: Path) -> bool:
    """Whether a file is there: a folder of that name is none, a link to nothing is one that will not open."""
    try:
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:  # a folder that may not be looked into
        return False


def _read(path: Path) -> ConfigFile | None:
    name = shown(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{name}: the configuration cannot be read: {error.strerror or error}") from error
    if len(data) > _MAX_BYTES:
        raise ConfigError(f"{name}: more than {_MAX_BYTES:,} bytes; this is no configuration")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{name}:{line}: byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        ) from error
    table = _parsed(name, text)
    if path.name != PROJECT:
        return ConfigFile(path, table, (), text)
    for depth, key in enumerate(_TABLE, start=1):
        if key not in table:
            return None
        table = table[key]
        if not isinstance(table, dict):
            raise ConfigError(f"{name}: {'.'.join(_TABLE[:depth])} is {table!r}; it must be a table")
    return ConfigFile(path, table, _TABLE, text)


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(f"{name}: {_TOO_DEEP}") from error
    except ValueError as error:  # also what int() says of a number of thousands of digits
        placed = _PLACE.match(str(error))
        if placed is None:
            raise ConfigError(f"{name}: this is no TOML: {error}") from error
        words, line, column = placed.groups()
        if line is None:
            line, column = str(text.count("\n") + 1), str(len(text) - text.rfind("\n"))
        raise ConfigError(f"{name}:{line}:{column}: this is no TOML: {words}") from error
    if _is_deep(table):
        raise ConfigError(f"{name}: {_TOO_DEEP}")
    return table


def _is_deep(table: dict[str, Any]) -> bool:
    """Whether something is nested deeper than any setting of any tool: what walks it would not come back."""
    level: list[Any] = [table]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    r"""The line, from 1, on which each key and table of a valid TOML text first stands.

    The text is cut into statements at the line ends outside of strings and brackets, and each statement
    parsed by itself: so the names are those that the parser gives. Linear.

    >>> key_lines('a = [\\n]\\n[b]\\n"c.d" = 1')
    {('a',): 1, ('b',): 3, ('b', 'c.d'): 4}
    """
    found: dict[tuple[str, ...], int] = {}
    header: tuple[str, ...] = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.startswith("["):
            (header,) = _paths(parsed)
            found.setdefault(header, line)
        else:
            for path in _paths(parsed):
                for length in range(1, len(path) + 1):
                    found.setdefault((*header, *path[:length]), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    start, line, depth = 0, 1, 0
    for token in _TOKEN.finditer(text + "\n"):
        sign = token[0]
        depth += (sign in "[{") - (sign in "]}")
        if sign == "\n" and not depth:
            statement = text[start : token.start()].strip()
            if statement and not statement.startswith("#"):
                yield line, statement
            line += text.count("\n", start, token.end())
            start = token.end()


def _paths(table: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Paths to the leaves; an empty table and a list are leaves."""
    for key, value in table.items():
        if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            yield (key,)
        elif isinstance(value, dict) and value:
            yield from ((key, *path) for path in _paths(value))
        else:
            yield (key,)
