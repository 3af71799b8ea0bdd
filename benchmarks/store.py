"""What an index in a DuckDB file costs: building it, adding one hundredth, asking it.

    python store.py [--sections 100000] [--batch 20000] [--keep FILE]

Sections are random characters, signatures random numbers, so that nothing but the index is measured; one
section in ten is a copy of an earlier one in which a few places differ. A query comes with its signature.
CPU time of the process, all threads together, and wall time.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from reportclean.index.duckdb_store import DuckDBStore
from reportclean.index.keys import KeyTexts
from reportclean.index.matching import find_matches
from reportclean.index.store import Batch, Columns
from reportclean.near.bands import band_keys
from reportclean.near.options import DedupeConfig

CHARACTERS = 300
CONFIG = DedupeConfig()
BY_SQL = "select distinct key from bands where value in (select unnest(?::ubigint[]))"


def batches(sections: int, size: int, seed: int) -> Iterator[Batch]:
    """Generated sections, some at a time."""
    for number, begin in enumerate(range(0, sections, size)):
        yield made(np.random.default_rng([seed, number]), min(size, sections - begin), f"{seed}-{number}")


def made(rng: np.random.Generator, count: int, name: str) -> Batch:
    """One batch."""
    points = rng.integers(0x4E00, 0x4E00 + 3000, (count, CHARACTERS), dtype=np.uint32)
    signatures = rng.integers(0, 2**32, (count, CONFIG.num_perm), dtype=np.uint32)
    copies = np.arange(count // 10, count, 10)
    points[copies] = points[copies - count // 10]
    points[copies, 100] = 0x4E00 + 3001
    signatures[copies] = signatures[copies - count // 10]
    signatures[copies[:, None], rng.integers(0, CONFIG.num_perm, (len(copies), 4))] = 7
    data = np.frombuffer(points.tobytes().decode("utf-32-le").encode(), np.uint8)
    names = [f"{name}-{row}" for row in range(count)]
    zeros = np.zeros(count, np.int64)
    columns = Columns(
        [f"{one}#1" for one in names],
        names,
        ["generated.jsonl"] * count,
        zeros + 1,
        zeros + CHARACTERS,
        zeros,
        zeros,
        np.full(count, -np.inf),
        zeros > 0,
        [""] * count,
        [""] * count,
    )
    texts = KeyTexts(data, np.arange(count + 1) * 3 * CHARACTERS)
    return Batch(columns, rng.integers(0, 2**63, (count, 2), dtype=np.uint64), signatures, texts)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def said(what: str, times: tuple[float, float], more: str = "") -> None:
    """Print a line."""
    print(f"{what:<34}{times[0]:>10.3f}{times[1]:>10.3f}  {more}", flush=True)


def median(times: list[tuple[float, float]]) -> tuple[float, float]:
    """Of CPU and of wall times."""
    cpu, wall = np.median(np.array(times), axis=0)
    return float(cpu), float(wall)


def queries(store: DuckDBStore, batch: Batch, count: int) -> None:
    """Single queries, warm and the first one; and the same from the tables of DuckDB alone."""
    rows = np.arange(len(batch) // 10, len(batch), 10)[:count].tolist()
    asked = [batch.take(np.array([row])) for row in rows]
    found: list[int] = []
    times = [timed(lambda one=one: found.append(len(find_matches(store, one, CONFIG).rows))) for one in asked]
    said("first query", times[0])
    said("query, warm (median)", median(times[1:]), f"{np.mean(found):.1f} matches each; bar 0.020")
    said("query, warm (worst)", max(times[1:], key=lambda pair: pair[1]))
    database = store._db  # noqa: SLF001  # what a user's own connection would be
    times = []
    for one in asked:
        values = band_keys(one.signatures, store.settings.banding)[0].tolist()
        times.append(timed(lambda values=values: database.rows(BY_SQL, [values])))
    said("candidates from DuckDB alone", median(times), "bar 0.150")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=20_000)
    parser.add_argument("--memory-limit", default="1GB")
    parser.add_argument("--queries", type=int, default=50)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    try:
        print(f"{options.sections:,} sections in batches of {options.batch:,}{'CPU s':>8}{'wall s':>10}")
        store = DuckDBStore(folder / "it.duckdb", CONFIG, memory_limit=options.memory_limit)
        build = np.zeros(2)
        for batch in batches(options.sections, options.batch, 1):
            build += timed(lambda batch=batch: store.add(batch))
        last = batch
        said("build", (build[0], build[1]), f"{options.sections / build[0]:,.0f} sections a CPU second")
        (extra,) = batches(options.sections // 100, options.sections, 2)
        found = timed(lambda: find_matches(store, extra, CONFIG))
        added = timed(lambda: store.add(extra))
        said("ask for 1 %, every match", found, f"{found[0] / build[0]:.2%} of building")
        said("add 1 %", added, f"{added[0] / build[0]:.2%} of building, bar 3 %")
        queries(store, last, options.queries)
        store.close()
        said("open", timed(lambda: DuckDBStore(folder / "it.duckdb", read_only=True).close()))
        with DuckDBStore(folder / "it.duckdb", read_only=True) as store:
            print("opened anew:")
            queries(store, last, options.queries)
        with DuckDBStore(folder / "it.duckdb") as store:
            gone = np.arange(options.sections // 100)
            said("remove 1 %", timed(lambda: store.remove(gone)))
            said("compact", timed(store.compact))
        sizes = {
            path.suffix: sum(one.stat().st_size for one in folder.rglob(f"*{path.suffix}")) / 1e6
            for path in folder.rglob("*")
            if path.is_file()
        }
        print("MB on disk:", {name: round(size, 1) for name, size in sizes.items()})
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
