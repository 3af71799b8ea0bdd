"""How much one input may cost; what is beyond goes to quarantine with the limit's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reportclean.errors import ConfigError, LimitError

_HONEST = 10_000_000  # bytes that any file may unpack to: of small ones the ratio says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on input that may be hostile.

    Attributes:
        document_bytes: Of a document as it is stored: a file, a record, a member of an archive.
        expanded_bytes: Of a compressed file or an archive, unpacked.
        expanded_ratio: Bytes unpacked for each byte packed.
        members: Files in an archive.
        nesting: Packed files in packed files; a ``.tar.gz`` counts twice.

    Raises:
        ConfigError: A limit is not positive.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    document_bytes: int = 100_000_000
    expanded_bytes: int = 10_000_000_000
    expanded_ratio: float = 200.0
    members: int = 100_000
    nesting: int = 4

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ConfigError(f"limit {name} is {getattr(self, name)}; it must be positive")


class Budget:
    """What a packed file may still unpack to, everything inside it counted.

    Args:
        limits: The limits.
        packed: Bytes of the packed file.
    """

    def __init__(self, limits: Limits, packed: int) -> None:
        self._limits = limits
        self._packed = max(packed, 1)
        self._bytes = 0
        self._members = 0

    def spend(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            LimitError: They are more than may be.
        """
        self._bytes += size
        if self._bytes > self._limits.expanded_bytes:
            raise LimitError(
                "expanded-bytes", f"it unpacks to more than {self._limits.expanded_bytes:,} bytes"
            )
        if self._bytes > max(_HONEST, self._limits.expanded_ratio * self._packed):
            raise LimitError(
                "expanded-ratio", f"it unpacks to more than {self._limits.expanded_ratio:g} times its size"
            )

    def member(self) -> None:
        """Count a member of an archive.

        Raises:
            LimitError: They are more than may be.
        """
        self._members += 1
        if self._members > self._limits.members:
            raise LimitError("members", f"it has more than {self._limits.members:,} members")
