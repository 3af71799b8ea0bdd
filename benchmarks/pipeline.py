"""The whole pipeline against the obvious one and other tools, as whole processes, in turn.

    python benchmarks/pipeline.py --megabytes 10
    python benchmarks/pipeline.py --megabytes 10 100 --only ours-1 ours-2 gaoya kernel --runs 3

Prints for each size: MB/s (10^6 bytes of UTF-8 text), the ratio to the obvious pipeline and to the fastest tool
that only deduplicates, peak memory, removals against the planted truth by kind, the stages of the run beside
the whole, and the kernels alone on the same text. Contestants run in turn, ``--runs`` times; medians count.

    ours-1, ours-2   reportclean dedupe with one and two workers
    naive            benchmarks/naive.py, on 10 MB at most
    peers            benchmarks/peers/*_peer.py, where they are installed (pip install '.[bench]')
    kernel           folding, shingling and signing alone, in this process, on one core
    oracle           removed sections against brute force, on 10 MB at most
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import quality
from corpus import TEMPLATES, write
from processes import Run, run
from variants import KINDS

HERE = Path(__file__).resolve().parent
PEERS = {path.stem.removesuffix("_peer"): path for path in sorted((HERE / "peers").glob("*_peer.py"))}
OURS = {"ours-1": 1, "ours-2": 2}
SMALL = 10  # MB: as much as the obvious pipeline and the oracle are given
_BATCH_CHARACTERS = 2_000_000


@dataclass(slots=True)
class Contestant:
    """A way to do the job.

    Attributes:
        command: Makes the command from the corpus and where its result goes.
        result: Where that is.
        small: Whether it runs on 10 MB at most.
        runs: What its runs took.
    """

    command: Callable[[Path], list[str]]
    result: Path
    small: bool = False
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk.

    Attributes:
        path: Its documents.
        truth: Their labels.
        megabytes: Of text.
    """

    path: Path
    truth: Path
    megabytes: float


def contestants(folder: Path, only: Sequence[str], python: str) -> dict[str, Contestant]:
    """Those asked for that can run here; says which cannot."""
    found: dict[str, Contestant] = {}
    for name, workers in OURS.items():
        out = folder / name
        options = ["-o", str(out), "--quiet", "--overwrite", "--workers", str(workers)]
        found[name] = Contestant(
            lambda corpus, options=options: [
                sys.executable,
                "-m",
                "reportclean",
                "dedupe",
                str(corpus),
                *options,
            ],
            out,
        )
    out = folder / "naive.jsonl"
    found["naive"] = Contestant(
        lambda corpus, out=out: [sys.executable, str(HERE / "naive.py"), str(corpus), str(out)],
        out,
        small=True,
    )
    for name, script in PEERS.items():
        if only and name not in only:
            continue
        looked = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
        if subprocess.run([python, "-c", looked], check=False).returncode:
            print(f"{name} is not installed")
            continue
        out = folder / f"{name}.jsonl"
        found[name] = Contestant(
            lambda corpus, out=out, script=script: [python, str(script), str(corpus), str(out)], out
        )
    return {name: contestant for name, contestant in found.items() if not only or name in only}


def made(folder: Path, megabytes: float, seed: int) -> Corpus:
    """Generate a corpus and say what it holds."""
    corpus, truth = folder / f"corpus-{megabytes:g}.jsonl", folder / f"truth-{megabytes:g}.jsonl"
    start = time.perf_counter()
    held = write(megabytes, corpus, truth, seed, processes=2)
    size = held["bytes"] / 1e6
    print(
        f"{size:.1f} MB of text, {held['documents']:,} documents, {held['sections']:,} sections, "
        f"{held['template'] / TEMPLATES:.0f} documents a template; made at {size / (time.perf_counter() - start):.0f} MB/s"
    )
    return Corpus(corpus, truth, size)


def speeds(corpus: Corpus, small: Corpus, taking_part: dict[str, Contestant], runs: int) -> dict[str, float]:
    """Run all in turn and print the table; MB/s of each."""
    for contestant in taking_part.values():
        contestant.runs.clear()
    for _ in range(runs):
        for contestant in taking_part.values():
            source = small if contestant.small else corpus
            contestant.runs.append(run(contestant.command(source.path)))
    found: dict[str, float] = {}
    for name, contestant in taking_part.items():
        failed = next((done.failed for done in contestant.runs if done.failed), "")
        if failed:
            print(f"{name} failed: {failed}")
            continue
        seconds = statistics.median(done.seconds for done in contestant.runs)
        found[name] = (small if contestant.small else corpus).megabytes / seconds
    base = found.get("naive")
    fastest = max((rate for name, rate in found.items() if name in PEERS), default=None)
    print(f"\n{'':<12} {'seconds':>8} {'MB/s':>7} {'x naive':>8} {'x peer':>7} {'peak MB':>8}")
    for name, rate in found.items():
        contestant = taking_part[name]
        seconds = statistics.median(done.seconds for done in contestant.runs)
        peak = max(done.peak_bytes for done in contestant.runs) / 1e6
        ratios = [f"{rate / of:.2f}" if of else "" for of in (base, fastest)]
        note = f"  on {small.megabytes:.0f} MB" if contestant.small and small is not corpus else ""
        print(f"{name:<12} {seconds:8.2f} {rate:7.2f} {ratios[0]:>8} {ratios[1]:>7} {peak:8.0f}{note}")
    if {"ours-1", "ours-2"} <= found.keys():
        print(f"two workers / one: {found['ours-2'] / found['ours-1']:.2f}")
    return found


def stages(folder: Path, taking_part: dict[str, Contestant], runs: int) -> None:
    """What ours says of its stages, and what it takes to start and to leave, beside the whole.

    The latter is what a run on one short document takes besides its stages.
    """
    tiny = folder / "tiny.jsonl"
    tiny.write_text('{"text": "全年检修线路一百二十公里。"}\n', encoding="utf-8")
    for name in OURS:
        contestant = taking_part.get(name)
        if contestant is None or contestant.runs[-1].failed:
            continue
        named = _seconds(contestant.result)  # of the last run
        whole = contestant.runs[-1].seconds
        small = Contestant(contestant.command, contestant.result)
        for _ in range(runs):
            small.runs.append(run(small.command(tiny)))
        besides = statistics.median(done.seconds for done in small.runs) - sum(
            _seconds(small.result).values()
        )
        named = {"start-up": besides, **named}
        parts = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in named.items())
        print(f"stages of {name}: {parts}; sum {sum(named.values()) / whole:.3f} of {whole:.2f} s")


def _seconds(result: Path) -> dict[str, float]:
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    seconds: dict[str, float] = summary["seconds"]
    return seconds


def judged(corpus: Corpus, small: Corpus, taking_part: dict[str, Contestant], names: Sequence[str]) -> None:
    """What was removed, against the truth."""
    truths: dict[Path, list[Any]] = {}
    documents: dict[str, quality.Removals] = {}
    sections: dict[str, quality.Sections] = {}
    for name in names:
        contestant = taking_part[name]
        source = small if contestant.small else corpus
        truth = truths.setdefault(source.truth, []) or quality.read_truth(source.truth)
        truths[source.truth] = truth
        if name in OURS:
            sections[name] = quality.of_result(contestant.result, truth)
            documents[name] = quality.of_documents(truth, set(), sections[name].gone.tolist())
        else:
            documents[name] = quality.of_documents(truth, _ids(contestant.result))
    kinds = ["original", *(kind for kind in KINDS if kind != "exact")]
    print("\nremovals among documents of one section; recall by kind")
    quality.print_removals(documents, kinds)
    if sections:
        print("\nremovals among all sections, those of compilations too")
        quality.print_removals(
            {name: found.removals() for name, found in sections.items()}, ["original", *KINDS]
        )
        quality.print_sections(next(iter(sections.values())))


def _ids(path: Path) -> set[str]:
    with path.open("rb") as lines:
        return {json.loads(line)["id"] for line in lines}


def kernel(corpus: Corpus) -> dict[str, float]:
    """MB/s of folding, shingling and signing alone, in CPU seconds of this process."""
    from reportclean.kernels import choose, warm  # noqa: PLC0415  # only this one needs the library's inside
    from reportclean.near.minhash import signatures  # noqa: PLC0415  # the same
    from reportclean.text.folding import fold_batch  # noqa: PLC0415  # the same

    kernels = choose(1 << 40)
    warm(kernels)
    fold_batch(["x"], kernels)
    spent = dict.fromkeys(("fold", "shingle", "sign"), 0.0)
    size = 0
    for batch in _batches(corpus.path):
        size += sum(len(text.encode()) for text in batch)
        times = [time.process_time()]
        keys = fold_batch(batch, kernels)
        times.append(time.process_time())
        hashes, offsets = kernels.shingle_hashes(keys.codes, keys.offsets, 5)
        times.append(time.process_time())
        signatures(kernels, hashes, offsets, 128, 1)
        times.append(time.process_time())
        for stage, start, end in zip(spent, times, times[1:], strict=False):
            spent[stage] += end - start
    rates = {stage: size / 1e6 / seconds for stage, seconds in spent.items()}
    rates["all three"] = size / 1e6 / sum(spent.values())
    return rates


def _batches(path: Path) -> Iterator[list[str]]:
    batch: list[str] = []
    held = 0
    with path.open("rb") as lines:
        for line in lines:
            batch.append(json.loads(line)["text"])
            held += len(batch[-1])
            if held >= _BATCH_CHARACTERS:
                yield batch
                batch, held = [], 0
    yield batch


def main() -> None:
    """Run what was asked for, size by size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, nargs="+", default=[SMALL])
    parser.add_argument("--only", nargs="+", default=[], help="contestants, kernel, oracle")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--peer-python", default=sys.executable, help="an interpreter that has the other tools"
    )
    parser.add_argument("--folder", type=Path, help="keep corpora and results there")
    arguments = parser.parse_args()
    only = arguments.only
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        taking_part = contestants(folder, only, arguments.peer_python)
        for megabytes in arguments.megabytes:
            corpus = made(folder, megabytes, arguments.seed)
            needs_small = megabytes > SMALL and ("naive" in taking_part or not only or "oracle" in only)
            small = made(folder, SMALL, arguments.seed) if needs_small else corpus
            found = speeds(corpus, small, taking_part, arguments.runs) if taking_part else {}
            if not only or "kernel" in only:
                rates = kernel(corpus)
                print(
                    "kernels alone: " + ", ".join(f"{stage} {rate:.0f} MB/s" for stage, rate in rates.items())
                )
                if "ours-1" in found:
                    print(f"ours-1 / signing alone: {found['ours-1'] / rates['sign']:.3f}")
            if found:
                judged(corpus, small, taking_part, list(found))
                stages(folder, taking_part, arguments.runs)  # the last, since it runs ours on something else
            if not only or "oracle" in only:
                quality.print_oracle(quality.against_oracle(small.path))
            print()


if __name__ == "__main__":
    main()
