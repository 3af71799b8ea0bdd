"""In what two matching sections differ: nothing, masks, years, numbers, or words.

Both are reduced to their keys with one sign for every stretch of numbers and masks. If the remains are
equal, what stood at each sign is compared; if not, words differ.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from reportclean.text.folding import fold_batch, key_to_str, mask_view
from reportclean.text.joining import SEPARATOR
from reportclean.text.placeholders import find_masks

Differs = Literal["none", "masks", "years", "numbers", "words"]

_HAN_NUMBERS = "〇零一二三四五六七八九十百千万亿两"
# Numbers and masks that stand side by side are one value: 3,000 is two tokens, 20xx年__月 two masks.
_VALUE = re.compile(rf"[\d{_HAN_NUMBERS}\ufdd0-\ufdef]+(?: (?=\d)[\d{_HAN_NUMBERS}\ufdd0-\ufdef]+)*")
_MASK = re.compile("[\ufdd0-\ufdef]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_PLACEHOLDER = "\ufdd0"  # in a value: it is not known


class Surface(NamedTuple):
    """A section's key taken apart.

    Attributes:
        frame: The key with one sign for every value.
        values: What stands at each sign, in the plainest form; placeholders are marked.
    """

    frame: str
    values: tuple[str, ...]


def surface(text: str) -> Surface:
    """Take a section's key apart."""
    return surfaces([text])[0]


def surfaces(texts: Sequence[str]) -> list[Surface]:
    """The same for many texts, in one pass over all of them."""
    keys = fold_batch(texts)
    joined = SEPARATOR.join(texts)
    starts = list(accumulate((len(text) + len(SEPARATOR) for text in texts), initial=0))
    masks: list[list[str]] = [[] for _ in texts]
    for hit in find_masks(mask_view(joined)):
        span = joined[hit.start : hit.end]
        known = len(hit.stem) == hit.end - hit.start
        masks[bisect_right(starts, hit.start) - 1].append(_plain(span, known=known))
    return [
        _taken_apart(key_to_str(keys.codes[begin:end]), iter(mine))
        for (begin, end), mine in zip(pairwise(keys.offsets.tolist()), masks, strict=True)
    ]


def _taken_apart(key: str, masks: Iterator[str]) -> Surface:
    filled = (_MASK.sub(lambda _: next(masks, _PLACEHOLDER), value) for value in _VALUE.findall(key))
    return Surface(_VALUE.sub("#", key), tuple(value.replace(" ", "") for value in filled))


def _plain(span: str, *, known: bool) -> str:
    """A mask's text in plain form; a placeholder is marked as one."""
    plain = unicodedata.normalize("NFKC", span).casefold().translate(_HAN_DIGITS)
    return plain if known else _PLACEHOLDER + plain


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
    pairs = [pair for pair in zip(left.values, right.values, strict=True) if pair[0] != pair[1]]
    known = [(a, b) for a, b in pairs if _PLACEHOLDER not in a + b]
    # A bare number from 1900 to 2099 that is another such number on the other side is taken for a year.
    if any(not (_YEAR.fullmatch(a) and _YEAR.fullmatch(b)) for a, b in known):
        return "numbers"
    return "years" if known else "masks" if pairs else "none"
