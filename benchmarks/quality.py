"""What a run removed, against the planted truth and against the brute-force greedy oracle.

python benchmarks/quality.py RESULT_DIR TRUTH.jsonl      # of `reportclean dedupe CORPUS -o RESULT_DIR`
python benchmarks/quality.py --oracle CORPUS.jsonl       # runs `dedupe --mark --keep first` itself
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.sparse import csr_array

from corpus import Truth
from reportclean import fold

_MOSTLY = 0.8  # a section of the truth is gone when so much of it is
THRESHOLD, SLACK = 0.8, 0.02


@dataclass(frozen=True, slots=True)
class Removals:
    """How removing did against the truth; the same for every tool.

    Attributes:
        groups: Groups of two or more.
        removable: Sections that should go: all of each group but one.
        removed: Sections that went.
        lost: Groups of which nothing stayed.
        missed: By kind, copies that stayed beside another of their group.
        planted: By kind, how many there are in groups of two or more.
    """

    groups: int
    removable: int
    removed: int
    lost: int
    missed: Counter[str]
    planted: Counter[str]

    @property
    def recall(self) -> float:
        """Of the sections that should go, those that went."""
        return 1 - self.missed.total() / max(self.removable, 1)

    @property
    def precision(self) -> float:
        """Of the sections that went, those whose like stayed."""
        return 1 - self.lost / max(self.removed, 1)


def read_truth(path: Path) -> list[Truth]:
    """The labels, a document a line."""
    decoder = msgspec.json.Decoder(Truth)
    with path.open("rb") as lines:
        return [decoder.decode(line) for line in lines]


def removals(sections: Iterable[tuple[str, str, bool, bool]]) -> Removals:
    """Judge what stayed.

    Args:
        sections: Of each section of the truth its group, its kind, whether it stayed, and whether it is judged;
            one that is not (a part of a page, for a tool that takes pages whole) may still be what a
            removed one is like. Of several that stayed in a group one is right, the original if it is among
            them; the others are misses of their kind.
    """
    groups: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    alive: set[str] = set()
    for group, kind, stayed, is_judged in sections:
        if stayed:
            alive.add(group)
        if is_judged:
            groups[group].append((kind, stayed))
    removed = lost = removable = several = 0
    missed, planted = Counter[str](), Counter[str]()
    for group, members in groups.items():
        stayed_kinds = sorted(
            (kind for kind, stayed in members if stayed), key=lambda kind: kind != "original"
        )
        removed += len(members) - len(stayed_kinds)
        lost += group not in alive
        missed.update(stayed_kinds[1:])
        if len(members) > 1:
            several += 1
            removable += len(members) - 1
            planted.update(kind for kind, _ in members)
    return Removals(several, removable, removed, lost, missed, planted)


def of_documents(truth: Sequence[Truth], kept: set[str], gone: Sequence[float] | None = None) -> Removals:
    """Judge documents of one section, which every tool can remove.

    Args:
        truth: The labels.
        kept: Ids of the documents that stayed.
        gone: For a tool that removes sections, the share of each section that went.
    """
    shares = iter(gone if gone is not None else ())
    rows = []
    for document in truth:
        alone = len(document.sections) == 1
        for section in document.sections:
            share = next(shares, None)
            stayed = document.id in kept if share is None else share < _MOSTLY
            rows.append((section.group, section.kind, stayed, alone))
    return removals(rows)


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections of a result laid over those of the truth.

    Attributes:
        labels: Group and kind of the truth's sections.
        gone: ``float64``: the share of each that was removed.
        clusters: Per section of the truth, the cluster of the one that covers most of it; empty for none.
        false_pairs: Matches between sections of different groups, with their Jaccard.
        pairs: Matches between sections that could be placed.
        as_cut: Sections of the truth that were cut within 5 % of their length.
    """

    labels: list[tuple[str, str]]
    gone: NDArray[np.float64]
    clusters: list[str]
    false_pairs: list[tuple[str, str, float]]
    pairs: int
    as_cut: int

    def removals(self) -> Removals:
        """What went, judged as for every tool."""
        return removals(
            (group, kind, float(share) < _MOSTLY, True)
            for (group, kind), share in zip(self.labels, self.gone, strict=True)
        )

    def pair_recall(self) -> dict[str, tuple[int, int]]:
        """By kind: copies in one cluster with the original that stands alone, and how many there are."""
        originals = {
            group: cluster
            for (group, kind), cluster in zip(self.labels, self.clusters, strict=True)
            if kind == "original"
        }
        found: dict[str, tuple[int, int]] = {}
        for (group, kind), cluster in zip(self.labels, self.clusters, strict=True):
            if kind not in ("original", "template"):
                together, all_of_kind = found.get(kind, (0, 0))
                same = bool(cluster) and originals.get(group) == cluster
                found[kind] = (together + same, all_of_kind + 1)
        return found


def of_result(folder: Path, truth: Sequence[Truth]) -> Sections:
    """Lay a result over the truth, by places in the original text."""
    table = pq.read_table(
        folder / "sections.parquet",
        columns=["section_id", "document_id", "ordinal", "source_start", "source_end", "kept", "cluster_id"],
    ).to_pydict()
    rows: dict[str, list[int]] = defaultdict(list)
    for row, document in enumerate(table["document_id"]):
        if table["ordinal"][row]:
            rows[document].append(row)
    labels: list[tuple[str, str]] = []
    gone: list[float] = []
    clusters: list[str] = []
    group_of: dict[str, str] = {}
    as_cut = 0
    best_cover: dict[int, int] = {}
    for document in truth:
        for section in document.sections:
            length = section.end - section.start
            removed = most = cut = 0
            cluster = ""
            for row in rows.get(document.id, ()):
                start, end = table["source_start"][row], table["source_end"][row]
                common = min(end, section.end) - max(start, section.start)
                if common <= 0:
                    continue
                removed += common * (not table["kept"][row])
                if common > most:
                    most, cluster = common, table["cluster_id"][row] or ""
                    cut = abs(start - section.start) + abs(end - section.end) <= 0.05 * length
                if common > best_cover.get(row, 0):
                    best_cover[row] = common
                    group_of[table["section_id"][row]] = section.group
            labels.append((section.group, section.kind))
            gone.append(removed / max(length, 1))
            clusters.append(cluster)
            as_cut += cut
    pairs, false_pairs = 0, []
    matches = pq.read_table(folder / "matches.parquet").to_pydict()
    for left, right, jaccard in zip(matches["left_id"], matches["right_id"], matches["jaccard"], strict=True):
        if left in group_of and right in group_of:
            pairs += 1
            if group_of[left] != group_of[right]:
                false_pairs.append((left, right, jaccard))
    return Sections(labels, np.array(gone), clusters, false_pairs, pairs, as_cut)


@dataclass(frozen=True, slots=True)
class Oracle:
    """Removed sections held against brute force.

    Attributes:
        sections: Sections that were compared.
        removed: Sections that the oracle removes.
        also: Those of them that the run removed too.
        more: Sections that the run removed and the oracle does not.
        kept_pairs: Pairs of kept sections with a Jaccard of threshold + 0.02 or more.
        highest: The highest Jaccard between kept sections.
    """

    sections: int
    removed: int
    also: int
    more: int
    kept_pairs: int
    highest: float


def against_oracle(corpus: Path, arguments: Sequence[str] = ()) -> Oracle:
    """Run ``dedupe --keep first --mark`` and do the same by exact Jaccards of all pairs.

    ``--keep first`` makes rank the order of input, so the oracle needs nothing of the library but the key
    and the sections. Keys of fewer than 20 tokens match only when equal.
    """
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        command = [sys.executable, "-m", "reportclean", "dedupe", str(corpus), "-o", str(out), "-q"]
        subprocess.run([*command, "--keep", "first", "--mark", *arguments], check=True)
        table = pq.read_table(out / "sections.parquet").to_pydict()
        texts: dict[str, str] = {}
        for path in sorted((out / "kept").rglob("*.jsonl")):
            with path.open("rb") as lines:
                texts |= {record["id"]: record["text"] for record in map(json.loads, lines)}
    rows = [row for row, ordinal in enumerate(table["ordinal"]) if ordinal]
    keys = [
        tokens_of(fold(texts[table["document_id"][row]][table["start"][row] : table["end"][row]]))
        for row in rows
    ]
    removed = np.array(
        [table["representative_id"][row] not in (None, "", table["section_id"][row]) for row in rows]
    )
    return compared(keys, removed)


def tokens_of(key: str) -> list[str]:
    """The tokens of a key: runs of letters and digits below U+0E00 are one token, anything else is single."""
    tokens: list[str] = []
    run = ""
    for character in key:
        single = ord(character) >= 0x0E00
        if (single or character == " ") and run:
            tokens.append(run)
            run = ""
        if single:
            tokens.append(character)
        elif character != " ":
            run += character
    return [*tokens, run] if run else tokens


def compared(keys: Sequence[Sequence[str]], removed: NDArray[np.bool_]) -> Oracle:
    """Hold removals against the greedy choice on exact Jaccards, keys in rank order."""
    common, sizes = _common(keys)
    long_enough = np.array([len(key) >= 20 for key in keys])
    spelled = ["\x00".join(key) for key in keys]
    leads = np.zeros(len(keys), dtype=bool)
    oracle = np.zeros(len(keys), dtype=bool)
    kept_pairs, highest = 0, 0.0
    for item in range(len(keys)):
        begin, end = common.indptr[item], common.indptr[item + 1]
        others, shared = common.indices[begin:end], common.data[begin:end]
        earlier = others < item
        others, shared = others[earlier], shared[earlier]
        jaccard = shared / (sizes[item] + sizes[others] - shared)
        may = long_enough[others] & long_enough[item]
        equal = np.array([spelled[other] == spelled[item] for other in others[~may]], dtype=bool)
        matches = np.where(may, jaccard, 0.0) >= THRESHOLD
        matches[~may] = equal
        oracle[item] = bool((matches & leads[others]).any())
        leads[item] = not oracle[item]
        if not removed[item]:
            among_kept = jaccard[~removed[others] & may]
            kept_pairs += int(np.count_nonzero(among_kept >= THRESHOLD + SLACK))
            highest = max(highest, float(among_kept.max(initial=0.0)))
    return Oracle(
        len(keys),
        int(oracle.sum()),
        int((oracle & removed).sum()),
        int((removed & ~oracle).sum()),
        kept_pairs,
        highest,
    )


def _common(keys: Sequence[Sequence[str]]) -> tuple[Any, NDArray[np.int64]]:
    """Common shingles of all pairs as a sparse matrix, and the number of shingles of each."""
    numbers: dict[tuple[str, ...], int] = {}
    columns: list[int] = []
    sizes: list[int] = []
    for key in keys:
        size = min(5, len(key))
        shingles = {tuple(key[at : at + size]) for at in range(len(key) - size + 1)} if key else set()
        columns += [numbers.setdefault(shingle, len(numbers)) for shingle in shingles]
        sizes.append(len(shingles))
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    ones = np.ones(len(columns), dtype=np.int32)
    incidence = csr_array((ones, np.array(columns), offsets), shape=(len(keys), max(len(numbers), 1)))
    # A shingle of one section makes no pair.
    often = np.asarray(incidence.sum(axis=0)).ravel() > 1
    incidence = incidence[:, often]
    return (incidence @ incidence.T).tocsr(), np.array(sizes, dtype=np.int64)


def print_removals(names: Mapping[str, Removals], kinds: Sequence[str]) -> None:
    """A table: a line a tool, a column a kind."""
    print(f"{'':<22} {'precision':>9} {'recall':>7}  " + " ".join(f"{kind[:8]:>8}" for kind in kinds))
    for name, found in names.items():
        shares = (
            f"{1 - found.missed[kind] / found.planted[kind]:8.3f}" if found.planted[kind] else f"{'':8}"
            for kind in kinds
        )
        print(f"{name:<22} {found.precision:9.4f} {found.recall:7.4f}  " + " ".join(shares))


def print_sections(found: Sections) -> None:
    """What only a result by sections can say."""
    print(
        f"sections cut as planted {found.as_cut / len(found.labels):.4f} of {len(found.labels):,};"
        f" matches {found.pairs:,}, of different labels {len(found.false_pairs)}"
    )
    for left, right, jaccard in found.false_pairs[:10]:
        print(f"  {left} {right} {jaccard:.3f}")
    recall = found.pair_recall()
    print("in one cluster with the original, by kind:")
    print("  " + ", ".join(f"{kind} {a / b:.3f} of {b:,}" for kind, (a, b) in sorted(recall.items())))


def print_oracle(found: Oracle) -> None:
    """The oracle's figures."""
    print(
        f"greedy oracle on {found.sections:,} sections: it removes {found.removed:,}, of which the run removed"
        f" {found.also:,} (recall {found.also / max(found.removed, 1):.4f}), and {found.more:,} more;"
        f" kept pairs at {THRESHOLD + SLACK:.2f} or above {found.kept_pairs}, the highest {found.highest:.3f}"
    )


def main() -> None:
    """Print the figures of a result, or of the oracle."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--oracle", type=Path, metavar="CORPUS")
    arguments = parser.parse_args()
    if arguments.result and arguments.truth:
        found = of_result(arguments.result, read_truth(arguments.truth))
        judged = found.removals()
        print_removals({"sections": judged}, sorted(judged.planted))
        print_sections(found)
    if arguments.oracle:
        print_oracle(against_oracle(arguments.oracle))


if __name__ == "__main__":
    main()
