"""From the rows of all sections to decisions: who matches whom, who represents, who stays, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.budget import give_back
from reportclean.engines.stages import SectionRows
from reportclean.kernels import Kernels
from reportclean.near.bands import Banding
from reportclean.near.cluster import Groups, Ranked, group_by_key
from reportclean.near.leaders import Leaders, SetsOf, lead
from reportclean.near.options import DedupeConfig
from reportclean.near.spinning import Spinning
from reportclean.results import Kind
from reportclean.text.differing import Differs, same_outlines, values_differ

_POLICY = {
    "best": "fewest placeholders and repairs, then longest",  # after the one that is not spun
    "first": "first in the input",
    "longest": "longest",
    "newest": "newest",
}

_MANY = 100_000  # sections from which it is worth while to return memory in between

Sides = tuple[int, int]  # a member and its representative, as rows


@dataclass(frozen=True, slots=True)
class Pair:
    """A member and the representative it matches, as rows.

    Attributes:
        member: The one.
        representative: The other.
        jaccard: Of the matching keys.
        containment: The same.
        kind: How they match.
        differs: In what.
        spinning: Where one is a spun copy of the other, what they say about it: the member is on the left.
    """

    member: int
    representative: int
    jaccard: float
    containment: float
    kind: Kind
    differs: Differs
    spinning: Spinning | None = None

    @property
    def spun(self) -> int | None:
        """The row of the spun side, where it is known which that is."""
        if self.spinning is None or self.spinning.original is None:
            return None
        return self.representative if self.spinning.original == "left" else self.member


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Known:
    """Rows that are known from before: each matches a section that stays whatever is decided.

    Attributes:
        rows: ``int64``, rising.
        elders: ``int64``: the row of the section that each matches; that is no row to be decided on, and its
            ordinal is 0.
        jaccard: ``float64``.
        containment: ``float64``.
        exact: ``bool``: whether the keys are equal.
        where: What holds each elder, by its row.
    """

    rows: NDArray[np.int64]
    elders: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    exact: NDArray[np.bool_]
    where: Mapping[int, str]

    @staticmethod
    def nothing() -> Known:
        """No rows."""
        none, ratios = np.empty(0, np.int64), np.empty(0)
        return Known(none, none, ratios, ratios, np.empty(0, bool), {})


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done.

    Attributes:
        kept: ``bool`` of shape ``(sections,)``.
        clusters: Rows of each cluster in order of input, clusters in order of their first row.
        representatives: The representative's row of each cluster.
        replaced_by: For each row of a cluster, the row kept in its place: the representative, itself where it
            is that, or the update that it is a copy of.
        pairs: Every other member with its representative, in order of input.
        reasons: Why a row was kept or removed, for the rows that are in a cluster.
        cluster_reasons: Why each representative.
    """

    kept: NDArray[np.bool_]
    clusters: tuple[tuple[int, ...], ...]
    representatives: tuple[int, ...]
    replaced_by: dict[int, int]
    pairs: tuple[Pair, ...]
    reasons: dict[int, str]
    cluster_reasons: tuple[str, ...]


def decide(
    rows: SectionRows,
    preferred: NDArray[np.bool_],
    dates: NDArray[np.float64],
    spun: NDArray[np.bool_],
    names: Callable[[int], str],
    outlines_of: Callable[[NDArray[np.int64]], NDArray[np.uint64]],
    values_of: Callable[[Sequence[int]], list[str]],
    open_sets: Callable[[NDArray[np.int64]], SetsOf],
    spinnings_of: Callable[[Sequence[Sides]], list[Spinning | None]],
    kernels: Kernels,
    banding: Banding,
    config: DedupeConfig,
    known: Known,
    at_once: int,
) -> Decision:
    """Cluster all sections and decide which stay.

    Args:
        rows: All sections in order of input.
        preferred: Per row, whether its source matches ``prefer``.
        dates: Per row, seconds since 1970.
        spun: Per row, whether it is known to be a spun copy.
        names: The section id of a row.
        outlines_of: The outlines of rows without their own headings, to say what differs.
        values_of: The values of their surfaces, joined.
        open_sets: Called once with all rows whose shingle sets will be asked for; what it returns gives those
            of some.
        spinnings_of: Which pairs that differ in words are spun, and what they say about it; None for others.
        kernels: Which inner loops to use.
        banding: The bands in force.
        config: The settings.
        known: Rows that are held against nothing else.
        at_once: Shingles in memory together.
    """
    tokens = np.where(rows.ordinals > 0, rows.tokens, 0)
    tokens[known.rows] = 0
    ranked = Ranked(rows.key_hashes, tokens, rows.placeholders + rows.repairs, preferred, dates, spun)
    groups = group_by_key(ranked, config)
    first = groups.first

    def open_groups(contested: NDArray[np.int64]) -> SetsOf:
        sets_of = open_sets(first[contested])
        return lambda some: sets_of(first[some])

    leaders = lead(
        kernels,
        lambda some: rows.signatures[first[some]],
        tokens[first],
        open_groups,
        banding,
        config,
        np.argsort(first),
        at_once,
    )
    if len(tokens) >= _MANY:
        give_back()
    matchable = np.flatnonzero(groups.of_section >= 0)
    group = groups.of_section[matchable]
    representative = np.arange(len(tokens))
    representative[matchable] = first[leaders.leader[group]]
    representative[known.rows] = known.elders
    clusters = _clusters(np.union1d(matchable, np.concatenate((known.rows, known.elders))), representative)
    sides = [
        (row, int(representative[row]))
        for cluster in clusters
        for row in cluster
        if row != representative[row]
    ]
    differences = Differences(sides, outlines_of, values_of)
    before = {row: number for number, row in enumerate(known.rows.tolist())}
    pairs = [
        _known_pair(side, before[side[0]], known, differs)
        if side[0] in before
        else _pair(side, groups, leaders, differs)
        for side, differs in zip(sides, differences.told(), strict=True)
    ]
    in_words = [number for number, pair in enumerate(pairs) if pair.differs == "words"]
    told = spinnings_of([sides[number] for number in in_words])
    for number, spinning in zip(in_words, told, strict=True):
        if spinning is not None:
            pairs[number] = replace(pairs[number], kind="spun", spinning=spinning)

    def named(row: int) -> str:
        return f"{names(row)} in {known.where[row]}" if row in known.where else names(row)

    kept, reasons, pairs = _outcome(pairs, len(tokens), named, differences, config)
    heads = tuple(int(representative[cluster[0]]) for cluster in clusters)
    copies = {pair.spun for pair in pairs}
    once: dict[str, str] = {}  # of hundreds of thousands of clusters most have one of a few reasons
    why = []
    for head, cluster in zip(heads, clusters, strict=True):
        if head in known.where:
            said = f"it was in {known.where[head]} before"
        else:
            said = _why(head, cluster, preferred, not copies.isdisjoint(cluster), config)
        why.append(once.setdefault(said, said))
        kept_for = f"kept: {said}"
        reasons[head] = once.setdefault(kept_for, kept_for)
    replaced = dict(zip(heads, heads, strict=True))
    replaced.update((pair.member, pair.representative) for pair in pairs)
    return Decision(kept, clusters, heads, replaced, tuple(pairs), reasons, tuple(why))


def _pair(sides: Sides, groups: Groups, leaders: Leaders, differs: Differs) -> Pair:
    row, head = sides
    number = groups.of_section[row]
    if number == groups.of_section[head]:  # equal keys; where a lexicon made them so, words may differ
        return Pair(row, head, 1.0, 1.0, "near" if differs == "words" else "exact", differs)
    return Pair(
        row, head, float(leaders.jaccard[number]), float(leaders.containment[number]), "near", differs
    )


def _known_pair(sides: Sides, number: int, known: Known, differs: Differs) -> Pair:
    ratios = float(known.jaccard[number]), float(known.containment[number])
    return Pair(*sides, *ratios, "exact" if known.exact[number] else "near", differs)


def _clusters(rows: NDArray[np.int64], representative: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """The rows with one representative, in order, where they are several; by the first of each."""
    heads = representative[rows]
    counts = np.bincount(heads, minlength=len(representative))
    several = rows[counts[heads] > 1]
    _, first, of_row = np.unique(representative[several], return_index=True, return_inverse=True)
    first_of = first[of_row]
    order = np.argsort(first_of, kind="stable")
    ends = (np.flatnonzero(np.diff(first_of[order], append=-1)) + 1).tolist()
    members = several[order].tolist()
    return tuple(tuple(members[begin:end]) for begin, end in pairwise((0, *ends)))


class Differences:
    """What the two sections of each pair differ in.

    Most pairs are told by outlines; only where two differ in values alone are these looked at.

    Args:
        pairs: Two rows each.
        outlines_of: The outlines of rows without their own headings.
        values_of: The values of their surfaces, joined.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[int, int]],
        outlines_of: Callable[[NDArray[np.int64]], NDArray[np.uint64]],
        values_of: Callable[[Sequence[int]], list[str]],
    ) -> None:
        self._pairs = pairs
        rows, places = np.unique(np.array(pairs, dtype=np.int64).reshape(-1, 2), return_inverse=True)
        left, right = places.reshape(-1, 2).T
        outlines = outlines_of(rows)
        self._same, in_frame = same_outlines(outlines[left], outlines[right])
        self._in_values = in_frame & ~self._same
        differing = rows[np.unique(np.concatenate((left[self._in_values], right[self._in_values])))].tolist()
        self._values: dict[int, str] = dict(zip(differing, values_of(differing), strict=True))

    def told(self) -> Iterator[Differs]:
        """What each pair differs in, in their order."""
        for (one, other), same, in_values in zip(
            self._pairs, self._same.tolist(), self._in_values.tolist(), strict=True
        ):
            if same:
                yield "none"
            else:
                yield values_differ(self._values[one], self._values[other]) if in_values else "words"

    def values(self, row: int) -> str:
        """The values of a section that differs from another one in them."""
        return self._values[row]


def _why(
    head: int,
    cluster: Sequence[int],
    preferred: NDArray[np.bool_],
    has_copies: bool,
    config: DedupeConfig,
) -> str:
    if config.prefer and preferred[head] and not preferred[list(cluster)].all():
        return f"best of {len(cluster)}: its source matches {config.prefer}"
    first = "not spun, then " if config.keep == "best" and has_copies else ""
    return f"best of {len(cluster)}: {first}{_POLICY[config.keep]}"


def _outcome(
    pairs: Sequence[Pair],
    sections: int,
    names: Callable[[int], str],
    differences: Differences,
    config: DedupeConfig,
) -> tuple[NDArray[np.bool_], dict[int, str], list[Pair]]:
    """Which rows stay, why each member went or stayed, and whom it is a copy of.

    A kept update represents its own copies: those whose key, numbers and masks equal its own.
    """
    kept = np.ones(sections, dtype=bool)
    reasons: dict[int, str] = {}
    updates: dict[tuple[int, str], int] = {}  # those of a representative have its frame
    decided: list[Pair] = []
    for found in pairs:
        pair = found
        if config.keep_updates and pair.differs in {"years", "numbers"}:
            update = updates.setdefault((pair.representative, differences.values(pair.member)), pair.member)
            if update == pair.member:
                reasons[pair.member] = f"kept as an update: {_said(pair, names)}"
                decided.append(pair)
                continue
            pair = Pair(pair.member, update, 1.0, 1.0, "exact", "none")
        decided.append(pair)
        said = _said(pair, names) + (", itself kept as an update" if pair is not found else "")
        kept[pair.member] = config.mark
        reasons[pair.member] = f"{'would be removed' if config.mark else 'removed'}: {said}"
    return kept, reasons, decided


def _said(pair: Pair, names: Callable[[int], str]) -> str:
    """A pair in words."""
    said = [f"Jaccard {pair.jaccard:.3f}"] if pair.kind != "exact" else []
    if pair.spinning is not None:
        said.append(f"{len(pair.spinning.swaps)} words swapped")
    elif pair.differs != "none":
        said.append(f"{pair.differs} differ")
    more = f" ({', '.join(said)})" if said else ""
    what = f"{pair.kind} duplicate"
    if pair.spinning is not None:
        what = "original" if pair.spun == pair.representative else "spun copy"
    return f"{what} of {names(pair.representative)}{more}"
