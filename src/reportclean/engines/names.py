"""Millions of short texts in little memory: a sequence of names, and a sequence of labels that repeat."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

_DECODED_AT_ONCE = 1_000


class Names(Sequence[str]):
    """Texts one after the other as UTF-8: ten times less than as objects; each is made when it is asked for.

    Args:
        names: The texts; lone surrogates come back as they were.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._data = bytearray()
        self._ends = array("q", [0])
        self.extend(names)

    def extend(self, names: Iterable[str]) -> None:
        """Put some at the end."""
        data, ends = self._data, self._ends
        for name in names:
            data += name.encode("utf-8", "surrogatepass")
            ends.append(len(data))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """One of them, or several as a list."""
        if isinstance(place, slice):
            return [self._at(number) for number in range(*place.indices(len(self)))]
        number = place + len(self) if place < 0 else place
        if not 0 <= number < len(self):
            raise IndexError(f"there is no name {place}")
        return self._at(number)

    def _at(self, number: int) -> str:
        return self._data[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """All in order."""
        for begin in range(0, len(self), _DECODED_AT_ONCE):
            yield from self[begin : begin + _DECODED_AT_ONCE]


class Labels(Sequence[str]):
    """Texts of which few are different.

    Args:
        labels: The texts.

    Attributes:
        values: The different ones.
    """

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self.values: list[str] = []
        self._number_of: dict[str, int] = {}
        self._numbers = array("i")
        self.extend(labels)

    def extend(self, labels: Iterable[str]) -> None:
        """Put some at the end."""
        for label in labels:
            number = self._number_of.setdefault(label, len(self.values))
            if number == len(self.values):
                self.values.append(label)
            self._numbers.append(number)

    @property
    def numbers(self) -> NDArray[np.int32]:
        """``int32``: per text, which of the values it is."""
        return np.array(self._numbers, dtype=np.int32)

    def __len__(self) -> int:
        """How many there are, equal ones counted."""
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """One of them, or several as a list."""
        if isinstance(place, slice):
            return [self.values[number] for number in self._numbers[place]]
        return self.values[self._numbers[place]]
