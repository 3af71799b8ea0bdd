"""datatrove's four MinHash stages on two tasks, its words patched to characters.

``python datatrove_peer.py CORPUS.jsonl KEPT.jsonl``
"""

import shutil
import sys
import tempfile
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
    minhash,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

TASKS = 2


class Characters:
    """In place of a word tokenizer."""

    def word_tokenize(self, text: str) -> list[str]:
        """Every character is a word; spaces are none."""
        return [character for character in text if not character.isspace()]


def main(source: str, target: str) -> None:
    """Split the input into two files, one a task; run the stages; join what is kept."""
    minhash.load_word_tokenizer = lambda _language: Characters()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        lines = Path(source).read_bytes().splitlines(keepends=True)
        for task in range(TASKS):
            (folder / "in" / f"{task}.jsonl").write_bytes(
                b"".join(lines[task * len(lines) // TASKS : (task + 1) * len(lines) // TASKS])
            )
        config = minhash.MinhashConfig(
            n_grams=5
        )  # 14 bands of 8: it verifies nothing, so fewer would be wrong
        reader = JsonlReader(str(folder / "in"))
        stages = (
            ([reader, MinhashDedupSignature(str(folder / "sig"), config)], TASKS),
            (
                [MinhashDedupBuckets(str(folder / "sig"), str(folder / "buckets"), config=config)],
                config.num_buckets,
            ),
            ([MinhashDedupCluster(str(folder / "buckets"), str(folder / "remove"), config=config)], 1),
            (
                [
                    reader,
                    MinhashDedupFilter(str(folder / "remove")),
                    JsonlWriter(str(folder / "out"), "${rank}.jsonl", compression=None),
                ],
                TASKS,
            ),
        )
        for pipeline, tasks in stages:
            LocalPipelineExecutor(
                pipeline, tasks=tasks, workers=TASKS, skip_completed=False, logging_dir=str(folder / "logs")
            ).run()
        with Path(target).open("wb") as out:
            for part in sorted((folder / "out").glob("*.jsonl")):
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
