"""How a run is carried out, and what it is held against; nothing here changes which of its sections match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from reportclean.engines.budget import Budget
from reportclean.errors import ConfigError
from reportclean.formats.base import FORMAT_NAMES, ReadOptions
from reportclean.rules.options import CleanConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Settings of a run on files.

    Attributes:
        workers: Worker processes, at least 1; small inputs are done in the calling process.
        read: How records are read.
        clean: Which rules run and which fixes are applied.
        overwrite: Replace an output folder that reportclean wrote.
        fresh: Throw away what an earlier run into the same folder has prepared.
        dry_run: Decide everything, write nothing.
        index: A file of sections that earlier runs kept: what matches one of them is removed, and what this
            run keeps is added. It is made where there is none. Empty for none.
        against: Files of the same kind, which stay as they are.
        to: The format that all documents are written in; that of their input where it is empty.
        memory: What all processes of a run may take together, such as ``2GB``; empty for as much as is quick.

    Raises:
        ConfigError: A value is out of its range.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    workers: int = 1
    read: ReadOptions = field(default_factory=ReadOptions)
    clean: CleanConfig = field(default_factory=CleanConfig)
    overwrite: bool = False
    fresh: bool = False
    dry_run: bool = False
    index: str = ""
    against: tuple[str, ...] = ()
    memory: str = ""
    to: str = ""

    def settings(self) -> dict[str, Any]:
        """What may change the result, for its summary."""
        return asdict(self.read) | asdict(self.clean) | {"to": self.to}

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ConfigError(f"workers is {self.workers}; it must be at least 1")
        if self.to and self.to not in FORMAT_NAMES:
            raise ConfigError(f"to is {self.to!r}; it must be one of {', '.join(FORMAT_NAMES)}")
        Budget.of(self.memory, self.workers)  # refused before there is work

    def budget(self) -> Budget:
        """What may be in memory together."""
        return Budget.of(self.memory, self.workers)
