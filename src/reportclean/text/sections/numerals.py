"""Numbers as they stand in headings and lists: 3, 十三, iv.

Input is the plain view (simplified, half-width, lower case).
"""

from __future__ import annotations

HAN = "〇零一二两三四五六七八九十百"
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)

LARGEST = 999


def value_of(numeral: str) -> int:
    """The value of a run of digits or Han numerals; 0 where it is no number from 1 to 999.

    >>> value_of("12"), value_of("十二"), value_of("二十"), value_of("一百零五"), value_of("十一十")
    (12, 12, 20, 105, 0)
    """
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() and len(numeral) <= 3 else 0
    total, digit, smallest = 0, -1, LARGEST + 1
    for sign in numeral:
        unit = {"十": 10, "百": 100}.get(sign)
        if unit is None:
            if digit > 0 or sign not in _DIGITS:
                return 0
            digit = _DIGITS[sign]
            continue
        if unit >= smallest or digit == 0 or (digit < 0 and unit == 100):
            return 0
        total, digit, smallest = total + (1 if digit < 0 else digit) * unit, -1, unit
    if digit > 0 and (total == 0 or smallest >= 10):
        total += digit
    return total


def readings(run: str) -> dict[int, int]:
    """Every number that a stuck run of numerals may begin with, and its length.

    ``篇一一年来`` is 篇一 and 一年来, ``篇112月`` is 篇1 and 12月 or 篇11 and 2月: only the series knows.

    >>> readings("1120"), readings("二十一")
    ({1: 1, 11: 2}, {2: 1, 20: 2, 21: 3})
    """
    longest = 2 if run[:1].isascii() else 4
    found: dict[int, int] = {}
    for length in range(1, min(longest, len(run)) + 1):
        value = value_of(run[:length])
        if value and run[0] != "0":
            found[value] = length
    return found


def roman(numeral: str) -> int:
    """The value of a lower-case Roman numeral up to 89; 0 where it is none.

    >>> roman("iv"), roman("xiii"), roman("iiii"), roman("vx")
    (4, 13, 0, 0)
    """
    total = largest = 0
    for sign in reversed(numeral):
        value = _ROMAN.get(sign, 0)
        if not value:
            return 0
        total += value if value >= largest else -value
        largest = max(largest, value)
    return total if _as_roman(total) == numeral else 0


def word(name: str) -> int:
    """The value of an English number word from two to fifteen, else 0."""
    return WORDS.index(name) + 2 if name in WORDS else 0


def _as_roman(value: int) -> str:
    if not 0 < value < 90:
        return ""
    parts = []
    for unit, sign in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, value = divmod(value, unit)
        parts.append(sign * count)
    return "".join(parts)
