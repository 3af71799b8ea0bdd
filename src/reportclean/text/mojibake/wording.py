"""Whether what a repair gives can be writing: a few rare characters may be valid UTF-8 by chance."""

from __future__ import annotations

from itertools import pairwise

from reportclean.text.charmodel import model
from reportclean.text.mojibake.european import usual

_FEW = 3  # different letters; so few must be likely by themselves, not only likelier than what is there
_MIN_MEAN = -9.4  # nats a letter; measured on the two-character words of a dictionary and on verse


def is_word(fixed: str) -> bool:
    """Whether a repair holds enough letters to prove itself, or a short word of Chinese likely by itself.

    Three rare characters of clean verse may be valid UTF-8 by chance (鎮煎煼), and what is rare enough
    loses to anything: of 2 million lines of verse nine came out as letters of some other script.
    """
    letters = {c for c in fixed if c >= "\u0530" and not _is_sign(c)}
    east_asian = {c for c in letters if _is_east_asian(c)}
    if not letters or len(east_asian) > _FEW:
        return True
    if letters == east_asian:
        written = "".join(c for c in fixed if c in letters)
        if not any(a in letters and b in letters for a, b in pairwise(fixed)):
            return False
        return model().score(written) >= _MIN_MEAN * len(written)
    return len(letters) > _FEW and all(map(usual, letters))


def _is_east_asian(char: str) -> bool:
    return "\u3005" <= char <= "\u9fff" or "\uff10" <= char <= "\uff9f" or char >= "\U00020000"


def _is_sign(char: str) -> bool:
    return (
        "\u2010" <= char <= "\u2bff"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uff0f"
        or "\U0001f000" <= char < "\U00020000"
    )
