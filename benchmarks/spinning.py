"""Spun copies on generated pairs: how many are found, whether the original is named, and what else is called spun.

    python benchmarks/spinning.py [--pairs 300] [--seed 1]

Reports are those of ``grammar`` and ``sentences``. A spinner with a table of its own replaces a share of all
words: ``grammar/synonyms.txt`` and ``spinning_words.txt``, and for 400 common words that neither has a guess
from the dictionary, which shares a character with it or not and is mostly rarer. What the library ships knows a few of these
swaps; the lexicon of the table below is learned by the library itself from other pairs, spun and not.

A copy counts as found where its folded key has a Jaccard of 0.8 with the original's and the pair is called
spun. What must not be called spun: years and numbers changed, names changed all through, words replaced here
and there, sentences rewritten or dropped, another report filled into the same form.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from grammar import expand, grammar, synonyms, written
from reportclean.near.spinlexicon import SpinLexicon, shipped_lexicon
from reportclean.near.spinning import learned, spinning
from reportclean.text.folding import fold
from reportclean.text.words import words
from sentences import sentences
from timing import seconds
from variants import varied

SHARES = {0.1: 0.99, 0.2: 0.97, 0.3: 0.90}
THRESHOLD, SHINGLE = 0.8, 5
GUESSED = 400
LIGHT, HEAVY = 0.05, 0.3
_HAN_WORD = re.compile("[\u4e00-\u9fff]{2,4}")
_NAMES = "东山 西河 南湖 北岭 清泉 石桥 柳林 白云 青山 双塔 龙泉 凤台 永安 长兴 广宁 新丰".split()
_OFFICES = "教育局 科技局 水利局 林业局 财政局 民政局 卫生局 统计局 粮食局 文化局".split()
_NUMBER = re.compile("[0-9]+")


class Report(NamedTuple):
    """A report: its words in the grammar's numbers where it is made of them, and its text."""

    symbols: list[int]
    text: str


@cache
def spinner() -> dict[str, str]:
    """What the spinner of this benchmark writes for a word: its tables, and a dictionary's guess for others.

    Those are the ``GUESSED`` commonest of other reports than those that are measured.
    """
    table = tables()
    often: Counter[str] = Counter()
    for report in reports(200, 7_000_000):
        places = words().cut(report.text)
        often.update(report.text[a:b] for a, b in pairwise(places))
    other = [word for word, _ in often.most_common() if word in words() and word not in table]
    return {**{word: guess for word in other[:GUESSED] if (guess := _guessed(word))}, **table}


@cache
def tables() -> dict[str, str]:
    """The spinner's hand-written part."""
    lines = (Path(__file__).parent / "spinning_words.txt").read_text(encoding="utf-8").splitlines()
    own = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return {word: other for word, other in {**own, **synonyms()}.items() if _HAN_WORD.fullmatch(word)}


def _guessed(word: str) -> str | None:
    """A word that shares a character or not, mostly a rarer one; the same each time."""
    rng = random.Random(word)
    cost = words().cost[word]
    rarer = rng.random() < 0.8
    pool = _like(word[0], len(word)) + _like(word[-1], len(word)) if rng.random() < 0.5 else _any(len(word))
    pool = [other for other in pool if other != word and (words().cost[other] > cost) is rarer]
    common = [other for other in pool if words().cost[other] < 125] or pool
    return rng.choice(common) if common else None


@cache
def _like(character: str, size: int) -> list[str]:
    return [word for word in _any(size) if character in word]


@cache
def _any(size: int) -> list[str]:
    return [word for word in words().cost if len(word) == size]


def spun(text: str, share: float, rng: random.Random) -> str:
    """The text with that share of its words replaced, as near as the spinner's table goes.

    A kind of word is replaced by the same wherever it stands, or, in half of the texts, in three of four places.
    """
    pieces = [text[a:b] for a, b in pairwise(words().cut(text))]
    of_words = sum(1 for piece in pieces if "\u4e00" <= piece[0] <= "\u9fff")
    often = Counter(piece for piece in pieces if piece in spinner())
    kinds = sorted(often)
    rng.shuffle(kinds)
    kinds.sort(key=lambda word: word not in tables())  # a guess only where the tables have nothing more
    through = rng.choice((1.0, 0.75))
    chosen: set[str] = set()
    for word in kinds:
        if sum(often[one] for one in chosen) * through >= share * of_words:
            break
        chosen.add(word)
    return "".join(
        spinner()[piece] if piece in chosen and rng.random() < through else piece for piece in pieces
    )


def reports(count: int, seed: int) -> list[Report]:
    """Reports of 300 to 3,000 characters, two of three from the grammar."""
    rng = random.Random(seed)
    made = expand(seed, range(count), ["zh"] * count)
    found = [Report(w.tolist(), written(grammar().words[w].tolist(), "zh")) for w in made]
    pool = sentences(count * 12, seed)
    for at in range(0, count, 3):
        size = rng.choice((12, 30, 60))
        found[at] = Report([], "".join(rng.sample(pool, size)))
    return found


def updated(report: Report, rng: random.Random) -> str:
    """The next year's: other years and numbers."""
    return _NUMBER.sub(lambda m: str(rng.randrange(1, 10 ** len(m[0]))), report.text)


def renamed(report: Report, rng: random.Random) -> tuple[str, str]:
    """A form filled in twice: the names of a place and of an office, all through."""
    a, b, c, d = *rng.sample(_NAMES, 2), *rng.sample(_OFFICES, 2)
    who, other = rng.sample("王建国 李志强 张晓燕 陈国华 刘敏".split(), 2)
    form = re.sub(
        "[。；]",
        lambda m: rng.choice((m[0], f"，{{place}}{{office}}具体负责{m[0]}", f"，{{who}}同志参加{m[0]}")),
        report.text,
    )
    one, two = (
        form.replace("{place}", place).replace("{office}", office).replace("{who}", name)
        for place, office, name in ((a, c, who), (b, d, other))
    )
    return one, two


def reworded(report: Report, rng: random.Random) -> str:
    """By hand: one word in 25, each in one place; one in three of them as a spinner would."""
    pieces = [report.text[a:b] for a, b in pairwise(words().cut(report.text))]
    usable = [n for n, piece in enumerate(pieces) if _HAN_WORD.fullmatch(piece) and piece in words()]
    for n in rng.sample(usable, max(1, len(usable) // 25)):
        other = spinner().get(pieces[n])
        pieces[n] = other if other and rng.random() < 1 / 3 else rng.choice(_any(len(pieces[n])))
    return "".join(pieces)


def rewritten(report: Report, rng: random.Random) -> str:
    """One sentence in ten replaced by another."""
    pieces = re.split("(?<=[。；])", report.text)
    others = sentences(len(pieces) + 1, rng.randrange(1 << 30))
    return "".join(others[n] if piece and rng.random() < 0.1 else piece for n, piece in enumerate(pieces))


def unspun_pairs(made: list[Report], rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Pairs that are no spun copies, each with its kind."""
    for report in made:
        yield "updated", report.text, updated(report, rng)
        yield "renamed", *renamed(report, rng)
        yield "reworded", report.text, reworded(report, rng)
        yield "rewritten", report.text, rewritten(report, rng)
        if report.symbols:
            for kind in ("words", "sentence", "punctuation", "year"):
                yield kind, report.text, varied(kind, report.symbols, "zh", rng)


def jaccard(left: str, right: str) -> float:
    """Of the shingles of two keys."""
    a, b = ({key[i : i + SHINGLE] for i in range(len(key) - SHINGLE + 1)} for key in (left, right))
    return len(a & b) / max(1, len(a | b))


def taught(seed: int, count: int, most: float) -> SpinLexicon:
    """What the library learns from other pairs: as many as asked with a share of up to ``most``, and some not spun.

    Up to 5 % they are such pairs as a run without a lexicon finds: those with a Jaccard of 0.8.
    """
    rng = random.Random(f"taught/{seed}")
    made = reports(count, seed + 1000)
    pairs = [(fold(r.text), fold(spun(r.text, rng.uniform(most / 5, most), rng))) for r in made]
    if most <= LIGHT:
        pairs = [pair for pair in pairs if jaccard(*pair) >= THRESHOLD]
    pairs += [(fold(left), fold(right)) for _, left, right in unspun_pairs(made[::8], rng)]
    pairs = [pair if rng.random() < 0.5 else pair[::-1] for pair in pairs]
    lexicon = shipped_lexicon()
    for _ in range(2):  # what was learned tells more pairs
        lexicon = learned(spinning(*pair, lexicon) for pair in pairs).merged(shipped_lexicon())
    return lexicon


def measure(lexicon: SpinLexicon, count: int, seed: int) -> None:
    """Print one table of spun copies."""
    print("| words replaced | pairs | Jaccard of keys | folded | found | called spun | original named |")
    print("|---|---|---|---|---|---|---|")
    for share, bar in SHARES.items():
        rng = random.Random(f"{seed}/{share}")
        plain = folded = 0.0
        found = called = named = 0
        for report in reports(count, seed):
            copy = spun(report.text, share, rng)
            flipped = rng.random() < 0.5
            left, right = (fold(copy), fold(report.text)) if flipped else (fold(report.text), fold(copy))
            plain += jaccard(left, right)
            like = jaccard(lexicon.folded(left), lexicon.folded(right))
            folded += like
            said = spinning(left, right, lexicon)
            called += said.spun
            found += said.spun and like >= THRESHOLD
            named += said.original == ("right" if flipped else "left")
        print(
            f"| {share:.0%} | {count} | {plain / count:.2f} | {folded / count:.2f} "
            f"| {found / count:.3f} (bar {bar}) | {called / count:.3f} | {named / count:.3f} |"
        )


def wrongly_called(lexicon: SpinLexicon, count: int, seed: int) -> None:
    """Print how many pairs that are no spun copies are not called so."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for kind, left, other in unspun_pairs(reports(count, seed), random.Random(f"{seed}/not")):
        total[kind] += 1
        right[kind] += not spinning(fold(left), fold(other), lexicon).spun
    print("| not spun | pairs | not called so |\n|---|---|---|")
    for kind, number in total.items():
        print(f"| {kind} | {number} | {right[kind] / number:.3f} |")
    print(f"| all | {total.total()} | {right.total() / total.total():.4f} (bar 0.98) |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    known = shipped_lexicon()
    both = sum(known.knows(word, other) for word, other in spinner().items())
    print(f"{len(spinner())} swaps of the spinner, {both} of them shipped with the library\n")
    for most in (HEAVY, LIGHT):
        lexicon = taught(asked.seed, asked.pairs, most)
        count = len(lexicon.swaps) - len(known.swaps)
        print(
            f"With {count} swaps learned from {asked.pairs} other pairs, up to {most:.0%} of words replaced:\n"
        )
        measure(lexicon, asked.pairs, asked.seed)
        wrongly_called(lexicon, asked.pairs, asked.seed)
    print("\nWith those that are shipped only:\n")
    measure(known, asked.pairs, asked.seed)
    wrongly_called(known, asked.pairs, asked.seed)
    pairs = [(fold(r.text), fold(spun(r.text, 0.1, random.Random(1)))) for r in reports(50, asked.seed)]
    size = sum(len(a) for a, _ in pairs)
    print(
        f"\nspinning: {seconds(lambda: [spinning(a, b, lexicon) for a, b in pairs]) / size * 1e6:.2f} µs a character"
    )
    print(
        f"folding: {seconds(lambda: [lexicon.folded(a) for a, _ in pairs]) / size * 1e9:.0f} ns a character"
    )


if __name__ == "__main__":
    main()
