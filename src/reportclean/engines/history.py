"""What stood before: the sections of indexes that sections of a run match, and a run's own put into one.

What an index holds stays. A section of the run that matches any of it is removed, whichever of the two would
rank better, and the closest section of an index stands for it; only the others are compared with one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Section
from reportclean.engines.decide import Known
from reportclean.engines.stages import Prepared, SectionRows
from reportclean.engines.texts import Texts, section_surfaces
from reportclean.index.matching import Asked, Matches, find_closest
from reportclean.index.store import Columns, Store
from reportclean.near.options import DedupeConfig
from reportclean.text.differing import surfaces

ELDERS_AT_ONCE = 5_000  # sections of an index whose texts are in memory
_NAMES_AT_ONCE = 100_000
_KEYS_AT_ONCE = 1_000  # keys of an index of which all sections are looked at


class Held(NamedTuple):
    """An index that a run is held against, and what it is called in reasons."""

    store: Store
    name: str


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class Elders:
    """Sections of indexes that sections of a run match.

    Attributes:
        rows: ``int64``: the rows of the run, rising.
        places: ``int64``: the elder of each: a place in the two below.
        stores: ``int64``: which index each elder stands in.
        sections: ``int64``: its number there.
        jaccard: ``float64``: per row.
        containment: ``float64``: per row.
        exact: ``bool``: per row, whether the keys are equal.
        names: What the indexes are called.
    """

    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    stores: NDArray[np.int64]
    sections: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    exact: NDArray[np.bool_]
    names: Sequence[str]

    def __len__(self) -> int:
        """How many sections of indexes there are."""
        return len(self.sections)

    def known(self, rows: int) -> Known:
        """The same for the decision, with the elders as rows behind those of the run.

        Args:
            rows: How many rows the run has.
        """
        names = [self.names[number] for number in self.stores.tolist()]
        where = dict(enumerate(names, rows))
        return Known(self.rows, rows + self.places, self.jaccard, self.containment, self.exact, where)


class History:
    """The indexes that a run is held against.

    Args:
        held: One or several; of equally close sections that of the first counts.
    """

    def __init__(self, held: Sequence[Held]) -> None:
        self.held = tuple(held)

    def taken(self, document_ids: Sequence[str]) -> set[str]:
        """Which ids documents of the indexes have already."""
        found: set[str] = set()
        for begin in range(0, len(document_ids), _NAMES_AT_ONCE):
            some = document_ids[begin : begin + _NAMES_AT_ONCE]
            for store, _ in self.held:
                columns, _ = store.columns(store.of_documents(some))
                found.update(columns.document_ids)
        return found

    def elders(self, rows: SectionRows, texts: Texts, characters: int, config: DedupeConfig) -> Elders:
        """For each row that matches sections of the indexes the closest of them.

        Args:
            rows: Of the run, signed without a lexicon.
            texts: Of the rows.
            characters: Of the whole input, by which the kernels are chosen.
            config: Threshold, size of shingle, least number of tokens, and whether updates are kept.
        """
        matchable = np.flatnonzero((rows.ordinals > 0) & (rows.tokens > 0))
        _, firsts, group = np.unique(
            rows.key_hashes[matchable], axis=0, return_index=True, return_inverse=True
        )
        asking = matchable[firsts]
        asked = Asked(
            rows.tokens[asking],
            rows.key_hashes[asking],
            lambda some: rows.signatures[asking[some]],
            lambda some: texts.shingle_sets(asking[some].tolist(), config, characters),
        )
        best, stores = _closest([find_closest(store, asked, config) for store, _ in self.held])
        answer = np.full(len(asking), -1, dtype=np.int64)
        answer[best.rows] = np.arange(len(best.rows))
        answers = answer[group.ravel()]
        mine, answers = matchable[answers >= 0], answers[answers >= 0]
        sections = np.empty(len(mine), dtype=np.int64)
        for number, (store, _) in enumerate(self.held):
            here = np.flatnonzero(stores[answers] == number)
            keys = best.keys[answers[here]]
            sections[here] = _first_sections(store, keys)
            if config.keep_updates:
                equal = here[best.exact[answers[here]]]
                _take_same_values(sections, equal, store, best.keys[answers], mine, texts, characters)
        both, places = np.unique(np.stack((stores[answers], sections)), axis=1, return_inverse=True)
        facts = (best.jaccard[answers], best.containment[answers], best.exact[answers])
        return Elders(mine, places.ravel(), both[0], both[1], *facts, [name for _, name in self.held])

    def columns(self, elders: Elders) -> Iterator[Columns]:
        """Facts about elders in their order, some at a time."""
        for begin in range(0, len(elders), ELDERS_AT_ONCE):
            some = slice(begin, begin + ELDERS_AT_ONCE)
            stores, sections = elders.stores[some], elders.sections[some]
            for number in np.unique(stores).tolist():
                yield self.held[number].store.columns(sections[stores == number])[0]


def as_prepared(columns: Columns) -> list[Prepared]:
    """Sections of an index as documents of one section each, heading before text, for a spool."""
    found = []
    for document_id, source, ordinal, title, body in zip(
        columns.document_ids,
        columns.sources,
        columns.ordinals.tolist(),
        columns.titles,
        columns.bodies,
        strict=True,
    ):
        text = title + body
        section = Section(ordinal, title, "", 0, len(text))
        place = (0, len(text), 1)
        found.append(
            Prepared(
                document_id, source, None, "", b"", "", None, "", 0.0, b"", text, (section,), (place,), (), {}
            )
        )
    return found


def _closest(found: Sequence[Matches]) -> tuple[Matches, NDArray[np.int64]]:
    """The best of each row over several indexes, and which index it is of."""
    stores = np.repeat(np.arange(len(found)), [len(one.rows) for one in found])
    columns = [np.concatenate([getattr(one, name) for one in found]) for name in Matches.__slots__]
    rows, _, jaccard, _, exact = columns
    order = np.lexsort((stores, ~exact, -jaccard, rows))
    firsts = order[np.flatnonzero(np.diff(rows[order], prepend=-1))]
    return Matches(*(column[firsts] for column in columns)), stores[firsts]


def _first_sections(store: Store, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first section that has each of some keys."""
    different, of_key = np.unique(keys, return_inverse=True)
    positions, sections = store.of_keys(different)
    return sections[np.searchsorted(positions, np.arange(len(different)))][of_key]


def _take_same_values(
    into: NDArray[np.int64],
    here: NDArray[np.int64],
    store: Store,
    keys: NDArray[np.int64],
    rows: NDArray[np.int64],
    texts: Texts,
    characters: int,
) -> None:
    """Where keys are equal, take a section that has the years of the row, too, if there is one.

    Args:
        into: The section of each place; changed.
        here: The places to look at, rising.
        store: The index.
        keys: Per place.
        rows: Per place.
        texts: Of the rows.
        characters: Of the whole input.
    """
    different = np.unique(keys[here])
    for begin in range(0, len(different), _KEYS_AT_ONCE):
        some = different[begin : begin + _KEYS_AT_ONCE]
        positions, sections = store.of_keys(some)
        if len(sections) == len(some):
            continue
        columns, _ = store.columns(sections)
        theirs: dict[tuple[int, object], int] = {}
        for position, section, one in zip(
            positions.tolist(), sections.tolist(), surfaces(columns.bodies), strict=True
        ):
            theirs.setdefault((int(some[position]), one), section)
        places = here[np.isin(keys[here], some)]
        mine = texts.made(section_surfaces, rows[places].tolist(), characters)
        for place, one in zip(places.tolist(), mine, strict=True):
            into[place] = theirs.get((int(keys[place]), one), into[place])
