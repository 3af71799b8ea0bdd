"""rensa: MinHash in Rust behind Python's shingles. ``python rensa_peer.py CORPUS.jsonl KEPT.jsonl``."""

import sys

from lines import read, write
from rensa import RMinHashDeduplicator


def main(source: str, target: str) -> None:
    """Keep what its deduplicator says is new, as its manual shows."""
    lines, texts = read(source)
    deduplicator = RMinHashDeduplicator(threshold=0.8, num_perm=125, use_lsh=True, num_bands=25)
    kept = deduplicator.add_pairs(
        (str(number), [text[i : i + 5] for i in range(max(len(text) - 4, 1))])
        for number, text in enumerate(texts)
    )
    write(target, (line for line, stays in zip(lines, kept, strict=True) if stays))


if __name__ == "__main__":
    main(*sys.argv[1:])
