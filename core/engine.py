"""The door to DuckDB: one connection per purpose, a fresh cursor per query.

A shared connection hands one thread's rows to another, so nobody outside this module executes on a connection:
they ask `query`, `arrow` or `run`, which open a cursor each time. Extensions are never fetched from a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

Connection: TypeAlias = duckdb.DuckDBPyConnection
EngineError = duckdb.Error


def connect(
    *,
    threads: int | None = None,
    memory_limit: str = "40%",
    temp_dir: Path | None = None,
    keep_order: bool = False,
) -> Connection:
    """A new in-memory connection.

    Args:
        threads: worker threads; None takes every core.
        memory_limit: DuckDB size text such as '2GiB' or '40%'; beyond it, work spills to `temp_dir`.
        temp_dir: folder for spilled data; without one, nothing spills.
        keep_order: rows leave in the order they came in (slower for large writes).
    """
    settings: dict[str, Any] = {
        "memory_limit": memory_limit,
        "preserve_insertion_order": keep_order,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "temp_directory": str(temp_dir) if temp_dir else "",
    }
    if threads:
        settings["threads"] = threads
    connection = duckdb.connect(":memory:", config=settings)
    # Data files never change under their name, so what their footers say is read once.
    connection.execute("set global parquet_metadata_cache = true").fetchall()
    return connection


def run(
    connection: Connection,
    sql: str,
    params: Sequence[Any] = (),
    tables: Mapping[str, pa.Table] | None = None,
    schema: str = "",
) -> None:
    """Execute a statement whose rows nobody needs. `tables` are Arrow tables it may name, for this call only."""
    with connection.cursor() as cursor:
        _prepare(cursor, tables, schema)
        cursor.execute(sql, list(params)).fetchall()


def query(
    connection: Connection,
    sql: str,
    params: Sequence[Any] = (),
    tables: Mapping[str, pa.Table] | None = None,
    schema: str = "",
) -> list[tuple[Any, ...]]:
    """All rows of a query as tuples; DECIMAL arrives as Decimal, so money stays exact.

    `schema` is where names without a schema are looked up; several with commas, the first found counts.
    """
    with connection.cursor() as cursor:
        _prepare(cursor, tables, schema)
        rows: list[tuple[Any, ...]] = cursor.execute(sql, list(params)).fetchall()
        return rows


def arrow(
    connection: Connection,
    sql: str,
    params: Sequence[Any] = (),
    tables: Mapping[str, pa.Table] | None = None,
    schema: str = "",
    timeout_ms: int = 0,
) -> pa.Table:
    """All rows of a query as an Arrow table (decimals stay decimals).

    `timeout_ms` above 0 ends a query that takes longer with an EngineError.
    """
    with connection.cursor() as cursor:
        _prepare(cursor, tables, schema)
        if timeout_ms:
            cursor.execute(f"set max_execution_time = {int(timeout_ms)}").fetchall()
        return cursor.sql(sql, params=list(params)).to_arrow_table()


def is_one_select(connection: Connection, sql: str) -> bool:
    """Whether `sql` is exactly one SELECT (or WITH ... SELECT): nothing that writes, sets or copies.

    Raises:
        EngineError: the text is not SQL.
    """
    statements = connection.extract_statements(sql)
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT


def lock(connection: Connection, folders: Sequence[Path]) -> None:
    """From here on this connection touches files under `folders` only, and its settings are fixed.

    It could still write there: let only `is_one_select` statements through.
    """
    places = ", ".join(quoted(folder) for folder in folders)
    with connection.cursor() as cursor:
        for statement in (
            f"set allowed_directories = [{places}]",
            "set enable_external_access = false",
            "set allowed_configs = ['max_execution_time']",
            "set lock_configuration = true",
        ):
            cursor.execute(statement).fetchall()


def _prepare(cursor: Connection, tables: Mapping[str, pa.Table] | None, schema: str) -> None:
    _lend(cursor, tables)
    if schema:
        cursor.execute(f"set search_path = {quoted(schema)}").fetchall()


def _lend(cursor: Connection, tables: Mapping[str, pa.Table] | None) -> None:
    for label, table in (tables or {}).items():
        cursor.register(label, table)


def quoted(text: str | Path) -> str:
    """A value as an SQL string literal, for the places where DuckDB takes no parameter (COPY, file names)."""
    return "'" + str(text).replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A column or table name as an SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'
