"""Sections that repeat: from the rows of all batches to what a check says of them.

A duplicate of another collection (``--against``) is named before one of the same batch; a section has one
finding at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from reportclean.document import Edit
from reportclean.engines.decide import Decision, Pair
from reportclean.engines.gathered import BatchIndex, Gathered
from reportclean.engines.pipeline import (
    CODES,
    decide_rows,
    duplicate_codes,
)
from reportclean.engines.spool import Spool, Stored
from reportclean.engines.stages import Prepared, SectionRows
from reportclean.engines.tables import Directory
from reportclean.engines.texts import Texts
from reportclean.engines.workers import Crew
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.cross import Side, best_matches
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon
from reportclean.near.spinning import Spinning


class Other(NamedTuple):
    """What a section repeats that is not of this batch."""

    section_id: str
    kind: str
    jaccard: float


class Others(Protocol):
    """Sections that are there already: those of a folder, or of an index that outlives a run."""

    def repeated_by(self, batch: Sections) -> Mapping[int, Other]:
        """What each row of the batch repeats, for those that do."""
        ...


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of several batches.

    Attributes:
        directory: Which document each row belongs to.
        rows: One row a section.
        texts: Their clean texts.
        characters: Of the whole input, by which the kernels are chosen.
        config: What matches.
        lexicon: What their keys were made with; None for no lexicon.
    """

    directory: Directory
    rows: SectionRows
    texts: Texts
    characters: int
    config: DedupeConfig
    lexicon: SpinLexicon | None

    @staticmethod
    def of(
        parts: Sequence[BatchIndex],
        ids: Sequence[str],
        spool: Spool,
        first: int,
        characters: int,
        config: DedupeConfig,
        lexicon: SpinLexicon | None,
        hands: Crew | None = None,
    ) -> Sections:
        """Those of batches whose texts are in the spool from a number on."""
        mine = _Shifted(spool, first)
        directory, rows = Gathered.of(parts).collected(ids, mine, choose_bands(config).num_perm)
        texts = Texts(mine, [len(part.document_ids) for part in parts], directory, hands)
        return Sections(directory, rows, texts, characters, config, lexicon)

    def side(self) -> Side:
        """As one of two collections that are held against each other."""
        tokens = np.where(self.rows.ordinals > 0, self.rows.tokens, 0)
        return Side(
            self.rows.key_hashes,
            tokens,
            self.rows.signatures,
            lambda chosen: self.texts.shingle_sets(
                chosen.tolist(), self.config, self.characters, self.lexicon
            ),
        )

    def repeated_by(self, batch: Sections) -> Mapping[int, Other]:
        """What each row of a batch repeats of these sections, for those that do."""
        found = best_matches(
            batch.side(), self.side(), choose(self.characters), choose_bands(self.config), self.config
        )
        return {
            row: Other(
                self.directory.section_id(match.row), "exact" if match.exact else "near", match.jaccard
            )
            for row, match in found.items()
        }

    def decide(self) -> Decision:
        """Cluster them and decide which stay."""
        decision, _ = decide_rows(
            self.directory,
            self.rows,
            self.texts,
            self.characters,
            choose_bands(self.config),
            self.config,
            self.lexicon,
        )
        return decision


class _Shifted:
    """A spool whose numbers begin elsewhere."""

    def __init__(self, spool: Spool, first: int) -> None:
        self._spool = spool
        self._first = first

    def write(self, number: int, batch: Sequence[Prepared], records: Sequence[bytes] = ()) -> None:
        self._spool.write(number + self._first, batch, records)

    def read(self, number: int) -> Stored:
        return self._spool.read(number + self._first)

    def beside(self, number: int, suffix: str) -> Path | None:
        return self._spool.beside(number + self._first, suffix)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A section that repeats another.

    Attributes:
        document: The number of its document in the directory.
        ordinal: Of the section in its document.
        code: The rule.
        repeats: What it repeats, in words: the section's id and how much alike they are.
        key: The hash of its matching key, in hexadecimal digits.
        original: The text of its document before cleaning.
        start: Its first code point there, white space left out.
        end: One past its last.
    """

    document: int
    ordinal: int
    code: str
    repeats: str
    key: str
    original: str
    start: int
    end: int


def duplicates(sections: Sections, others: Others | None) -> Iterator[Duplicate]:
    """The sections that repeat another, in no particular order.

    Args:
        sections: Those of the batch that is checked.
        others: What is there already; None where there is nothing.
    """
    said = _said(sections, others)
    rows = np.array(sorted(said), dtype=np.int64)
    documents = sections.directory.document_of(rows).tolist()
    by_document: dict[int, list[int]] = defaultdict(list)
    for row, document in zip(rows.tolist(), documents, strict=True):
        by_document[document].append(row)
    for document, text, edits, places in sections.texts.documents(list(by_document)):
        original = original_text(text, edits)
        first = int(sections.directory.first_rows[document])
        for row in by_document[document]:
            begin, end = places[row - first]
            stretch = original[begin:end]
            code, repeats = said[row]
            key = sections.rows.key_hashes[row].tobytes().hex()
            yield Duplicate(
                document,
                int(sections.rows.ordinals[row]),
                code,
                repeats,
                key,
                original,
                begin + len(stretch) - len(stretch.lstrip()),
                begin + len(stretch.rstrip()),
            )


def _said(sections: Sections, others: Others | None) -> dict[int, tuple[str, str]]:
    """Per row that repeats another, the rule and what it repeats, in words."""
    decision = sections.decide()
    pairs = [pair for pair in decision.pairs if not decision.kept[pair.member]]
    codes = duplicate_codes(sections.directory, pairs)
    said = {pair.member: (code, _pair(pair, sections)) for pair, code in zip(pairs, codes, strict=True)}
    for row, other in (others.repeated_by(sections) if others is not None else {}).items():
        more = f" (Jaccard {other.jaccard:.3f})" if other.kind == "near" else ""
        said[row] = (CODES[other.kind], f"{other.section_id}{more}")
    return said


def _pair(pair: Pair, sections: Sections) -> str:
    more = [f"Jaccard {pair.jaccard:.3f}"] if pair.kind != "exact" else []
    if pair.spinning is not None:
        more += [swapped_words(pair.spinning)]
    elif pair.differs != "none":
        more += [f"{pair.differs} differ"]
    name = sections.directory.section_id(pair.representative)
    return f"{name} ({', '.join(more)})" if more else name


def swapped_words(spinning: Spinning) -> str:
    """The swaps in words, the commonest named.

    >>> from reportclean.near.spinning import spinning
    >>> swapped_words(spinning("积极参加文明创建积极", "用心参加礼貌创建用心"))
    '用心 for 积极 and 1 more swap of words'
    """
    (left, right), _ = spinning.swaps[0]
    written, original = (right, left) if spinning.original == "left" else (left, right)
    rest = len(spinning.swaps) - 1
    more = f" and {rest} more swap{'s' if rest > 1 else ''} of words" if rest else ""
    return f"{written} for {original}{more}"


def original_text(clean: str, edits: Sequence[Edit]) -> str:
    """The text before its edits.

    >>> original_text("好。", [Edit(1, 3, "。。", "。", "ART020")])
    '好。。'
    """
    parts: list[str] = []
    position = shift = 0  # in the clean text; how far it runs ahead of the original
    for edit in edits:
        start = edit.start + shift
        parts += (clean[position:start], edit.before)
        position = start + len(edit.after)
        shift += len(edit.after) - len(edit.before)
    return "".join((*parts, clean[position:]))
