"""The sorted segments of an index in a DuckDB file, kept in a folder beside it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from reportclean.index import segment_files
from reportclean.index import segments as seg
from reportclean.index.arrow import vectors_of
from reportclean.index.duckdb_file import Database
from reportclean.index.key_index import KeyIndex
from reportclean.index.settings import IndexSettings

_KEYS_OF_RANGE = """
select key, hash_high, hash_low from keys where key >= $first and key < $last order by key"""
_BANDS_OF_RANGE = "select value, key from bands where key >= $first and key < $last order by key"
_SIGNATURES_OF_RANGE = "select signature from signatures where key >= $first and key < $last order by key"

_FILE_FROM_KEYS = 20_000  # smaller segments wait in memory; an opening index makes them again from its tables


class DuckDBKeyIndex(KeyIndex):
    """Segments that are files where they are large; what no file holds is made from the tables.

    Args:
        settings: How signatures are cut.
        database: Where the tables are.
        folder: Where the files are.
        read_only: Write no files.
    """

    def __init__(self, settings: IndexSettings, database: Database, folder: Path, *, read_only: bool) -> None:
        super().__init__(settings)
        self._database = database
        self._folder = folder
        self._read_only = read_only
        listed = database.rows("select name, first, last, entries from segments order by first")
        self._listed = {(first, last): name for name, first, last, _ in listed}
        end = int(database.meta("next_key"))
        for name, first, last, entries in listed:
            segment = segment_files.read(folder / name, first, last, entries, settings.num_perm)
            if segment is None:
                continue
            if first > self.next_key:
                self.segments.append(self._from_tables(self.next_key, first))
            self.segments.append(segment)
        if end > self.next_key:
            self.segments.append(self._from_tables(self.next_key, end))
        self.dead = database.arrays("select key from dead_keys order by key")["key"]
        if not read_only:
            self._throw_away_unlisted()

    @property
    def files(self) -> list[Path]:
        """Those that count."""
        return [self._folder / name for name in self._listed.values()]

    def append(self, segment: seg.Segment) -> None:
        """Take in the segment of new keys, once they are in the tables."""
        super().append(segment)
        self._write(_FILE_FROM_KEYS)

    def compact(self) -> None:
        """Few segments, without entries of dead keys; the tables must list no segment any more."""
        forgotten, self._listed = self.files, {}
        super().compact()
        self._write(1)
        for file in forgotten:
            with suppress(OSError):
                file.unlink()

    def _from_tables(self, first: int, last: int) -> seg.Segment:
        """A segment whose file is not there, made from the tables; what was compacted away has no entries."""
        asked = {"first": first, "last": last}
        keys = self._database.arrays(_KEYS_OF_RANGE, asked)
        bands = self._database.arrays(_BANDS_OF_RANGE, asked)
        table = self._database.table(_SIGNATURES_OF_RANGE, asked)
        present = keys["key"] - first
        checks = np.zeros(last - first, np.uint64)
        sketches = np.zeros((last - first, self.settings.num_perm), np.uint8)
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

    def _write(self, least: int) -> None:
        """Give every segment of so many keys its file, and forget files of segments that are no more.

        A disk that is full costs speed at the next opening and nothing else.
        """
        current = {(one.first, one.last): one for one in self.segments}
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
        with self._database.transaction():
            for name in gone:
                self._database.rows("delete from segments where name = ?", [name])
            for row in fresh:
                self._database.rows("insert into segments values (?, ?, ?, ?)", list(row))
        self._listed = listed
        for name, first, last, entries in fresh:  # from now on out of the page cache
            mapped = segment_files.read(self._folder / name, first, last, entries, self.settings.num_perm)
            place = list(current).index((first, last))
            if mapped is not None:
                self.segments[place] = mapped
        for name in gone:
            with suppress(OSError):
                (self._folder / name).unlink()
