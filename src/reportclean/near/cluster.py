"""Groups of equal keys in rank order, from which leaders are found (:mod:`reportclean.near.leaders`).

Rank ends in a hash of the key, so that the order of input decides among equal keys alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportclean.near.options import DedupeConfig

ShingleSets = tuple[NDArray[np.uint64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What rank looks at: one row a section, in input order.

    Attributes:
        key_hashes: ``uint64`` of shape ``(sections, 2)``: the 128-bit hash of each key.
        tokens: ``int64``: tokens of each key; a section without tokens matches nothing.
        marks: ``int64``: placeholders and repairs counted together.
        preferred: ``bool``: whether the source matches ``prefer``.
        dates: ``float64``: seconds since 1970, for ``keep="newest"``.
        spun: ``bool``: whether it proved to be a spun copy, for ``keep="best"``.
    """

    key_hashes: NDArray[np.uint64]
    tokens: NDArray[np.int64]
    marks: NDArray[np.int64]
    preferred: NDArray[np.bool_]
    dates: NDArray[np.float64]
    spun: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Groups:
    """Sections with equal keys, in rank order.

    Attributes:
        of_section: ``int64`` of shape ``(sections,)``: the group of each; -1 for one without tokens.
        first: ``int64`` of shape ``(groups,)``: the best-ranked section of each.
    """

    of_section: NDArray[np.int64]
    first: NDArray[np.int64]


def criteria(ranked: Ranked, config: DedupeConfig) -> dict[str, NDArray[np.generic]]:
    """What rank goes by, the first to decide first; the smaller number is the better rank.

    As many as ``config`` asks for of ``preferred``, ``newest``, ``spun``, ``marks``, ``longest``, ``hash``,
    ``hash, low half`` and ``first``.
    """
    found: dict[str, NDArray[np.generic]] = {"preferred": ~ranked.preferred}
    if config.keep == "newest":
        found["newest"] = -ranked.dates
    elif config.keep == "best":
        found["spun"] = ranked.spun
    if config.keep in {"best", "newest"}:
        found["marks"] = ranked.marks
    if config.keep != "first":
        found["longest"] = -ranked.tokens
        found |= {"hash": ranked.key_hashes[:, 0], "hash, low half": ranked.key_hashes[:, 1]}
    return found | {"first": np.arange(len(ranked.tokens))}


def group_by_key(ranked: Ranked, config: DedupeConfig) -> Groups:
    """Group sections with equal keys and put the groups in rank order."""
    rows = np.flatnonzero(ranked.tokens > 0)
    high, low = ranked.key_hashes[rows, 0], ranked.key_hashes[rows, 1]
    # The last key is the first to decide.
    order = np.lexsort([column[rows] for column in reversed(criteria(ranked, config).values())])

    _, inverse = np.unique(np.stack((high, low), axis=1), axis=0, return_inverse=True)
    inverse = inverse.ravel()
    place = np.full(int(inverse.max(initial=-1)) + 1, len(rows), dtype=np.int64)
    np.minimum.at(place, inverse[order], np.arange(len(rows)))
    number = np.empty(len(place), dtype=np.int64)
    number[np.argsort(place)] = np.arange(len(place))
    of_section = np.full(len(ranked.tokens), -1, dtype=np.int64)
    of_section[rows] = number[inverse]
    return Groups(of_section, rows[order[np.sort(place)]])
