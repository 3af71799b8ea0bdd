"""Indexes opened for a run; and what the run keeps, put into one of them when its result is whole.

The name of what is added is in the work folder before the index is changed, and in the summary of the result.
So a run that goes on after it was killed between the two, or that replaces its own result, takes back what it
had added: nothing of it is taken for history.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from reportclean.engines.commits import Commit, write_committed
from reportclean.engines.folder import Work, partial_of
from reportclean.engines.history import Held, History
from reportclean.engines.options import RunOptions
from reportclean.engines.pipeline import Outcome
from reportclean.engines.tables import Written
from reportclean.engines.texts import section_texts
from reportclean.errors import ConfigError, IndexMismatchError
from reportclean.formats.registry import SUMMARY, real_path
from reportclean.index.duckdb_store import DuckDBStore, remove_index
from reportclean.index.keys import key_texts
from reportclean.index.store import Batch, Columns
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_batch

_PENDING = "index.json"  # in a work folder: what is about to be added to an index
_HISTORY, _BATCH = "history", "batch"  # in the summary of a result


class Indexes:
    """The indexes of a run.

    Args:
        growing: The one that the run's kept sections are added to; None for none.
        held: All that the run is held against, in their order.
        earlier: Names of what is taken back before anything is compared.
    """

    def __init__(
        self, growing: DuckDBStore | None, held: Sequence[Held], earlier: Sequence[str] = ()
    ) -> None:
        self.growing = growing
        self._earlier = earlier
        self.history = History(held) if held else None
        self._batch = ""
        self._counts = {"sections": 0, "added": 0}
        self._changed = False

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What is added inside is in the index at the end of the block, or nothing of it."""
        if self.growing is None:
            yield
            return
        with self.growing.transaction():
            for batch in self._earlier:
                self.growing.take_back(batch)
            self._counts["sections"] = self.growing.info().sections
            yield
        self._changed = True

    def undo(self) -> None:
        """Take back what was added, since there will be no result."""
        if self._changed and self.growing is not None:
            self.growing.take_back(self._batch)

    def adding(self, outcome: Outcome, config: DedupeConfig, characters: int) -> Iterator[Written]:
        """The documents of a run in order of input; what is kept of them is added on the way."""
        if self.growing is None:
            yield from outcome.batches()
            return
        self._batch = _name(outcome)
        preferred = outcome.directory.preferred(config.prefer)
        kernels = choose(characters)
        first = 0
        for written in outcome.batches():
            kept = np.flatnonzero(np.array(written.sections["kept"], dtype=bool))
            rows = first + kept
            places = kept.tolist()
            texts = section_texts(written.stored, kept, with_title=True)
            titles = [written.sections["title"][place] for place in places]
            keys = fold_batch(texts, kernels)
            documents = outcome.directory.document_of(rows)
            columns = Columns(
                [written.sections["section_id"][place] for place in places],
                [written.sections["document_id"][place] for place in places],
                [outcome.directory.sources[document] for document in documents.tolist()],
                outcome.rows.ordinals[rows],
                outcome.rows.tokens[rows],
                outcome.rows.placeholders[rows],
                outcome.rows.repairs[rows],
                outcome.directory.dates[documents],
                preferred[rows],
                [text.lstrip().removeprefix(title) for text, title in zip(texts, titles, strict=True)],
                titles,
            )
            signed = outcome.rows.key_hashes[rows], outcome.rows.signatures[rows]
            if len(rows):
                self.growing.add(Batch(columns, *signed, key_texts(keys)), self._batch)
            self._counts["added"] += int(np.count_nonzero(columns.ordinals))
            first += len(written.sections["kept"])
            yield written

    def announce(self, work: Path) -> None:
        """Leave the name of what is added in the work folder, before the index is changed."""
        if self.growing is not None:
            data = json.dumps({_BATCH: self._batch}).encode()
            write_committed(Commit.INDEX, work / _PENDING, data)

    def summary(self, outcome: Outcome) -> dict[str, Any]:
        """What ``summary.json`` says: nothing where there is no index."""
        if self.history is None:
            return {}
        names = [one.name for one in self.history.held]
        told: dict[str, Any] = {"against": names, "matched": len(outcome.known.rows) if outcome.known else 0}
        if self.growing is not None:
            told |= {"index": names[0], "against": names[1:], **self._counts, _BATCH: self._batch}
        return {_HISTORY: told}


@contextmanager
def opened_indexes(
    index: Path | None,
    against: Sequence[Path],
    config: DedupeConfig,
    *,
    output: Path | None = None,
    growing: bool = True,
    threads: int = 1,
    memory_limit: str = "",
) -> Iterator[Indexes]:
    """Open what a run is held against; when the block ends with an error, everything is as it was.

    Args:
        index: A file that is made where there is none.
        against: Files that are read.
        config: What the run is signed with.
        output: The folder of the result, if there is one; what an earlier run into it added is taken back.
        growing: Whether anything will be added to the index.
        threads: How many each index may use.
        memory_limit: What each may take.

    Raises:
        ConfigError: A file is named twice.
        StoreError: One is in use, missing, or no index.
        IndexMismatchError: One was made with other settings.
    """
    _refuse_twice([*([] if index is None else [index]), *against])
    made = index is not None and growing and not index.exists()
    spill = None if output is None else Work(partial_of(output)).spill  # goes with all else of a run
    limits: dict[str, Any] = {"threads": threads, "memory_limit": memory_limit, "temporary": spill}
    with ExitStack() as stack:
        found = None
        try:
            store = None
            if index is not None and (growing or index.exists()):
                store = stack.enter_context(DuckDBStore(index, config, read_only=not growing, **limits))
            others = [
                stack.enter_context(DuckDBStore(path, config, read_only=True, **limits)) for path in against
            ]
            held = [Held(one, one.path.name) for one in (store, *others) if one is not None]
            for one in held:
                _require_width(one, config)
            found = Indexes(store if growing else None, held, _added_before(output))
            yield found
        except BaseException:
            with suppress(Exception):  # the first error counts
                if found is not None:
                    found.undo()
            stack.close()
            if made and index is not None:
                remove_index(index)
            raise


def indexes_of(
    options: RunOptions, config: DedupeConfig, output: Path | None
) -> AbstractContextManager[Indexes]:
    """Those that a run on files names."""
    return opened_indexes(
        Path(options.index) if options.index else None,
        [Path(path) for path in options.against],
        config,
        output=output,
        growing=not options.dry_run,
        threads=options.workers,
        memory_limit=options.budget().database,
    )


def _refuse_twice(paths: Sequence[Path]) -> None:
    seen: set[object] = set()
    for path in paths:
        real = real_path(path)
        if real in seen:
            raise ConfigError(f"{path} is named twice among --index and --against; name it once")
        seen.add(real)


def _require_width(held: Held, config: DedupeConfig) -> None:
    """Refuse an index whose signatures have another width than the run's."""
    mine, theirs = choose_bands(config).num_perm, held.store.settings.num_perm
    if mine != theirs:
        raise IndexMismatchError(
            f"{held.name} has signatures of {theirs} permutations, a run at --threshold {config.threshold} "
            f"makes {mine}; use --num-perm {theirs}"
        )


def _added_before(output: Path | None) -> list[str]:
    """Names of what runs into a folder had added: one that was killed, and the one whose result is there."""
    found = []
    if output is not None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            found.append(json.loads((partial_of(output) / _PENDING).read_bytes())[_BATCH])
        with suppress(OSError, ValueError, KeyError, TypeError):
            found.append(json.loads((output / SUMMARY).read_bytes())[_HISTORY][_BATCH])
    return [name for name in dict.fromkeys(found) if isinstance(name, str) and name]


def _name(outcome: Outcome) -> str:
    """The name of what a run adds: a digest of its documents, sections, and which of them stay."""
    own = outcome.own_rows
    digest = blake2b(
        "\n".join(outcome.directory.document_ids).encode("utf-8", "surrogatepass"), digest_size=12
    )
    digest.update(np.ascontiguousarray(outcome.rows.key_hashes[:own]).data)
    digest.update(outcome.kept[:own].tobytes())
    return digest.hexdigest()
