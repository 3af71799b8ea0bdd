"""Whole processes: how long they take, and how much memory the process and its children hold."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_DISK_EVERY = 20  # samples
_SAMPLE_EVERY = 0.1  # seconds; a look at a few processes costs about 1 ms


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took.

    Attributes:
        seconds: Wall time.
        peak_bytes: The most that the tree held at once (PSS: shared pages count once), by samples.
        failed: The last lines it wrote if its exit code was not 0, else empty.
        disk_bytes: The most that the files of a folder took, by samples.
    """

    seconds: float
    peak_bytes: int
    failed: str
    disk_bytes: int = 0


def run(command: Sequence[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> Run:
    """Run a command to its end.

    Args:
        command: With its arguments.
        environment: Its environment; this one's by default.
        folder: Where it writes, to see how much.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
        )
        peak = disk = samples = 0
        while True:
            try:
                process.wait(_SAMPLE_EVERY)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, tree_pss(process.pid))
                samples += 1
                if folder is not None and samples % _DISK_EVERY == 0:
                    disk = max(disk, folder_bytes(folder))
        seconds = time.perf_counter() - start
        said.seek(0)
        last = said.read().decode(errors="replace").strip().splitlines()[-5:]
    failed = "\n".join(last) or "no message" if process.returncode else ""
    return Run(seconds, peak, failed, disk)


def folder_bytes(folder: Path) -> int:
    """What the files of a folder take on the disk, those that are being taken away left out."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_blocks * 512
    return total


def tree_pss(pid: int) -> int:
    """Proportional set size of a process and its children, in bytes; 0 for what has gone."""
    total = 0
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open(encoding="ascii") as lines:
            total = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(map(tree_pss, map(int, (task / "children").read_text().split())))
    except OSError:
        pass
    return total
