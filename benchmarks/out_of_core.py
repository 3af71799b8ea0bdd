"""A corpus larger than the memory: what a run takes with a budget, and whether its result is the same.

    python benchmarks/out_of_core.py --megabytes 1000 4000 --memory 1GB
    python benchmarks/out_of_core.py --corpus scrape.jsonl --memory 1GB --without-default

Runs ``reportclean dedupe`` with ``--memory`` and without, in turn, as whole processes. Prints the peak of memory (PSS
of the process tree, by samples), what the work folder and the result took on the disk, MB/s (of the text in a
generated corpus, of the file otherwise), the ratio of the two, and whether all files of both results are equal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus import write
from processes import Run, run

_BLOCK = 1 << 22


def dedupe(source: Path, place: Path, workers: int, memory: str, more: Sequence[str]) -> Run:
    """One run into an empty folder."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    command = [sys.executable, "-m", "reportclean", "dedupe", str(source), "-o", str(place / "result")]
    limited = ["--memory", memory] if memory else []
    command += ["--workers", str(workers), "--no-config", "--quiet", *limited, *more]
    return run(command, folder=place)


def digests(result: Path) -> dict[str, str]:
    """A digest of each file of a result; of the summary without what may differ from run to run."""
    found = {}
    for path in sorted(result.rglob("*")):
        if path.is_file() and path.name != "summary.json":
            digest = hashlib.blake2b(digest_size=16)
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
            found[str(path.relative_to(result))] = digest.hexdigest()
    summary = json.loads((result / "summary.json").read_bytes())
    del summary["seconds"], summary["resumed_batches"]
    return found | {"summary.json": json.dumps(summary)}


def compared(source: Path, megabytes: float, arguments: argparse.Namespace) -> Iterator[str]:
    """The lines of the table for one corpus."""
    speeds: dict[str, float] = {}
    results: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="out-of-core-") as folder:
        place = Path(folder) / "run"
        for memory in dict.fromkeys((arguments.memory, *([] if arguments.without_default else [""])), None):
            done = dedupe(source, place, arguments.workers, memory, arguments.options)
            name = f"--memory {memory}" if memory else "default"
            if done.failed:
                yield f"{megabytes:8,.0f}  {name:14}  failed: {done.failed}"
                continue
            speeds[memory] = megabytes / done.seconds
            results[memory] = digests(place / "result")
            ratio = f"{speeds[arguments.memory] / speeds['']:.2f}" if "" in speeds and not memory else ""
            yield (
                f"{megabytes:8,.0f}  {name:14} {done.peak_bytes / 1e6:12,.0f} {done.disk_bytes / 1e6:12,.0f}"
                f" {done.seconds:9.1f} {speeds[memory]:8.1f}  {ratio}"
            )
    if len(results) == 2:
        one, other = results.values()
        differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        yield f"{megabytes:8,.0f}  {'results differ: ' + ', '.join(differing) if differing else 'equal results'}"


@contextmanager
def corpora(arguments: argparse.Namespace) -> Iterator[Iterator[tuple[Path, float]]]:
    """The corpora with their megabytes, generated one by one."""
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="out-of-core-") as folder:

        def each() -> Iterator[tuple[Path, float]]:
            for path in arguments.corpus:
                yield path, path.stat().st_size / 1e6
            for megabytes in arguments.megabytes:
                path = Path(folder) / "corpus.jsonl"
                write(megabytes, path, Path(folder) / "truth.jsonl", processes=2)
                yield path, megabytes

        yield each()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=float, nargs="*", default=[])
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="where there is room: ten times the corpus")
    parser.add_argument("--without-default", action="store_true", help="run with the budget only")
    parser.add_argument("options", nargs="*", help="further options of dedupe, after --")
    arguments = parser.parse_args()
    print(f"{'MB':>8}  {'':14} {'peak MB':>12} {'disk MB':>12} {'seconds':>9} {'MB/s':>8}  of default")
    with corpora(arguments) as found:
        for source, megabytes in found:
            for line in compared(source, megabytes, arguments):
                print(line, flush=True)


if __name__ == "__main__":
    main()
