"""Swaps that spinners make: known beforehand or learned, kept in a file, undone in a text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import ConfigError
from reportclean.text.charclass import code_points
from reportclean.text.folding import plain_view
from reportclean.text.pairs import Pairs
from reportclean.text.spunwords import known_swaps

HEADER = "original\tspun\tpairs"
_HAN = 0x4E00, 0x9FFF  # of which swaps are made
SHORTEST = 2  # characters of a word; single ones are in too many others


@dataclass(frozen=True)
class SpinLexicon:
    """Swaps, each with the number of pairs of texts that it was seen in; 0 for those known beforehand.

    Attributes:
        swaps: ``(original, spun)`` and that number.
    """

    swaps: Mapping[tuple[str, str], int]

    def __getstate__(self) -> dict[str, Any]:
        """The swaps alone: what follows from them is made again in another process."""
        return {"swaps": self.swaps}

    def digest(self) -> str:
        """32 hexadecimal digits that tell lexicons apart by what they do to a key."""
        return hashlib.blake2b(repr(sorted(self._wording.items())).encode(), digest_size=16).hexdigest()

    @cached_property
    def _plain(self) -> dict[tuple[str, str], int]:
        """The swaps as keys show them."""
        return {(plain_view(a), plain_view(b)): pairs for (a, b), pairs in self.swaps.items()}

    def side(self, left: str, right: str) -> int:
        """Of two words of keys: 1 where the left is the original, -1 where the right is, 0 if unknown.

        Where spinners go both ways (创建→建立, 建立→创建) more pairs decide; with as many it is 0, too.
        """
        ways = self._plain.get((left, right)), self._plain.get((right, left))
        forth, back = (-1 if way is None else way for way in ways)
        return (forth > back) - (forth < back)

    def knows(self, left: str, right: str) -> bool:
        """Whether a spinner swaps these two, in whichever direction."""
        return (left, right) in self._plain or (right, left) in self._plain

    @cached_property
    def telling(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """For each swap a bigram of the original that the spun word has not, and the other way."""
        both = [(bigrams(code_points(a)), bigrams(code_points(b))) for a, b in self._plain]
        told = [(np.setdiff1d(x[x > 0], y), np.setdiff1d(y[y > 0], x)) for x, y in both]
        told = [(x[:1], y[:1]) for x, y in told if len(x) and len(y)]  # all but 好好 and 好好好
        none = np.empty(0, np.uint32)
        return np.concatenate([none, *(x for x, _ in told)]), np.concatenate([none, *(y for _, y in told)])

    def folded(self, text: str) -> str:
        """The text with one wording for all words that spinners swap: equal for an original and its copy.

        For a matching key only, and to be applied to every text: words that are swapped for each other are
        all written as the one that is the original of the most, so an ordinary 状况 becomes 情况, too. Script
        and width make no difference to what is found; all else stays as it is.

        >>> shipped_lexicon().folded("用心參加") == shipped_lexicon().folded("积极參加")
        True
        """
        if self._pairs is None:
            return text
        codes = code_points(text)
        places, _ = self._pairs.find(codes)
        if not len(places):
            return text
        view = plain_view(text)
        pieces, end = [], 0
        for place in places.tolist():
            if place < end:
                continue
            for size in self._sizes:
                written = self._wording.get(view[place : place + size])
                if written is not None:
                    pieces += [text[end:place], written]
                    end = place + size
                    break
        return "".join([*pieces, text[end:]])

    @cached_property
    def _sizes(self) -> list[int]:
        """The lengths of these words, the longest first."""
        return sorted({len(word) for word in self._wording}, reverse=True)

    @cached_property
    def _pairs(self) -> Pairs | None:
        return Pairs(self._wording) if self._wording else None

    @cached_property
    def _wording(self) -> dict[str, str]:
        """For each word the one that its class is written as; itself, too, so that it is cut as one."""
        root: dict[str, str] = {}

        def top(word: str) -> str:
            while root.setdefault(word, word) != word:
                word = root[word]
            return word

        for original, spun in sorted(self._plain):
            a, b = top(original), top(spun)
            root[max(a, b)] = min(a, b)
        # The original of most pairs stands for its class; of equals the first by code point.
        said: dict[str, int] = {}
        for (original, _), pairs in self._plain.items():
            said[original] = said.get(original, 0) + pairs + 1
        classes: dict[str, list[str]] = {}
        for word in sorted(root):
            classes.setdefault(top(word), []).append(word)
        chosen = {name: max(members, key=lambda word: said.get(word, 0)) for name, members in classes.items()}
        return {word: chosen[name] for name, members in classes.items() for word in members}

    def merged(self, other: SpinLexicon) -> SpinLexicon:
        """Both; the pairs of what both have are added up."""
        swaps = dict(self.swaps)
        for swap, pairs in other.swaps.items():
            swaps[swap] = swaps.get(swap, 0) + pairs
        return SpinLexicon(swaps)

    def rows(self) -> list[tuple[str, str, int]]:
        """Original word, spun word and number of pairs: those of most pairs first, then by word."""
        ordered = sorted(self.swaps.items(), key=lambda item: (-item[1], item[0]))
        return [(original, spun, pairs) for (original, spun), pairs in ordered]

    def to_tsv(self) -> str:
        """The content of a ``spin-lexicon.tsv``."""
        return "\n".join([HEADER, *("\t".join(map(str, row)) for row in self.rows()), ""])

    @classmethod
    def from_tsv(cls, content: str, name: str = "spin-lexicon.tsv") -> SpinLexicon:
        """Read such a file; lines that begin with ``#`` are passed over.

        Args:
            content: Its text.
            name: What a message calls it.

        Raises:
            ConfigError: A line is none of its kind.
        """
        swaps: dict[tuple[str, str], int] = {}
        for number, line in enumerate(content.removeprefix("\ufeff").splitlines(), 1):
            if not line.strip() or line.startswith("#") or line == HEADER:  # files may be joined
                continue
            original, spun, pairs = _cells(line, f"{name}:{number}")
            swaps[original, spun] = swaps.get((original, spun), 0) + pairs
        return cls(swaps)


def bigrams(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The two Han characters that begin at each place of a text as one number, 0 where there are none."""
    han = (codes >= _HAN[0]) & (codes <= _HAN[1])
    found = np.zeros(len(codes), dtype=np.uint32)
    found[:-1] = np.where(han[:-1] & han[1:], codes[:-1] << np.uint32(16) | codes[1:], 0)
    return found


def _cells(line: str, where: str) -> tuple[str, str, int]:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) == 2:
        cells.append("1")
    usable = len(cells) == 3 and min(map(len, cells[:2])) >= SHORTEST and cells[0] != cells[1]
    if not usable or not (cells[2].isascii() and cells[2].isdigit()):
        raise ConfigError(
            f"{where} is no swap: {line!r}; a line holds the original word, the spun word, both of two "
            "characters or more, and a number of pairs, parted by tabs"
        )
    return cells[0], cells[1], int(cells[2])


def read_lexicon(path: str) -> SpinLexicon | None:
    """The swaps of a ``spin-lexicon.tsv`` besides those that are shipped; None for no path.

    Raises:
        ConfigError: It cannot be read, or is none.
    """
    if not path:
        return None
    try:
        content = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"spin_lexicon: cannot read {path}: {why}; name a file such as the spin-lexicon.tsv of a result"
        ) from None
    return SpinLexicon.from_tsv(content, path).merged(shipped_lexicon())


@cache
def shipped_lexicon() -> SpinLexicon:
    """The swaps that come with reportclean."""
    return SpinLexicon(dict.fromkeys(known_swaps(), 0))
