"""How fast ``check`` comes to its verdict, as whole processes, beside ``dedupe`` on the same input.

    python benchmarks/check.py [--megabytes 100] [--workers 2] [--runs 3]

The corpus is made: JSON Lines of reports of eight paragraphs, of which one in ten repeats an earlier one, one
in twenty has a masked year and one in fifty a doubled stop. The folder of 1 MB is of text files of the same
kind. Prints the seconds of each run's best, MB/s of UTF-8 text, and the ratio to ``dedupe``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sentences import sentences

SENTENCES = 40
PARAGRAPH = 5
POOL = 40_000
COMMAND = [sys.executable, "-m", "reportclean"]


def reports(seed: int) -> Iterator[str]:
    """Reports without end."""
    rng = random.Random(seed)
    pool = sentences(POOL, seed)
    earlier: list[str] = []
    while True:
        if earlier and rng.random() < 0.1:
            yield rng.choice(earlier)
            continue
        lines = rng.sample(pool, SENTENCES)
        if rng.random() < 0.05:
            lines[5] = f"20xx年，{lines[5]}"
        if rng.random() < 0.02:
            lines[7] += "。"
        text = "\n".join("".join(lines[begin : begin + PARAGRAPH]) for begin in range(0, SENTENCES, PARAGRAPH))
        if len(earlier) < 10_000:
            earlier.append(text)
        yield text


def make(folder: Path, megabytes: float) -> tuple[Path, Path, float]:
    """A file of JSON Lines, a folder of 1 MB of text files, and the MB of text in the file."""
    made = reports(1)
    written = 0
    records = folder / "records.jsonl"
    with records.open("w", encoding="utf-8") as file:
        while written < megabytes * 1e6:
            text = next(made)
            written += len(text.encode())
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    texts = folder / "texts"
    texts.mkdir()
    small = 0
    while small < 1e6:
        text = next(made)
        small += len(text.encode())
        (texts / f"{small}.txt").write_text(text, encoding="utf-8")
    return records, texts, written / 1e6


def seconds(command: list[str], runs: int, result: Path) -> float:
    """Wall time of the best of some runs of a process."""
    best = float("inf")
    for _ in range(runs):
        shutil.rmtree(result, ignore_errors=True)
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        best = min(best, time.perf_counter() - start)
        if done.returncode not in {0, 1}:
            raise SystemExit(f"{command} ended with {done.returncode}")
    return best


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, texts, size = make(folder, arguments.megabytes)
        out = folder / "out"
        workers = ["--workers", str(arguments.workers)]
        commands = {
            "dedupe": [*COMMAND, "dedupe", str(records), "-o", str(out), "-q", *workers],
            "check": [*COMMAND, "check", str(records), "--output-format", "concise", *workers],
            "check --ignore DUP": [*COMMAND, "check", str(records), "-q", "--ignore", "DUP", *workers],
            "check --select TPL": [*COMMAND, "check", str(records), "-q", "--select", "TPL", *workers],
        }
        taken = {label: seconds(command, arguments.runs, out) for label, command in commands.items()}
        for label, took in taken.items():
            ratio = took / taken["dedupe"]
            print(f"{label:<20} {took:6.1f} s  {size / took:6.1f} MB/s  {ratio:5.2f} times dedupe")
        cold = seconds([*COMMAND, "check", str(texts), "--output-format", "concise"], arguments.runs + 2, out)
        print(f"check, 1 MB folder, from a cold start  {cold:.2f} s")


if __name__ == "__main__":
    main()
