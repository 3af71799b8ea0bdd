"""A DuckDB file with the tables of an index: opening it, and what its tables are.

This is the one module that imports duckdb.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportclean.errors import ConfigError, StoreError
from reportclean.index.settings import IndexSettings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SCHEMA_VERSION = 2
_MIGRATIONS = {1: "alter table sections add column title varchar default ''"}  # from a version to the next
_ORDERS = """
create table meta (name varchar, value varchar);
create table batches (batch integer, name varchar, sections bigint, new_keys bigint);
create table sections (
    section bigint, section_id varchar, document_id varchar, source varchar, ordinal bigint,
    tokens bigint, placeholders bigint, repairs bigint, date double, preferred boolean,
    key bigint, batch integer, body varchar, title varchar
);
create table keys (key bigint, hash_high ubigint, hash_low ubigint, tokens bigint, text varchar);
create table signatures (key bigint, signature uinteger[{num_perm}]);
create table bands (band utinyint, value ubigint, key bigint);
create table dead_keys (key bigint);
create table segments (name varchar, first bigint, last bigint, entries bigint);
"""


def connect(
    path: Path, *, read_only: bool, memory_limit: str, temporary: Path | None, threads: int | None
) -> duckdb.DuckDBPyConnection:
    """Open a file, or make an empty one.

    Args:
        path: The file.
        read_only: Then others may read it at the same time; else nobody else can open it.
        memory_limit: What DuckDB may use, ``"500MB"``; its own default where it is empty.
        temporary: The folder that large joins spill to.
        threads: How many; all cores where it is None.

    Raises:
        ConfigError: duckdb is not installed, or the limit is no size.
        StoreError: The file is in use or cannot be opened.
    """
    try:
        import duckdb  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ConfigError(
            "an index in a file needs DuckDB, which is not installed: pip install 'reportclean[store]'"
        ) from error
    config: dict[str, Any] = {
        "custom_user_agent": secrets.token_hex(8)  # so that this process cannot open it twice, either
    }
    if memory_limit:
        config["memory_limit"] = memory_limit
    if temporary is not None:
        config["temp_directory"] = str(temporary)
    if threads is not None:
        config["threads"] = threads
    try:
        connection = duckdb.connect(str(path.absolute()), read_only=read_only, config=config)
    except duckdb.ConnectionException as error:
        raise StoreError(f"{path} is open in this process already; close it first") from error
    except duckdb.IOException as error:
        raise StoreError(_said(path, str(error))) from error
    except duckdb.ParserException as error:
        raise ConfigError(
            f"memory_limit is {memory_limit!r}; it must be a size such as 500MB or 2GB"
        ) from error
    except duckdb.CatalogException as error:  # it would show a CSV or JSON file as tables in memory
        raise StoreError(_no_database(path)) from error
    except duckdb.Error as error:
        raise StoreError(f"{path} cannot be opened as an index: {error}") from error
    # To look into the file ourselves would give up DuckDB's lock: closing any descriptor does that.
    place = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    if not place or not place[0][0]:
        connection.close()
        raise StoreError(_no_database(path))
    return connection


def _no_database(path: Path) -> str:
    return f"{path} is not an index: it is no DuckDB file; name another"


def _said(path: Path, message: str) -> str:
    if "lock" in message:
        process = re.search(r"PID (\d+)", message)
        who = f"process {process[1]}" if process else "another process"
        return f"{path} is being used by {who}; wait for it (many may read an index, one may write it)"
    if "not a valid DuckDB" in message or path.is_dir():
        return _no_database(path)
    if "newer" in message or "version" in message:
        return f"{path} was written by another version of DuckDB: {message}"
    return f"{path} cannot be opened: {message.removeprefix('IO Error: ')}"


def create_tables(database: Database, settings: IndexSettings) -> None:
    """Make the tables of a new index, all of them or none."""
    values = {"schema_version": str(SCHEMA_VERSION), "next_section": "0", "next_key": "0"} | settings.words()
    with database.transaction():
        database.rows(_ORDERS.format(num_perm=settings.num_perm))
        with database.given("incoming", {"name": list(values), "value": list(values.values())}):
            database.rows("insert into meta select * from incoming")


def read_meta(database: Database, path: Path) -> dict[str, str] | None:
    """The table of settings and counters; None in an empty file.

    Raises:
        StoreError: The file holds something else, or an index of another schema.
    """
    tables = {row[0] for row in database.rows("select table_name from duckdb_tables()")}
    if not tables:
        return None
    if not {"meta", "sections", "keys", "segments"} <= tables:
        raise StoreError(f"{path} is a DuckDB file but no index of reportclean's; name another")
    meta: Mapping[str, str] = dict(database.rows("select name, value from meta"))
    version = int(meta.get("schema_version", "0"))
    if version != SCHEMA_VERSION and version not in _MIGRATIONS:
        side = "an older" if version < SCHEMA_VERSION else "a newer"
        cure = "build it again from its documents" if version < SCHEMA_VERSION else "update reportclean"
        raise StoreError(
            f"{path} was made by {side} reportclean (schema {version}, here {SCHEMA_VERSION}); {cure}"
        )
    return dict(meta)


def migrate(database: Database) -> None:
    """Bring the tables of an older reportclean to the form of this one; nothing that they hold is lost."""
    version = int(database.meta("schema_version"))
    if version == SCHEMA_VERSION:
        return
    with database.transaction():
        for older in range(version, SCHEMA_VERSION):
            database.rows(_MIGRATIONS[older])
        database.set_meta("schema_version", SCHEMA_VERSION)


def drop_tables(database: Database) -> None:
    """Leave an empty file."""
    with database.transaction():
        for (name,) in database.rows("select table_name from duckdb_tables()"):
            database.rows(f'drop table "{name}"')


class Database:
    """A connection, with SQL that names tables of ours and gives arrays.

    Args:
        connection: What :func:`connect` gave.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._in_transaction = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is ordered inside happens, or nothing of it; one inside of another is part of that."""
        if self._in_transaction:
            yield
            return
        self.connection.execute("begin transaction").fetchall()
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            self._in_transaction = False
        self.connection.commit()

    def rows(self, order: str, values: Any = ()) -> list[Any]:
        """Rows as tuples."""
        found: list[Any] = self.connection.execute(order, values).fetchall()
        return found

    def table(self, query: str, values: Any = ()) -> pa.Table:
        """Rows as an Arrow table."""
        return self.connection.sql(query, params=values or None).to_arrow_table()

    def arrays(self, query: str, values: Any = ()) -> dict[str, NDArray[Any]]:
        """Columns of numbers without nulls."""
        table = self.table(query, values)
        return {name: table.column(name).to_numpy() for name in table.column_names}

    @contextmanager
    def given(self, name: str, columns: Mapping[str, Any] | pa.Table) -> Iterator[None]:
        """A table that SQL can name while the block lasts: arrays of numbers, and lists of words."""
        import pyarrow as pa  # noqa: PLC0415  # heavy

        self.connection.register(name, columns if isinstance(columns, pa.Table) else _typed(columns))
        try:
            yield
        finally:
            self.connection.unregister(name)

    def meta(self, name: str) -> str:
        """A setting or a counter."""
        return str(self.rows("select value from meta where name = ?", [name])[0][0])

    def set_meta(self, name: str, value: object) -> None:
        """Set one."""
        self.rows("update meta set value = ? where name = ?", [str(value), name])


def _typed(columns: Mapping[str, Any]) -> pa.Table:
    """A table of arrays of numbers and lists of words; an empty list is one of words."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.table(
        {
            name: pa.array(column) if isinstance(column, np.ndarray) else pa.array(column, pa.string())
            for name, column in columns.items()
        }
    )
