"""Build ``src/reportclean/data/charmodel.npz``: how likely a character is, alone and after another.

    python tools/build_charmodel.py [OUTPUT]

Counts come from jieba's ``dict.txt`` (MIT): each word's frequency is added to its characters and to the
pairs inside it. Traditional forms are mapped to the simplified character that OpenCC (Apache-2.0) gives
them, so that one table of pairs serves both scripts. The output holds

    points      uint32  code points that have a count of their own, ascending
    cost        uint8   minus the natural logarithm of their probability, in tenths
    variants    uint32  traditional and other rarer variant forms, ascending
    variant_of  uint16  the row in ``points`` that each of them stands for
    first       uint16  pairs: how many pairs each row of ``points`` opens
    second      uint16  pairs: the row of the second character, row after row of the first
    pair_cost   uint8   minus the natural logarithm of P(second | first), in tenths
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from math import log
from pathlib import Path

import jieba
import numpy as np
import opencc

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "reportclean" / "data" / "charmodel.npz"
HAN = (range(0x3007, 0x3008), range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2EBE1))
MIN_PAIR = 3  # the rarest pairs are names and slips
MIN_GAIN = 1.0  # a pair is kept only where it makes its second character e times as likely
KEEP = 0.5  # what is left of a pair's share: text has pairs that words do not


def is_han(character: str) -> bool:
    """Whether it belongs to the ranges that the model covers."""
    return any(ord(character) in block for block in HAN)


def counts() -> tuple[Counter[str], Counter[str]]:
    """Characters and in-word pairs of jieba's dictionary, weighted by word frequency."""
    single: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        for character in filter(is_han, word):
            single[character] += int(frequency)
        for a, b in pairwise(word):
            if is_han(a) and is_han(b):
                pairs[a + b] += int(frequency)
    return single, pairs


def variants(single: Counter[str]) -> dict[str, str]:
    """Traditional and variant forms → the commoner character that OpenCC converts them to.

    jieba's dictionary holds a few traditional words, so a form may have a small count of its own.
    """
    t2s, tw2s, hk2s, jp2t = (opencc.OpenCC(name).convert for name in ("t2s", "tw2s", "hk2s", "jp2t"))
    found: dict[str, str] = {}
    for block in HAN:
        for point in block:
            form = chr(point)
            for simplified in (t2s(form), tw2s(form), hk2s(form), t2s(jp2t(form))):
                if simplified != form and single[simplified] > single[form]:
                    found[form] = simplified
                    break
    for form, simplified in found.items():
        while simplified in found:  # counts grow along the chain, so it ends
            simplified = found[simplified]  # noqa: PLW2901 - followed to its end
        found[form] = simplified
    return found


def tenths(probability: float) -> int:
    """Minus its logarithm in tenths, as a byte."""
    return min(255, max(0, round(-10 * log(probability))))


def main(output: Path = OUTPUT) -> None:
    """Write the file and print what it holds."""
    single, pairs = counts()
    forms = variants(single)
    total = sum(single.values())
    characters = sorted(c for c in single if c not in forms)
    row = {c: i for i, c in enumerate(characters)}
    kept: list[tuple[int, int, int]] = []
    merged: Counter[tuple[str, str]] = Counter()
    for pair, count in pairs.items():
        a, b = (forms.get(c, c) for c in pair)
        merged[a, b] += count
    for (a, b), count in merged.items():
        if count < MIN_PAIR:
            continue
        share = min(1.0, KEEP * count / single[a])
        if share > np.exp(MIN_GAIN) * single[b] / total:
            kept.append((row[a], row[b], tenths(share)))
    kept.sort()
    first, second, pair_cost = (list(column) for column in zip(*kept, strict=True))
    ordered = sorted(forms)
    np.savez_compressed(
        output,
        points=np.array([ord(c) for c in characters], dtype=np.uint32),
        cost=np.array([tenths(single[c] / total) for c in characters], dtype=np.uint8),
        variants=np.array([ord(c) for c in ordered], dtype=np.uint32),
        variant_of=np.array([row[forms[c]] for c in ordered], dtype=np.uint16),
        first=np.bincount(first, minlength=len(characters)).astype(np.uint16),
        second=np.array(second, dtype=np.uint16),
        pair_cost=np.array(pair_cost, dtype=np.uint8),
    )
    print(
        f"{len(characters)} characters, {len(forms)} variants, {len(kept)} pairs, {output.stat().st_size} B"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
