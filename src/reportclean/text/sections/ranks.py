"""Numbered lines of many documents at once, and in which of them numbering may start again.

Most numbers have one of six simple shapes, which are told apart by table; the pattern reads the others.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.text.charclass import code_points
from reportclean.text.folding import plain_view
from reportclean.text.scanned import among
from reportclean.text.sections import numerals
from reportclean.text.sections.joined import Bools, Ints, Joined
from reportclean.text.sections.numbering import (
    DIGIT,
    DIGIT_PAREN,
    HAN,
    HAN_PAREN,
    LETTER,
    Number,
    number_at,
    restarts,
)

_HAN_SIGN, _DIGIT_SIGN, _BRACKET, _ORDINAL, _LETTER = range(1, 6)
_WORDS = ("bo", "vo", "pa", "ch", "se", "ar", "cl")  # book volume part chapter section article clause
_NONE, _UNKNOWN = -1, -2


@cache
def _firsts() -> NDArray[np.uint8]:
    """By code point of the basic plane what a numbered line may begin with."""
    kinds = np.zeros(0x10000, dtype=np.uint8)
    for kind, signs in (
        (_HAN_SIGN, plain_view("一二三四五六七八九十")),
        (_DIGIT_SIGN, "0123456789"),
        (_BRACKET, plain_view("(〔")),
        (_ORDINAL, plain_view("第")),
        (_LETTER, "".join(map(chr, range(0x61, 0x7B)))),
    ):
        kinds[code_points(signs)] = kind
    kinds.setflags(write=False)
    return kinds


@cache
def _values() -> NDArray[np.int64]:
    """By code point of the basic plane the value of a sign as a number of its own."""
    values = np.zeros(0x10000, dtype=np.int64)
    for sign in plain_view("一二三四五六七八九十") + "0123456789":
        values[ord(sign)] = numerals.value_of(sign)
    values.setflags(write=False)
    return values


def may_restart(pages: Joined, least: float) -> Ints:
    """Numbers of the documents in which numbering starts again with some strength.

    Args:
        pages: The documents.
        least: The strength, more than 1.5: then the restart is a 1 below a higher number of its rank.
    """
    line, rank, value = numbered(pages)
    if not len(line):
        return line
    document = pages.lines.document[line]
    starts = np.flatnonzero(np.diff(document, prepend=-1))
    # While the rank that leads a document is its highest, every other list is a list under a parent, and
    # says no more than NESTED; and it leads on unless it starts at 1 again.
    highest = np.minimum.reduceat(rank, starts)
    again = (value == 1) & (rank == np.repeat(highest, np.diff(np.append(starts, len(line)))))
    again[starts] = False
    asked = np.unique(np.concatenate((document[starts[rank[starts] != highest]], document[again])))
    asked = asked[_begins_below(document, rank, value)[asked]]
    bounds = np.searchsorted(document, asked), np.searchsorted(document, asked, side="right")
    found = []
    places = pages.lines.start[line]
    for number, low, high in zip(asked.tolist(), *(bound.tolist() for bound in bounds), strict=True):
        parts = (places[low:high], rank[low:high], value[low:high])
        # Where the numerals end makes no difference to restarts.
        read = [Number(at, of, n, at) for at, of, n in zip(*(part.tolist() for part in parts), strict=True)]
        if any(restart.strength >= least for restart in restarts(read)):
            found.append(number)
    return np.array(found, dtype=np.int64)


def _begins_below(document: Ints, rank: Ints, value: Ints) -> Bools:
    """For each document up to the last whether a number 1 stands below a higher one of its rank."""
    ranks = LETTER + 1
    key = document * ranks + rank
    highest = np.full((int(document[-1]) + 1) * ranks, len(key))
    lowest = np.full(len(highest), -1)
    place = np.arange(len(key))
    begins = value == 1
    lowest[key[begins]] = place[begins]  # of equal keys the last one stays
    highest[key[~begins][::-1]] = place[~begins][::-1]  # and here the first
    return np.asarray((highest < lowest).reshape(-1, ranks).any(axis=1), dtype=bool)


def numbered(pages: Joined) -> tuple[Ints, Ints, Ints]:
    """The numbered lines: which line, rank, value."""
    codes = pages.codes
    kinds = _firsts()[np.minimum(codes[pages.lines.begin], 0xFFFF)]
    line = np.flatnonzero((kinds != 0) & ~pages.has_odd_indent)
    kinds = kinds[line]
    rank = np.full(len(line), _NONE, dtype=np.int64)
    value = np.zeros(len(line), dtype=np.int64)
    begin = pages.lines.begin[line]
    listed = np.flatnonzero(kinds <= _BRACKET)
    rank[listed], value[listed] = _list_numbers(codes, begin[listed], kinds[listed] == _BRACKET)
    rank[(kinds == _ORDINAL) & among(codes[begin + 1], " 0123456789" + numerals.HAN)] = _UNKNOWN
    letters = np.flatnonzero(kinds == _LETTER)
    rank[letters[_may_number(codes, begin[letters])]] = _UNKNOWN
    for place in np.flatnonzero(rank == _UNKNOWN).tolist():
        number = number_at(pages.view, int(pages.lines.start[line[place]]))
        rank[place], value[place] = (number.rank, number.value) if number else (_NONE, 0)
    known = rank >= 0
    return line[known], rank[known], value[known]


def _list_numbers(codes: NDArray[np.uint32], begin: Ints, in_brackets: Bools) -> tuple[Ints, Ints]:
    """Ranks and values of lines that begin with a sign of a number, or with a bracket and one."""
    first = begin + in_brackets
    around = np.minimum(codes[first[:, None] + np.arange(5)], 0xFFFF)
    kinds = _firsts()[around]
    kind = kinds[:, 0]
    is_han, is_digit = kind == _HAN_SIGN, kind == _DIGIT_SIGN
    two = kinds[:, 1] == kind
    three = two & (kinds[:, 2] == kind)
    rows = np.arange(len(begin))
    length = 1 + two.astype(np.int64)
    after, behind = around[rows, length], kinds[rows, length + 1]
    values = _values()[around]
    value = np.where(two, 10 * values[:, 0] + values[:, 1], values[:, 0])
    stop, close = among(after, plain_view("、.,")), among(after, plain_view(")〕"))
    rank = np.full(len(begin), _NONE, dtype=np.int64)
    rank[is_han & stop & ~in_brackets] = HAN
    rank[is_han & close & in_brackets] = HAN_PAREN
    rank[is_digit & stop & ~in_brackets & (behind != _DIGIT_SIGN)] = DIGIT
    rank[is_digit & close] = DIGIT_PAREN
    rank[value == 0] = _NONE
    rank[is_digit & three] = _NONE  # 2015年
    is_spaced = (after == 0x20) & ~in_brackets & (is_han | is_digit)
    rank[is_spaced | (is_han & two)] = _UNKNOWN  # 一 、 and 十一、
    return rank, value


def _may_number(codes: NDArray[np.uint32], begin: Ints) -> Bools:
    """Whether lines that begin with a letter may be numbered: a. iv. chapter 3."""
    first, second = codes[begin], codes[begin + 1]
    found = among(second, plain_view(".、)")) | (among(first, "ivx") & among(second, "ivx"))
    for word in _WORDS:
        found |= (first == ord(word[0])) & (second == ord(word[1]))
    return found
