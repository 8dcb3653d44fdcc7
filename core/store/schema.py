"""Columns and types of every table: extracts by their definition, internal tables by the list below.

Extract types in Arrow: code, text, choice -> string; integer -> int64; quantity -> decimal(18,4);
money -> decimal(18,2) yuan; date -> date32; time (a day and its clock) -> timestamp; period -> int32 (yyyymm); flag -> bool.
"""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from core.catalog import Extract, catalog

MONEY = pa.decimal128(18, 2)
QUANTITY = pa.decimal128(18, 4)
STAMP = pa.timestamp("us", tz="UTC")
TYPES: dict[str, pa.DataType] = {
    "code": pa.string(),
    "text": pa.string(),
    "choice": pa.string(),
    "integer": pa.int64(),
    "quantity": QUANTITY,
    "money": MONEY,
    "date": pa.date32(),
    "time": pa.timestamp("us"),
    "period": pa.int32(),
    "flag": pa.bool_(),
}
# Constant over a file, so they live in the Delta log and not in the file.
PARTITION = ("hospital", "period", "_batch", "_source", "_file")
PLACE = (pa.field("_sheet", pa.string()), pa.field("_row", pa.int64()), pa.field("_col", pa.string()))

REFUSED = (
    pa.field("extract", pa.string()),
    pa.field("sheet", pa.string()),
    pa.field("row", pa.int64()),
    pa.field("col", pa.string()),
    pa.field("column", pa.string()),
    pa.field("value", pa.string()),
    pa.field("reason", pa.string()),
    pa.field("params", pa.string()),
    pa.field("amount", MONEY),
    pa.field("cells", pa.list_(pa.string())),
)

# Small tables of events: rows are only ever added. `seq` orders them, `_batch` says which batch brought them;
# what an undone batch brought does not count. An event whose value is null takes the earlier value away.
RECORDS: dict[str, pa.Schema] = {
    "batches": pa.schema(
        [
            ("seq", pa.int64()),
            ("_batch", pa.string()),
            ("action", pa.string()),
            ("hospital", pa.string()),
            ("name", pa.string()),
            ("sha256", pa.string()),
            ("bytes", pa.int64()),
            ("kind", pa.string()),
            ("at", STAMP),
            ("actor", pa.string()),
            ("note", pa.string()),
            ("summary", pa.string()),
            ("reading", pa.string()),
        ]
    ),
    "slots": pa.schema(
        [
            ("seq", pa.int64()),
            ("_batch", pa.string()),
            ("extract", pa.string()),
            ("hospital", pa.string()),
            ("period", pa.int32()),
            ("source", pa.string()),
            ("rows", pa.int64()),
            ("measure", pa.decimal128(38, 4)),
            ("refused_rows", pa.int64()),
            ("files", pa.string()),
            ("refused", pa.string()),
        ]
    ),
    "dept_alias": pa.schema(
        [
            ("seq", pa.int64()),
            ("_batch", pa.string()),
            ("hospital", pa.string()),
            ("raw_code", pa.string()),
            ("raw_name", pa.string()),
            ("dept_code", pa.string()),
            ("how", pa.string()),
            ("by", pa.string()),
            ("at", STAMP),
        ]
    ),
    "heading_memory": pa.schema(
        [
            ("seq", pa.int64()),
            ("_batch", pa.string()),
            ("hospital", pa.string()),
            ("shape", pa.string()),
            ("extract", pa.string()),
            ("plan", pa.string()),
            ("by", pa.string()),
            ("at", STAMP),
        ]
    ),
    "settings": pa.schema(
        [
            ("seq", pa.int64()),
            ("_batch", pa.string()),
            ("hospital", pa.string()),
            ("key", pa.string()),
            ("json", pa.string()),
            ("by", pa.string()),
            ("at", STAMP),
        ]
    ),
}
# What makes two events speak of the same thing, and the column that says what holds (null: nothing any more).
KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "slots": (("extract", "hospital", "period", "source"), "files"),
    "dept_alias": (("hospital", "raw_code", "raw_name"), "dept_code"),
    "heading_memory": (("hospital", "shape"), "plan"),
    "settings": (("hospital", "key"), "json"),
}
SNAPSHOTS = "_snapshots"
# Tables outside the snapshots (their names begin with an underscore): see core/store/notes.py.
JOURNAL = "_journal"
NOTES: dict[str, pa.Schema] = {
    JOURNAL: pa.schema(
        [
            ("seq", pa.int64()),
            ("kind", pa.string()),
            ("hospital", pa.string()),
            ("key", pa.string()),
            ("json", pa.string()),
            ("by", pa.string()),
            ("at", STAMP),
        ]
    )
}
SNAPSHOT_SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("id", pa.string()),
        ("parent", pa.string()),
        ("at", STAMP),
        ("action", pa.string()),
        ("batch", pa.string()),
        ("actor", pa.string()),
        ("versions", pa.string()),
        ("note", pa.string()),
    ]
)


def file_schema(extract: Extract) -> pa.Schema:
    """Columns of a data file of `extract`: its own, less `period` (a constant of the file), and the place."""
    own = [pa.field(column.name, TYPES[column.type]) for column in extract.columns if column.name != "period"]
    return pa.schema([*own, *PLACE])


@lru_cache(maxsize=64)
def table_schema(table: str) -> pa.Schema:
    """Columns of a table as a Delta reader sees them, partition columns included.

    Raises:
        KeyError: no extract and no internal table has this name.
    """
    if table in RECORDS:
        return RECORDS[table]
    if table == SNAPSHOTS:
        return SNAPSHOT_SCHEMA
    if table in NOTES:
        return NOTES[table]
    own = list(REFUSED) if table == "refused" else list(file_schema(catalog().extracts[table]))
    lead = [pa.field("hospital", pa.string()), pa.field("period", pa.int32())]
    tail = [pa.field(name, pa.string()) for name in ("_source", "_batch", "_file")]
    return pa.schema([*lead, *own, *tail])


def partition_of(table: str) -> list[str]:
    """Partition columns of a table; small record tables have none."""
    return [] if table in RECORDS or table.startswith("_") else list(PARTITION)
