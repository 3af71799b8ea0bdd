"""Contained sections and shared passages: how many are found, and what finding them costs.

    python benchmarks/overlap.py [--megabytes 10 100] [--copies 10000 100000]

Prints recall and precision on sections planted in longer ones, by exact containment; nanoseconds of CPU time a
character on a corpus of the sizes given, of which every report is there once, beside folding and signing; and
the time for so many near-copies of one section, which should grow as they do.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus import block
from reportclean.kernels import choose, warm
from reportclean.kernels.overlap import choose as choose_overlap
from reportclean.near.anchors import winnow
from reportclean.near.contained import Contained, contained_sections, fraction, sketch
from reportclean.near.minhash import signatures
from reportclean.near.passages import Passages, removable, shared_passages
from reportclean.near.rows import Shingles, ShinglesOf
from reportclean.text.folding import fold_batch
from split import Writer

SIZE, TOKENS = 5, 30  # of a shingle; of the shortest passage
LARGE = 1 << 30  # characters, so that numba's kernels are chosen
Made = TypeVar("Made")


class Laps:
    """CPU time by step, the last of several runs of the same step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def of(self, name: str, work: Callable[[], Made]) -> Made:
        """Do a step and remember its time."""
        start = time.process_time()
        made = work()
        self.seconds[name] = time.process_time() - start
        return made


def shingles_of(shingles: Shingles) -> ShinglesOf:
    """The shingles of rows, from memory."""
    hashes, offsets = shingles

    def given(rows: NDArray[np.int64]) -> Shingles:
        parts = [hashes[offsets[row] : offsets[row + 1]] for row in rows.tolist()]
        return np.concatenate([hashes[:0], *parts]), np.cumsum([0, *map(len, parts)], dtype=np.int64)

    return given


def found(texts: list[str], laps: Laps) -> tuple[Shingles, Passages, Contained]:
    """Everything that the finders find in sections."""
    kernels, overlap = choose(LARGE), choose_overlap(LARGE)
    keys = laps.of("fold", lambda: fold_batch(texts))
    shingles = laps.of("shingles", lambda: kernels.shingle_hashes(keys.codes, keys.offsets, SIZE))
    laps.of("sign", lambda: signatures(kernels, *shingles, 128, 1))
    anchors = laps.of("anchors", lambda: winnow(overlap, shingles, SIZE, TOKENS))
    sketches = laps.of("sketches", lambda: sketch(kernels, overlap, shingles, fraction(0.8, SIZE)))
    given = shingles_of(shingles)
    passages = laps.of("passages", lambda: shared_passages(anchors, given, overlap, SIZE))
    contained = laps.of(
        "contained",
        lambda: contained_sections(sketches, given, kernels, overlap, SIZE, jaccard_below=0.8),
    )
    laps.of("spans to cut", lambda: removable(passages, TOKENS))
    return shingles, passages, contained


def planted(pairs: int, seed: int) -> Iterator[tuple[str, str]]:
    """Sections of 100 tokens and more, each with a longer one in which it stands, some signs changed."""
    writer, rng = Writer(seed), random.Random(seed)
    for _ in range(pairs):
        short = ""
        length = rng.randint(110, 400)
        while len(short) < length:
            short += writer.paragraph(2)
        changed = list(short)
        for at in rng.sample(range(len(changed)), int(rng.uniform(0, 0.05) * len(changed))):
            changed[at] = rng.choice("甲乙丙丁戊己庚辛")
        around = [writer.report() for _ in range(2)]
        yield short, around[0] + "".join(changed) + around[1]


def show_recall(pairs: int) -> None:
    """Print recall by containment, and precision, against sets."""
    texts = [text for pair in planted(pairs, 3) for text in pair]
    shingles, _, contained = found(texts, Laps())
    hashes, offsets = shingles
    sets = [{*hashes[a:b].tolist()} for a, b in pairwise(offsets.tolist())]
    named = {*zip(contained.short_rows.tolist(), contained.long_rows.tolist(), strict=True)}
    wrong = sum(len(sets[a] & sets[b]) < 0.8 * len(sets[a]) for a, b in named)
    by: dict[str, list[bool]] = defaultdict(list)
    for row in range(0, len(texts), 2):
        share = len(sets[row] & sets[row + 1]) / len(sets[row])
        if share >= 0.8:
            low = min(int(share * 20), 19) / 20
            by[f"{low:.2f} to {low + 0.05:.2f}"].append((row, row + 1) in named)
    every = [hit for hits in by.values() for hit in hits]
    for name, hits in (*sorted(by.items()), ("all", every)):
        print(f"containment {name:<14} recall {np.mean(hits):.4f} of {len(hits):,}")
    print(f"precision {1 - wrong / max(len(named), 1):.4f} of {len(named):,} named\n")


def reports(megabytes: float) -> list[str]:
    """Sections of the corpus with planted truth, one of each group."""
    texts: list[str] = []
    seen: set[str] = set()
    size = 0
    for number in count():
        made = block(1, number)
        for line, labels in zip(made.documents.splitlines(), made.truth.splitlines(), strict=True):
            text = json.loads(line)["text"]
            for part in json.loads(labels)["sections"]:
                if part["group"] not in seen:
                    seen.add(part["group"])
                    texts.append(text[part["start"] : part["end"]])
        size += made.text_bytes
        if size >= megabytes * 1e6:
            return texts
    raise AssertionError


def show_cost(megabytes: float) -> None:
    """Print the time a character of each step on a corpus of a size."""
    texts = reports(megabytes)
    characters = sum(map(len, texts))
    laps = Laps()
    _, passages, contained = found(texts, laps)
    print(
        f"{megabytes:g} MB: {len(texts):,} sections of {characters:,} characters;"
        f" {len(passages):,} passages, {len(contained):,} contained, {contained.limited:,} with a hash cut"
    )
    for name, seconds in laps.seconds.items():
        print(f"  {name:<14}{seconds / characters * 1e9:8.2f} ns a character")
    ours = sum(
        laps.seconds[name] for name in ("anchors", "sketches", "passages", "contained", "spans to cut")
    )
    print(
        f"  these finders {ours / characters * 1e9:8.2f} ns a character, {ours / laps.seconds['sign']:.1f} times signing\n"
    )


def show_copies(number: int) -> None:
    """Print the time for near-copies of one section."""
    rng = random.Random(5)
    section = list("".join(Writer(5).paragraph() for _ in range(6))[:400])
    texts = []
    for _ in range(number):
        copy = section.copy()
        for at in rng.sample(range(len(copy)), 12):
            copy[at] = rng.choice("甲乙丙丁戊己庚辛")
        texts.append("".join(copy))
    laps = Laps()
    _, passages, contained = found(texts, laps)
    print(
        f"{number:,} near-copies of 400 characters: {len(passages):,} passages in {laps.seconds['passages']:.2f} s,"
        f" {len(contained):,} contained in {laps.seconds['contained']:.2f} s, signing {laps.seconds['sign']:.2f} s"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, nargs="*", default=[10.0])
    parser.add_argument("--copies", type=int, nargs="*", default=[10_000])
    parser.add_argument("--pairs", type=int, default=2000)
    arguments = parser.parse_args()
    warm(choose(LARGE))
    found(["甲乙丙丁" * 10, "甲乙丙丁" * 20], Laps())  # compiles
    show_recall(arguments.pairs)
    for megabytes in arguments.megabytes:
        show_cost(megabytes)
    for number in arguments.copies:
        show_copies(number)


if __name__ == "__main__":
    main()
