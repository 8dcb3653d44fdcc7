"""A Delta table of notes outside the snapshots: rows are only ever added, a reader sees whole appends or none.

What people write down about figures (a comment, a state, a delivery) must not make a new snapshot, or every remembered
figure would be computed again for it. So these tables have their own lock and their own versions; imports, undo and
healing leave every folder alone whose name begins with an underscore.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.store import log, records
from core.store.layout import table_dir
from core.store.schema import table_schema
from core.store.types import DataFile

_TRIES = 5


class NoteTable:
    """Rows of one table of notes, oldest first. Asking whether there is anything new costs two looks at the disk.

    Safe to share between threads; several processes may write, one at a time (`locked`).
    """

    def __init__(self, root: Path, table: str) -> None:
        self._root, self._table = root, table
        self._schema = table_schema(table)
        self._folder = table_dir(root, table)
        self._lock = Lock()
        self._version, self._stamp = -1, (0, 0)
        self._paths: list[Path] = []
        self._rows: list[dict[str, Any]] = []

    def version(self) -> int:
        """Changes with every append; 0 before the first."""
        return self._load()[0] + 1

    def rows(self) -> tuple[int, list[dict[str, Any]]]:
        """(version, every row by `seq`). The list only ever grows at its end; the caller must not change it."""
        version, _, rows = self._load()
        return version + 1, rows

    def paths(self) -> list[Path]:
        """Files that hold the rows now."""
        return list(self._load()[1])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the one writer; waits for others. Not to be taken twice by one thread."""
        self._root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._root / f".{self._table.strip('_')}.lock", os.O_RDWR | os.O_CREAT, 0o660)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def append(self, rows: Sequence[Mapping[str, Any]], millis: int) -> list[dict[str, Any]]:
        """Add rows in one commit, under the lock; `seq` is filled in. Returns them as stored.

        Raises:
            OSError, StoreError: nothing was added.
        """
        version, paths, held = self._load()
        first = held[-1]["seq"] + 1 if held else 1
        fresh = [{**row, "seq": first + step} for step, row in enumerate(rows)]
        live = [DataFile(path, "", 0, "", "", "", 0, path.stat().st_size) for path in paths]
        add, remove = records.append(self._folder, f"{first:010}-{version + 1:08}", self._schema, live, fresh)
        try:
            new = log.commit(self._folder, self._table, add, remove, millis, version)
        except Exception:
            if self._load()[0] == version:
                raise
            new = self._load()[0]
        log.checkpoint(self._folder, [new])
        return fresh

    def _load(self) -> tuple[int, list[Path], list[dict[str, Any]]]:
        with self._lock:
            if self._version >= 0:
                same = _stamp(log.log_file(self._folder, self._version)) == self._stamp
                if same and not log.log_file(self._folder, self._version + 1).exists():
                    return self._version, self._paths, self._rows
                if not same:  # the folder was deleted and filled again
                    self._version, self._rows = -1, []
            for attempt in range(_TRIES):
                version = log.latest_version(self._folder)
                if version < 0:
                    self._version, self._paths, self._rows = -1, [], []
                    break
                try:
                    stamp = _stamp(log.log_file(self._folder, version)) or (0, 0)
                    paths = log.paths(self._folder, version)
                    # Files never change, so only files not seen before can hold rows not seen before.
                    tables = [
                        pq.read_table(p, schema=self._schema) for p in paths if p not in set(self._paths)
                    ]
                except FileNotFoundError:  # folded and vacuumed between the two looks
                    self._version, self._paths, self._rows = -1, [], []
                    if attempt == _TRIES - 1:
                        raise
                    continue
                self._rows = self._rows + self._new(tables)
                self._version, self._stamp, self._paths = version, stamp, paths
                break
            return self._version, self._paths, self._rows

    def _new(self, tables: list[pa.Table]) -> list[dict[str, Any]]:
        seen = self._rows[-1]["seq"] if self._rows else 0
        fresh = [table.filter(pc.greater(table["seq"], seen)) for table in tables]
        return sorted((row for table in fresh for row in table.to_pylist()), key=lambda row: int(row["seq"]))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return (state.st_ino, state.st_mtime_ns)
