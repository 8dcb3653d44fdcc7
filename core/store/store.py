"""The store: snapshots of Delta tables, and the one way to change them.

Layout of a data folder:

    tables/<table>/            Delta tables, one per extract and internal table
    tables/_snapshots/         the list of snapshots; one row appended is what makes a commit visible
    manifests/<table>/<v>.json live files of table version v, so that readers replay no log
    originals/<2>/<sha256>     uploaded files under their hash
    .lock                      held by the one writer

Outside readers (Spark, Trino, plain delta-rs) may open any table: its newest version holds live rows only, with the
constants as partition columns. Between the commits of one import they may see some tables ahead of others; who needs
all tables at one moment reads the newest row of `_snapshots` and pins those versions.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.store import commit, manifest, originals, vacuum
from core.store.records import RecordCache
from core.store.schema import KEYS, RECORDS, table_schema
from core.store.snapshots import SnapshotList
from core.store.types import DataFile, Snapshot, StoreError

_KEPT_LISTS, _KEPT_EVENTS = 256, 32


class Store:
    """A data folder. Opening one touches nothing; the folder may not exist yet. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).absolute()
        self.snapshots = SnapshotList(self.root)
        self.settled: dict[str, int] = {}  # newest Delta version known to hold what the newest snapshot holds
        self._files: OrderedDict[tuple[str, int], tuple[DataFile, ...]] = OrderedDict()
        self._events: OrderedDict[tuple[str, int, int], list[dict[str, Any]]] = OrderedDict()
        self._records = RecordCache()
        self._lock = Lock()

    def snapshot(self, id: str | None = None) -> Snapshot:
        """The newest snapshot, or the one called `id` (a unique beginning is enough).

        A store without commits has the empty snapshot (id `empty`). Asking again costs two looks at the disk.

        Raises:
            SnapshotGone: `id` is unknown or its files were vacuumed.
        """
        if id is None:
            return self.snapshots.newest()
        found = self.snapshots.get(id)
        for table in found.versions:
            self.files(found, table)
        return found

    def history(self) -> list[Snapshot]:
        """Every snapshot, newest first, those included whose files were vacuumed."""
        return self.snapshots.all()

    def tables(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Names of the tables that exist in `snapshot`."""
        return tuple(sorted(snapshot.versions))

    def files(self, snapshot: Snapshot, table: str) -> tuple[DataFile, ...]:
        """Live files of `table`, sorted by hospital, period, source and path; () if the table has none yet.

        Raises:
            SnapshotGone: the snapshot is older than what vacuuming kept.
        """
        version = snapshot.versions.get(table)
        if version is None:
            return ()
        key = (table, version)
        with self._lock:
            found = self._files.get(key)
        if found is None:
            found = manifest.read(self.root, table, version)
            with self._lock:
                self._files[key] = found
                while len(self._files) > _KEPT_LISTS:
                    self._files.popitem(last=False)
        return found

    def schema(self, table: str) -> pa.Schema:
        """Columns of `table` as a Delta reader sees them (constants included), known before any row is stored."""
        return table_schema(table)

    def events(self, snapshot: Snapshot, table: str, *, undone: bool = False) -> Sequence[dict[str, Any]]:
        """Everything ever written to a small internal table, in the order it came; rows are shared, so read only.

        What undone batches brought is left out unless `undone` is set. `batches` lists accepted batches and undos
        alike, whatever became of them.
        """
        if table == "batches" or undone:
            versions = (snapshot.versions.get(table, -1), -1)
        else:
            versions = (snapshot.versions.get(table, -1), snapshot.versions.get("batches", -1))
        key = (table, *versions)
        with self._lock:
            found = self._events.get(key)
        if found is None:
            found = self._records.rows(self.files(snapshot, table), RECORDS[table])
            if versions[1] >= 0:
                gone = self.undone(snapshot)
                found = [row for row in found if row["_batch"] not in gone]
            with self._lock:
                self._events[key] = found
                while len(self._events) > _KEPT_EVENTS:
                    self._events.popitem(last=False)
        return found

    def records(self, snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
        """What stands in `snapshot`: the last event of each key, in the order they came; taken-away ones left out.

        slots: who fills each (extract, hospital, period, source) now. dept_alias: one row per hospital, raw_code,
        raw_name. heading_memory: per hospital and shape. settings: per hospital and key. batches: all events.
        """
        rows = self.events(snapshot, table)
        if table not in KEYS:
            return list(rows)
        names, value = KEYS[table]
        standing: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in rows:
            key = tuple(row[name] for name in names)
            standing.pop(key, None)
            standing[key] = row
        return [row for row in standing.values() if row[value] is not None]

    def undone(self, snapshot: Snapshot) -> frozenset[str]:
        """Ids of the batches that were undone."""
        rows = self.events(snapshot, "batches")
        return frozenset(row["_batch"] for row in rows if row["action"] == "undo")

    def reading(self, snapshot: Snapshot, batch: str) -> dict[str, Any]:
        """The reading a batch was accepted from, as plain JSON data.

        Raises:
            StoreError: no batch is called so.
        """
        for file in self.files(snapshot, "batches"):
            wanted = [("_batch", "=", batch), ("action", "!=", "undo")]
            for text in pq.read_table(file.path, columns=["reading"], filters=wanted)["reading"].to_pylist():
                return json.loads(text) if text else {}
        raise StoreError(f"no batch is called {batch!r}; `history` lists them")

    def fingerprint(self, snapshot: Snapshot, tables: Iterable[str], hospital: str, period: int) -> str:
        """Sixteen hex digits that change when, and only when, something that feeds one hospital-month changes:
        the files of `tables` for that month and for period 0, the hospital's settings and department aliases."""
        digest = hashlib.sha256(f"{hospital}\n{period}\n".encode())
        for table in sorted(set(tables)):
            for file in self.files(snapshot, table):
                if file.hospital == hospital and file.period in (period, 0):
                    digest.update(f"{table}/{file.path.relative_to(self.root)}\n".encode())
        for table in ("settings", "dept_alias"):
            names, value = KEYS[table]
            rows = [row for row in self.records(snapshot, table) if row["hospital"] == hospital]
            for line in sorted(json.dumps([row[name] for name in (*names, value)]) for row in rows):
                digest.update(f"{table}/{line}\n".encode())
        return digest.hexdigest()[:16]

    def original(self, sha256: str) -> Path:
        """Where the uploaded file with this hash lies.

        Raises:
            StoreError: not a hash, or nothing stored under it.
        """
        path = originals.path_of(self.root, sha256)
        if not path.exists():
            raise StoreError(f"no original is stored under {sha256}")
        return path

    def writing(self) -> AbstractContextManager[commit.Commit]:
        """The writer's side: `with store.writing() as change: ...; change.finish(...)`. Waits for other writers.

        Leaving the block without `finish`, or with an exception, leaves the store as it was.
        """
        return commit.writing(self)

    def vacuum(self, keep_snapshots: int = 100) -> Mapping[str, int]:
        """Delete files that neither the newest `keep_snapshots` snapshots nor any possible undo needs.

        Returns {'files': how many, 'bytes': how much}. Older snapshots are gone afterwards (SnapshotGone).
        """
        return vacuum.vacuum(self, keep_snapshots)

    def forget(self) -> None:
        """Drop what was remembered of older snapshots; they may be gone from disk."""
        with self._lock:
            self._files.clear()
            self._events.clear()

    def verify(self, *, originals_too: bool = False) -> list[str]:
        """Problems between Delta log, manifests and disk, in plain words; [] when all is well.

        With `originals_too`, every uploaded file is read and held against its hash.
        """
        wrong = originals.damaged(self.root) if originals_too else []
        return [*vacuum.verify(self), *(f"original {sha256} is damaged" for sha256 in wrong)]
