"""Spun copies in whole runs: how many ``dedupe`` finds, with a lexicon of another run and with what it learns itself.

    python benchmarks/spun_runs.py [--originals 300] [--seed 1]

Reports and spinner are those of ``spinning.py``. A corpus holds originals, a spun copy of each, and pairs that
are no spun copies; a copy counts as found where it is in the cluster of its original and the match is called
spun. The teaching run reads other reports, of which 5 to 30 % of the words are replaced.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import reportclean as rc
from reportclean.near.spinlexicon import SpinLexicon
from spinning import SHARES, reports, spun, unspun_pairs


def corpus(count: int, seed: int, shares: tuple[float, ...], noise: int) -> list[rc.Document]:
    """Originals ``o``, their copies ``s``, and pairs ``a`` and ``b`` that are not spun, in any order."""
    rng = random.Random(f"{seed}/{shares}")
    made = reports(count + noise, seed)
    documents = []
    for number, report in enumerate(made[:count]):
        documents.append(rc.Document(f"o{number}", report.text))
        documents.append(rc.Document(f"s{number}", spun(report.text, rng.choice(shares), rng)))
    for number, (_, left, right) in enumerate(unspun_pairs(made[count:], rng)):
        documents += [rc.Document(f"a{number}", left), rc.Document(f"b{number}", right)]
    rng.shuffle(documents)
    return documents


def row(name: str, result: rc.DedupeResult, count: int) -> str:
    """A row of the table: found, original named, original kept, not called spun, swaps learned."""
    pairs = {(m.left_id, m.right_id): m for m in result.matches}
    heads = {member: c.representative_id for c in result.clusters for member in c.members}
    found = named = kept = 0
    for number in range(count):
        original, copy = f"o{number}#1", f"s{number}#1"
        match = pairs.get((original, copy))
        together = original in heads and heads[original] == heads.get(copy)
        found += together and (match is None or match.kind == "spun")
        named += match is not None and match.original_id == original
        kept += together and heads[original] != copy
    wrong = sum(m.kind == "spun" for m in result.matches if m.left_id[0] in "ab" and m.right_id[0] in "ab")
    others = sum(m.left_id[0] in "ab" and m.right_id[0] in "ab" for m in result.matches)
    return (
        f"| {name} | {found / count:.3f} | {named / max(found, 1):.3f} | {kept / max(found, 1):.3f} "
        f"| {1 - wrong / max(others, 1):.4f} of {others} | {len(result.lexicon)} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--originals", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    count, seed = asked.originals, asked.seed
    print("| words replaced | found | original named | original kept | not spun: not called so | learned |")
    print("|---|---|---|---|---|---|")
    taught = rc.dedupe(corpus(count, seed + 1000, (0.05, 0.1, 0.2, 0.3), count // 5))
    print(row("5 to 30 %, the teaching run", taught, count))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spin-lexicon.tsv"
        file.write_text(
            SpinLexicon({(s.original, s.spun): s.pairs for s in taught.lexicon}).to_tsv(), encoding="utf-8"
        )
        for share, bar in SHARES.items():
            documents = corpus(count, seed, (share,), count // 5)
            for name, config in (
                ("its lexicon", rc.DedupeConfig(spin_lexicon=str(file))),
                ("by itself", rc.DedupeConfig()),
            ):
                start = time.process_time()
                line = row(f"{share:.0%} (bar {bar}), {name}", rc.dedupe(documents, config), count)
                print(line, f"{time.process_time() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
