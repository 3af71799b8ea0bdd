"""What the online index does in a second: adding, merging, asking, removing; in memory and on a Redis server.

    python benchmarks/online_index.py [--sections 5000] [--url redis://localhost:6379/0]

Sections of about 320 characters, one in ten a damaged copy of another. They are signed first, and what signing
costs is printed apart. The last lines are datasketch's own calls on the same server, which verify nothing and are
not safe for two processes at once; their first thousand sections only. Wall time, as it includes the server's.
"""

import argparse
import random
import time
from collections.abc import Callable
from uuid import uuid4

from datasketch import MinHashLSH

import reportclean as rc
from sentences import sentences


def sections(number: int) -> list[str]:
    """Sections, one in ten of them made of another."""
    rng = random.Random(1)
    pool = sentences(4000, 1)
    made: list[str] = []
    for position in range(number):
        if position % 10 == 9:
            copy = list(rng.choice(made))
            for _ in range(6):
                copy[rng.randrange(len(copy))] = "某"
            made.append("".join(copy))
        else:
            made.append("".join(rng.choices(pool, k=10)))
    return made


def said(what: str, number: int, work: Callable[[], object]) -> None:
    """Do it and print how many a second."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{what:<24} {number / seconds:8.0f} a second {1e3 * seconds / number:8.3f} ms each")


def timed(where: str, index: rc.SectionIndex, signed: list[rc.SignedSection], asked: int) -> None:
    """Add all sections, ask for some and remove them."""

    def add() -> None:
        for position, section in enumerate(signed):
            index.add(str(position), section)

    said(f"{where}: add", len(signed), add)
    said(f"{where}: query", asked, lambda: [index.query(section) for section in signed[-asked:]])
    said(f"{where}: remove", asked, lambda: [index.remove(str(position)) for position in range(asked)])


def on_redis(url: str, signed: list[rc.SignedSection], asked: int) -> None:
    """The same on a server, then merging, and the server's memory."""
    import redis  # noqa: PLC0415  # an extra

    name = uuid4().hex
    with rc.SectionIndex(storage=url, name=name) as index:
        timed("redis", index, signed, asked)
    rc.SectionIndex.drop(url, name)
    memory = rc.SectionIndex()
    for position, section in enumerate(signed):
        memory.add(str(position), section)
    with redis.Redis.from_url(url) as client, rc.SectionIndex(storage=url, name=name) as index:
        before = client.info("memory")["used_memory"]
        said("redis: merge", len(signed), lambda: index.merge(memory))
        used = client.info("memory")["used_memory"] - before
    print(f"{'redis: memory':<24} {used / len(signed):8.0f} bytes a section")
    rc.SectionIndex.drop(url, name)


def datasketchs(url: str, signed: list[rc.SignedSection]) -> None:
    """The same through datasketch's calls."""
    import redis  # noqa: PLC0415  # an extra

    pool = redis.ConnectionPool.from_url(url)
    client = redis.Redis(connection_pool=pool)
    base = uuid4().hex.encode()
    lsh = MinHashLSH(
        num_perm=128,
        params=(25, 5),
        storage_config={"type": "redis", "basename": base, "redis": {"connection_pool": pool}},
        prepickle=False,
    )
    minhashes = {str(position).encode(): section.to_minhash() for position, section in enumerate(signed)}
    number = len(minhashes)
    said("datasketch: insert", number, lambda: [lsh.insert(*item) for item in minhashes.items()])
    said("datasketch: query", number, lambda: [lsh.query(minhash) for minhash in minhashes.values()])
    said("datasketch: remove", number, lambda: [lsh.remove(key) for key in minhashes])
    for key in client.scan_iter(match=base + b"*", count=1000):
        client.delete(key)
    client.close()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sections", type=int, default=5000)
    parser.add_argument("--url", help="of a Redis server; without it only memory is measured")
    arguments = parser.parse_args()
    texts = sections(arguments.sections)
    signed: list[rc.SignedSection] = []
    said("signing", len(texts), lambda: signed.extend(rc.sign(text) for text in texts))
    asked = min(1000, len(signed))
    timed("memory", rc.SectionIndex(), signed, asked)
    if arguments.url:
        on_redis(arguments.url, signed, asked)
        datasketchs(arguments.url, signed[:asked])


if __name__ == "__main__":
    main()
