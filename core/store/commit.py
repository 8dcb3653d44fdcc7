"""The one way to change a store: lock, heal, put files in place, commit each table, append the snapshot.

Until the snapshot is appended nothing counts: readers stay on the one before, and whatever a crash left in the tables
is taken back by the next writer (`heal`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.store import adopt, log, manifest, originals, records
from core.store.layout import table_dir
from core.store.schema import RECORDS
from core.store.types import ACTIONS, DataFile, NewFile, Snapshot, StoreError

if TYPE_CHECKING:
    from core.store.store import Store

_SEQ = 1_000_000  # events of one commit, at most; keeps `seq` in the order of commits


class Commit:
    """Changes that become visible together. Made by `Store.writing()`; used once.

    Attributes:
        base: the snapshot the changes start from; nobody else can commit meanwhile.
    """

    def __init__(self, store: Store, base: Snapshot) -> None:
        self.base = base
        self._store = store
        self._add: dict[str, list[DataFile]] = {}
        self._remove: dict[str, list[DataFile]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._placed: list[Path] = []
        self.done: Snapshot | None = None

    def adopt(self, table: str, new: NewFile) -> DataFile:
        """Put a finished Parquet file in place and add it to `table`."""
        placed = adopt.adopt(table_dir(self._store.root, table), table, new)
        self._placed.append(placed.path)
        self._add.setdefault(table, []).append(placed)
        return placed

    def put_back(self, table: str, files: Iterable[DataFile]) -> None:
        """Add files that the table held before."""
        self._add.setdefault(table, []).extend(files)

    def take_out(self, table: str, files: Iterable[DataFile]) -> None:
        """Remove files from the next version; they stay on disk for older snapshots and for undo."""
        self._remove.setdefault(table, []).extend(files)

    def log(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add events to a record table; `seq` is filled in."""
        kept = self._rows.setdefault(table, [])
        for row in rows:
            kept.append({**row, "seq": (self.base.number + 1) * _SEQ + len(kept)})

    def keep_original(self, source: Path, sha256: str, read_at: int | None = None) -> Path:
        """See `originals.keep`."""
        return originals.keep(self._store.root, source, sha256, read_at)

    def finish(self, *, action: str, batch: str, actor: str, at: datetime, note: str = "") -> Snapshot:
        """Commit every table, then the snapshot. Returns the new newest snapshot.

        Raises:
            OSError, StoreError: nothing changed for readers, and nothing is lost.
        """
        if action not in ACTIONS or at.tzinfo is None:
            raise ValueError(f"action {action!r} must be one of {ACTIONS} and `at` must carry a time zone")
        millis = int(at.timestamp() * 1000)
        versions = dict(self.base.versions)
        number = self.base.number + 1
        for table, rows in self._rows.items():
            folder = table_dir(self._store.root, table)
            live = self._store.files(self.base, table)
            add, remove = records.append(folder, f"{number:06}-{batch}", RECORDS[table], live, rows)
            self._add[table], self._remove[table] = add, remove
        for table in sorted({*self._add, *self._remove}):
            versions[table] = self._commit_table(table, millis)
        self._take_healed(versions)
        snapshot = Snapshot(
            _snapshot_id(self.base, versions, action, batch, actor, at),
            at,
            action,
            batch,
            actor,
            versions,
            note,
            self.base.id,
            number,
        )
        self._store.snapshots.append(snapshot, millis)
        self.done = snapshot
        for table, version in versions.items():
            if version != self.base.versions.get(table):
                log.checkpoint(table_dir(self._store.root, table), [version])
        log.checkpoint(self._store.snapshots.folder, [self._store.snapshots.version()])
        return snapshot

    def _commit_table(self, table: str, millis: int) -> int:
        folder = table_dir(self._store.root, table)
        before = {file.path: file for file in self._store.files(self.base, table)}
        gone = {file.path for file in self._remove.get(table, ())}
        fresh = {file.path: file for file in self._add.get(table, ())}
        if stray := gone - before.keys():
            raise StoreError(f"{table}: {sorted(stray)[0].name} is not live and cannot be taken out")
        after = {path: file for path, file in before.items() if path not in gone} | fresh
        add = [file for path, file in after.items() if path not in before]
        remove = [file for path, file in before.items() if path not in after]
        known = self.base.versions.get(table, -1)
        if not add and not remove and known >= 0:
            return known
        version = log.commit(folder, table, add, remove, millis, known)
        manifest.write(self._store.root, table, version, after.values())
        return version

    def _take_healed(self, versions: dict[str, int]) -> None:
        """Name the healed version of tables this commit does not touch, so that they are looked at only once."""
        for table, version in self._store.settled.items():
            if versions.get(table) == self.base.versions.get(table, -1) < version:
                manifest.write(self._store.root, table, version, self._store.files(self.base, table))
                versions[table] = version

    def abandon(self) -> None:
        """Take back what was put in place; the tables are healed as far as the disk lets us."""
        if self._store.snapshot().id != self.base.id:
            return  # the snapshot landed all the same; its files are live
        for path in self._placed:
            with suppress(OSError):
                path.unlink()
        with suppress(Exception):
            heal(self._store, self.base)


@contextmanager
def writing(store: Store) -> Iterator[Commit]:
    """Hold the writer's lock over one commit. Leaving with an exception leaves the store as it was."""
    store.root.mkdir(parents=True, exist_ok=True)
    handle = os.open(store.root / ".lock", os.O_RDWR | os.O_CREAT, 0o660)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        base = store.snapshot()
        heal(store, base)
        change = Commit(store, store.snapshot())
        try:
            yield change
        except BaseException:
            if change.done is None:
                change.abandon()
            raise
        if change.done is None:
            change.abandon()
    finally:
        os.close(handle)


def heal(store: Store, base: Snapshot) -> list[str]:
    """Bring back every table that is ahead of snapshot `base`: a writer was killed between its tables and its snapshot.

    Returns the names of the tables brought back. Their newest Delta version then holds what `base` holds.
    """
    healed = []
    tables = store.root / "tables"
    for folder in sorted(tables.iterdir()) if tables.is_dir() else ():
        table = folder.name
        if table.startswith("_"):  # not part of any snapshot
            continue
        known = base.versions.get(table, -1)
        newest = log.latest_version(folder, known)
        if newest <= store.settled.get(table, known):
            continue
        want = {file.path: file for file in store.files(base, table)}
        have = {file.path: file for file in log.live(folder, table)}
        add = [file for path, file in want.items() if path not in have]
        remove = [file for path, file in have.items() if path not in want]
        if add or remove:
            millis = int(base.at.timestamp() * 1000) if base.at else 0
            newest = log.commit(folder, table, add, remove, millis, newest)
            healed.append(table)
        store.settled[table] = newest
    return healed


def _snapshot_id(
    base: Snapshot, versions: Mapping[str, int], action: str, batch: str, actor: str, at: datetime
) -> str:
    text = json.dumps([base.id, base.number, sorted(versions.items()), action, batch, actor, at.isoformat()])
    return hashlib.sha256(text.encode()).hexdigest()[:8]
