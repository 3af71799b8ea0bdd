"""The obvious pipeline: ftfy, OpenCC, datasketch, as one writes it in an hour. JSON Lines in, kept ones out.

    python benchmarks/naive.py CORPUS.jsonl KEPT.jsonl

ftfy has its CJK-safe options: with its defaults it would turn ，“” into ,"" and be slower still.
"""

import json
import sys

import ftfy
import opencc
from datasketch import MinHash, MinHashLSH

CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    normalization=None,
    explain=False,
)


def shingles(text: str) -> set[str]:
    """Character 5-grams."""
    return {text[i : i + 5] for i in range(max(len(text) - 4, 1))}


def main(source: str, target: str) -> None:
    """Keep the first of whatever looks alike."""
    converter = opencc.OpenCC("t2s")
    lsh = MinHashLSH(threshold=0.8, num_perm=128)
    with open(source, encoding="utf-8") as records, open(target, "w", encoding="utf-8") as kept:  # noqa: PTH123  # as written in an hour
        for number, line in enumerate(records):
            record = json.loads(line)
            text = ftfy.fix_text(record["text"], CONFIG)
            minhash = MinHash(num_perm=128)
            minhash.update_batch([shingle.encode() for shingle in shingles(converter.convert(text))])
            if not lsh.query(minhash):
                lsh.insert(number, minhash)
                kept.write(json.dumps({**record, "text": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
