"""In what two matching sections differ: nothing, masks, years, numbers, or words.

Both are reduced to their keys with every number and every mask replaced by one sign. If the remains
are equal, the values taken out are compared one by one; if not, words differ.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from reportclean.text.folding import fold
from reportclean.text.placeholders import find_masks

Differs = Literal["none", "masks", "years", "numbers", "words"]

_MASK = re.compile("[\ufdd0-\ufdef]")
_NUMBER = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+(?: (?=\d)[\d〇零一二三四五六七八九十百千万亿两]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


class Surface(NamedTuple):
    """A section's key taken apart.

    Attributes:
        frame: The key with one sign for every number.
        masks: What stands under each mask, in the plainest form.
        numbers: The numbers.
    """

    frame: str
    masks: tuple[str, ...]
    numbers: tuple[str, ...]


def surface(text: str) -> Surface:
    """Take a section's key apart."""
    key = fold(text)
    spans = (text[hit.start : hit.end] for hit in find_masks(text))
    masks = (unicodedata.normalize("NFKC", span).casefold().translate(_HAN_DIGITS) for span in spans)
    return Surface(_NUMBER.sub("#", key), tuple(masks), tuple(_NUMBER.findall(key)))


def what_differs(left: Surface, right: Surface) -> Differs:
    """The most that two sections differ in; numbers weigh more than years, years more than masks.

    >>> report = surface("2015年新建3所")
    >>> what_differs(report, surface("２０１５年，新建3所。")), what_differs(report, surface("20xx年新建3所"))
    ('none', 'masks')
    >>> what_differs(report, surface("2016年新建3所")), what_differs(report, surface("2016年新建5所"))
    ('years', 'numbers')
    >>> what_differs(report, surface("2015年改建3所"))
    'words'
    """
    if left.frame != right.frame or len(left.masks) != len(right.masks):
        return "words"
    numbers = [pair for pair in zip(left.numbers, right.numbers, strict=True) if pair[0] != pair[1]]
    masks = [pair for pair in zip(left.masks, right.masks, strict=True) if pair[0] != pair[1]]
    # A bare number from 1900 to 2099 that is another such number on the other side is taken for a year.
    if any(not (_YEAR.fullmatch(a) and _YEAR.fullmatch(b)) for a, b in numbers):
        return "numbers"
    if numbers or any(_YEAR.fullmatch(a) and _YEAR.fullmatch(b) for a, b in masks):
        return "years"
    return "masks" if masks else "none"
