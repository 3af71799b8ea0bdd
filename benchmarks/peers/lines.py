"""Reading texts and writing kept lines, the same for every adapter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec


class Record(msgspec.Struct):
    """What the tools look at."""

    text: str


def read(source: str) -> tuple[list[bytes], list[str]]:
    """Lines and their texts."""
    lines = Path(source).read_bytes().splitlines(keepends=True)
    decoder = msgspec.json.Decoder(Record)
    return lines, [decoder.decode(line).text for line in lines]


def write(target: str, lines: Iterable[bytes]) -> None:
    """The kept lines as they were."""
    with Path(target).open("wb") as file:
        file.writelines(lines)
