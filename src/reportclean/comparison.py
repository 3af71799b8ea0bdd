"""What a comparison of two texts returns: frozen records, and the facts that follow from them as methods."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from reportclean.document import Hit
from reportclean.near.spinning import Spinning
from reportclean.results import Kind
from reportclean.text.differing import Differs
from reportclean.text.pieces import About, Piece

Kept = Literal["left", "right", "both"]

UNSEEN: frozenset[About] = frozenset({"form", "signs"})  # differences that a matching key does not have


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts.

    Attributes:
        name: What it is called: an id, or the way it was given.
        text: The text that was compared: clean, unless cleaning was not wanted.
        tokens: Tokens of its key.
        placeholders: Its template placeholders, at positions of ``text``.
        repairs: Edits that cleaning made in it.
        recorded: What a run on files has written of it: kept or removed, and why; empty where none was asked.
    """

    name: str
    text: str = field(repr=False)
    tokens: int
    placeholders: tuple[Hit, ...] = field(repr=False)
    repairs: int
    recorded: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two texts have in common, where they differ, and which of them ``dedupe`` would keep.

    Attributes:
        left: The one text.
        right: The other.
        jaccard: Exact, on the shingles of their keys.
        containment: Of the smaller set of shingles in the larger.
        threshold: The Jaccard from which on they match.
        kind: ``exact`` (equal keys), ``near`` (a match), ``spun`` (a match, and a spinner made the one of the
            other), ``contained`` (no match, but the one stands in the other); None where they have too little
            in common.
        differs: The most that they differ in: ``none``, ``masks``, ``years``, ``numbers`` or ``words``.
        spinning: Whether the one is a spun copy of the other, which is the original, and the swaps; also said
            of texts that have too little in common to match.
        kept: Which side stays; ``both`` where neither stands for the other.
        reason: Why.
        pieces: Both texts as one row: the left sides joined are ``left.text``, the right ones ``right.text``.
    """

    left: Side
    right: Side
    jaccard: float
    containment: float
    threshold: float
    kind: Kind | None
    differs: Differs
    spinning: Spinning
    kept: Kept
    reason: str
    pieces: tuple[Piece, ...] = field(repr=False)

    @property
    def matches(self) -> bool:
        """Whether one of the two would be removed as a repeat, or be kept as an update of the other."""
        return self.kind in {"exact", "near", "spun"}

    @property
    def differences(self) -> tuple[Piece, ...]:
        """The pieces that are not equal, what matching does not see among them."""
        return tuple(piece for piece in self.pieces if piece.about)

    def counts(self) -> dict[str, int]:
        """Number of differences by what they are about; most of all what weighs most."""
        order: tuple[About, ...] = ("swap", "words", "numbers", "years", "masks", "signs", "form")
        found = {about: sum(piece.about == about for piece in self.pieces) for about in order}
        return {about: count for about, count in found.items() if count}

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; the texts are the pieces, joined."""
        values = {name: getattr(self, name) for name in self.__slots__}
        for side in ("left", "right"):
            values[side] = asdict(values[side])
            del values[side]["text"]
        values["spinning"] = asdict(self.spinning) | {
            "swaps": [{"left": a, "right": b, "count": count} for (a, b), count in self.spinning.swaps]
        }
        return values | {"matches": self.matches, "pieces": [piece._asdict() for piece in self.pieces]}
