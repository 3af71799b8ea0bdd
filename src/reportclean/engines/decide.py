"""From the rows of all sections to decisions: who matches whom, who represents, who stays, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportclean.engines.stages import SectionRows, ShingleSets
from reportclean.kernels import Kernels
from reportclean.near.bands import Banding
from reportclean.near.cluster import Ranked, group_by_key, lead
from reportclean.near.options import DedupeConfig
from reportclean.text.differing import Differs, Surface, surface, what_differs

_POLICY = {
    "best": "fewest placeholders and repairs, then longest",
    "first": "first in the input",
    "longest": "longest",
    "newest": "newest",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A member and the representative it matches, as rows."""

    member: int
    representative: int
    jaccard: float
    containment: float
    kind: Literal["exact", "near"]
    differs: Differs


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done.

    Attributes:
        kept: ``bool`` of shape ``(sections,)``.
        clusters: Rows of each cluster in order of input, clusters in order of their first row.
        representatives: The representative's row of each cluster.
        pairs: Every other member with its representative, in order of input.
        reasons: Why a row was kept or removed, for the rows that are in a cluster.
        cluster_reasons: Why each representative.
    """

    kept: NDArray[np.bool_]
    clusters: tuple[tuple[int, ...], ...]
    representatives: tuple[int, ...]
    pairs: tuple[Pair, ...]
    reasons: dict[int, str]
    cluster_reasons: tuple[str, ...]


def decide(
    rows: SectionRows,
    preferred: NDArray[np.bool_],
    dates: NDArray[np.float64],
    names: Callable[[int], str],
    texts_of: Callable[[Sequence[int]], list[str]],
    sets_of: Callable[[Sequence[int]], ShingleSets],
    kernels: Kernels,
    banding: Banding,
    config: DedupeConfig,
) -> Decision:
    """Cluster all sections and decide which stay.

    Args:
        rows: All sections in order of input.
        preferred: Per row, whether its source matches ``prefer``.
        dates: Per row, seconds since 1970.
        names: The section id of a row.
        texts_of: The clean texts of rows.
        sets_of: The sorted shingle sets of rows.
        kernels: Which inner loops to use.
        banding: The bands in force.
        config: The settings.
    """
    tokens = np.where(rows.ordinals > 0, rows.tokens, 0)
    ranked = Ranked(rows.key_hashes, tokens, rows.placeholders + rows.repairs, preferred, dates)
    groups = group_by_key(ranked, config)
    first = groups.first
    leaders = lead(
        kernels,
        rows.signatures[first],
        tokens[first],
        lambda chosen: sets_of(first[chosen].tolist()),
        banding,
        config,
    )
    matchable = np.flatnonzero(groups.of_section >= 0)
    group = groups.of_section[matchable]
    representative = np.arange(len(tokens))
    representative[matchable] = first[leaders.leader[group]]
    members: dict[int, list[int]] = {}
    for row in matchable.tolist():
        members.setdefault(int(representative[row]), []).append(row)
    clusters = sorted((group for group in members.values() if len(group) > 1), key=lambda group: group[0])

    surfaces = _surfaces(clusters, texts_of)
    pairs: list[Pair] = []
    for cluster in clusters:
        head = int(representative[cluster[0]])
        for row in cluster:
            if row != head:
                number = groups.of_section[row]
                exact = number == groups.of_section[head]
                pairs.append(
                    Pair(
                        row,
                        head,
                        1.0 if exact else float(leaders.jaccard[number]),
                        1.0 if exact else float(leaders.containment[number]),
                        "exact" if exact else "near",
                        what_differs(surfaces[row], surfaces[head]),
                    )
                )
    kept, reasons = _outcome(pairs, len(tokens), names, surfaces, config)
    heads = tuple(int(representative[cluster[0]]) for cluster in clusters)
    why = [_why(head, cluster, preferred, config) for head, cluster in zip(heads, clusters, strict=True)]
    reasons |= {head: f"kept: {reason}" for head, reason in zip(heads, why, strict=True)}
    return Decision(kept, tuple(map(tuple, clusters)), heads, tuple(pairs), reasons, tuple(why))


def _surfaces(
    clusters: list[list[int]], texts_of: Callable[[Sequence[int]], list[str]]
) -> dict[int, Surface]:
    rows = [row for cluster in clusters for row in cluster]
    known: dict[str, Surface] = {}  # many members are the same to the letter
    surfaces = {}
    for row, text in zip(rows, texts_of(rows), strict=True):
        if text not in known:
            known[text] = surface(text)
        surfaces[row] = known[text]
    return surfaces


def _why(head: int, cluster: list[int], preferred: NDArray[np.bool_], config: DedupeConfig) -> str:
    if config.prefer and preferred[head] and not preferred[cluster].all():
        return f"best of {len(cluster)}: its source matches {config.prefer}"
    return f"best of {len(cluster)}: {_POLICY[config.keep]}"


def _outcome(
    pairs: Sequence[Pair],
    sections: int,
    names: Callable[[int], str],
    surfaces: dict[int, Surface],
    config: DedupeConfig,
) -> tuple[NDArray[np.bool_], dict[int, str]]:
    """Which rows stay, and why each member went or stayed.

    A kept update is a reason for its own copies to go: those whose key, numbers and masks equal its own.
    """
    kept = np.ones(sections, dtype=bool)
    reasons: dict[int, str] = {}
    updates: dict[tuple[int, Surface], int] = {}
    for pair in pairs:
        said = f"{pair.kind} duplicate of {names(pair.representative)} (Jaccard {pair.jaccard:.3f}"
        said += ")" if pair.differs == "none" else f", {pair.differs} differ)"
        if config.keep_updates and pair.differs in {"years", "numbers"}:
            copied = updates.setdefault((pair.representative, surfaces[pair.member]), pair.member)
            if copied == pair.member:
                reasons[pair.member] = f"kept as an update: {said}"
                continue
            said = f"exact duplicate of {names(copied)}, itself kept as an update"
        if config.mark:
            reasons[pair.member] = f"would be removed: {said}"
        else:
            kept[pair.member] = False
            reasons[pair.member] = f"removed: {said}"
    return kept, reasons
