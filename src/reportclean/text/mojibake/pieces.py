"""What broken text is found to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reportclean.text.mojibake.hidden import Known


class Piece(NamedTuple):
    """Characters found in broken text: some whole ones, or one gap with what is known of its bytes."""

    start: int
    end: int
    char: str
    known: Known


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of broken text: its span and the characters that it really holds."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def gaps(self) -> int:
        """How many characters are not known whole."""
        return [piece.char for piece in self.pieces].count("")

    @property
    def solid(self) -> str:
        """The characters that are."""
        return "".join([piece.char for piece in self.pieces])
