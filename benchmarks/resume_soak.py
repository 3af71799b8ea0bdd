"""Kills runs and goes on with them: always the same bytes, and nothing that was prepared is prepared again.

    python resume_soak.py --kills 200

Kills are SIGKILL, of the whole group of processes: just before and just after each named commit point in turn,
and at any time of a run with worker processes. Prints how many, where, and what did not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import corpus
from reportclean import cli
from reportclean.engines import commits, folder
from reportclean.engines import workers as crew
from reportclean.formats import jsonl

_CHUNK_BYTES = 60_000  # so that a small corpus is many batches
_POINTS = ("RUN", "BATCH", "SUMMARY", "ASIDE", "RESULT")
_KILLED = -signal.SIGKILL


class Kill(NamedTuple):
    """Where a run is killed.

    Attributes:
        point: The name of a commit point; empty for a time.
        when: "before" or "after" it; else the seconds.
        number: The times that the point is reached, the last of which is meant.
    """

    point: str
    when: str
    number: int = 1


def run_and_die(kill: Kill, arguments: Sequence[str], workers: int) -> None:
    """The command in this process, with many small batches, killed where the plan says."""
    for module in (jsonl, crew):
        vars(module)["CHUNK_BYTES"] = _CHUNK_BYTES
    crew.PROCESSES_FROM_BYTES = 1 if workers > 1 else sys.maxsize
    real = commits.commit
    reached: Counter[str] = Counter()

    def commit(point: commits.Commit, made: Path, place: Path) -> None:
        reached[point.name] += 1
        here = point.name == kill.point and reached[point.name] == kill.number
        if here and kill.when == "before":
            os.killpg(0, signal.SIGKILL)
        real(point, made, place)
        if here:
            os.killpg(0, signal.SIGKILL)

    vars(commits)["commit"] = vars(folder)["commit"] = commit
    sys.argv = ["reportclean", *arguments, "--workers", str(workers)]
    cli.main()


def started(
    kill: Kill, arguments: Sequence[str], workers: int, stdin: int | None = None
) -> subprocess.Popen[str]:
    """The same in a group of processes of its own."""
    told = [json.dumps(kill), json.dumps(arguments), str(workers)]
    return subprocess.Popen(
        [sys.executable, __file__, "--die", *told],
        start_new_session=True,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _check(holds: bool, said: str) -> None:  # as an assert
    if not holds:
        raise AssertionError(said)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a result but what may differ from run to run."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    summary = json.loads(found["summary.json"])
    del summary["seconds"], summary["resumed_batches"]
    return found | {"summary.json": json.dumps(summary).encode()}


def trial(kill: Kill, source: Path, place: Path, wanted: dict[str, bytes], workers: int) -> tuple[int, int]:
    """Kill a run and go on with it.

    Returns:
        Batches that were there after the kill, and that the second run did not prepare again; -1 for these
        where the result was in its place already.

    Raises:
        AssertionError: Something does not hold.
    """
    output = place / "out"
    arguments = ["dedupe", str(source), "-o", str(output), "--overwrite", "-q"]
    if kill.point == "ASIDE":
        output.mkdir()
        (output / "summary.json").write_text('{"versions": {"reportclean": "an earlier one"}}')
    with started(kill, arguments, workers) as process:
        if not kill.point:
            time.sleep(float(kill.when))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        errors = process.communicate()[1]
    _check(process.returncode in (_KILLED, 0), errors)
    if kill.point:
        _check(process.returncode == _KILLED, f"{kill} was not reached")
    partial = output.with_name("out.partial")
    there = len(list(partial.glob("batches/*.manifest")))
    if process.returncode == 0 or (kill.point, kill.when) == ("RESULT", "after"):
        _check(contents(output) == wanted, f"{kill}: other bytes in the result in place")
        return there, -1
    if output.exists():
        _check("an earlier one" in (output / "summary.json").read_text(), f"{kill}: half a result in place")
    with started(Kill("", ""), arguments, workers) as process:
        errors = process.communicate()[1]
    _check(process.returncode == 0, errors)
    _check(contents(output) == wanted, f"{kill}: other bytes")
    _check(not partial.exists(), f"{kill}: something is left")
    resumed = json.loads((output / "summary.json").read_text())["resumed_batches"]
    _check(resumed == there, f"{kill}: {there} batches were there, {resumed} were used")
    return there, resumed


def plan(kills: int, batches: int, seconds: float, seed: int) -> Iterator[tuple[Kill, int]]:
    """Where to kill, and with how many workers: every named point, then half at a batch and half at any time."""
    rng = random.Random(seed)
    named = [(Kill(point, when), 1) for point in _POINTS for when in ("before", "after")]
    yield from named[:kills]
    for number in range(kills - len(named)):
        if number % 2:
            yield Kill("", f"{rng.uniform(0.2, seconds):.3f}"), 2
        else:
            yield Kill("BATCH", rng.choice(("before", "after")), rng.randint(2, batches)), 1


def soak(kills: int, megabytes: float, seed: int, folder: Path, skipping: int = 0) -> Counter[str]:
    """Kill and go on, again and again.

    Returns:
        Kills by kind.
    """
    source = folder / "in.jsonl"
    corpus.write(megabytes, source, folder / "truth.jsonl", seed, 1)
    begun = time.monotonic()
    with started(Kill("", ""), ["dedupe", str(source), "-o", str(folder / "whole"), "-q"], 2) as process:
        errors = process.communicate()[1]
    _check(process.returncode == 0, errors)
    seconds = time.monotonic() - begun
    wanted = contents(folder / "whole")
    batches = -(-source.stat().st_size // (2 * _CHUNK_BYTES))
    found: Counter[str] = Counter()
    todo = list(plan(kills + skipping, batches, seconds, seed))[skipping:]
    for number, (kill, workers) in enumerate(todo):
        place = folder / f"{number}"
        place.mkdir()
        there, resumed = trial(kill, source, place, wanted, workers)
        shutil.rmtree(place)
        found[f"{kill.point} {kill.when}" if kill.point else "at any time"] += 1
        found["with batches there"] += there > 0
        found["batches not prepared again"] += max(resumed, 0)
        found["ended before the kill, or result in place"] += resumed < 0
    return found


def main(arguments: list[str] | None = None) -> None:
    """Print what was done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--megabytes", type=float, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--die", nargs=3, metavar=("KILL", "ARGUMENTS", "WORKERS"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.die:
        kill, command, workers = map(json.loads, options.die)
        run_and_die(Kill(*kill), command, workers)
        return
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        for name, count in soak(options.kills, options.megabytes, options.seed, Path(folder)).items():
            print(f"{count:6,}  {name}")


if __name__ == "__main__":
    main()
