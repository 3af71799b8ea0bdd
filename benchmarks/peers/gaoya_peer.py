"""gaoya: MinHash in Rust, on all cores. ``python gaoya_peer.py CORPUS.jsonl KEPT.jsonl``."""

import sys

from gaoya.minhash import MinHashStringIndex
from lines import read, write


def main(source: str, target: str) -> None:
    """Keep what has no kept text like it before."""
    lines, texts = read(source)
    index = MinHashStringIndex(
        32, 0.8, 25, 5, None, "char", lowercase=False, ngram_range=(5, 5), id_container="vec"
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    kept = bytearray(len(texts))
    for number, alike in enumerate(index.par_bulk_query(texts)):
        kept[number] = not any(other < number and kept[other] for other in alike)
    write(target, (line for line, stays in zip(lines, kept, strict=True) if stays))


if __name__ == "__main__":
    main(*sys.argv[1:])
