r"""A text that many finders look at: looked up once, and searched where a pattern can begin.

A regular expression spends 1 to 20 ns on every character in which it matches nothing, and some sixty of
them look at each text. Yet most can begin only at a few characters. ``Scanned`` finds the places of all
such characters (``ANCHORS``) in one pass by table, and :func:`anchored` tries a pattern at those that are
its own, at less than 0.2 ns a character of text. On a plain ``str`` the same function lets the pattern
search by itself, which is quicker for short texts; the hits are equal (a property test of every finder).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import CharClass, code_points, table
from reportclean.text.joining import SEPARATOR

# Every character at which a pattern of a finder begins. Letters and the like are many, so a pattern that
# begins with one asks for the second character, too.
ANCHORS = (
    "\n\x00\t \u3000$%#@(<[{/.'`^*|:~„“«…·•。｡，、！"
    "（《【［〔「＜｛＃〇○◯□△◇●■▲◆-–—－―─～_＿﹍﹎﹏＊﹡∗xXｘＸхХ×✕✖╳⨯"
    "12１２一二HPNSRTEIM错錯エ共第此在这這待为為爲期人年更本某了篇份则則"
    "”’）)》」』"  # and where a bracket is closed
)


# Everything that str.isspace and \s take for space.
SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


_LONG = 5000  # code points from which one pass over all of them costs less than the passes it saves


class Scanned(str):
    """A text with what one pass over its code points told; a ``str`` in every other way."""

    __slots__ = ("__dict__",)  # for what is remembered

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """Code points: ``uint32`` of shape ``(len(text),)``."""
        return code_points(self)

    @cached_property
    def _signs(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Places of all that is no mere ideograph, rising, and the number of each: see :func:`_numbers`."""
        numbers = _numbers()[0].take(self.codes, mode="clip")
        places = np.flatnonzero(numbers != 0)
        return places, numbers[places]

    @cached_property
    def _anchors(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the anchors, those of one character together and rising; where each character's begin."""
        places, found = self._signs
        order = np.argsort(found, kind="stable")
        counts = np.bincount(found, minlength=len(ANCHORS) + 2)
        return places[order[: counts[: len(ANCHORS) + 1].sum()]], np.cumsum(counts)

    def classes_between(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The classes of characters that occur in each stretch: what ``classes_of`` gives for it.

        Args:
            starts: Where the stretches start, ``int64``, rising.
            ends: Where they end; none after the start of the next.
        """
        places, found = self._signs
        bounds = np.searchsorted(places, np.column_stack((starts, ends)))
        lengths = bounds[:, 1] - bounds[:, 0]
        flags = np.where(lengths < ends - starts, np.uint32(CharClass.HAN), np.uint32(0))
        some = lengths > 0
        classes = np.append(_numbers()[1][found], np.uint32(0))  # the last stretch may end with the text
        flags[some] |= np.bitwise_or.reduceat(classes, bounds[some].ravel())[::2] if some.any() else 0
        return flags

    def codes_at(self, places: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The code points at some places, a line feed where the text has ended."""
        found = self.codes[np.minimum(places, len(self.codes) - 1)]
        return np.where(places < len(self.codes), found, np.uint32(0x0A))

    def places(self, sign: str) -> NDArray[np.int64]:
        """Where an anchor stands, in rising order.

        Raises:
            ValueError: It is no anchor.
        """
        places, bounds = self._anchors
        number = ANCHORS.index(sign) + 1
        return places[bounds[number - 1] : bounds[number]]

    def places_of(self, signs: str) -> NDArray[np.int64]:
        """Where any of some anchors stands, in rising order."""
        return np.sort(np.concatenate([self.places(sign) for sign in signs]))

    @cached_property
    def line_ends(self) -> NDArray[np.int64]:
        """Places of the line feeds."""
        return self.places("\n")

    @cached_property
    def documents(self) -> NDArray[np.int64]:
        """Where the joined documents start; the first is 0."""
        return np.concatenate(([0], begins(self, At("\x00", "\n", "\n")) + 2))

    def number_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each place the number of the joined document that holds it, from 0."""
        return np.searchsorted(self.documents, places, side="right") - 1

    def start_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each place the start of the joined document that holds it."""
        return self.documents[self.number_of(places)]


def scanned(text: str) -> str:
    """The text, ready to be looked up where it is so long that this costs less than it saves."""
    return Scanned(text) if len(text) >= _LONG else text


@cache
def _numbers() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Numbers of characters: by code point (``uint8``), and by number the classes it stands for.

    0 is what is an ideograph and no more, an anchor has its place in ``ANCHORS`` counted from 1, and all
    others of the same classes share a number. So one look-up in a table that stays in the processor's
    nearest memory, the ideographs' part of it has 20 kB, finds the anchors and the classes.
    """
    flags = table()
    starts = np.concatenate(([0], np.flatnonzero(flags[1:] != flags[:-1]) + 1, [len(flags)]))  # of equal ones
    kinds, of_each = np.unique(flags[starts[:-1]], return_inverse=True)
    names = np.concatenate(([CharClass.HAN], flags[code_points(ANCHORS)], kinds)).astype(np.uint32)
    numbers = np.repeat((of_each + len(ANCHORS) + 1).astype(np.uint8), np.diff(starts))
    numbers[flags == CharClass.HAN] = 0
    numbers[code_points(ANCHORS)] = np.arange(1, len(ANCHORS) + 1)
    numbers.setflags(write=False)
    return numbers, names


@cache
def _members(chars: str) -> NDArray[np.bool_]:
    """By code point of the basic plane whether it is one of the characters; what is above stands last."""
    known = np.zeros(0x10000, dtype=bool)
    known[code_points(chars)] = True
    known.setflags(write=False)
    return known


@cache
def han_letters() -> str:
    """The ideographs of the basic plane, and 々: what most patterns mean by a Han character."""
    ranges = ((0x3005, 0x3005), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
    return "".join(chr(point) for first, last in ranges for point in range(first, last + 1))


def among(codes: NDArray[np.uint32], chars: str) -> NDArray[np.bool_]:
    """For each code point whether it is one of the characters, all of the basic plane."""
    found: NDArray[np.bool_] = _members(chars)[np.minimum(codes, 0xFFFF)]
    return found


class At(NamedTuple):
    """Where a pattern can begin: every match has such a character there, and such ones around.

    Attributes:
        first: Characters that a match begins with; all of them anchors.
        second: Characters that can come second; empty where any can.
        third: Characters that can come third, where one has to; empty where any can, or none.
        never_before: Characters that cannot stand right before.
        before: Characters that can stand right before, where one has to; empty where any can, or none.
    """

    first: str
    second: str = ""
    before: str = ""
    third: str = ""
    never_before: str = ""


def begins(text: Scanned, at: At) -> NDArray[np.int64]:
    """The places where a match can begin, in rising order.

    Raises:
        ValueError: A first character is no anchor.
    """
    places = np.concatenate([text.places(sign) for sign in at.first])
    for shift, signs in ((1, at.second), (2, at.third), (-1, at.before)):
        if signs:
            places = places[(places + shift >= 0) & (places + shift < len(text))]
            places = places[among(text.codes[places + shift], signs)]
    if at.never_before:
        codes = text.codes[np.maximum(places - 1, 0)]
        places = places[(places == 0) | ~among(codes, at.never_before)]
    return np.sort(places) if len(at.first) > 1 else places


def anchored(text: str, pattern: re.Pattern[str], *ats: At) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer(text)`` gives, for a pattern that can only begin at certain places.

    Args:
        text: What to look at; only a :class:`Scanned` text is looked up, any other is searched.
        pattern: Never matches the empty text.
        ats: Where it can begin: at one of these.
    """
    if not isinstance(text, Scanned):
        yield from pattern.finditer(text)
        return
    found = [begins(text, at) for at in ats]
    places = found[0] if len(found) == 1 else np.unique(np.concatenate(found))
    yield from matches_from(text, pattern, places.tolist())


def matches_from(text: str, pattern: re.Pattern[str], places: Iterable[int]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer(text)`` gives, for a pattern that can only begin at these places, rising."""
    done = 0
    for place in places:
        if place >= done and (match := pattern.match(text, place)) is not None:
            yield match
            done = match.end()


def feeds_before(text: Scanned, places: NDArray[np.int64], reach: int) -> list[int]:
    """The line feeds after which one of the places comes within reach, on the same line; in order.

    Args:
        text: What is looked at.
        places: In rising order.
        reach: Code points from a line feed to a place, at most.
    """
    number = np.searchsorted(text.line_ends, places) - 1
    places, number = places[number >= 0], number[number >= 0]
    near = number[places - text.line_ends[number] <= reach]
    found: list[int] = text.line_ends[near[np.diff(near, prepend=-1) > 0]].tolist()
    return found


def document_starts(text: str) -> list[int]:
    """Where the joined documents of any text start; the first is 0."""
    starts = [0]
    border = text.find(SEPARATOR)
    while border >= 0:
        starts.append(border + len(SEPARATOR))
        border = text.find(SEPARATOR, border + len(SEPARATOR) - 1)
    return starts


def tops_with(text: Scanned, places: NDArray[np.int64], lines: int) -> list[int]:
    """Starts of the joined documents in whose first lines one of the places lies, in order."""
    starts = np.unique(text.start_of(places))
    last = np.searchsorted(text.line_ends, starts) + lines - 1  # the line feed that ends the last of them
    ends = np.append(text.line_ends, np.full(lines, len(text)))[last]
    first = places[np.searchsorted(places, starts)]
    found: list[int] = starts[first <= ends].tolist()
    return found
