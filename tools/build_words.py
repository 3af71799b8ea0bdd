"""Build ``src/reportclean/data/words.npz``: Chinese words of two to four characters with their frequency.

    python tools/build_words.py [OUTPUT]

Words and counts are those of jieba's ``dict.txt`` (MIT). The rarest are left out by length: the dictionary
is full of names and slips of three characters, while what it has of four are mostly collocations, which is
what they are looked up for. The output holds

    columns   uint16  (4, words): the code points of each word column by column, 0 after its end; words ascend
    cost      uint8   minus the natural logarithm of each word's share of all text, in tenths
"""

from __future__ import annotations

import sys
from math import log
from pathlib import Path

import jieba
import numpy as np

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "reportclean" / "data" / "words.npz"
LONGEST = 4
FEWEST = {2: 5, 3: 10, 4: 3}  # counts from which words of that many characters are kept
NAMES = ("nr", "nrt")  # persons; whatever is written with them is no collocation


def is_han(word: str) -> bool:
    """Whether it consists of common Han characters alone."""
    return all("\u4e00" <= character <= "\u9fff" for character in word)


def counts() -> tuple[dict[str, int], int]:
    """The words that are kept, with their counts, and the sum of all counts."""
    kept: dict[str, int] = {}
    total = 0
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split()
        total += int(count)
        enough = int(count) >= FEWEST.get(len(word), total + 1)
        if enough and is_han(word) and (len(word) == 2 or tag not in NAMES):
            kept[word] = int(count)
    return kept, total


def main(output: Path = OUTPUT) -> None:
    """Write the file and print what it holds."""
    kept, total = counts()
    words = sorted(kept)
    columns = np.array([[ord(c) for c in word.ljust(LONGEST, "\0")] for word in words], dtype=np.uint16)
    cost = np.array([min(255, round(-10 * log(kept[word] / total))) for word in words], dtype=np.uint8)
    np.savez_compressed(output, columns=columns.T.copy(), cost=cost)
    print(f"{len(words)} words, {output.stat().st_size} B")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
