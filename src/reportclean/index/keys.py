"""Keys as UTF-8 text and back: the smallest form from which a section's shingles can be made again.

A megabyte of Chinese text has 2.3 MB of shingle hashes; its keys have 0.9, less than half of that when
compressed, and can be read by people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.kernels.constants import CODE_POINT, EXPANSION, SINGLE, TOKEN_START
from reportclean.near.cluster import ShingleSets
from reportclean.text.charclass import CODE_POINTS
from reportclean.text.folding import Keys, fold_table

_BREAK, _SPACE = 0x0A, 0x20  # folding drops both, so a key holds neither
_MASKS = slice(0xFDD0, 0xFDF0)


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth
class KeyTexts:
    """Texts of keys, one after the other.

    Attributes:
        data: ``uint8``: UTF-8, as :func:`reportclean.text.folding.key_to_str` writes a key.
        offsets: ``int64`` of shape ``(keys + 1,)``: key ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of keys."""
        return len(self.offsets) - 1

    @staticmethod
    def empty() -> KeyTexts:
        """No keys."""
        return KeyTexts(np.empty(0, np.uint8), np.zeros(1, np.int64))

    @staticmethod
    def concatenate(parts: Sequence[KeyTexts]) -> KeyTexts:
        """The keys of several parts as one."""
        lengths = [np.diff(part.offsets) for part in parts]
        offsets = np.concatenate([np.zeros(1, np.int64), *lengths]).cumsum()
        return KeyTexts(np.concatenate([np.empty(0, np.uint8), *(part.data for part in parts)]), offsets)

    def take(self, chosen: NDArray[np.int64]) -> KeyTexts:
        """Some keys, in the order in which they are named."""
        starts, lengths = self.offsets[chosen], np.diff(self.offsets)[chosen]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        gather = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
        return KeyTexts(self.data[gather], offsets)


def key_texts(keys: Keys) -> KeyTexts:
    """Write keys as text, all of them at once."""
    codes, offsets = keys.codes, keys.offsets
    if len(offsets) <= 1:
        return KeyTexts.empty()
    is_run = codes & np.uint32(SINGLE) == 0
    parted = is_run & (codes & np.uint32(TOKEN_START) != 0)  # a run that follows a run
    parted[1:] &= is_run[:-1]
    parted[offsets[:-1][offsets[:-1] < len(codes)]] = False
    spaces, breaks = np.flatnonzero(parted), offsets[1:-1]
    signs = np.repeat(np.array([_SPACE, _BREAK], dtype=np.uint32), (len(spaces), len(breaks)))
    points = np.insert(codes & np.uint32(CODE_POINT), np.concatenate((spaces, breaks)), signs)
    encoded = points.astype("<u4").tobytes().decode("utf-32-le").encode()
    data = np.frombuffer(encoded, dtype=np.uint8)
    is_break = data == _BREAK
    ends = np.flatnonzero(is_break)
    kept = data[~is_break]
    return KeyTexts(kept, np.concatenate(([0], ends - np.arange(len(ends)), [len(kept)])))


def codes_of(texts: KeyTexts) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The codes that the texts were written from, and their offsets, as kernels take them.

    Only ``TOKEN_START`` is set again: nothing that is made of a key looks at the other flag.
    """
    starts_of_characters = np.concatenate(([0], np.cumsum(texts.data & 0xC0 != 0x80)))
    bounds = starts_of_characters[texts.offsets]
    points = np.frombuffer(texts.data.tobytes().decode().encode("utf-32-le"), dtype="<u4").astype(np.uint32)
    single = _is_single()[points]
    starts = single.copy()
    starts[1:] |= single[:-1] | (points[:-1] == _SPACE)
    starts[bounds[:-1][bounds[:-1] < len(points)]] = True
    codes = points | (starts * np.uint32(TOKEN_START))
    kept = points != _SPACE
    return codes[kept], np.concatenate(([0], np.cumsum(kept)))[bounds].astype(np.int64)


@cache
def _is_single() -> NDArray[np.bool_]:
    """Whether a folded code point is a token by itself: ``bool`` of shape ``(0x110000,)``."""
    table = fold_table()
    values = np.concatenate((table.values[table.values & np.uint32(EXPANSION) == 0], table.expansions))
    found = np.zeros(CODE_POINTS, dtype=bool)
    found[values[values & np.uint32(SINGLE) != 0] & np.uint32(CODE_POINT)] = True
    found[_MASKS] = True
    return found


def shingle_sets(texts: KeyTexts, shingle_size: int, kernels: Kernels) -> ShingleSets:
    """Sorted shingle hashes without repeats of each key, and their offsets."""
    return kernels.sorted_sets(*kernels.shingle_hashes(*codes_of(texts), shingle_size))
