"""How fast ``check`` comes to its verdict, as whole processes, beside ``dedupe`` on the same input.

    python benchmarks/check.py [--megabytes 100] [--workers 2] [--runs 3]

The corpus is made: JSON Lines of reports of eight paragraphs, of which one in ten repeats an earlier one, one
in twenty has a masked year and one in fifty a doubled stop. The folder of 1 MB is of text files of the same
kind. Prints, of the best run, the seconds and MB/s of UTF-8 text; then the CPU seconds of one process that
does all of it, which travel better from machine to machine, and their ratio to those of ``dedupe``.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
        text = "\n".join(
            "".join(lines[begin : begin + PARAGRAPH]) for begin in range(0, SENTENCES, PARAGRAPH)
        )
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


class Taken(NamedTuple):
    """Seconds of a process: on the wall, and of its own work where it has no workers."""

    wall: float
    cpu: float


def taken(command: list[str], runs: int, result: Path) -> Taken:
    """The least of some runs of a process."""
    times = []
    for _ in range(runs):
        shutil.rmtree(result, ignore_errors=True)
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
        if done.returncode not in {0, 1}:
            raise SystemExit(f"{command} ended with {done.returncode}")
    return Taken(*map(min, zip(*times, strict=True)))


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
        commands = {
            "dedupe": ["dedupe", str(records), "-o", str(out), "-q"],
            "check": ["check", str(records), "--output-format", "concise"],
            "check --ignore DUP": ["check", str(records), "-q", "--ignore", "DUP"],
            "check --select TPL": ["check", str(records), "-q", "--select", "TPL"],
        }
        print(f"{'':<20} {'wall s':>7} {'MB/s':>6} {'CPU s':>6} {'ratio':>6}")
        base = 0.0
        for label, command in commands.items():
            wall = taken([*COMMAND, *command, "--workers", str(arguments.workers)], arguments.runs, out).wall
            cpu = taken([*COMMAND, *command, "--workers", "1"], arguments.runs, out).cpu
            base = base or cpu
            print(f"{label:<20} {wall:7.1f} {size / wall:6.1f} {cpu:6.1f} {cpu / base:6.2f}")
        cold = taken([*COMMAND, "check", str(texts), "--output-format", "concise"], arguments.runs + 2, out)
        print(f"check, a folder of 1 MB, from a cold start: {cold.wall:.2f} s, {cold.cpu:.2f} s of CPU")


if __name__ == "__main__":
    main()
