"""Views over the Parquet files of one snapshot: `raw_<table>` with the constants of each file joined in.

The paths are listed one by one, so a later commit cannot change what a snapshot shows. Their Hive folders carry
hospital, period and batch: a query for one month opens that month's files only. A table without files is an empty
view with the right columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.engine import name, quoted
from core.store.types import DataFile

HIVE = "hive_partitioning=true, hive_types={hospital: VARCHAR, period: INTEGER, _batch: VARCHAR}"
# Columns that staging reads and that a definition may or may not have yet.
OPTIONAL = {"alloc_param": ("arrives_code",)}
_SQL_TYPES = {
    pa.string(): "varchar",
    pa.int64(): "bigint",
    pa.int32(): "integer",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.decimal128(18, 2): "decimal(18, 2)",
    pa.decimal128(18, 4): "decimal(18, 4)",
    pa.decimal128(28, 8): "decimal(28, 8)",
    pa.timestamp("us"): "timestamp",
    pa.timestamp("us", tz="UTC"): "timestamptz",
}
# Column sets of data files never change once written, so one look per file is enough for the life of the process.
_columns: dict[Path, frozenset[str]] = {}


def sql_type(kind: pa.DataType) -> str:
    """The DuckDB type of a stored column; text for anything unknown."""
    return _SQL_TYPES.get(kind, "varchar")


def columns_of(path: Path) -> frozenset[str]:
    """Names of the columns inside one Parquet file."""
    if path not in _columns:
        _columns[path] = frozenset(pq.read_schema(path).names)
    return _columns[path]


def raw_view(table: str, schema: pa.Schema, files: Sequence[DataFile]) -> str:
    """The query of `raw_<table>`: columns of `schema`, plus optional ones as NULL where the definition has none."""
    extra = [column for column in OPTIONAL.get(table, ()) if column not in schema.names]
    nulls = [f"cast(null as varchar) as {name(column)}" for column in extra]
    if not files:
        empty = [f"cast(null as {sql_type(field.type)}) as {name(field.name)}" for field in schema]
        return f"select {', '.join([*empty, *nulls])} where false"
    paths = ", ".join(quoted(file.path) for file in files)
    # Files of one batch were written by one program version: looking into one of each is enough.
    inside = [columns_of(path) for path in {file.batch: file.path for file in files}.values()]
    options = HIVE if len(set(inside)) == 1 else f"{HIVE}, union_by_name=true"
    present = frozenset().union(*inside) | {"hospital", "period", "_batch"}
    places, key = _places(files)
    options += ", filename=true" if key == "filename" else ""
    columns = [
        f"p.{field.name}" if field.name in ("_source", "_file")
        else f"cast(r.{name(field.name)} as {sql_type(field.type)}) as {name(field.name)}" if field.name in present
        else f"cast(null as {sql_type(field.type)}) as {name(field.name)}"
        for field in schema
    ]  # fmt: skip
    return (
        f"select {', '.join([*columns, *nulls])} from read_parquet([{paths}], {options}) r "
        f"left join (values {places}) p(place, _source, _file) on p.place = r.{name(key)}"
    )


def _places(files: Sequence[DataFile]) -> tuple[str, str]:
    """Source and original name by batch where a batch has one of each, else by file."""
    by_batch = {(file.batch, file.source, file.file) for file in files}
    if len(by_batch) == len({file.batch for file in files}):
        rows, key = sorted(by_batch), "_batch"
    else:
        rows, key = sorted({(str(file.path), file.source, file.file) for file in files}), "filename"
    return ", ".join(f"({', '.join(quoted(value) for value in row)})" for row in rows), key
