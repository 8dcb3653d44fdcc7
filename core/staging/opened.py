"""One snapshot opened: raw views over its files and the staging views over those, in a schema of their own."""

from __future__ import annotations

import itertools
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from core import engine
from core.catalog import catalog
from core.indicators.refs import indicator_tables
from core.staging import refs
from core.staging.raw import raw_view, sql_type
from core.staging.sql import MACROS, STAGING, views
from core.staging.words import ROLES, words_query
from core.store import Snapshot, Store

RECORD_TABLES = ("dept_alias", "settings", "batches", "slots")
OPEN_SNAPSHOTS = 4
_number = itertools.count(1)
_made: list[pa.Table] = []


@lru_cache(maxsize=1)
def shared_connection() -> engine.Connection:
    """The one DuckDB connection of the process; every query takes its own cursor on it."""
    return engine.connect(temp_dir=Path(tempfile.gettempdir()) / "costward-spill")


def new_schema(connection: engine.Connection, owner: object, prefix: str) -> str:
    """A fresh schema that is dropped when `owner` is no longer used by anybody."""
    schema = f"{prefix}_{next(_number)}"
    engine.run(connection, f"create schema {schema}")
    weakref.finalize(owner, _drop, connection, schema)
    return schema


def _drop(connection: engine.Connection, schema: str) -> None:
    try:
        engine.run(connection, f"drop schema if exists {schema} cascade")
    except engine.EngineError:
        # The connection is gone with the process, or another thread still reads: memory is all that is lost.
        return


class Staging:
    """The staging views of one snapshot. Names without a schema are looked up here.

    Attributes:
        store, snapshot, connection, schema.
        files: data files by table. notes: what others worked out about this snapshot and want to keep as long.
    """

    def __init__(self, store: Store, snapshot: Snapshot, connection: engine.Connection | None = None) -> None:
        self.store, self.snapshot = store, snapshot
        self.connection = connection or shared_connection()
        self.schema = new_schema(self.connection, self, f"s_{snapshot.id}")
        self.notes: dict[str, Any] = {}
        self.files = {table: store.files(snapshot, table) for table in (*catalog().extracts, "refused")}
        self._load("ref_term", refs.ref_term(catalog()))
        self._load("ref_scope", refs.ref_scope(catalog()))
        self._load("ref_metric", refs.ref_metric(catalog()))
        self._load("ref_unit", refs.ref_unit())
        self._load("ref_account", refs.ref_account(catalog()))
        self._words()
        for name, table in indicator_tables().items():
            self._load(name, table)
        for table in RECORD_TABLES:
            self._load(f"raw_{table}", self._records(table))
        for table, files in self.files.items():
            self._create("view", f"raw_{table}", raw_view(table, store.schema(table), files))
        for role in ROLES:
            self._create("table", f"raw_{role}_word", words_query(role, catalog().extracts))
        for macro in MACROS:
            self._macro(macro)
        for name in STAGING:
            self._create("table" if views()[name].kept else "view", name, views()[name].body)

    def _words(self) -> None:
        """`ref_words`, put together once per process: it depends on the definitions alone."""
        if _made:
            self._run("create table ref_words as select * from given", {"given": _made[0]})
        else:
            self._create("table", "ref_words", refs.words_query(catalog()))
            _made.append(self.arrow("select * from ref_words"))

    def _records(self, table: str) -> pa.Table:
        rows = self.store.records(self.snapshot, table)
        schema = self.store.schema(table)
        return pa.Table.from_pylist([{key: row.get(key) for key in schema.names} for row in rows], schema)

    def _run(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> None:
        engine.run(self.connection, sql, (), tables, self.schema)

    def _create(self, kind: str, name: str, body: str) -> None:
        self._run(f"create {kind} {name} as {body}")

    def _macro(self, name: str) -> None:
        self._run(f"create macro {views()[name].signature} as {views()[name].body}")

    def _load(self, name: str, table: pa.Table) -> None:
        columns = ", ".join(f"{engine.name(field.name)} {sql_type(field.type)}" for field in table.schema)
        self._run(f"create table {name} ({columns})")
        if table.num_rows:
            self._run(f"insert into {name} select * from given", {"given": table})

    def query(self, sql: str, params: tuple[Any, ...] | list[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over raw and staging views; money is Decimal."""
        return engine.query(self.connection, sql, params, None, self.schema)

    def arrow(self, sql: str, params: tuple[Any, ...] | list[Any] = ()) -> pa.Table:
        """The same as an Arrow table."""
        return engine.arrow(self.connection, sql, params, None, self.schema)

    def periods(self, hospital: str) -> tuple[int, ...]:
        """Months that any periodic extract has lines for, ascending; years of annual budgets are not months."""
        found = {
            file.period
            for table, files in self.files.items()
            if table != "refused" and table not in ("budget", "area", "alloc_param")
            for file in files
            if file.hospital == hospital and file.period % 100
        }
        return tuple(sorted(found))

    def hospitals(self) -> tuple[str, ...]:
        """Codes of the hospitals that have stored anything, ascending."""
        return tuple(sorted({file.hospital for files in self.files.values() for file in files}))


_open: OrderedDict[tuple[Path, str], Staging] = OrderedDict()
_lock = threading.Lock()


def open_staging(store: Store, snapshot: Snapshot) -> Staging:
    """The staging of a snapshot, opened once per process; the last few stay open."""
    key = (Path(store.root), snapshot.id)
    with _lock:
        staging = _open.get(key)
        if staging is None:
            staging = _open[key] = Staging(store, snapshot)
        _open.move_to_end(key)
        while len(_open) > OPEN_SNAPSHOTS:
            _open.popitem(last=False)
        return staging
