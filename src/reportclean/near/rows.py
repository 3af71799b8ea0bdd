"""Shingles of many rows, some at a time: what the overlap finders need of texts that are not in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Shingles = tuple[NDArray[np.uint64], NDArray[np.int64]]
ShinglesOf = Callable[[NDArray[np.int64]], Shingles]
AT_ONCE = 16_000_000  # shingles in memory at once (128 MB), a row that is longer by itself


class Fetched:
    """The shingles of rows in their order, fetched once where all of them fit, else batch by batch.

    Args:
        shingles_of: Gives the shingle hashes of rows, in order and with repeats, and their offsets.
        rows: All rows that will be asked for, rising.
        sizes: ``int64``: shingles of every row of the collection.
        at_once: Shingles in memory at once.
    """

    def __init__(
        self,
        shingles_of: ShinglesOf,
        rows: NDArray[np.int64],
        sizes: NDArray[np.int64],
        at_once: int = AT_ONCE,
    ) -> None:
        self._shingles_of = shingles_of
        self._sizes = sizes
        self._at_once = at_once
        self._rows = rows
        self._held = shingles_of(rows) if int(sizes[rows].sum()) <= at_once else None

    def of(self, rows: NDArray[np.int64]) -> tuple[Shingles, NDArray[np.int64]]:
        """Shingles among which are those of ``rows`` (rising), and the number of each row there."""
        if self._held is not None:
            return self._held, np.searchsorted(self._rows, rows)
        return self._shingles_of(rows), np.arange(len(rows))

    def batches(self, needed: NDArray[np.int64]) -> Iterator[slice]:
        """Cut a list into slices that need at most so many shingles, one item at least.

        Args:
            needed: ``int64``: shingles needed for each item.
        """
        ends = np.cumsum(needed)
        begin = 0
        while begin < len(needed):
            done = ends[begin - 1] if begin else 0
            whole = len(needed) if self._held is not None else 0
            end = max(begin + 1, whole, int(np.searchsorted(ends, done + self._at_once, "right")))
            yield slice(begin, end)
            begin = end


def joined_groups(
    values: NDArray[np.uint64], items: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Items in the order of their values, and where a new value begins.

    A value and its item are sorted as one word, ten times as fast as an index is. The word holds the high
    bits of a value only (40 and more for up to 16 million items), so that once in a while two values are
    taken for one; whoever joins by this verifies.

    Args:
        values: Evenly distributed hashes.
        items: ``int64``, below 2**40, to be told apart by; items of equal values come in rising order.

    Returns:
        The items in their new order; ``bool``: whether an item's value differs from the one before.
    """
    bits = np.uint64(int(items.max(initial=1)).bit_length())
    words = values >> bits << bits | items.astype(np.uint64)
    words.sort()
    opens = np.ones(len(words), dtype=bool)
    opens[1:] = words[1:] >> bits != words[:-1] >> bits
    return (words & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64), opens


def equal_groups(values: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The same for items 0, 1, 2, …, and without mistakes."""
    order, opens = joined_groups(values, np.arange(len(values)))
    ordered = values[order]
    differs = np.ones(len(order), dtype=bool)
    differs[1:] = ordered[1:] != ordered[:-1]
    mixed = np.unique((np.cumsum(opens) - 1)[differs & ~opens])
    starts = np.append(np.flatnonzero(opens), len(order))
    for begin, end in zip(starts[mixed].tolist(), starts[mixed + 1].tolist(), strict=True):
        part = order[begin:end]
        order[begin:end] = part[np.lexsort((part, values[part]))]
    if len(mixed):
        ordered = values[order]
        differs[1:] = ordered[1:] != ordered[:-1]
    return order, differs
