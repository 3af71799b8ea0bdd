"""How much one input may cost; what is beyond goes to quarantine with the limit's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reportclean.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on input that may be hostile.

    Attributes:
        document_bytes: Of a document as it is stored: a file, a record, a member of an archive.
        expanded_bytes: Of a compressed file or an archive, unpacked.
        expanded_ratio: Bytes unpacked for each byte packed.
        members: Files in an archive.
        nesting: Archives in archives.

    Raises:
        ConfigError: A limit is not positive.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    document_bytes: int = 100_000_000
    expanded_bytes: int = 10_000_000_000
    expanded_ratio: float = 200.0
    members: int = 100_000
    nesting: int = 3

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ConfigError(f"limit {name} is {getattr(self, name)}; it must be positive")
