"""The hard cases of matching, each against as many unrelated sections of the same length.

    python benchmarks/hard.py [--scale 1.0] [--characters 1000] [--workers 1]

near    100,000 near-copies of one section, each with 1 % of its characters edited, among 100,000 others
form    20,000 sections filled into one form, at a mutual Jaccard of 0.6: each is its own leader

``--scale`` makes fewer of them. Prints wall seconds, the seconds of deciding, and their ratios to those of the
unrelated sections; the bar is 3 times the whole.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grammar import expand, grammar, written
from processes import run

NEAR, FORM = 100_000, 20_000
MUTUAL = 0.6
_BATCH = 500
_BASE, _OTHERS, _FILLING = 1 << 50, 1 << 51, 1 << 52
_EDITS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_PIECE = re.compile("[^。，\n]*[。，\n]+")


def texts(first: int, count: int, characters: int) -> Iterator[str]:
    """Unrelated sections of about that many characters, without line ends so that none is cut."""
    reports = -(-characters // 1000) + 1  # reports have 500 characters at least
    for start in range(0, count, _BATCH):
        wanted = range(start, min(start + _BATCH, count))
        numbers = [first + number * reports + at for number in wanted for at in range(reports)]
        made = expand(7, numbers, ["zh"] * len(numbers))
        spelled = [written(grammar().words[words].tolist(), "zh").replace("\n", "") for words in made]
        for at in range(0, len(spelled), reports):
            yield "".join(spelled[at : at + reports])[:characters]


def near_copies(count: int, characters: int) -> Iterator[str]:
    """One section, each time with 1 % of its characters replaced."""
    base = next(texts(_BASE, 1, characters))
    rng = random.Random(1)
    for _ in range(count):
        edited = list(base)
        for at in rng.sample(range(len(edited)), max(len(edited) // 100, 1)):
            edited[at] = rng.choice(_EDITS)
        yield "".join(edited)


def filled_forms(count: int, characters: int) -> Iterator[str]:
    """One form; its open places are filled in each time, so that two share a Jaccard of about 0.6."""
    base = _PIECE.findall(next(texts(_BASE, 1, characters)))
    order = random.Random(2).sample(range(len(base)), len(base))
    shares = [share / 100 for share in range(60, 96)]
    sample = [_filled(base, order, share, 40, characters) for share in shares]
    share, _ = min(
        zip(shares, sample, strict=True), key=lambda pair: abs(mean_jaccard(list(pair[1])) - MUTUAL)
    )
    return _filled(base, order, share, count, characters)


def _filled(
    base: Sequence[str], order: Sequence[int], share: float, count: int, characters: int
) -> Iterator[str]:
    stays: set[int] = set()
    length = 0
    for at in order:
        if length + len(base[at]) <= share * sum(map(len, base)):
            stays.add(at)
            length += len(base[at])
    for text in texts(_FILLING, count, characters):
        own = iter(_PIECE.findall(text))
        yield "".join(piece if at in stays else next(own, "") for at, piece in enumerate(base))


def mean_jaccard(sections: Sequence[str]) -> float:
    """The mean Jaccard of neighbours on character 5-grams."""
    sets = [{text[at : at + 5] for at in range(len(text) - 4)} for text in sections]
    values = [len(a & b) / len(a | b) for a, b in itertools.pairwise(sets)]
    return sum(values) / len(values)


def mixed(left: Iterator[str], right: Iterator[str]) -> Iterator[str]:
    """One of each in turn."""
    for pair in zip(left, right, strict=True):
        yield from pair


def write(path: Path, sections: Iterable[str]) -> float:
    """Write JSON Lines; the MB of their texts."""
    size = 0
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for number, text in enumerate(sections):
            file.write(encode({"id": str(number), "text": text}) + b"\n")
            size += len(text.encode())
    return size / 1e6


def main() -> None:
    """Run the cases in turn with their likes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--characters", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", choices=("near", "form"))
    arguments = parser.parse_args()
    size, near, form = arguments.characters, int(NEAR * arguments.scale), int(FORM * arguments.scale)
    sample = list(filled_forms(200, size))
    print(
        f"mutual Jaccard of near-copies {mean_jaccard(list(near_copies(200, size))):.3f}, of forms {mean_jaccard(sample):.3f}"
    )
    print(
        f"{'case':<10} {'sections':>9} {'MB':>7} {'seconds':>9} {'decide':>8} {'removed':>9} {'peak MB':>8}"
    )
    cases = {
        "near": (2 * near, lambda: mixed(near_copies(near, size), texts(_OTHERS, near, size))),
        "form": (form, lambda: filled_forms(form, size)),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case, (count, made) in cases.items():
            if arguments.only in (None, case):
                hard = _measured(case, count, made(), folder, arguments.workers)
                easy = _measured("unrelated", count, texts(_OTHERS, count, size), folder, arguments.workers)
                print(
                    f"{case} / unrelated: {hard[0] / easy[0]:.2f} of the whole, {hard[1] / max(easy[1], 1e-3):.2f} of deciding"
                )


def _measured(
    case: str, count: int, sections: Iterable[str], folder: Path, workers: int
) -> tuple[float, float]:
    corpus, out = folder / "corpus.jsonl", folder / "out"
    megabytes = write(corpus, sections)
    command = [sys.executable, "-m", "reportclean", "dedupe", str(corpus), "-o", str(out)]
    done = run([*command, "--quiet", "--overwrite", "--workers", str(workers)])
    if done.failed:
        sys.exit(done.failed)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    decide = float(summary["seconds"]["decide"])
    removed = summary["sections"]["removed"]
    print(
        f"{case:<10} {count:9,} {megabytes:7.1f} {done.seconds:9.2f} {decide:8.2f} {removed:9,} {done.peak_bytes / 1e6:8.0f}"
    )
    return done.seconds, decide


if __name__ == "__main__":
    main()
