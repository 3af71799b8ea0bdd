"""How much one input may cost; what is beyond goes to quarantine with the limit's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reportclean.document import Rejected
from reportclean.errors import ConfigError, LimitError

_HONEST = 10_000_000  # bytes that any file may unpack to: of small ones the ratio says nothing
_DEEPEST = 500  # parsers recurse, and Python's stack holds about twice as much


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on input that may be hostile.

    Attributes:
        document_bytes: Of a document: its file, its record in a WARC file, its text in UTF-8.
        line_bytes: Of a line of JSON Lines, of a row of CSV or TSV.
        expanded_bytes: Of a packed file (compressed, an archive, Parquet), unpacked.
        expanded_ratio: Bytes unpacked for each byte packed, from 10 MB on.
        members: Files in an archive.
        nesting: Packed files in packed files; a ``.tar.gz`` counts twice.
        depth: Values in values of JSON, elements in elements of a page or a Word file; at most 500, and for
            the last two the parser's own 256.
        elements: Of a page; a Word file, whose elements cost less, may have four times as many.
        attributes: Of one element of a page.
        document_seconds: Of processor time to clean and split a document, and to find the text of a page or a
            Word file.

    Raises:
        ConfigError: A limit is not positive, or ``depth`` is too large.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}  # of a configuration file

    document_bytes: int = 100_000_000
    line_bytes: int = 64_000_000
    expanded_bytes: int = 10_000_000_000
    expanded_ratio: float = 200.0
    members: int = 100_000
    nesting: int = 4
    depth: int = 250
    elements: int = 200_000
    attributes: int = 2_000
    document_seconds: float = 600.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:  # NaN is not, either
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be positive")
        if self.depth > _DEEPEST:
            raise ConfigError(f"depth is {self.depth}; it must be at most {_DEEPEST}")

    def check_document(self, size: int) -> None:
        """Hold the bytes of a document against the limit.

        Raises:
            LimitError: They are more than may be.
        """
        if size > self.document_bytes:
            raise LimitError(
                "document-bytes",
                f"it has {size:,} bytes, more than the {self.document_bytes:,} of a document",
            )

    def check_line(self, size: int) -> None:
        """The same for a line or a row.

        Raises:
            LimitError: They are more than may be.
        """
        if size > self.line_bytes:
            raise LimitError("line-bytes", f"it has more than the {self.line_bytes:,} bytes of a line")


DEFAULT = Limits()


def refusal(source: str, line: int | None, error: LimitError) -> Rejected:
    """The line of the quarantine for something beyond a limit.

    >>> refusal("a.zip", None, LimitError("members", "it has more than 2 members")).detail
    'it has more than 2 members; --limit members=N sets another limit'
    """
    said = f"{error}; --limit {error.limit}=N sets another limit"
    return Rejected(source, line, f"limit-{error.limit}", said)


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
        self.weigh(self._bytes, self._packed)

    def weigh(self, unpacked: int, packed: int) -> None:
        """Hold what became of some packed bytes, of a part of the file too, against the ratio.

        Raises:
            LimitError: It is more than may be.
        """
        if unpacked > max(_HONEST, self._limits.expanded_ratio * packed):
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
