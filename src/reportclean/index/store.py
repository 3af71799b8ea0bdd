"""What an index of sections can do, wherever it is kept.

Sections with equal keys share one key, numbered from 0 in the order of coming; signatures, bands and the
key's text are kept once a key. Candidates are pairs of keys, so ten thousand copies of a section are one
candidate. Sections are numbered from 0, too. No number is ever given twice.

Adding and removing happen as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import StoreError
from reportclean.index.keys import KeyTexts
from reportclean.index.settings import IndexSettings
from reportclean.near.cluster import ShingleSets

PAIRS_AT_ONCE = 1_000_000
NO_KEY = -1  # of front matter, and of a section without tokens: it matches nothing


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Columns:
    """Facts about sections, one row each.

    Attributes:
        section_ids: Unique in a store.
        document_ids: Of the documents that they stand in.
        sources: Where those were read from.
        ordinals: ``int64``; 0 is front matter, which matches nothing.
        tokens: ``int64``: tokens of each key.
        placeholders: ``int64``: how many of them are placeholders.
        repairs: ``int64``: edits inside each section.
        dates: ``float64``: seconds since 1970; minus infinity where there is none.
        preferred: ``bool``: whether the source was preferred when the section came.
        bodies: Clean texts without their own headings; empty where nobody will ask what differs.
        titles: Their own headings; empty where they have none.
    """

    section_ids: Sequence[str]
    document_ids: Sequence[str]
    sources: Sequence[str]
    ordinals: NDArray[np.int64]
    tokens: NDArray[np.int64]
    placeholders: NDArray[np.int64]
    repairs: NDArray[np.int64]
    dates: NDArray[np.float64]
    preferred: NDArray[np.bool_]
    bodies: Sequence[str]
    titles: Sequence[str]

    def __len__(self) -> int:
        """The number of sections."""
        return len(self.section_ids)

    @staticmethod
    def of(words: Mapping[str, Sequence[str]], numbers: Mapping[str, NDArray[Any]]) -> Columns:
        """Columns by name: those of :data:`WORDS`, and those of :data:`NUMBERS`."""
        ids, documents, sources, bodies, titles = (words[name] for name in WORDS)
        ordinals, tokens, placeholders, repairs, dates, preferred = (numbers[name] for name in NUMBERS)
        facts = (ordinals, tokens, placeholders, repairs, dates, preferred)
        return Columns(ids, documents, sources, *facts, bodies, titles)

    def take(self, rows: NDArray[np.int64]) -> Columns:
        """Some rows, in the order in which they are named."""
        places = rows.tolist()
        words = {name: [getattr(self, name)[place] for place in places] for name in WORDS}
        return Columns.of(words, {name: getattr(self, name)[rows] for name in NUMBERS})


WORDS = ("section_ids", "document_ids", "sources", "bodies", "titles")
NUMBERS = ("ordinals", "tokens", "placeholders", "repairs", "dates", "preferred")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Sections to be added or asked for, one row each.

    Attributes:
        columns: Facts about them.
        key_hashes: ``uint64`` of shape ``(sections, 2)``: 128 bits of each key.
        signatures: ``uint32`` of shape ``(sections, num_perm)``.
        keys: The keys as text.
    """

    columns: Columns
    key_hashes: NDArray[np.uint64]
    signatures: NDArray[np.uint32]
    keys: KeyTexts

    def __len__(self) -> int:
        """The number of sections."""
        return len(self.columns)

    def take(self, rows: NDArray[np.int64]) -> Batch:
        """Some rows, in the order in which they are named."""
        keys = self.keys.take(rows)
        return Batch(self.columns.take(rows), self.key_hashes[rows], self.signatures[rows], keys)

    def matchable(self) -> NDArray[np.bool_]:
        """Which sections may match another at all."""
        return (self.columns.ordinals > 0) & (self.columns.tokens > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """What became of a batch.

    Attributes:
        sections: ``int64``: the number of each section.
        keys: ``int64``: the number of each one's key; ``NO_KEY`` where it has none.
        fresh: ``bool``: whether the key was not there before the batch.
    """

    sections: NDArray[np.int64]
    keys: NDArray[np.int64]
    fresh: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Info:
    """What a store holds.

    Attributes:
        documents: Documents with a section in it.
        sections: Sections, front matter included.
        keys: Different keys of them.
        batches: Names of the batches that were added, in their order.
        unused: Keys that no section has any more; compacting removes them.
        size: Bytes on disk; 0 in memory.
        settings: What it is bound to.
    """

    documents: int
    sections: int
    keys: int
    batches: tuple[str, ...]
    unused: int
    size: int
    settings: IndexSettings


class Store(Protocol):
    """Sections kept to be compared with later ones. A context manager that closes itself."""

    @property
    def settings(self) -> IndexSettings:
        """What it is bound to."""
        ...

    def add(self, batch: Batch, name: str = "") -> Added:
        """Add sections.

        Args:
            batch: Signed with the store's settings.
            name: What the batch is called in :class:`Info`, so that nobody need add it twice.

        Raises:
            StoreError: A section's id is there already, or twice in the batch. Nothing is added then.
        """
        ...

    def remove(self, sections: NDArray[np.int64]) -> int:
        """Remove sections by number; how many of them were there."""
        ...

    def find_keys(self, key_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The key with each hash, ``int64``; ``NO_KEY`` where no section has it."""
        ...

    def candidates(
        self,
        signatures: NDArray[np.uint32],
        threshold: float,
        before: NDArray[np.int64] | None = None,
        pairs_at_once: int = PAIRS_AT_ONCE,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Pairs that may match, each once, in blocks that share most of their keys.

        Args:
            signatures: ``uint32`` of shape ``(sections, num_perm)``: of sections of ``min_tokens`` or more.
            threshold: At least the store's.
            before: Per section, the number below which keys count: with the number of the first fresh key
                the pairs of new with old, with its own number each pair of a collection once.
            pairs_at_once: About how large a block may be.

        Yields:
            Positions in ``signatures`` and numbers of keys.
        """
        ...

    def shingles(self, keys: NDArray[np.int64]) -> ShingleSets:
        """Sorted shingle hashes without repeats of keys, in the order in which they are named."""
        ...

    def signatures(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Signatures of keys, in the order in which they are named."""
        ...

    def of_keys(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sections of different keys: positions in ``keys``, and numbers of sections; sorted by both."""
        ...

    def of_documents(self, document_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of the sections of documents, sorted; none of a document that is not there."""
        ...

    def of_ids(self, section_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of sections by id, sorted; none of an id that is not there."""
        ...

    def columns(self, sections: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
        """Facts about sections and the numbers of their keys, in the order in which they are named."""
        ...

    def info(self) -> Info:
        """What it holds."""
        ...

    def compact(self) -> None:
        """Drop what was removed and merge what is in pieces; numbers stay."""
        ...

    def close(self) -> None:
        """Write what is not written yet, and let go of files. It may be called again."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def refuse_repeats(section_ids: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a batch in which an id is there already.

    Args:
        section_ids: Of the batch.
        known: Those of them that the store has.

    Raises:
        StoreError: There is one, or an id is twice in the batch.
    """
    if known:
        raise StoreError(
            f"section {known[0]} is in the index already ({len(known):,} such); remove it first, "
            "or leave its document out"
        )
    if len(set(section_ids)) != len(section_ids):
        seen: set[str] = set()
        twice = next(name for name in section_ids if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise StoreError(f"section {twice} is twice in what is to be added; give each its own id")
