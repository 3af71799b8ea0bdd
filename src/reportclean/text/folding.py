"""The matching key: what is left of a text when script, width, case, punctuation and masks are folded away.

A key is a sequence of tokens. A token is one character of Han, kana, Hangul, Thai, Lao, Khmer or Myanmar,
or one mask, or one run of letters, marks and digits of other scripts. Keys exist in two forms with the
same content: a ``str`` for people (:func:`fold`), in which two runs that touch are parted by a space, and
an array for the machine (:func:`fold_batch`), in which the first character of each token carries a flag.

A key is never folded again: its masks are noncharacters, which folding drops from input.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.document import Hit
from reportclean.kernels import Kernels, choose
from reportclean.kernels.constants import CODE_POINT, DROPPED, EXPANSION, SINGLE, TOKEN_START, TRANSPARENT
from reportclean.text.charclass import CODE_POINTS, CharClass, code_points
from reportclean.text.charclass import table as class_table
from reportclean.text.joining import SEPARATOR
from reportclean.text.placeholders import KINDS, find_masks
from reportclean.text.scanned import scanned

_FIRST_MASK = 0xFDD0  # to U+FDEF, noncharacters: one for each of KINDS, whose order is part of the key
_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]+")


@dataclass(frozen=True, slots=True)
class FoldTable:
    """The shipped table, unpacked.

    Attributes:
        version: Recorded by every index; keys of different versions are not comparable.
        values: ``uint32`` of shape ``(0x110000,)``: 0 dropped, 1 transparent, else the folded code point
            with its flags.
        expansions: ``uint32``: values of the code points that become several.
        expansion_offsets: ``int64``: where the values of each expansion begin and end.
    """

    version: int
    values: NDArray[np.uint32]
    expansions: NDArray[np.uint32]
    expansion_offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of several texts.

    Attributes:
        codes: ``uint32``: folded code points; ``TOKEN_START`` and ``SINGLE`` flag the first two facts.
        offsets: ``int64`` of shape ``(texts + 1,)``: the key of text ``i`` is
            ``codes[offsets[i]:offsets[i + 1]]``.
        placeholders: ``int64`` of shape ``(texts,)``: masks that stand for a placeholder rather than a year
            that is known.
    """

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    placeholders: NDArray[np.int64]

    def token_counts(self) -> NDArray[np.int64]:
        """Tokens of each key: ``int64`` of shape ``(texts,)``."""
        starts = np.concatenate(([0], np.cumsum(self.codes & TOKEN_START != 0, dtype=np.int64)))
        return starts[self.offsets[1:]] - starts[self.offsets[:-1]]


@cache
def fold_table() -> FoldTable:
    """Unpack the table of the data file (about 10 ms, once)."""
    with np.load(Path(__file__).parent.parent / "data" / "fold.npz", allow_pickle=False) as data:
        run_lengths = np.diff(data["run_starts"].astype(np.int64), append=CODE_POINTS)
        kinds = np.repeat(data["run_kinds"], run_lengths)
        values = np.arange(CODE_POINTS, dtype=np.uint32)
        values[kinds == 3] |= np.uint32(SINGLE)
        values[kinds == 0] = DROPPED
        values[kinds == 1] = TRANSPARENT
        values[data["exception_points"]] = data["exception_values"]
        values.setflags(write=False)
        offsets = np.concatenate(([0], data["expansion_ends"])).astype(np.int64)
        return FoldTable(int(data["version"]), values, data["expansions"], offsets)


@cache
def _view_table() -> NDArray[np.uint32]:
    values = fold_table().values
    points = np.arange(CODE_POINTS, dtype=np.uint32)
    one_to_one = (values > TRANSPARENT) & (values & np.uint32(EXPANSION) == 0)
    view = np.where(one_to_one, values & np.uint32(CODE_POINT), points).astype("<u4")
    full_width = slice(0xFF01, 0xFF5F)
    view[full_width] = np.where(one_to_one[full_width], view[full_width], points[full_width] - 0xFEE0)
    view[0x3000] = 0x20
    return view


def plain_view(text: str) -> str:
    """The text with script, width and case folded one to one, so that positions stay.

    Patterns are written once against this view: simplified Han, half-width signs, lower case. What
    folds to nothing or to several characters stays as it is.

    >>> plain_view("第１條：總結　ＡB")
    '第1条:总结 ab'
    """
    return plain_codes(code_points(text)).tobytes().decode("utf-32-le", "surrogatepass")


def plain_codes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The same for an array of code points."""
    return _view_table()[codes]


def seen_as(signs: str) -> str:
    """All characters that :func:`plain_view` shows as it shows one of these.

    >>> "則" in seen_as("则")
    True
    """
    shown = np.isin(_view_table(), code_points(plain_view(signs)))
    return "".join(map(chr, np.flatnonzero(shown).tolist()))


@cache
def _mask_view_table() -> NDArray[np.uint32]:
    """One width for each sign, so that width decides nothing about what is a mask.

    Half-width, but for round brackets: empty ones hold a blank in full width and an argument list in half.
    """
    view = np.arange(CODE_POINTS, dtype="<u4")
    view[0xFF01:0xFF5F] -= 0xFEE0
    for bracket in "()":
        view[ord(bracket)] = view[ord(bracket) + 0xFEE0] = ord(bracket) + 0xFEE0
    return view


def _composed(text: str) -> str:
    text = _HALF_WIDTH_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", text)


def _mask_view(points: NDArray[np.uint32]) -> str:
    return str(_mask_view_table().take(points, mode="clip").data, "utf-32-le", "surrogatepass")


def mask_view(text: str) -> str:
    """The text in which a key's masks are looked for: one width for each sign, positions as they were."""
    return _mask_view(code_points(text))


class Masked(NamedTuple):
    """What a mask of a key stands for.

    Attributes:
        span: The text, in which each sign has one width.
        is_known: Whether nothing is missing there: a real year.
    """

    span: str
    is_known: bool


def fold_batch(texts: Sequence[str], kernels: Kernels | None = None) -> Keys:
    """The keys of several texts, made in one pass over all of them.

    Equal to folding them one by one: nothing looks across the boundary of a text.

    Args:
        texts: What to fold.
        kernels: Which inner loops to use; numpy's where there are none.
    """
    return _folded(texts, kernels)[0]


def fold_with_masks(texts: Sequence[str], kernels: Kernels | None = None) -> tuple[Keys, list[list[Masked]]]:
    """The same, and what the masks of each key stand for, in order."""
    keys, view, hits, counts = _folded(texts, kernels)
    found = [Masked(view[hit.start : hit.end], is_known=len(hit.stem) == hit.end - hit.start) for hit in hits]
    ends = [0, *accumulate(counts)]
    return keys, [found[begin:end] for begin, end in pairwise(ends)]


def _folded(texts: Sequence[str], kernels: Kernels | None) -> tuple[Keys, str, list[Hit], list[int]]:
    """The keys, the text in which their masks were looked for, the masks, and how many each text has."""
    joined = SEPARATOR.join(texts)
    points = code_points(joined)
    if np.any(class_table().take(points, mode="clip") & np.uint32(CharClass.COMBINING)):
        texts = [_composed(text) for text in texts]
        joined = SEPARATOR.join(texts)
        points = code_points(joined)
    bounds = np.cumsum([0, *(len(text) + len(SEPARATOR) for text in texts)], dtype=np.int64)
    bounds[-1] = len(points)
    view = _mask_view(points)
    hits = list(find_masks(scanned(view)))
    spans = np.array([(hit.start, hit.end) for hit in hits], dtype=np.int64).reshape(-1, 2)
    masks = np.array([_mask_of()[hit.kind] for hit in hits], dtype=np.uint32)
    missing = np.array([len(hit.stem) < hit.end - hit.start for hit in hits], dtype=bool)
    table = fold_table()
    codes, offsets = (kernels or choose(0)).folded(
        points, bounds, table.values, table.expansions, table.expansion_offsets, spans, masks
    )
    counts = np.diff(np.searchsorted(spans[:, 0], bounds)).tolist()
    placeholders = np.diff(np.searchsorted(spans[missing, 0], bounds)).astype(np.int64)
    return Keys(codes, offsets, placeholders), view, hits, counts


@cache
def _mask_of() -> dict[str, int]:
    """By kind, what stands in a key for a placeholder or year."""
    return {kind: SINGLE | (_FIRST_MASK + number) for number, kind in enumerate(KINDS)}


def key_to_str(codes: NDArray[np.uint32]) -> str:
    """A key's array as text, with one space between two runs that touch."""
    if len(codes) == 0:
        return ""
    run_start = (codes & np.uint32(TOKEN_START) != 0) & (codes & np.uint32(SINGLE) == 0)
    after_run = np.concatenate(([False], (codes & np.uint32(SINGLE) == 0)[:-1]))
    spaces = np.flatnonzero(run_start & after_run)
    points = np.insert(codes & np.uint32(CODE_POINT), spaces, 0x20)
    return points.astype("<u4").tobytes().decode("utf-32-le")


def fold(text: str) -> str:
    r"""The matching key of a text.

    >>> fold("《２０１５年》工作總結，Farm Road") == fold("20xx年 工作总结。farm-ROAD")
    True
    >>> fold("Farm-to-Market Road")
    'farm to market road'
    """
    return key_to_str(fold_batch([text]).codes)
