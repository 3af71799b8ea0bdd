"""The file of findings that are known: what is in it passes, what is not fails, what is gone is said.

One finding a line, sorted by path, code and fingerprint, so that a change of one finding is a change of one
line. A finding is known by its fingerprint; failing that, by what stands on one of its sides, so that an
edit beside it makes no new finding of it. Each entry makes one finding known.
"""

from __future__ import annotations

import json
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reportclean.engines.files import write_file
from reportclean.errors import ConfigError
from reportclean.results import CheckFinding, Known

VERSION = 1
_TEXTS = ("path", "code", "message", "fingerprint")


class Compared(NamedTuple):
    """Findings that are new, findings that are known, and entries that were not found again."""

    new: tuple[CheckFinding, ...]
    known: tuple[CheckFinding, ...]
    fixed: tuple[Known, ...]


def read_baseline(path: Path) -> tuple[Known, ...]:
    """The entries of a baseline.

    Raises:
        ConfigError: It cannot be read, is no baseline, or is one of another version.
    """
    again = f"write it anew with --write-baseline {path}"
    try:
        values = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigError(
            f"the baseline {path} cannot be read: {error.strerror or error}; {again}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"the baseline {path} is not JSON: {error}; {again}") from error
    if not isinstance(values, dict) or "version" not in values or "findings" not in values:
        raise ConfigError(f"{path} is no baseline: it has no version and findings; {again}")
    if values["version"] != VERSION:
        raise ConfigError(
            f"the baseline {path} is of version {values['version']!r}, and this is for {VERSION}; {again}"
        )
    entries = values["findings"]
    if not isinstance(entries, list):
        raise ConfigError(f"the baseline {path} is broken: findings is no list; {again}")
    return tuple(_entry(entry, number, path, again) for number, entry in enumerate(entries, 1))


def _entry(entry: Any, number: int, path: Path, again: str) -> Known:
    beside = entry.get("beside") if isinstance(entry, dict) else None
    if (
        not isinstance(beside, list)
        or len(beside) != 2
        or not all(isinstance(text, str) for text in (*beside, *(entry.get(name) for name in _TEXTS)))
    ):
        raise ConfigError(f"the baseline {path} is broken: its finding {number} is no finding; {again}")
    first, second = beside
    return Known(entry["fingerprint"], entry["code"], entry["path"], entry["message"], (first, second))


def write_baseline(path: Path, findings: Iterable[CheckFinding]) -> None:
    """Write a baseline as a whole.

    Raises:
        OutputError: It cannot be written.
    """
    names = ("path", "code", "fingerprint", "message", "beside")  # sorted by them, too
    rows = sorted(tuple(getattr(finding, name) for name in names) for finding in findings)
    lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows]
    entries = "\n" + ",\n".join(lines) + "\n" if lines else ""
    text = f'{{"version": {VERSION}, "findings": [{entries}]}}\n'
    write_file(path, [text.encode("utf-8", "backslashreplace")])


def compare(
    findings: Sequence[CheckFinding], entries: Sequence[Known], looked_for: Callable[[Known], bool]
) -> Compared:
    """Hold findings against a baseline.

    Args:
        findings: What was found, sorted.
        entries: What is known.
        looked_for: Whether this run would have found an entry if it were still there.
    """
    left = set(range(len(entries)))
    known: set[int] = set()
    _match(findings, entries, left, known, lambda item: item.fingerprint)  # the surest sign first
    _match(findings, entries, left, known, lambda item: item.beside[0])
    _match(findings, entries, left, known, lambda item: item.beside[1])
    return Compared(
        tuple(finding for number, finding in enumerate(findings) if number not in known),
        tuple(findings[number] for number in sorted(known)),
        tuple(entries[number] for number in sorted(left) if looked_for(entries[number])),
    )


def _match(
    findings: Sequence[CheckFinding],
    entries: Sequence[Known],
    left: set[int],
    known: set[int],
    key: Callable[[CheckFinding | Known], str],
) -> None:
    """Use up entries with findings of the same key, both in their order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for number in sorted(left, reverse=True):
        waiting[key(entries[number])].append(number)
    for number, finding in enumerate(findings):
        if number not in known and waiting.get(key(finding)):
            left.discard(waiting[key(finding)].pop())
            known.add(number)


def below(paths: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path is one of some paths or stands below one, however they are spelled.

    >>> [below(["./corpus/"])(path) for path in ("corpus/a.txt", "corpus", "corpus-2/a.txt")]
    [True, True, False]
    """
    roots = {posixpath.normpath(path) for path in paths}

    def check(path: str) -> bool:
        path = posixpath.normpath(path)
        if "." in roots and not path.startswith(("/", "../")):
            return True
        while path not in roots:
            parent = posixpath.dirname(path)
            if parent == path or not parent:
                return False
            path = parent
        return True

    return check
