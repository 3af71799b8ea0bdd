"""A store in a DuckDB file, with its sorted segments in a folder beside it.

The file alone is the truth, and one can ask it in SQL; a change is one transaction, so a process that dies
leaves what was there before. The folder ``FILE.segments`` only makes asking fast.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import StoreError
from reportclean.index import duckdb_file, segment_files
from reportclean.index import segments as seg
from reportclean.index.arrow import columns_of, key_texts_of, key_rows, section_rows, vectors_of
from reportclean.index.key_index import KeyIndex
from reportclean.index.keys import shingle_sets
from reportclean.index.settings import IndexSettings
from reportclean.index.store import PAIRS_AT_ONCE, Added, Batch, Columns, Info, refuse_repeats
from reportclean.kernels import choose
from reportclean.near.bands import band_keys
from reportclean.near.cluster import ShingleSets

if TYPE_CHECKING:
    import pyarrow as pa

_FILE_FROM_KEYS = 20_000  # smaller segments wait in memory; an opening index makes them again from its tables


class DuckDBStore:
    """See :class:`reportclean.index.store.Store`.

    Args:
        path: The file.
        settings: What a new index is bound to; None to open one that is there.
        read_only: Then others may read it at the same time.
        memory_limit: What DuckDB may use, ``"500MB"``; its own default where it is empty.
        temporary: The folder that large joins spill to; beside the file where it is None.
        threads: How many DuckDB uses; all cores where it is None.

    Raises:
        ConfigError: duckdb is not installed.
        StoreError: The file is in use, missing, or no index.
    """

    def __init__(
        self,
        path: Path | str,
        settings: IndexSettings | None = None,
        *,
        read_only: bool = False,
        memory_limit: str = "",
        temporary: Path | None = None,
        threads: int | None = None,
    ) -> None:
        self.path = Path(path)
        self._folder = self.path.with_name(self.path.name + ".segments")
        self._read_only = read_only
        if (settings is None or read_only) and not self.path.exists():
            raise StoreError(f"there is no index {path}; reportclean index add makes one")
        self._connection = duckdb_file.connect(
            self.path, read_only=read_only, memory_limit=memory_limit, temporary=temporary, threads=threads
        )
        self._open = True
        try:
            self._settings = self._load_settings(settings)
            self._index = self._load_index()
        except BaseException:
            self._open = False
            self._connection.close()
            raise

    def _load_settings(self, wanted: IndexSettings | None) -> IndexSettings:
        meta = duckdb_file.read_meta(self._connection, self.path)
        if meta is None and wanted is None:
            raise StoreError(f"{self.path} is empty, not an index; remove it, or name another")
        if meta is None and wanted is not None:
            duckdb_file.create_tables(self._connection, wanted)
            return wanted
        return IndexSettings.read(meta or {})

    # What is kept in memory: segments, dead keys, the next numbers.

    def _load_index(self) -> KeyIndex:
        index = KeyIndex(self._settings)
        self._next_section = self._counter("next_section")
        end = self._counter("next_key")
        listed = self._rows("select name, first, last, entries from segments order by first")
        known = 0
        for name, first, last, entries in listed:
            segment = segment_files.read(
                self._folder / name, first, last, entries, self._settings.num_perm
            )
            if segment is None:
                continue
            if first > known:
                index.segments.append(self._from_tables(known, first))
            index.segments.append(segment)
            known = last
        if end > known:
            index.segments.append(self._from_tables(known, end))
        index.dead = self._arrays("select key from dead_keys order by key")["key"]
        self._listed = {(first, last): name for name, first, last, _ in listed}
        if not self._read_only:
            self._throw_away_unlisted()
        return index

    def _counter(self, name: str) -> int:
        return int(self._rows("select value from meta where name = ?", [name])[0][0])

    def _from_tables(self, first: int, last: int) -> seg.Segment:
        """A segment whose file is not there, made from the tables; what was compacted away has no entries."""
        asked = {"first": first, "last": last}
        span = "where key >= $first and key < $last"
        keys = self._arrays(f"select key, hash_high, hash_low from keys {span} order by key", asked)
        bands = self._arrays(f"select value, key from bands {span} order by key", asked)
        table = self._table(f"select signature from signatures {span} order by key", asked)
        present = keys["key"] - first
        checks = np.zeros(last - first, np.uint64)
        sketches = np.zeros((last - first, self._settings.num_perm), np.uint8)
        checks[present] = keys["hash_low"]
        sketches[present] = vectors_of(table, "signature").astype(np.uint8)
        values = np.concatenate((keys["hash_high"], bands["value"]))
        numbers = np.concatenate((present, bands["key"] - first)).astype(np.uint32)
        return seg.from_entries(first, values, numbers, checks, sketches)

    def _throw_away_unlisted(self) -> None:
        names = set(self._listed.values())
        with suppress(OSError):
            for file in self._folder.iterdir():
                if file.suffix in {segment_files.SUFFIX, ".part"} and file.name not in names:
                    file.unlink()

    def _write_segments(self, least: int) -> None:
        """Give every segment of so many keys its file, and forget files of segments that are no more.

        A disk that is full costs speed at the next opening and nothing else.
        """
        if self._read_only:
            return
        current = {(one.first, one.last): one for one in self._index.segments}
        listed = {span: name for span, name in self._listed.items() if span in current}
        fresh: list[tuple[str, int, int, int]] = []
        for span, segment in current.items():
            if span not in listed and segment.last - segment.first >= least:
                name = segment_files.new_name()
                try:
                    segment_files.write(self._folder / name, segment)
                except OSError:
                    continue
                fresh.append((name, *span, len(segment.values)))
                listed[span] = name
        if listed == self._listed:
            return
        gone = [name for name in self._listed.values() if name not in listed.values()]
        with self._transaction():
            for name in gone:
                self._rows("delete from segments where name = ?", [name])
            for row in fresh:
                self._rows("insert into segments values (?, ?, ?, ?)", list(row))
        self._listed = listed
        for name, first, last, entries in fresh:  # from now on out of the page cache
            mapped = segment_files.read(self._folder / name, first, last, entries, self._settings.num_perm)
            place = list(current).index((first, last))
            if mapped is not None:
                self._index.segments[place] = mapped
        for name in gone:
            with suppress(OSError):
                (self._folder / name).unlink()

    # The store.

    @property
    def settings(self) -> IndexSettings:
        """What it is bound to."""
        return self._settings

    def add(self, batch: Batch, name: str = "") -> Added:
        """Add sections; see :meth:`reportclean.index.store.Store.add`."""
        self._check_writable()
        ids = batch.columns.section_ids
        with self._given("wanted", {"section_id": ids}):
            known = self._rows(
                "select section_id from wanted semi join sections using (section_id) order by section_id"
            )
        refuse_repeats(ids, [row[0] for row in known])
        keys, fresh = self._index.number(batch)
        first_key, first = self._index.next_key, self._next_section
        sections = np.arange(first, first + len(batch))
        segment = self._index.segment(batch, fresh)
        revived = np.intersect1d(self._index.dead, keys)
        with self._transaction():
            number = self._rows("select count(*) from batches")[0][0]
            self._rows("insert into batches values (?, ?, ?, ?)", [number, name, len(batch), len(fresh)])
            with self._given("incoming", section_rows(batch.columns, sections, keys, number)):
                self._rows("insert into sections select * from incoming")
            self._insert_keys(batch, fresh, first_key)
            with self._given("revived", {"key": revived}):
                self._rows("delete from dead_keys where key in (select key from revived)")
            self._set_counter("next_section", first + len(batch))
            self._set_counter("next_key", first_key + len(fresh))
            self._before_commit()
        self._next_section = first + len(batch)
        self._index.dead = np.setdiff1d(self._index.dead, revived)
        self._index.append(segment)
        self._write_segments(_FILE_FROM_KEYS)
        return Added(sections, keys, keys >= first_key)

    def _insert_keys(self, batch: Batch, fresh: NDArray[np.int64], first_key: int) -> None:
        numbers = np.arange(first_key, first_key + len(fresh))
        with self._given("incoming", key_rows(batch, fresh, numbers)):
            self._rows("insert into keys select key, hash_high, hash_low, tokens, text from incoming")
            self._rows("insert into signatures select key, signature from incoming")
        long_enough = batch.columns.tokens[fresh] >= self._settings.min_tokens
        values = band_keys(batch.signatures[fresh[long_enough]], self._settings.banding)
        bands = {
            "band": np.repeat(np.arange(self._settings.bands, dtype=np.uint16), len(values)),
            "value": values.T.ravel(),
            "key": np.tile(numbers[long_enough], self._settings.bands),
        }
        with self._given("incoming", bands):
            self._rows("insert into bands select band, value, key from incoming")

    def _before_commit(self) -> None:
        """A place for tests to die at."""

    def remove(self, sections: NDArray[np.int64]) -> int:
        """Remove sections by number; how many of them were there."""
        self._check_writable()
        with self._given("gone", {"section": np.unique(sections)}), self._transaction():
            touched = self._arrays("select distinct key from sections semi join gone using (section)")["key"]
            count = self._rows("delete from sections where section in (select section from gone)")[0][0]
            with self._given("touched", {"key": touched[touched >= 0]}):
                dead = self._arrays("select key from touched anti join sections using (key) order by key")["key"]
            with self._given("dead", {"key": dead}):
                self._rows("insert into dead_keys select key from dead")
        self._index.dead = np.union1d(self._index.dead, dead)
        return int(count)

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
        texts = key_texts_of(self._named(keys, "keys", "text"))
        return shingle_sets(texts, self._settings.shingle_size, choose(len(texts.data) // 3))

    def signatures(self, keys: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Signatures of keys, in the order in which they are named."""
        return vectors_of(self._named(keys, "signatures", "signature"), "signature")

    def _named(self, keys: NDArray[np.int64], table: str, column: str) -> pa.Table:
        """A column of a table, a row for each key that is named; the range lets DuckDB pass over most."""
        with self._given("wanted", {"key": keys, "place": np.arange(len(keys))}):
            return self._table(
                f"select {column} from {table} join wanted using (key) "
                "where key between $low and $high order by place",
                {"low": int(keys.min(initial=0)), "high": int(keys.max(initial=0))},
            )

    def of_keys(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sections of different keys: positions in ``keys``, and numbers of sections."""
        with self._given("wanted", {"key": keys, "place": np.arange(len(keys))}):
            found = self._arrays(
                "select place, section from sections join wanted using (key) order by place, section"
            )
        return found["place"], found["section"]

    def of_documents(self, document_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of the sections of documents, sorted."""
        return self._by_name("document_id", document_ids)

    def of_ids(self, section_ids: Sequence[str]) -> NDArray[np.int64]:
        """Numbers of sections by id, sorted."""
        return self._by_name("section_id", section_ids)

    def _by_name(self, column: str, names: Sequence[str]) -> NDArray[np.int64]:
        with self._given("wanted", {column: names}):
            return self._arrays(
                f"select section from sections semi join wanted using ({column}) order by section"
            )["section"]

    def columns(self, sections: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
        """Facts about sections and the numbers of their keys, in the order in which they are named."""
        with self._given("wanted", {"section": sections, "place": np.arange(len(sections))}):
            table = self._table(
                "select sections.* from sections join wanted using (section) "
                "where section between $low and $high order by place",
                {"low": int(sections.min(initial=0)), "high": int(sections.max(initial=0))},
            )
        return columns_of(table), table.column("key").to_numpy()

    def info(self) -> Info:
        """What it holds."""
        documents, sections, keys = self._rows(
            "select count(distinct document_id), count(*), count(distinct key) filter (key >= 0) from sections"
        )[0]
        batches = self._rows("select name from batches order by batch")
        files = [self.path, *(self._folder / name for name in self._listed.values())]
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
        with self._transaction():
            for table in ("keys", "signatures", "bands"):
                self._rows(f"delete from {table} where key in (select key from dead_keys)")
            self._rows("delete from dead_keys")
            self._rows("delete from segments")  # their entries name keys that are no more
        forgotten, self._listed = self._listed, {}
        self._index.compact()
        self._write_segments(1)
        for name in forgotten.values():
            with suppress(OSError):
                (self._folder / name).unlink()
        self._rows("checkpoint")

    def close(self) -> None:
        """Write what is not written yet, and let go of the file."""
        if not self._open:
            return
        self._open = False
        self._connection.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    # SQL.

    def _check_writable(self) -> None:
        if self._read_only:
            raise StoreError(f"{self.path} was opened to be read only")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        duckdb_file.begin(self._connection)
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def _set_counter(self, name: str, value: int) -> None:
        self._rows("update meta set value = ? where name = ?", [str(value), name])

    def _rows(self, order: str, values: Any = ()) -> list[Any]:
        found: list[Any] = self._connection.execute(order, values).fetchall()
        return found

    def _table(self, query: str, values: Any = ()) -> pa.Table:
        return self._connection.sql(query, params=values or None).to_arrow_table()

    def _arrays(self, query: str, values: Any = ()) -> dict[str, NDArray[Any]]:
        """Columns of numbers without nulls."""
        table = self._table(query, values)
        return {name: table.column(name).to_numpy() for name in table.column_names}

    @contextmanager
    def _given(self, name: str, columns: Mapping[str, Any] | pa.Table) -> Iterator[None]:
        """A table that SQL can name while the block lasts."""
        import pyarrow as pa  # noqa: PLC0415  # heavy

        table = columns if isinstance(columns, pa.Table) else _typed(columns)
        self._connection.register(name, table)
        try:
            yield
        finally:
            self._connection.unregister(name)


def _typed(columns: Mapping[str, Any]) -> pa.Table:
    """A table of arrays of numbers and lists of words; an empty list is one of words."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.table(
        {
            name: pa.array(column) if isinstance(column, np.ndarray) else pa.array(column, pa.string())
            for name, column in columns.items()
        }
    )


def remove_index(path: Path) -> None:
    """Remove an index with everything that stands beside it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".segments"), ignore_errors=True)
