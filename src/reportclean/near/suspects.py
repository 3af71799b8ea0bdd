"""Which of many pairs may be spun: one look at all of them, before any is aligned.

What is swapped is gone from the one side and new on the other. So the pairs of characters that one side has
more often than the other bound the evidence: swaps that are known, that repeat, and that do not. The bound
holds where no word of a swap is moved about besides; how many pairs are lost by it is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import CODE_POINT
from reportclean.near.spinlexicon import SpinLexicon, bigrams

_SIDE = np.uint64(1)
_NUMBER_BITS = np.uint64(33)  # 32 of a bigram, one of its side
_AT_ONCE = 1 << 19  # characters looked at together: more do not stay in the cache
_CELLS = 1 << 22  # pairs times swaps at once


class Evidence(NamedTuple):
    """What bounds the swaps of each pair: ``int64`` of shape ``(pairs,)``.

    Attributes:
        known: Swaps that are known and may have been made.
        again: Bigrams that the one side has at least two more of, or the other, whichever are fewer.
        once: The same of all that one side has more of.
    """

    known: NDArray[np.int64]
    again: NDArray[np.int64]
    once: NDArray[np.int64]


def evidence(
    codes: NDArray[np.uint32], offsets: NDArray[np.int64], pairs: NDArray[np.int64], lexicon: SpinLexicon
) -> Evidence:
    """The bound of each pair.

    Args:
        codes: ``uint32``: keys one behind the other, with or without the flags of their tokens.
        offsets: ``int64``: where each key begins, and the end.
        pairs: ``int64`` of shape ``(pairs, 2)``: two keys each.
        lexicon: The swaps that are known.
    """
    two = bigrams(codes & np.uint32(CODE_POINT))
    two[offsets[1:][offsets[1:] > 0] - 1] = 0  # the last of a key and the first of the next
    lengths = np.diff(offsets)
    parts = [_of_some(two, offsets, pairs[part], lexicon) for part in _cut(lengths[pairs].sum(axis=1))]
    none = np.empty(0, np.int64)
    return Evidence(*(np.concatenate(columns) for columns in zip((none, none, none), *parts, strict=True)))


def _cut(sizes: NDArray[np.int64]) -> Iterator[slice]:
    """Some pairs at a time, one at least."""
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _AT_ONCE, "right")))
        yield slice(begin, end)
        begin = end


def _of_some(
    two: NDArray[np.uint32], offsets: NDArray[np.int64], pairs: NDArray[np.int64], lexicon: SpinLexicon
) -> Evidence:
    """The same for pairs that are looked at together.

    Args:
        two: The bigram that begins at each place of the keys, 0 where there is none.
        offsets: Where each key begins, and the end.
        pairs: Two keys each.
        lexicon: The swaps that are known.
    """
    sides = pairs.ravel()
    sizes = np.diff(offsets)[sides]
    ends = np.cumsum(sizes)
    found = two[np.arange(ends[-1]) + np.repeat(offsets[sides] - (ends - sizes), sizes)]
    side = np.repeat(np.arange(len(sides), dtype=np.uint64), sizes)
    there = found != 0
    found, side = found[there], side[there]
    words = side >> _SIDE << _NUMBER_BITS | found.astype(np.uint64) << _SIDE | side & _SIDE
    words.sort()
    kinds = words >> _SIDE
    opens = np.ones(len(kinds), dtype=bool)
    opens[1:] = kinds[1:] != kinds[:-1]
    first = np.flatnonzero(opens)
    counts = np.diff(first, append=len(words))
    on_right = np.concatenate(([0], np.cumsum((words & _SIDE).astype(np.int32))))
    right = np.diff(on_right[np.append(first, len(words))])
    more = counts - 2 * right  # above 0 where the left side has it more often
    differing = more != 0
    kinds, more = kinds[first[differing]], more[differing]
    pair = (kinds >> np.uint64(32)).astype(np.int64)

    def fewer(much: int) -> NDArray[np.int64]:
        lost, new = (np.bincount(pair[side], minlength=len(pairs)) for side in (more >= much, more <= -much))
        return np.minimum(lost, new)

    known = _known(pair, kinds.astype(np.uint32), more > 0, len(pairs), lexicon)
    return Evidence(known, fewer(2), fewer(1))


def _known(
    pair: NDArray[np.int64],
    found: NDArray[np.uint32],
    lost: NDArray[np.bool_],
    pairs: int,
    lexicon: SpinLexicon,
) -> NDArray[np.int64]:
    """How many of the swaps of the lexicon each pair may have made, either way.

    Args:
        pair: Of each bigram that one side has more often.
        found: The bigram.
        lost: Whether it is the left side.
        pairs: How many.
        lexicon: The swaps.
    """
    counts = np.zeros(pairs, dtype=np.int64)
    original, spun = lexicon.telling
    names = np.unique(np.concatenate((original, spun)))
    if not len(names):
        return counts
    at = np.minimum(np.searchsorted(names, found), len(names) - 1)
    hit = names[at] == found
    at, pair, lost = at[hit], pair[hit], lost[hit]
    seen = np.zeros((2, len(names)), dtype=bool)
    seen[lost.astype(np.int64), at] = True
    forth, back = np.searchsorted(names, original), np.searchsorted(names, spun)
    possible = (seen[1, forth] & seen[0, back]) | (seen[1, back] & seen[0, forth])
    forth, back = forth[possible], back[possible]
    used, places = np.unique(np.concatenate((forth, back)), return_inverse=True)
    forth, back = np.split(places, 2)
    column = np.full(len(names), -1, dtype=np.int64)
    column[used] = np.arange(len(used))
    step = max(1, _CELLS // max(1, len(used)))
    for begin in range(0, pairs, step):
        size = min(step, pairs - begin)
        mine = (pair >= begin) & (pair < begin + size) & (column[at] >= 0)
        has = np.zeros((2, size, len(used)), dtype=bool)
        has[lost[mine].astype(np.int64), pair[mine] - begin, column[at[mine]]] = True
        new, gone = has
        made = (gone[:, forth] & new[:, back]) | (gone[:, back] & new[:, forth])
        counts[begin : begin + size] = np.count_nonzero(made, axis=1)
    return counts
