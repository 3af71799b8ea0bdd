"""text-dedup's MinHash, its words patched to characters. ``python text_dedup_peer.py CORPUS.jsonl KEPT.jsonl``."""

import sys
import tempfile
from pathlib import Path

import datasets
from text_dedup import minhash


class Characters:
    """In place of the pattern that parts words."""

    def split(self, text: str) -> list[str]:
        """Every letter or digit is a word."""
        return [character for character in text if character.isalnum()]


def main(source: str, target: str) -> None:
    """Run its command on two processes, with the bands that it chooses: it verifies nothing."""
    minhash.NON_ALPHA = Characters()
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        minhash.main(
            [
                *("--path", "json", "--data_files", source, "--split", "train", "--column", "text"),
                *("--output", out, "--cache_dir", folder),
                *("--threshold", "0.8", "--num_perm", "128", "--ngram", "5"),
                *("--num_proc", "2"),
            ],
            standalone_mode=False,
        )
        datasets.load_from_disk(out).to_json(target, force_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
