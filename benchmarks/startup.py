"""What starting costs: whole processes, one after the other, medians.

    python benchmarks/startup.py [--runs 15] [--page FILE]

Prints, for each command, the least, the median and the most seconds of its runs, the bound that the
project sets itself, and the median as a multiple of ``python -c pass`` in the same session.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / "examples"


def seconds(command: list[str]) -> float:
    """Wall time of a process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Run the commands in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--page", type=Path, default=EXAMPLE, help="what to deduplicate")
    arguments = parser.parse_args()
    page = arguments.page
    command = [sys.executable, "-m", "reportclean"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], None),
            "import reportclean": ([sys.executable, "-c", "import reportclean"], 0.15),
            "reportclean --version": ([*command, "--version"], 0.3),
            f"reportclean dedupe {page.name}": ([*command, "dedupe", str(page), "-o", str(out), "-q"], 2.0),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(arguments.runs + 1):  # the first is not counted: it fills the file cache
            for name, (line, _) in commands.items():
                shutil.rmtree(out, ignore_errors=True)
                value = seconds(line)
                if run:
                    taken[name].append(value)
    base = statistics.median(taken["python -c pass"])
    print(f"{'command':<40} {'min':>7} {'median':>7} {'max':>7} {'bound':>6} {'ratio':>6}")
    for name, values in taken.items():
        bound = commands[name][1]
        middle = statistics.median(values)
        print(
            f"{name:<40} {min(values):7.3f} {middle:7.3f} {max(values):7.3f} "
            f"{'' if bound is None else bound:>6} {middle / base:6.1f}"
        )


if __name__ == "__main__":
    main()
