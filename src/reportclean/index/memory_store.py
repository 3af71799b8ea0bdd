"""A store in memory: for runs that fit there, and for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from reportclean.index.key_index import KeyIndex
from reportclean.index.keys import KeyTexts, shingle_sets
from reportclean.index.settings import IndexSettings
from reportclean.index.store import NUMBERS, PAIRS_AT_ONCE, WORDS, Added, Batch, Columns, Info, refuse_repeats
from reportclean.kernels import choose
from reportclean.near.cluster import ShingleSets
from reportclean.near.options import DedupeConfig


class MemoryStore:
    """See :class:`reportclean.index.store.Store`.

    Args:
        config: What it is made for.
    """

    def __init__(self, config: DedupeConfig) -> None:
        self._settings = IndexSettings.of(config)
        self._index = KeyIndex(self._settings)
        self._words: dict[str, list[str]] = {name: [] for name in WORDS}
        self._numbers = {name: _Growing() for name in NUMBERS}
        self._keys_of = _Growing()
        self._living = _Growing()
        self._sections_of_key = _Growing()  # how many living sections have it
        self._signatures = _Growing()
        self._text = _Growing()
        self._text_ends = _Growing()
        self._by_id: dict[str, int] = {}
        self._by_document: dict[str, list[int]] = {}
        self._batches: list[str] = []

    @property
    def settings(self) -> IndexSettings:
        """What it is bound to."""
        return self._settings

    def add(self, batch: Batch, name: str = "") -> Added:
        """Add sections; see :meth:`reportclean.index.store.Store.add`."""
        columns = batch.columns
        refuse_repeats(columns.section_ids, [one for one in columns.section_ids if one in self._by_id])
        keys, fresh = self._index.number(batch)
        first_key, first = self._index.next_key, len(self._keys_of)
        self._index.append(self._index.segment(batch, fresh))
        sections = np.arange(first, first + len(batch))
        for column, words in self._words.items():
            words.extend(getattr(columns, column))
        for column, numbers in self._numbers.items():
            numbers.extend(getattr(columns, column))
        self._keys_of.extend(keys)
        self._living.extend(np.ones(len(batch), bool))
        self._sections_of_key.extend(np.zeros(len(fresh), np.int64))
        np.add.at(self._sections_of_key.array, keys[keys >= 0], 1)
        self._index.dead = self._index.dead[self._sections_of_key.array[self._index.dead] == 0]
        self._signatures.extend(batch.signatures[fresh])
        texts = batch.keys.take(fresh)
        self._text_ends.extend(texts.offsets[1:] + len(self._text))
        self._text.extend(texts.data)
        for number, section, document in zip(
            sections.tolist(), columns.section_ids, columns.document_ids, strict=True
        ):
            self._by_id[section] = number
            self._by_document.setdefault(document, []).append(number)
        self._batches.append(name)
        return Added(sections, keys, keys >= first_key)

    def remove(self, sections: NDArray[np.int64]) -> int:
        """Remove sections by number; how many of them were there."""
        gone = np.unique(sections)
        gone = gone[self._living.array[gone]]
        self._living.array[gone] = False
        for number in gone.tolist():
            del self._by_id[self._words["section_ids"][number]]
            document = self._words["document_ids"][number]
            self._by_document[document].remove(number)
            if not self._by_document[document]:
                del self._by_document[document]
        keys = self._keys_of.array[gone]
        keys = keys[keys >= 0]
        np.subtract.at(self._sections_of_key.array, keys, 1)
        keys = np.unique(keys)
        unused = keys[self._sections_of_key.array[keys] == 0]
        self._index.dead = np.union1d(self._index.dead, unused)
        return len(gone)

    def find_keys(self, key_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The key with each hash; ``NO_KEY`` where no section has it."""
        return self._index.find(key_hashes)

    def candidates(
        self,
        signatures: NDArray[np.uint32],
        threshold: float,
        before: NDArray[np.int64] | None = None,
        pairs_at_once: int = PAIRS_AT_ONCE,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Pairs that may match; see :meth:`reportclean.index.store.Store.candidates`."""
        return self._index.candidates(signatures, threshold, before, pairs_at_once)

    def shingles(self, keys: NDArray[np.int64]) -> ShingleSets:
        """Sorted shingle hashes of keys, in the order in which they are named."""
        offsets = np.concatenate((np.zeros(1, np.int64), self._text_ends.array))
        texts = KeyTexts(self._text.array, offsets).take(keys)
        return shingle_sets(texts, self._settings.shingle_size, choose(len(texts.data) // 3))

    def signatures(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Signatures of keys, in the order in which they are named."""
        found: NDArray[np.uint32] = self._signatures.array[keys]
        return found

    def of_keys(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sections of different keys: positions in ``keys``, and numbers of sections."""
        sections = np.flatnonzero(self._living.array & np.isin(self._keys_of.array, keys))
        order = np.argsort(keys, kind="stable")
        of_sections = self._keys_of.array[sections]
        positions = order[np.searchsorted(keys[order], of_sections)] if len(keys) else sections
        by_both = np.lexsort((sections, positions))
        return positions[by_both], sections[by_both]

    def of_documents(self, document_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of the sections of documents, sorted."""
        found = [number for name in set(document_ids) for number in self._by_document.get(name, ())]
        return np.array(sorted(found), dtype=np.int64)

    def of_ids(self, section_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of sections by id, sorted."""
        found = [self._by_id[name] for name in set(section_ids) if name in self._by_id]
        return np.array(sorted(found), dtype=np.int64)

    def columns(self, sections: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
        """Facts about sections and the numbers of their keys, in the order in which they are named."""
        places = sections.tolist()
        words = {name: [stored[place] for place in places] for name, stored in self._words.items()}
        numbers = {name: stored.array[sections] for name, stored in self._numbers.items()}
        return Columns.of(words, numbers), self._keys_of.array[sections]

    def info(self) -> Info:
        """What it holds."""
        return Info(
            len(self._by_document),
            len(self._by_id),
            int(np.count_nonzero(self._sections_of_key.array)),
            tuple(self._batches),
            len(self._index.dead),
            0,
            self._settings,
        )

    def compact(self) -> None:
        """Merge what is in pieces; what was removed keeps its place in the columns."""
        self._index.compact()

    def close(self) -> None:
        """Nothing is to be done."""

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


class _Growing:
    """An array that grows at its end, with room to spare."""

    def __init__(self) -> None:
        self._room: NDArray[Any] | None = None
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def array(self) -> NDArray[Any]:
        """What is in it; a view."""
        return np.empty(0, np.int64) if self._room is None else self._room[: self._length]

    def extend(self, more: NDArray[Any]) -> None:
        """Put something at the end."""
        length = self._length + len(more)
        if self._room is None or length > len(self._room):
            room = np.empty((max(length, self._length * 3 // 2), *more.shape[1:]), dtype=more.dtype)
            if self._room is not None:
                room[: self._length] = self.array
            self._room = room
        self._room[self._length : length] = more
        self._length = length
