"""Spun copies: near-duplicates that differ by consistent swaps of words, and which is the original.

A pair is spun where swaps that repeat, or that spinners are known to make, are most of what differs. That a
swap repeats proves little alone: a form filled in for another office swaps its name all through. So unknown
swaps have to be many, or alike (情况→状况 share a character, as synonyms often do and names do not).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, tanh
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportclean.near.spinlexicon import SpinLexicon, shipped_lexicon
from reportclean.near.suspects import Evidence
from reportclean.near.swaps import Swap, Swapped, swapped
from reportclean.text.words import words

# What one kind of swap counts towards being spun.
_KNOWN, _KNOWN_AGAIN = 1.0, 1.5
_ALIKE_AGAIN, _AGAIN, _ALIKE = 0.5, 0.3, 0.15
ENOUGH = 2.0
MOSTLY = 0.5  # of the differences: swaps that are known or repeat
# What one kind of swap counts towards a side being the original, at most.
_LEAN_KNOWN, _LEAN_WORDING = 3.0, 2.0
_WEIGHED = 3  # places of one kind of swap, at most
_CONTEXT = 4  # characters beside a swap whose wording is weighed

FEWEST_PAIRS = 3  # a swap that fewer pairs have is not learned
ALWAYS = 0.5  # of what stands in place of a word in different pairs: a spinner writes the same each time


@dataclass(frozen=True, slots=True)
class Spinning:
    """What two matching texts say about being spun.

    Attributes:
        spun: Whether the one is a spun copy of the other.
        confidence: 0 to 1; spun from 0.5 on.
        original: The side whose wording is the original one; None where nothing speaks for either.
        direction: How sure that is, 0 to 1.
        swaps: ``(left word, right word)`` and how often, most often first.
        others: Differences that are no swaps of words; numbers, dates and masks are not counted.
    """

    spun: bool
    confidence: float
    original: Literal["left", "right"] | None
    direction: float
    swaps: tuple[tuple[tuple[str, str], int], ...]
    others: int


def spinning(left: str, right: str, lexicon: SpinLexicon | None = None) -> Spinning:
    """Whether one of two matching keys is a spun copy of the other, and which.

    Args:
        left: The key of the one text (:func:`reportclean.text.folding.fold`).
        right: The key of the other.
        lexicon: Swaps that spinners are known to make; those that are shipped by default.

    >>> found = spinning("入党积极分子增强责任感通过学习文明创建", "入党用心分子增强职责感透过学习礼貌创建")
    >>> found.spun, found.original
    (True, 'left')
    """
    return judged(swapped(left, right), lexicon)


def judged(taken: Swapped, lexicon: SpinLexicon | None = None) -> Spinning:
    """The same for two keys that have been taken apart."""
    lexicon = shipped_lexicon() if lexicon is None else lexicon
    confidence = _confidence(taken, lexicon)
    spun = confidence >= 0.5
    lean = _lean(taken, lexicon) if spun else 0.0
    return Spinning(
        spun,
        confidence,
        None if lean == 0 else "left" if lean > 0 else "right",
        abs(tanh(lean / 4)),
        _readable(taken.counts),
        taken.others,
    )


def may_be_spun(found: Evidence) -> NDArray[np.bool_]:
    """Which pairs are worth aligning: a hundred times as fast as :func:`spinning`, which decides."""
    enough = _KNOWN_AGAIN * found.known + _ALIKE_AGAIN * found.again + _ALIKE * found.once / 2 >= ENOUGH
    return enough & (found.known + found.again > 0)


def _readable(counts: Counter[tuple[str, str]]) -> tuple[tuple[tuple[str, str], int], ...]:
    known = words()
    spelled = {(known.spelled(a), known.spelled(b)): count for (a, b), count in counts.items()}
    return tuple(sorted(spelled.items(), key=lambda item: (-item[1], item[0])))


def _confidence(taken: Swapped, lexicon: SpinLexicon) -> float:
    evidence = telling = 0.0
    for (left, right), count in taken.counts.items():
        known, alike = lexicon.knows(left, right), bool(set(left) & set(right))
        if known:
            weight = _KNOWN_AGAIN if count > 1 else _KNOWN
        elif count > 1:
            weight = _ALIKE_AGAIN if alike else _AGAIN
        else:
            weight = _ALIKE if alike else 0.0
        # A spinner leaves none or few, an author puts one word otherwise and leaves the rest.
        through = count / (count + min(taken.right.count(left), taken.left.count(right)))
        evidence += weight * through
        telling += count * through if known or count > 1 else 0.0
    total = taken.counts.total() + taken.others
    if not total:
        return 0.0
    # Each of the two has to be there: the lower of two logistic curves, 0.5 where both just are.
    enough = 1 / (1 + exp(-2.0 * (evidence - ENOUGH)))
    mostly = 1 / (1 + exp(-10.0 * (telling / total - MOSTLY)))
    return min(enough, mostly)


def _lean(taken: Swapped, lexicon: SpinLexicon) -> float:
    """Above 0 where the left side is the original, in nats or so."""
    by_kind: dict[tuple[str, str], list[Swap]] = defaultdict(list)
    for swap in taken.swaps:
        by_kind[swap.left, swap.right].append(swap)
    lean = 0.0
    for (left, right), swaps in by_kind.items():
        lean += _LEAN_KNOWN * lexicon.side(left, right)
        wording = [
            _likelihood(taken.left, swap.start, len(left))
            - _likelihood(taken.right, swap.other_start, len(right))
            for swap in swaps[:_WEIGHED]
        ]
        lean += max(-_LEAN_WORDING, min(_LEAN_WORDING, sum(wording) / len(wording)))
    return lean


def _likelihood(text: str, start: int, length: int) -> float:
    """Of a word where it stands: more where it is common, and where it makes words with its neighbours."""
    return _likelihood_of(text[max(0, start - _CONTEXT) : start + length + _CONTEXT])


@lru_cache(maxsize=1 << 14)
def _likelihood_of(text: str) -> float:
    return words().likelihood(text)  # asked again for the same few characters in each round of a run


def learned(found: Iterable[Spinning], fewest_pairs: int = FEWEST_PAIRS) -> SpinLexicon:
    """The swaps that several pairs have, whatever texts they are about.

    A spinner writes the same for a word each time; names and rewordings are not the same in two pairs. Only
    pairs that are spun by themselves are asked; give one pair of each cluster, so that copies count once.

    Args:
        found: What :func:`spinning` said of pairs of different texts.
        fewest_pairs: In how many of them a swap has to stand.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for one in found:
        if not one.spun or one.original is None:
            continue
        forth = one.original == "left"
        for (left, right), count in one.swaps:
            swap = (left, right) if forth else (right, left)
            said[swap] += count
            pairs[swap] += 1
    of_original: Counter[str] = Counter()
    for (original, _), count in pairs.items():
        of_original[original] += count
    return SpinLexicon(
        {
            swap: count
            for swap, count in sorted(pairs.items())
            if count >= fewest_pairs and count >= ALWAYS * of_original[swap[0]] and count > pairs[swap[::-1]]
        }
    )
