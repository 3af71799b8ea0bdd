"""Two texts as one row of pieces: what is equal, what stands in place of what, and how matching sees it.

Texts are aligned on the tokens of their matching keys, so that script, width, punctuation, line ends and the
way a year is masked do not get in the way; what then differs in the texts themselves is said piece by piece.
The pieces joined give either text back. The time is that of :func:`reportclean.text.aligning.differences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels.constants import CODE_POINT, TOKEN_START
from reportclean.text.aligning import Difference, common_length, differences
from reportclean.text.charclass import CODE_POINTS
from reportclean.text.differing import PLACEHOLDER, VALUE, YEAR, plain_value
from reportclean.text.folding import Masked, fold_with_masks
from reportclean.text.keymap import token_spans

Operation = Literal["equal", "replaced", "left", "right"]
About = Literal["", "form", "signs", "masks", "years", "numbers", "words", "swap"]

_BY_CHANCE = 4  # tokens; what two different wordings have in common is no common ground if it is so short
_WORD = 3  # times as much as a character
_FIRST_MASK, _LAST_MASK = "\ufdd0", "\ufdef"
_SURROGATES = (0xD800, 0xE000)
_STEP = 256  # tokens; mostly so many are equal to the letter


class Piece(NamedTuple):
    """A stretch of one text and what stands in its place in the other.

    Attributes:
        operation: ``equal``; ``replaced``; ``left`` or ``right`` where only that side has something.
        about: What is different: ``form`` (script, width or case) and ``signs`` (punctuation, spaces and
            symbols) are not seen by matching, nor are ``masks`` (a placeholder on either side) and ``years``
            where a key masks both; ``numbers``, ``words``; ``swap`` is a word that a spinner swapped. Empty
            where nothing is.
        left: The stretch of the left text.
        right: That of the right text.
        left_start: Where it begins in the left text, in code points.
        right_start: The same in the right text.
    """

    operation: Operation
    about: About
    left: str
    right: str
    left_start: int
    right_start: int


class Tokens(NamedTuple):
    """A text taken apart into the tokens of its key.

    Attributes:
        text: The text.
        starts: Where each begins in the text.
        ends: One past its last code point.
        names: What each is in the key: one character, a mask among them, or a run of several.
        values: What the token stands for if it is a mask, in the plainest form, marked where it is not known.
    """

    text: str
    starts: list[int]
    ends: list[int]
    names: list[str]
    values: dict[int, str]


def tokens_of(text: str) -> Tokens:
    """The tokens of a text's key and where they stand."""
    keys, (masks,) = fold_with_masks([text])
    return tokens_in(text, keys.codes, masks)


def tokens_in(text: str, codes: NDArray[np.uint32], masks: Sequence[Masked]) -> Tokens:
    """The same for a text that has been folded (:func:`reportclean.text.folding.fold_with_masks`)."""
    starts, ends = token_spans(text)
    first = np.flatnonzero(codes & np.uint32(TOKEN_START)).tolist()
    key = (codes & np.uint32(CODE_POINT)).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    names = [key[begin:end] for begin, end in pairwise([*first, len(key)])]
    masks_at = [number for number, name in enumerate(names) if _FIRST_MASK <= name[0] <= _LAST_MASK]
    values = dict(zip(masks_at, [plain_value(*mask) for mask in masks], strict=True))
    return Tokens(text, starts.tolist(), ends.tolist(), names, values)


class Region(NamedTuple):
    """Tokens of the left text and those in their place in the right one; what about is open where empty."""

    start: int
    end: int
    other_start: int
    other_end: int
    about: About = ""


def pieces(left: Tokens, right: Tokens, swaps: Sequence[Region] = ()) -> list[Piece]:
    """The row of pieces of two texts.

    Args:
        left: The one text.
        right: The other.
        swaps: Words that stand in place of each other, in order, as ranges of tokens; each becomes one piece
            with its own ``about``, unless the alignment runs across it.

    >>> row = pieces(tokens_of("20xx年，工會增強責任感。"), tokens_of("2015年工会增强职责感。"))
    >>> [(p.operation, p.about, p.left, p.right) for p in row if p.about]  # doctest: +NORMALIZE_WHITESPACE
    [('replaced', 'masks', '20xx', '2015'), ('left', 'signs', '，', ''), ('replaced', 'form', '會', '会'),
     ('replaced', 'form', '強', '强'), ('replaced', 'words', '責任', '职责')]
    """
    regions = _regions(differences(*_as_characters(left.names, right.names)), swaps, left.names)
    row = _Row(left, right)
    at = other = 0
    for region in regions:
        row.equal_tokens(at, other, region.start - at)
        row.region(region)
        at, other = region.end, region.other_end
    row.equal_tokens(at, other, len(left.names) - at)
    row.signs(len(left.text), len(right.text))
    return row.pieces()


def _as_characters(left: Sequence[str], right: Sequence[str]) -> tuple[str, str]:
    """Each token as one character, equal ones as the same, for what aligns characters.

    Runs that stand on one side only are all one character of that side. Of those that stand on both no more
    than a million are told apart; the rest are taken for different, which costs some of the alignment alone.
    """
    mine, theirs = ({name for name in names if len(name) > 1} for names in (left, right))
    used = {name for names in (left, right) for name in names if len(name) == 1}
    free = (
        chr(n) for n in range(CODE_POINTS) if not _SURROGATES[0] <= n < _SURROGATES[1] and chr(n) not in used
    )
    only = next(free), next(free)
    shared = dict(zip(sorted(mine & theirs), free, strict=False))
    one, other = (
        "".join([name if len(name) == 1 else shared.get(name, alone) for name in names])
        for names, alone in zip((left, right), only, strict=True)
    )
    return one, other


def _regions(found: Sequence[Difference], swaps: Sequence[Region], names: Sequence[str]) -> list[Region]:
    """What differs, in order: swaps as they are, other differences joined where only chance parts them.

    Args:
        found: What differs by the alignment.
        swaps: Words that stand in place of each other.
        names: The tokens of the left text; a run is a word, which is less by chance than a character.
    """
    done: list[Region] = []
    for region in _with_swaps(found, swaps):
        one = region
        while done and not one.about and not done[-1].about:
            last = done[-1]
            between = one.start - last.end
            if between > _BY_CHANCE:
                break
            words = any(len(name) > 1 for name in names[last.end : one.start])
            if between * (_WORD if words else 1) > min(_size(last), _size(one)):
                break
            one = Region(last.start, one.end, last.other_start, one.other_end)
            done.pop()
        done.append(one)
    return done


def _size(region: Region) -> int:
    return max(region.end - region.start, region.other_end - region.other_start)


def _with_swaps(found: Sequence[Difference], swaps: Sequence[Region]) -> Iterator[Region]:
    """Differences with every swap as a region of its own; what was different around it is cut there."""
    rest = [Region(*one) for one in found]
    first, at = 0, (0, 0)  # the first that is not done; where the equal stretch before it begins
    for swap in swaps:
        while (
            first < len(rest) and rest[first].end <= swap.start and rest[first].other_end <= swap.other_start
        ):
            yield rest[first]
            at, first = (rest[first].end, rest[first].other_end), first + 1
        beyond, behind = first, at
        while (
            beyond < len(rest) and rest[beyond].end <= swap.end and rest[beyond].other_end <= swap.other_end
        ):
            behind, beyond = (rest[beyond].end, rest[beyond].other_end), beyond + 1
        ahead, after = (rest[n] if n < len(rest) else None for n in (first, beyond))
        if not (
            _meet(swap.start, swap.other_start, at, ahead) and _meet(swap.end, swap.other_end, behind, after)
        ):
            continue
        if ahead is not None and (ahead.start < swap.start or ahead.other_start < swap.other_start):
            yield Region(ahead.start, swap.start, ahead.other_start, swap.other_start)
        yield swap
        at, first = (swap.end, swap.other_end), beyond
        if after is not None and (after.start < swap.end or after.other_start < swap.other_end):
            rest[beyond] = Region(swap.end, after.end, swap.other_end, after.other_end)
    yield from rest[first:]


def _meet(place: int, other: int, at: tuple[int, int], ahead: Region | None) -> bool:
    """Whether an alignment goes through two places: in an equal stretch or in the difference behind it."""
    if (
        ahead is not None
        and ahead.start <= place <= ahead.end
        and ahead.other_start <= other <= ahead.other_end
    ):
        return True
    return at[0] <= place == other + at[0] - at[1] and (ahead is None or place <= ahead.start)


class _Row:
    """Pieces as they come; each call goes on where the last one ended."""

    def __init__(self, left: Tokens, right: Tokens) -> None:
        self._left, self._right = left, right
        self._at = self._other = 0
        self._found: list[tuple[About, int, int, int, int]] = []

    def pieces(self) -> list[Piece]:
        left, right = self._left.text, self._right.text
        return [
            Piece(_operation(about, a < b, c < d), about, left[a:b], right[c:d], a, c)
            for about, a, b, c, d in self._found
        ]

    def _put(self, about: About, end: int, other_end: int) -> None:
        """All up to two places, as one piece; with the last one if that is of the same kind.

        The tokens that one character became share its place: the first of them takes it.
        """
        at, other = self._at, self._other
        end, other_end = max(end, at), max(other_end, other)
        if (at, other) == (end, other_end):
            return
        if self._found and about in {"", "form"} and self._found[-1][0] == about:
            _, at, _, other, _ = self._found.pop()
        self._found.append((about, at, end, other, other_end))
        self._at, self._other = end, other_end

    def signs(self, end: int, other_end: int) -> None:
        """What stands between tokens, up to two places."""
        x, y = self._left.text[self._at : end], self._right.text[self._other : other_end]
        if x != y:
            head = common_length(x, y)
            tail = common_length(x[head:], y[head:], end=True)
            self._put("", self._at + head, self._other + head)
            self._put("signs", self._at + len(x) - head - tail, self._other + len(y) - head - tail)
        self._put("", end, other_end)

    def equal_tokens(self, first: int, other_first: int, count: int) -> None:
        """So many tokens from two places on, which are equal in the keys."""
        left, right = self._left, self._right
        for begin in range(0, count, _STEP):
            upto = min(begin + _STEP, count)
            end, other_end = left.ends[first + upto - 1], right.ends[other_first + upto - 1]
            if left.text[self._at : end] == right.text[self._other : other_end]:
                self._put("", end, other_end)
                continue
            for number in range(begin, upto):
                self._token(first + number, other_first + number)

    def _token(self, number: int, other: int) -> None:
        left, right = self._left, self._right
        self.signs(left.starts[number], right.starts[other])
        end, other_end = left.ends[number], right.ends[other]
        if left.text[self._at : end] == right.text[self._other : other_end]:
            self._put("", end, other_end)
        elif number in left.values:
            self._put(_about_values(left.values[number], right.values[other]), end, other_end)
        else:
            self._put("form", end, other_end)

    def region(self, region: Region) -> None:
        """Tokens that differ."""
        left, right = self._left, self._right
        begin, end, other_begin, other_end, about = region
        about = about or _about(left, right, region)
        if begin < end and other_begin < other_end:
            self.signs(left.starts[begin], right.starts[other_begin])
            self._put(about, left.ends[end - 1], right.ends[other_end - 1])
            return
        # Tokens of one side: of the signs before and behind them one goes with those of the other side.
        after = left.starts[end] if end < len(left.names) else len(left.text)
        other_after = right.starts[other_end] if other_end < len(right.names) else len(right.text)
        x, y = left.text[self._at : after], right.text[self._other : other_after]
        if begin < end:
            behind = left.text[left.ends[end - 1] : after]
            if y == behind and not x.startswith(y):
                self._put(about, left.ends[end - 1], self._other)
            else:
                self.signs(left.starts[begin], other_after)
                self._put(about, after, other_after)
        else:
            behind = right.text[right.ends[other_end - 1] : other_after]
            if x == behind and not y.startswith(x):
                self._put(about, self._at, right.ends[other_end - 1])
            else:
                self.signs(after, right.starts[other_begin])
                self._put(about, after, other_after)


def _operation(about: About, in_left: bool, in_right: bool) -> Operation:
    if not about:
        return "equal"
    return "replaced" if in_left and in_right else "left" if in_left else "right"


def _about_values(value: str, other: str) -> About:
    """What two masks differ in, where the key has the same for both."""
    if value == other:
        return "form"
    if PLACEHOLDER in value + other:
        return "masks"
    return "years" if YEAR.fullmatch(value) and YEAR.fullmatch(other) else "numbers"


def _about(left: Tokens, right: Tokens, region: Region) -> About:
    """What two ranges of tokens differ in."""
    sides = []
    for side, begin, end in (
        (left, region.start, region.end),
        (right, region.other_start, region.other_end),
    ):
        unknown = [PLACEHOLDER in side.values.get(number, "") for number in range(begin, end)]
        if unknown and all(unknown):
            return "masks"
        sides.append("".join(side.names[begin:end]))
    if not all(VALUE.fullmatch(side) for side in sides if side):
        return "words"
    return "years" if all(YEAR.fullmatch(side) for side in sides) else "numbers"
