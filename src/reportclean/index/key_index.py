"""The keys of a store as sorted segments: numbering new keys, finding equal ones and candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import IndexMismatchError
from reportclean.index import segments as seg
from reportclean.index.settings import IndexSettings
from reportclean.index.store import NO_KEY, PAIRS_AT_ONCE, Batch
from reportclean.near.verify import fewest_agreeing_rows


class KeyIndex:
    """Segments in order of their numbers, in memory.

    Args:
        settings: How signatures are cut, and from how many tokens on.

    Attributes:
        segments: Each begins where the one before it ends, the first at 0.
        dead: Numbers, sorted, of keys that no section has any more.
    """

    def __init__(self, settings: IndexSettings) -> None:
        self.settings = settings
        self.segments: list[seg.Segment] = []
        self.dead = np.empty(0, np.int64)

    @property
    def next_key(self) -> int:
        """The number of the next new key."""
        return self.segments[-1].last if self.segments else 0

    def number(self, batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The key of each section of a batch, and the rows of those that bring a new one, in its order.

        A key that is dead is found, too.
        """
        keys = np.full(len(batch), NO_KEY, dtype=np.int64)
        rows = np.flatnonzero(batch.matchable())
        keys[rows] = seg.find_equal(self.segments, batch.key_hashes[rows])
        rows = rows[keys[rows] == NO_KEY]
        _, firsts, groups = np.unique(batch.key_hashes[rows], axis=0, return_index=True, return_inverse=True)
        place = np.empty(len(firsts), dtype=np.int64)  # new keys are numbered in order of coming
        place[np.argsort(firsts)] = np.arange(len(firsts))
        keys[rows] = self.next_key + place[groups.ravel()]
        return keys, rows[np.sort(firsts)]

    def segment(self, batch: Batch, fresh: NDArray[np.int64]) -> seg.Segment:
        """The segment of a batch's new keys.

        Args:
            batch: The batch.
            fresh: The rows that bring them, in order of their numbers.
        """
        return seg.build(
            self.next_key,
            batch.key_hashes[fresh],
            batch.signatures[fresh],
            batch.columns.tokens[fresh] >= self.settings.min_tokens,
            self.settings.banding,
        )

    def append(self, segment: seg.Segment) -> None:
        """Take in the segment of new keys."""
        if segment.last == segment.first:
            return
        self.segments.append(segment)
        while run := seg.run_to_merge(self.segments):
            self.segments[-run:] = [seg.merge(self.segments[-run:], np.empty(0, np.int64))]

    def compact(self) -> None:
        """Few segments, without entries of dead keys, which are never found again."""
        self.segments = [seg.merge(group, self.dead) for group in seg.groups_to_compact(self.segments)]
        self.dead = np.empty(0, np.int64)

    def is_dead(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which keys no section has any more."""
        return np.isin(keys, self.dead)

    def find(self, key_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The living key with each hash; ``NO_KEY`` where there is none."""
        found = seg.find_equal(self.segments, key_hashes)
        found[self.is_dead(found)] = NO_KEY
        return found

    def candidates(
        self,
        signatures: NDArray[np.uint32],
        threshold: float,
        before: NDArray[np.int64] | None = None,
        pairs_at_once: int = PAIRS_AT_ONCE,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """See :meth:`reportclean.index.store.Store.candidates`.

        Raises:
            IndexMismatchError: The threshold is below the index's.
        """
        if threshold < self.settings.threshold:
            raise IndexMismatchError(
                f"the index was made for threshold {self.settings.threshold}; {threshold} is lower"
            )
        blocks = seg.candidates(
            self.segments,
            signatures,
            before,
            fewest_agreeing_rows(threshold, self.settings.num_perm),
            self.settings.banding,
            pairs_at_once,
        )
        for left, right in blocks:
            alive = ~self.is_dead(right) if len(self.dead) else slice(None)
            yield left[alive], right[alive]
