"""Small internal tables of events: written a few rows at a time, folded into one file now and then.

Rows are only ever added. What counts is worked out on reading: the rows of undone batches are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.store.layout import sync
from core.store.types import DataFile

FOLD_AT = 24  # so many small files are folded into one by the next commit
BULKY = ("reading",)  # columns that only one caller needs, never read with the rest


def write(folder: Path, name: str, table: pa.Table) -> DataFile:
    """A new file of the record table in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.parquet"
    part = path.with_name(path.name + ".part")
    try:
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync([path])
    return DataFile(path, "", 0, "", "", "", table.num_rows, path.stat().st_size)


def append(
    folder: Path, name: str, schema: pa.Schema, live: Sequence[DataFile], rows: Sequence[Mapping[str, Any]]
) -> tuple[list[DataFile], list[DataFile]]:
    """Write `rows` as a new file; returns (files to add, files to remove), the latter when old ones were folded in."""
    fresh = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    if len(live) < FOLD_AT:
        return [write(folder, name, fresh)], []
    older = [pq.read_table(file.path, schema=schema) for file in live]
    whole = pa.concat_tables([*older, fresh]).sort_by([(schema.names[0], "ascending")])
    return [write(folder, name, whole)], list(live)


class RecordCache:
    """Rows of record files by path. Files never change, so what was read once is right for good."""

    def __init__(self) -> None:
        self._rows: dict[Path, list[dict[str, Any]]] = {}

    def rows(self, files: Sequence[DataFile], schema: pa.Schema) -> list[dict[str, Any]]:
        """All rows of `files` in order, without bulky columns. The caller must not change them."""
        columns = [name for name in schema.names if name not in BULKY]
        found: list[dict[str, Any]] = []
        for file in files:
            if file.path not in self._rows:
                if len(self._rows) > 1000:
                    self._rows = {}
                self._rows[file.path] = pq.read_table(file.path, columns=columns).to_pylist()
            found += self._rows[file.path]
        return sorted(found, key=lambda row: row[schema.names[0]])
