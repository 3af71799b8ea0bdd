"""In what two matching sections differ: nothing, masks, years, numbers, or words.

Both are reduced to their keys with one sign for every stretch of numbers and masks. If the remains are
equal, what stood at each sign is compared; if not, words differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import chain, pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportclean.kernels import Kernels
from reportclean.kernels.constants import CODE_POINT, SINGLE, TOKEN_START
from reportclean.text.charclass import CODE_POINTS, code_points
from reportclean.text.folding import Keys, Masked, fold_with_masks, key_to_str

Differs = Literal["none", "masks", "years", "numbers", "words"]

_HAN_NUMBERS = "〇零一二三四五六七八九十百千万亿两"
# Numbers and masks that stand side by side are one value: 3,000 is two tokens, 20xx年__月 two masks.
VALUE = re.compile(rf"[\d{_HAN_NUMBERS}\ufdd0-\ufdef]+(?: (?=\d)[\d{_HAN_NUMBERS}\ufdd0-\ufdef]+)*")
_MASK = re.compile("[\ufdd0-\ufdef]")
YEAR = re.compile(r"(?:19|20)\d\d")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FIRST_MASK, _LAST_MASK = 0xFDD0, 0xFDEF
_VALUES_END = "\x00"  # no value holds one: it parts texts that are looked at together
_DIGIT = 2
_DIGEST = 16
OUTLINED = 3  # hashes in an outline: of the frame, the key and the masks
PLACEHOLDER = "\ufdd0"  # in a value: it is not known


class Surface(NamedTuple):
    """A section's key taken apart.

    Attributes:
        frame: The key with one sign for every value.
        values: What stands at each sign, in the plainest form; placeholders are marked.
    """

    frame: str
    values: tuple[str, ...]

    def joined_values(self) -> str:
        """The values as one text, for :func:`values_differ`."""
        return _VALUES_END.join(self.values)


def surface(text: str) -> Surface:
    """Take a section's key apart."""
    return surfaces([text])[0]


def surfaces(texts: Sequence[str], kernels: Kernels | None = None) -> list[Surface]:
    """The same for many texts, in one pass over all of them."""
    keys, masks = fold_with_masks(texts, kernels)
    return [
        _taken_apart(key_to_str(keys.codes[begin:end]), iter([plain_value(*mask) for mask in mine]))
        for (begin, end), mine in zip(pairwise(keys.offsets.tolist()), masks, strict=True)
    ]


def outlines(texts: Sequence[str], kernels: Kernels | None = None) -> NDArray[np.uint64]:
    """What tells most pairs apart without taking their keys apart, in one pass over many texts.

    Returns:
        ``uint64`` of shape ``(texts, 6)``: two words each, hashes of 128 bits, of the key with one sign for
        every value (equal for equal frames of surfaces), of the key as it is, and of what its masks stand
        for, in the plainest form.
    """
    keys, masks = fold_with_masks(texts, kernels)
    frames, offsets = _frames(keys)
    meant = map(_of_masks, masks)
    rows = zip(_digests(frames, offsets), _digests(keys.codes, keys.offsets), meant, strict=True)
    found = np.frombuffer(b"".join(chain.from_iterable(rows)), dtype="<u8").astype(np.uint64)
    return found.reshape(-1, 2 * OUTLINED)


def _of_masks(masks: Sequence[Masked]) -> bytes:
    """A digest of what masks stand for."""
    if not masks:
        return bytes(_DIGEST)
    values = [plain_value(*mask) for mask in masks]
    told = "".join(f"{len(value)}:{value}" for value in values)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def same_outlines(
    left: NDArray[np.uint64], right: NDArray[np.uint64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs differ in nothing that is marked, and which have one frame and so may differ in values.

    Args:
        left: Of shape ``(pairs, 6)``: outlines.
        right: The same.
    """
    same = left == right
    return same.all(axis=1), same[:, :2].all(axis=1)


def _digests(codes: NDArray[np.uint32], offsets: NDArray[np.int64]) -> Iterator[bytes]:
    data = memoryview(codes.tobytes())
    for begin, end in pairwise((offsets * codes.itemsize).tolist()):
        yield blake2b(data[begin:end], digest_size=_DIGEST).digest()


def _frames(keys: Keys) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each key as the pattern of values leaves it: a value becomes one sign, a space before a run a flag."""
    points = keys.codes & np.uint32(CODE_POINT)
    signs = _value_signs().take(points, mode="clip")
    runs = keys.codes & np.uint32(SINGLE) == 0
    is_spaced = runs & (keys.codes & np.uint32(TOKEN_START) != 0)
    is_spaced[1:] &= runs[:-1]
    starts = keys.offsets[:-1][keys.offsets[:-1] < len(points)]
    is_spaced[starts] = False
    goes_on = (signs > 0) & (~is_spaced | (signs == _DIGIT))
    goes_on[1:] &= signs[:-1] > 0
    goes_on[starts] = False
    frames = np.where(signs > 0, np.uint32(ord("#")), points) | (is_spaced.astype(np.uint32) << np.uint32(31))
    kept = ~goes_on
    ends = np.concatenate(([0], np.cumsum(kept)))
    return frames[kept], ends[keys.offsets]


@cache
def _value_signs() -> NDArray[np.uint8]:
    """By code point whether it is part of a value: 0 no, 1 yes, 2 a digit, which goes on after a space."""
    signs = np.zeros(CODE_POINTS, dtype=np.uint8)
    signs[code_points(_HAN_NUMBERS)] = 1
    signs[_FIRST_MASK : _LAST_MASK + 1] = 1
    everything = str(np.arange(CODE_POINTS, dtype="<u4").data, "utf-32-le", "surrogatepass")
    signs[code_points("".join(re.findall(r"\d+", everything)))] = _DIGIT
    signs.setflags(write=False)
    return signs


def _taken_apart(key: str, masks: Iterator[str]) -> Surface:
    filled = (_MASK.sub(lambda _: next(masks, PLACEHOLDER), value) for value in VALUE.findall(key))
    return Surface(VALUE.sub("#", key), tuple(value.replace(" ", "") for value in filled))


def plain_value(span: str, is_known: bool) -> str:
    """A mask's text in plain form; a placeholder is marked as one, by a sign in front."""
    plain = unicodedata.normalize("NFKC", span).casefold().translate(_HAN_DIGITS)
    return plain if is_known else PLACEHOLDER + plain


def what_differs(left: Surface, right: Surface) -> Differs:
    """The most that two sections differ in; numbers weigh more than years, years more than masks.

    A blank that is filled on the other side differs in masks.

    >>> report = surface("2015年新建3所")
    >>> what_differs(report, surface("２０１５年，新建3所。")), what_differs(report, surface("20xx年新建3所"))
    ('none', 'masks')
    >>> what_differs(report, surface("2016年新建3所")), what_differs(report, surface("2016年新建5所"))
    ('years', 'numbers')
    >>> what_differs(report, surface("2015年改建3所")), what_differs(report, surface("2015年新建__所"))
    ('words', 'masks')
    """
    if left.frame != right.frame:
        return "words"
    return values_differ(left.joined_values(), right.joined_values())


def values_differ(left: str, right: str) -> Differs:
    """The same for the joined values of surfaces whose frames are equal."""
    values = zip(left.split(_VALUES_END), right.split(_VALUES_END), strict=True)
    pairs = [pair for pair in values if pair[0] != pair[1]]
    known = [(a, b) for a, b in pairs if PLACEHOLDER not in a + b]
    # A bare number from 1900 to 2099 that is another such number on the other side is taken for a year.
    if any(not (YEAR.fullmatch(a) and YEAR.fullmatch(b)) for a, b in known):
        return "numbers"
    return "years" if known else "masks" if pairs else "none"
