"""Chinese words and how common they are: to cut a few characters into words and to know a collocation.

The words are jieba's, of two to four simplified characters; the file is made by ``tools/build_words.py``
and is loaded at first use. Cutting is the likeliest path through the words, each by itself, as jieba does it
without its hidden Markov model; no more is needed to tell which word was put in place of which.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from reportclean.text.folding import plain_codes

DATA = "words.npz"
LONGEST = 4
# Natural logarithms of a word's share of all text.
_SINGLE = -9.5  # a character by itself, whichever it is: two cost more than any word of two
_COMMON_SINGLES = frozenset(
    "的了在是和与及对为把被让使将从到向以于由等我他你们这那各每也都就还不没很更最又并或上下中内外后前时"
)
_COMMON = -6.0


class Words:
    """The lexicon.

    Attributes:
        cost: Minus the natural logarithm of each word's share of all text, in tenths, by the word as
            ``plain_view`` and keys show it: script and variants make no difference.
    """

    def __init__(self) -> None:
        with resources.files("reportclean").joinpath("data", DATA).open("rb") as file:
            table = dict(np.load(file, allow_pickle=False))
        points = np.ascontiguousarray(table["columns"].T.astype("<u4"))
        plain = np.ascontiguousarray(plain_codes(points))
        commonest_last = np.argsort(-table["cost"].astype(np.int64), kind="stable")
        words, spelled = (
            codes[commonest_last].view(f"<U{LONGEST}").ravel().tolist() for codes in (plain, points)
        )
        cost = table["cost"][commonest_last].tolist()
        self.cost: dict[str, int] = dict(zip(words, cost, strict=True))
        self._spelled: dict[str, str] = {
            word: usual for word, usual in zip(words, spelled, strict=True) if word != usual
        }

    def __contains__(self, word: str) -> bool:
        return word in self.cost

    def spelled(self, word: str) -> str:
        """The word as it is written, where the plain view writes it otherwise."""
        return self._spelled.get(word, word)

    def weight(self, word: str) -> float:
        """The natural logarithm of the word's share of all text; of an unknown one a character's for each."""
        cost = self.cost.get(word)
        if cost is not None:
            return cost / -10
        return sum(_COMMON if character in _COMMON_SINGLES else _SINGLE for character in word)

    def cut(self, text: str) -> list[int]:
        """Where the words of a text begin and end: rising places from 0 to its length.

        Runs of letters and digits are one word; anything else that is no word is one for each character.

        >>> words().cut("组织了创建全国文明城市活动")
        [0, 2, 3, 5, 7, 11, 13]
        """
        _, step = self._likeliest(text)
        places = [0]
        while places[-1] < len(text):
            start = places[-1]
            end = start + step[start]
            if text[start].isascii() and text[start].isalnum():
                while end < len(text) and text[end].isascii() and text[end].isalnum():
                    end += 1
            places.append(end)
        return places

    def likelihood(self, text: str) -> float:
        """The natural logarithm of the likeliest cut, each word by itself.

        >>> words().likelihood("入党积极分子") > words().likelihood("入党用心分子")
        True
        """
        return self._likeliest(text)[0]

    def _likeliest(self, text: str) -> tuple[float, list[int]]:
        """The likelihood, and for each place the length of the word that begins there."""
        size = len(text)
        best = [0.0] * (size + 1)
        step = [1] * size
        cost = self.cost
        for start in range(size - 1, -1, -1):
            chosen, length = best[start + 1] + self.weight(text[start]), 1
            for tried in range(2, min(LONGEST, size - start) + 1):
                known = cost.get(text[start : start + tried])
                if known is not None and best[start + tried] - known / 10 > chosen:
                    chosen, length = best[start + tried] - known / 10, tried
            best[start], step[start] = chosen, length
        return best[0], step


@cache
def words() -> Words:
    """The one lexicon of this process."""
    return Words()
