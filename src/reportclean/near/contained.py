"""Sections that stand inside longer ones: candidates by FracMinHash, containment counted exactly, the place.

Of each section the shingle hashes below a fixed fraction of their range are kept (FracMinHash, or scaled
MinHash: Irber et al., Lightweight compositional analysis of metagenomes with FracMinHash, 2022; sourmash).
The kept hashes of a section are found again in whatever contains it, however much longer that is. They come
from the high bits, signatures from the low ones.

Candidates: a section is looked for in longer ones only. It must share as many of its kept hashes with a
container as one of the asked containment would but once in 500 times; if so, one of its rarest hashes is
among the shared (the prefix filter: Chaudhuri, Ganti and Kaushik, ICDE 2006), so only these are followed,
through an array sorted by hash. From a section ``FOLLOWED`` steps are made, the rarest hashes first and of
a hash the longest sections first, and the candidates that share the most are counted exactly: ``MOST``
divided by the number of its kept hashes, for the fewer these are the less they tell, but at least
``FEWEST``. So the work is linear in the sections whatever they hold. What that costs is that some
containers of a section that has many are not named, and that a section which has hashes only that stand
everywhere may be missed; ``Contained.limited`` counts the sections of which not every step was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.kernels.overlap import OverlapKernels
from reportclean.near.rows import AT_ONCE, Fetched, Shingles, ShinglesOf, joined_groups
from reportclean.near.verify import exact

LEAST_TOKENS = (
    100  # of a section that is to be found as often as RECALL says; shorter ones are found less often
)
RECALL = 0.995
FOLLOWED = 256
MOST, FEWEST = 128, 4
_FILTER_LOSS = 0.002
_EXACT_TO = 255
_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Sketches:
    """The kept hashes of a collection.

    Attributes:
        hashes: ``uint64``: sorted and without repeats within a section.
        offsets: ``int64`` of shape ``(sections + 1,)``: where those of each section begin and end.
        sizes: ``int64`` of shape ``(sections,)``: shingles of each section, repeats counted.
    """

    hashes: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @staticmethod
    def concatenate(parts: Sequence[Sketches]) -> Sketches:
        """Those of several batches."""
        counts = np.concatenate([np.empty(0, np.int64), *(np.diff(part.offsets) for part in parts)])
        return Sketches(
            np.concatenate([np.empty(0, np.uint64), *(part.hashes for part in parts)]),
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            np.concatenate([np.empty(0, np.int64), *(part.sizes for part in parts)]),
        )


@dataclass(frozen=True, slots=True)
class Contained:
    """Sections that stand in longer ones, sorted by the short and then the long row.

    Attributes:
        short_rows: ``int64``: the section that is contained: the one of fewer different shingles.
        long_rows: ``int64``: the section that contains it.
        containment: ``float64``: the share of the short one's shingles that the long one has; exact.
        jaccard: ``float64``: of the two; exact.
        starts: ``int64``: where in the long one it stands, in tokens of the key.
        ends: ``int64``: one past its last token.
        limited: Sections from which hashes were not followed to every longer section that has them.
    """

    short_rows: NDArray[np.int64]
    long_rows: NDArray[np.int64]
    containment: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    limited: int

    def __len__(self) -> int:
        return len(self.short_rows)


def fraction(containment: float, shingle_size: int, tokens: int = LEAST_TOKENS) -> float:
    """The share of hashes to be kept.

    The smallest at which a section of so many tokens and that containment shares a kept hash with its
    container with a probability of :data:`RECALL`.

    >>> round(fraction(0.8, 5), 4)
    0.0667
    """
    common = max(1.0, containment * (tokens - shingle_size + 1))
    return -float(np.expm1(log1p(-RECALL) / common))


def sketch(kernels: Kernels, overlap: OverlapKernels, shingles: Shingles, share: float) -> Sketches:
    """The hashes of each section that lie in the lowest ``share`` of the range."""
    bound = np.uint64(min(int(share * 2**64), 2**64 - 1))
    return Sketches(*kernels.sorted_sets(*overlap.below(*shingles, bound)), np.diff(shingles[1]))


@cache
def _fewest_table(containment: float) -> NDArray[np.int64]:
    """The largest number below which a binomial falls at most as often as ``_FILTER_LOSS``, by trials."""
    fewest = np.ones(_EXACT_TO + 1, dtype=np.int64)
    chances = np.zeros(_EXACT_TO + 2)  # of each number of hits
    chances[0] = 1.0
    for trials in range(1, _EXACT_TO + 1):
        chances[1:] = chances[1:] * (1.0 - containment) + chances[:-1] * containment
        chances[0] *= 1.0 - containment
        fewest[trials] = max(1, int(np.searchsorted(np.cumsum(chances), _FILTER_LOSS, "right")))
    return np.minimum(fewest, np.maximum(np.arange(_EXACT_TO + 1), 1))


def fewest_shared(kept: NDArray[np.int64], containment: float) -> NDArray[np.int64]:
    """Kept hashes that a section must share with its container, at least 1.

    Each kept hash of a section of that containment is shared with that probability; fewer than this are
    with a probability of :data:`_FILTER_LOSS` at most. From 256 hashes on that is Hoeffding's bound.

    >>> fewest_shared(np.array([1, 5, 10, 50, 1000]), 0.8).tolist()
    [1, 1, 4, 31, 745]
    """
    bound = np.ceil(containment * kept - np.sqrt(-log(_FILTER_LOSS) / 2.0 * kept)).astype(np.int64)
    return np.where(kept > _EXACT_TO, bound, _fewest_table(containment)[np.minimum(kept, _EXACT_TO)])


def contained_sections(
    sketches: Sketches,
    shingles_of: ShinglesOf,
    kernels: Kernels,
    overlap: OverlapKernels,
    shingle_size: int,
    *,
    containment: float = 0.8,
    jaccard_below: float = 1.0,
    chosen: NDArray[np.bool_] | None = None,
    min_tokens: int = 20,
    at_once: int = AT_ONCE,
) -> Contained:
    """The sections that stand in longer ones.

    Args:
        sketches: Of all sections, made with the :func:`fraction` for this containment.
        shingles_of: Gives the shingle hashes of rows (rising), in order and with repeats, and their offsets.
        kernels: Which inner loops to use.
        overlap: The same for those of this finder.
        shingle_size: Tokens in a shingle.
        containment: From which share of its shingles a section is contained.
        jaccard_below: Pairs of this Jaccard and more are left out: they are near-duplicates. Equal sets
            always are.
        chosen: Which rows are looked at; all by default. Of equal and near-equal sections one is
            enough: duplicates are found elsewhere, and they would stand for all containers that are named.
        min_tokens: Tokens of the shortest section that is looked for.
        at_once: Shingles in memory at once.
    """
    kept = np.diff(sketches.offsets)
    looked_at = (kept > 0) & (sketches.sizes > min_tokens - shingle_size)
    if chosen is not None:
        looked_at &= chosen
    # Those of most kept hashes first. Where chance gives the short one of a pair more, the long one is
    # looked for; it shares no smaller part of its hashes, so that no pair is lost by it.
    order = np.flatnonzero(looked_at)
    order = order[np.argsort(-kept[order], kind="stable")]
    found = [np.empty((2, 0), np.int64)]
    limited = 0
    for short, long, cut in _candidates(sketches, order, containment):
        pairs = _most_alike(sketches, order[short], order[long], kernels, containment)
        found.append(pairs)
        limited += cut
    short, long = np.concatenate(found, axis=1)
    by_long = np.argsort(long, kind="stable")
    verified = [np.empty((6, 0))]
    short, long = short[by_long], long[by_long]
    fetched = Fetched(shingles_of, np.unique((short, long)), sketches.sizes, at_once)
    verified += [
        _verified(
            short[part], long[part], fetched, kernels, overlap, shingle_size, containment, jaccard_below
        )
        for part in fetched.batches(sketches.sizes[short] + sketches.sizes[long])
    ]
    rows = np.concatenate(verified, axis=1)
    rows = rows[:, np.lexsort((rows[1], rows[0]))]
    whole = rows[[0, 1, 4, 5]].astype(np.int64)
    return Contained(whole[0], whole[1], rows[2], rows[3], whole[2], whole[3], limited)


def _candidates(
    sketches: Sketches, order: NDArray[np.int64], containment: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int]]:
    """Pairs worth a count, each once: places in ``order`` of the short and long one; how many were cut."""
    kept = np.diff(sketches.offsets)[order]
    places = np.repeat(np.arange(len(order)), kept)
    within = np.arange(len(places)) - np.repeat(np.cumsum(kept) - kept, kept)
    hashes = sketches.hashes[np.repeat(sketches.offsets[order], kept) + within]
    unused = np.uint64(64 - int(hashes.max(initial=1)).bit_length())
    members, opens = joined_groups(hashes << unused, places)
    starts = np.flatnonzero(opens)
    longer = np.arange(len(members)) - np.repeat(starts, np.diff(starts, append=len(members)))
    # An entry is of use where longer sections have its hash; a section needs enough such entries.
    useful = np.flatnonzero(longer)
    number = np.bincount(members[useful], minlength=len(order))
    followed = number - fewest_shared(kept, containment) + 1
    useful = useful[followed[members[useful]] > 0]
    useful = useful[np.lexsort((longer[useful], members[useful]))]  # rarest first, section by section
    short = members[useful]
    first = np.searchsorted(short, short)
    useful = useful[np.arange(len(useful)) - first < followed[short]]
    short, counts, begins = members[useful], longer[useful], useful - longer[useful]
    ends = np.cumsum(counts)
    first = np.searchsorted(short, short)
    room = np.maximum(FOLLOWED - (ends - counts - (ends - counts)[first]), 0)
    cut = len(np.unique(short[counts > room]))
    counts = np.minimum(counts, room)
    ends = np.cumsum(counts)
    begin = 0
    while begin < len(useful):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, "right")))
        end = int(np.searchsorted(short, short[end - 1], "right"))  # all of a section together
        part = slice(begin, end)
        lefts = np.repeat(short[part], counts[part])
        nth = np.arange(len(lefts)) - np.repeat(ends[part] - counts[part] - done, counts[part])
        pairs = lefts * len(order) + members[np.repeat(begins[part], counts[part]) + nth]
        pairs.sort()  # ten times as fast as the hashing of numpy's unique
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        left, right = np.divmod(pairs, len(order))
        yield left, right, cut
        begin, cut = end, 0


def _most_alike(
    sketches: Sketches,
    short: NDArray[np.int64],
    long: NDArray[np.int64],
    kernels: Kernels,
    containment: float,
) -> NDArray[np.int64]:
    """Of pairs of rows, sorted by the short one, those that share enough; of a section the best."""
    shared = kernels.intersections(sketches.hashes, sketches.offsets, short, long)
    enough = shared >= fewest_shared(np.diff(sketches.offsets)[short], containment)
    short, long, shared = short[enough], long[enough], shared[enough]
    order = np.lexsort((long, -shared, short))
    short, long = short[order], long[order]
    counted = np.maximum(FEWEST, MOST // np.diff(sketches.offsets)[short])
    best = np.arange(len(short)) - np.searchsorted(short, short) < counted
    return np.stack((short[best], long[best]))


def _verified(
    short: NDArray[np.int64],
    long: NDArray[np.int64],
    fetched: Fetched,
    kernels: Kernels,
    overlap: OverlapKernels,
    shingle_size: int,
    least: float,
    jaccard_below: float,
) -> NDArray[np.float64]:
    """Of candidates those that are contained: short, long, containment, Jaccard, start, end."""
    rows = np.unique((short, long))
    shingles, numbers = fetched.of(rows)
    sets = kernels.sorted_sets(*shingles)
    left, right = (numbers[np.searchsorted(rows, side)] for side in (short, long))
    jaccard, containment = exact(kernels, sets, left, right)
    sizes = np.diff(sets[1])
    swapped = sizes[left] > sizes[right]
    short, long = np.where(swapped, long, short), np.where(swapped, short, long)
    left, right = np.where(swapped, right, left), np.where(swapped, left, right)
    matching = np.flatnonzero((containment >= least) & (jaccard < jaccard_below))
    places = overlap.places(*shingles, *sets, left[matching], right[matching])
    places[:, 1] += shingle_size - 1
    columns = (short, long, containment, jaccard)
    return np.stack([*(column[matching].astype(np.float64) for column in columns), *places.T])
