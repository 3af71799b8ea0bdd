"""Texts that finders look at together: each finder once at each text, and again only where it has changed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.rules.base import Finder, Rule
from reportclean.text.charclass import classes_of_each
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import Scanned, scanned

# One finder looks at texts with others rather than at them alone, if all are not so many times as long.
_SPARE = 4
_WORTH_IT = 1.3  # the same where all finders look


class Batch:
    """Texts that may be changed, with what was found in them as they are.

    A finder is shown the texts joined, those alone that one of its gates lets through where they are few.
    What it found in a text is kept until the text changes, for it would find the same again.

    Attributes:
        texts: The texts as they are now.
        numbers: The number of each text: ``int64``, from 0.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.numbers = np.arange(len(texts))
        self._lengths = np.array([len(text) for text in texts], dtype=np.int64)
        self._versions = np.zeros(len(texts), dtype=np.int64)
        self._seen: dict[Finder, NDArray[np.int64]] = {}  # the version that a finder saw of each; else -1
        self._found: dict[Finder, dict[int, list[Hit]]] = defaultdict(dict)
        everything = _Joined(self.texts, self.numbers, self._versions)
        self._joined = [everything]
        self._flags = everything.flags()

    def change(self, texts: Mapping[int, str]) -> None:
        """Put other texts in the place of some."""
        numbers = np.fromiter(texts, dtype=np.int64, count=len(texts))
        for number, text in texts.items():
            self.texts[number] = text
        self._versions[numbers] += 1
        self._lengths[numbers] = [len(text) for text in texts.values()]
        self._flags[numbers] = classes_of_each([*texts.values()])
        for found in self._found.values():
            if found:
                for number in texts:
                    found.pop(number, None)
        del self._joined[1:]

    def gather(self, numbers: NDArray[np.int64]) -> None:
        """Have some of the texts looked at apart from the others, if that is worth joining them anew."""
        self._with(numbers, _WORTH_IT)

    def hits(
        self, rules: Iterable[Rule], numbers: NDArray[np.int64]
    ) -> Iterator[tuple[int, list[tuple[Rule, Hit]]]]:
        """What the rules find in some of the texts: the number of a text with its hits, finder by finder.

        Args:
            rules: Those with finders; the hits of a finder are kept in its order, positions in the text.
            numbers: Which texts are looked at, rising.
        """
        for finder, group in _by_finder(rules).items():
            for number, hits in self._look(finder, group, numbers):
                flags = int(self._flags[number])
                passing = [rule for rule in group if flags & rule.gate == rule.gate]
                concerned = [(rule, hit) for hit in hits for rule in passing if hit.kind in rule.kinds]
                if concerned:
                    yield number, concerned

    def _look(
        self, finder: Finder, group: Iterable[Rule], numbers: NDArray[np.int64]
    ) -> Iterator[tuple[int, list[Hit]]]:
        """What a finder finds in those of the texts that one of its gates lets through."""
        flags = self._flags[numbers]
        gates = {int(rule.gate) for rule in group}
        passing = numbers[np.logical_or.reduce([flags & np.uint32(gate) == gate for gate in gates])]
        if finder not in self._seen:
            self._seen[finder] = np.full(len(self.texts), -1)
        seen = self._seen[finder]
        new = passing[seen[passing] != self._versions[passing]]
        if len(new):
            joined = self._with(new)
            current = joined.versions[joined.numbers] == self._versions[joined.numbers]
            looked_at = joined.numbers[current]
            seen[looked_at] = self._versions[looked_at]
            found = joined.hits(finder)
            self._found[finder].update((n, found[n]) for n in looked_at.tolist() if n in found)
        known = self._found[finder]
        if known:
            yield from ((number, known[number]) for number in passing.tolist() if number in known)

    def _with(self, numbers: NDArray[np.int64], spare: float = _SPARE) -> _Joined:
        """Some texts joined, maybe with others: in all so many times as long at most."""
        most = spare * (int(self._lengths[numbers].sum()) + len(SEPARATOR))
        for joined in reversed(self._joined):
            current = joined.versions[numbers] == self._versions[numbers]
            if len(joined.text) <= most and current.all():
                return joined
        made = _Joined(self.texts, numbers, self._versions)
        self._joined.append(made)
        return made


class _Joined:
    """Some texts as one.

    Attributes:
        text: The texts with a separator between two.
        numbers: Which they are: ``int64``, rising.
        versions: For every text of the batch which version of it this is; -1 where it is none of these.
    """

    def __init__(self, texts: Sequence[str], numbers: NDArray[np.int64], versions: NDArray[np.int64]) -> None:
        self.numbers = numbers
        self._chosen = [texts[number] for number in numbers.tolist()]
        self.text = scanned(SEPARATOR.join(self._chosen))
        starts = accumulate((len(text) + len(SEPARATOR) for text in self._chosen), initial=0)
        self._starts = [*starts][:-1]
        self._ends = [start + len(text) for start, text in zip(self._starts, self._chosen, strict=True)]
        self.versions = np.full(len(texts), -1)
        self.versions[numbers] = versions[numbers]

    def flags(self) -> NDArray[np.uint32]:
        """The classes of characters that occur in each."""
        if isinstance(self.text, Scanned):
            return self.text.classes_between(np.array(self._starts), np.array(self._ends))
        return classes_of_each(self._chosen)

    def hits(self, finder: Finder) -> dict[int, list[Hit]]:
        """What a finder finds, positions in the text that it is found in, by the number of that text."""
        found: dict[int, list[Hit]] = defaultdict(list)
        start, end = 0, -1
        of_one: list[Hit] = []
        for hit in finder(self.text):
            if not start <= hit.start < end:
                place = bisect_right(self._starts, hit.start) - 1
                start, end = self._starts[place], self._ends[place]
                if hit.start >= end:  # it is the separator itself
                    continue
                of_one = found[int(self.numbers[place])]
            of_one.append(
                Hit(hit.start - start, hit.end - start, hit.kind, hit.stem, hit.replacement) if start else hit
            )
        return found


def _by_finder(rules: Iterable[Rule]) -> dict[Finder, list[Rule]]:
    """Rules by finder: one that several rules share runs once."""
    found: dict[Finder, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.finder is not None:
            found[rule.finder].append(rule)
    return found
