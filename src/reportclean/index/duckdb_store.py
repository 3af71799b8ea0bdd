"""A store in a DuckDB file, with its sorted segments in a folder beside it.

The file alone is the truth, and one can ask it in SQL; a change is one transaction, so a process that dies
leaves what was there before. The folder ``FILE.segments`` only makes asking fast.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import StoreError
from reportclean.index import duckdb_file
from reportclean.index.arrow import columns_of, key_rows, key_texts_of, section_rows, vectors_of
from reportclean.index.duckdb_segments import DuckDBKeyIndex
from reportclean.index.keys import shingle_sets
from reportclean.index.settings import IndexSettings
from reportclean.index.store import PAIRS_AT_ONCE, Added, Batch, Columns, Info, refuse_repeats
from reportclean.kernels import choose
from reportclean.near.bands import band_keys
from reportclean.near.cluster import ShingleSets
from reportclean.near.options import DedupeConfig

if TYPE_CHECKING:
    import pyarrow as pa

# A range beside the join: DuckDB passes over what it need not read.
_TEXTS = """
select text from keys join wanted using (key) where key between $low and $high order by place"""
_SIGNATURES = """
select signature from signatures join wanted using (key) where key between $low and $high order by place"""
_OF_DOCUMENTS = "select section from sections semi join wanted using (document_id) order by section"
_OF_IDS = "select section from sections semi join wanted using (section_id) order by section"
_OF_BATCHES = "select section from sections join batches using (batch) where name = $name order by section"
_TOUCHED = "select distinct key from sections semi join gone using (section) where key >= 0"
_REMOVE = "delete from sections where section in (select section from gone)"
_UNUSED = "select key from touched anti join sections using (key) order by key"
_COUNTS = """
select count(distinct document_id), count(*), count(distinct key) filter (key >= 0) from sections"""
_DROP_DEAD = """
delete from keys where key in (select key from dead_keys);
delete from signatures where key in (select key from dead_keys);
delete from bands where key in (select key from dead_keys);
delete from dead_keys;
delete from segments;
"""  # the entries of segments name keys that are no more


class DuckDBStore:
    """See :class:`reportclean.index.store.Store`.

    Args:
        path: The file.
        config: What a new index is made for, and what one that is there must be able to answer; None to open
            one as it is.
        read_only: Then others may read it at the same time.
        memory_limit: What DuckDB may use, ``"500MB"``; its own default where it is empty.
        temporary: The folder that large joins spill to; beside the file where it is None.
        threads: How many DuckDB uses; all cores where it is None.

    Raises:
        ConfigError: duckdb is not installed.
        StoreError: The file is in use, missing, or no index.
        IndexMismatchError: It was made with other settings.
    """

    def __init__(
        self,
        path: Path | str,
        config: DedupeConfig | None = None,
        *,
        read_only: bool = False,
        memory_limit: str = "",
        temporary: Path | None = None,
        threads: int | None = None,
    ) -> None:
        self.path = Path(path)
        folder = self.path.with_name(self.path.name + ".segments")
        self._read_only = read_only
        if (config is None or read_only) and not self.path.exists():
            raise StoreError(f"there is no index {path}; reportclean index add makes one")
        self._db = duckdb_file.Database(
            duckdb_file.connect(
                self.path,
                read_only=read_only,
                memory_limit=memory_limit,
                temporary=temporary,
                threads=threads,
            )
        )
        self._open = True
        try:
            self._settings = self._load_settings(config)
            self._index = DuckDBKeyIndex(self._settings, self._db, folder, read_only=read_only)
            self._next_section = int(self._db.meta("next_section"))
        except BaseException:
            self._open = False
            self._db.connection.close()
            raise

    def _load_settings(self, wanted: DedupeConfig | None) -> IndexSettings:
        meta = duckdb_file.read_meta(self._db, self.path)
        if meta is None and wanted is None:
            raise StoreError(f"{self.path} is empty, not an index; remove it, or name another")
        if wanted is not None and meta is not None and meta["next_section"] == "0" and not self._read_only:
            duckdb_file.drop_tables(self._db)  # nothing was ever in it, so nothing binds it
            meta = None
        if meta is None and wanted is not None:
            settings = IndexSettings.of(wanted)
            duckdb_file.create_tables(self._db, settings)
            return settings
        if not self._read_only:
            duckdb_file.migrate(self._db)
        settings = IndexSettings.read(meta or {})
        if wanted is not None:
            settings.require(wanted, str(self.path))
        return settings

    @property
    def settings(self) -> IndexSettings:
        """What it is bound to."""
        return self._settings

    def add(self, batch: Batch, name: str = "") -> Added:
        """Add sections; see :meth:`reportclean.index.store.Store.add`."""
        self._check_writable()
        ids = batch.columns.section_ids
        with self._db.given("wanted", {"section_id": ids}):
            known = self._db.rows(
                "select section_id from wanted semi join sections using (section_id) order by section_id"
            )
        refuse_repeats(ids, [row[0] for row in known])
        keys, fresh = self._index.number(batch)
        first_key, first = self._index.next_key, self._next_section
        sections = np.arange(first, first + len(batch))
        segment = self._index.segment(batch, fresh)
        revived = np.intersect1d(self._index.dead, keys)
        with self._db.transaction():
            number = self._db.rows("select coalesce(max(batch) + 1, 0) from batches")[0][0]
            self._db.rows("insert into batches values (?, ?, ?, ?)", [number, name, len(batch), len(fresh)])
            with self._db.given("incoming", section_rows(batch.columns, sections, keys, number)):
                self._db.rows("insert into sections by name select * from incoming")
            self._insert_keys(batch, fresh, first_key)
            with self._db.given("revived", {"key": revived}):
                self._db.rows("delete from dead_keys where key in (select key from revived)")
            self._db.set_meta("next_section", first + len(batch))
            self._db.set_meta("next_key", first_key + len(fresh))
            self._before_commit()
        self._next_section = first + len(batch)
        self._index.dead = np.setdiff1d(self._index.dead, revived)
        self._index.append(segment)
        return Added(sections, keys, keys >= first_key)

    def _insert_keys(self, batch: Batch, fresh: NDArray[np.int64], first_key: int) -> None:
        numbers = np.arange(first_key, first_key + len(fresh))
        with self._db.given("incoming", key_rows(batch, fresh, numbers)):
            self._db.rows("insert into keys select key, hash_high, hash_low, tokens, text from incoming")
            self._db.rows("insert into signatures select key, signature from incoming")
        long_enough = batch.columns.tokens[fresh] >= self._settings.min_tokens
        values = band_keys(batch.signatures[fresh[long_enough]], self._settings.banding)
        bands = {
            "band": np.repeat(np.arange(self._settings.bands, dtype=np.uint16), len(values)),
            "value": values.T.ravel(),
            "key": np.tile(numbers[long_enough], self._settings.bands),
        }
        with self._db.given("incoming", bands):
            self._db.rows("insert into bands select band, value, key from incoming")

    def _before_commit(self) -> None:
        """A place for tests to die at."""

    def remove(self, sections: NDArray[np.int64]) -> int:
        """Remove sections by number; how many of them were there."""
        self._check_writable()
        with self._db.given("gone", {"section": np.unique(sections)}), self._db.transaction():
            touched = self._db.arrays(_TOUCHED)["key"]
            count = self._db.rows(_REMOVE)[0][0]
            with self._db.given("touched", {"key": touched}):
                dead = self._db.arrays(_UNUSED)["key"]
            with self._db.given("dead", {"key": dead}):
                self._db.rows("insert into dead_keys select key from dead")
        self._index.dead = np.union1d(self._index.dead, dead)
        return int(count)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is changed inside is in the file at the end of the block, or nothing of it.

        After an error inside, the store is good for nothing but being closed.
        """
        self._check_writable()
        with self._db.transaction():
            yield

    def take_back(self, name: str) -> int:
        """Remove the sections of all batches of a name, and forget the batches; how many sections it were."""
        self._check_writable()
        with self._db.transaction():
            count = self.remove(self._db.arrays(_OF_BATCHES, {"name": name})["section"])
            self._db.rows("delete from batches where name = ?", [name])
        return count

    def find_keys(self, key_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The key with each hash; ``NO_KEY`` where no section has it."""
        return self._index.find(key_hashes)

    def candidates(
        self,
        signatures: NDArray[np.uint32],
        threshold: float,
        before: NDArray[np.int64] | None = None,
        pairs_at_once: int = PAIRS_AT_ONCE,
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Pairs that may match; see :meth:`reportclean.index.store.Store.candidates`."""
        return self._index.candidates(signatures, threshold, before, pairs_at_once)

    def shingles(self, keys: NDArray[np.int64]) -> ShingleSets:
        """Sorted shingle hashes of keys, in the order in which they are named."""
        texts = key_texts_of(self._named(keys, _TEXTS))
        return shingle_sets(texts, self._settings.shingle_size, choose(len(texts.data) // 3))

    def signatures(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Signatures of keys, in the order in which they are named."""
        return vectors_of(self._named(keys, _SIGNATURES), "signature")

    def _named(self, keys: NDArray[np.int64], query: str) -> pa.Table:
        with self._db.given("wanted", {"key": keys, "place": np.arange(len(keys))}):
            return self._db.table(query, _range(keys))

    def of_keys(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sections of different keys: positions in ``keys``, and numbers of sections."""
        with self._db.given("wanted", {"key": keys, "place": np.arange(len(keys))}):
            found = self._db.arrays(
                "select place, section from sections join wanted using (key) order by place, section"
            )
        return found["place"], found["section"]

    def of_documents(self, document_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of the sections of documents, sorted."""
        with self._db.given("wanted", {"document_id": document_ids}):
            return self._db.arrays(_OF_DOCUMENTS)["section"]

    def of_ids(self, section_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of sections by id, sorted."""
        with self._db.given("wanted", {"section_id": section_ids}):
            return self._db.arrays(_OF_IDS)["section"]

    def columns(self, sections: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
        """Facts about sections and the numbers of their keys, in the order in which they are named."""
        with self._db.given("wanted", {"section": sections, "place": np.arange(len(sections))}):
            table = self._db.table(
                "select sections.* from sections join wanted using (section) "
                "where section between $low and $high order by place",
                _range(sections),
            )
        return columns_of(table), table.column("key").to_numpy()

    def info(self) -> Info:
        """What it holds."""
        documents, sections, keys = self._db.rows(_COUNTS)[0]
        batches = self._db.rows("select name from batches order by batch")
        files = [
            self.path,
            Path(f"{self.path}.wal"),
            *self._index.files,
        ]
        return Info(
            documents,
            sections,
            keys,
            tuple(row[0] for row in batches),
            len(self._index.dead),
            sum(file.stat().st_size for file in files if file.exists()),
            self._settings,
        )

    def compact(self) -> None:
        """Drop keys that no section has, merge segments, give free pages back to the file."""
        self._check_writable()
        with self._db.transaction():
            self._db.rows(_DROP_DEAD)
        self._index.compact()
        self._db.rows("checkpoint")

    def close(self) -> None:
        """Write what is not written yet, and let go of the file."""
        if not self._open:
            return
        self._open = False
        self._db.connection.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _check_writable(self) -> None:
        if self._read_only:
            raise StoreError(f"{self.path} was opened to be read only")


def _range(numbers: NDArray[np.int64]) -> dict[str, int]:
    if not len(numbers):
        return {"low": 0, "high": 0}
    return {"low": int(numbers.min()), "high": int(numbers.max())}


def remove_index(path: Path) -> None:
    """Remove an index with everything that stands beside it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".segments"), ignore_errors=True)
