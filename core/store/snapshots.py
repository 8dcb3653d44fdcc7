"""The list of snapshots: a Delta table whose last commit is what readers go by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.store import log, records
from core.store.layout import table_dir
from core.store.schema import SNAPSHOT_SCHEMA, SNAPSHOTS
from core.store.types import DataFile, Snapshot, SnapshotGone


class SnapshotList:
    """Reads `_snapshots`. Knowing whether a list read before is still the newest costs two looks at the disk."""

    def __init__(self, root: Path) -> None:
        self.folder = table_dir(root, SNAPSHOTS)
        self._seen: tuple[int, tuple[int, int], list[Path], pa.Table, Snapshot] | None = None

    def newest(self) -> Snapshot:
        """The newest snapshot; the empty one if nothing was ever committed."""
        found = self._load()
        return found[4] if found else Snapshot()

    def all(self) -> list[Snapshot]:
        """Every snapshot, newest first."""
        found = self._load()
        return [_snapshot(row) for row in reversed(found[3].to_pylist())] if found else []

    def get(self, id: str) -> Snapshot:
        """The snapshot called `id`, or the only one whose id begins so."""
        if not id or id == Snapshot().id:
            return Snapshot()
        newest = self.newest()
        if newest.id == id:
            return newest
        found = [snapshot for snapshot in self.all() if snapshot.id.startswith(id)]
        if len(found) != 1:
            why = "more than one snapshot begins so" if found else "no snapshot is called so"
            raise SnapshotGone(f"snapshot {id!r}: {why}; `history` lists them")
        return found[0]

    def files(self) -> list[DataFile]:
        """Files of the list itself, for the next append."""
        found = self._load()
        return [DataFile(p, "", 0, "", "", "", 0, p.stat().st_size) for p in found[2]] if found else []

    def version(self) -> int:
        """Delta version of the list, -1 if there is none."""
        found = self._load()
        return found[0] if found else -1

    def append(self, snapshot: Snapshot, millis: int) -> None:
        """Make `snapshot` the newest. Either it is, or nothing happened and the error says why."""
        row = {name: getattr(snapshot, name) for name in SNAPSHOT_SCHEMA.names if name != "versions"}
        row["versions"] = json.dumps(dict(snapshot.versions), sort_keys=True)
        name = f"{snapshot.number:06}-{snapshot.id}"
        add, remove = records.append(self.folder, name, SNAPSHOT_SCHEMA, self.files(), [row])
        try:
            log.commit(self.folder, SNAPSHOTS, add, remove, millis, self.version())
        except Exception:
            if self.newest().id != snapshot.id:
                raise

    def _load(self) -> tuple[int, tuple[int, int], list[Path], pa.Table, Snapshot] | None:
        seen = self._seen
        if seen is not None:
            same = _stamp(log.log_file(self.folder, seen[0])) == seen[1]
            if same and not log.log_file(self.folder, seen[0] + 1).exists():
                return seen
        for attempt in range(5):
            version = log.latest_version(self.folder)
            if version < 0:
                self._seen = None
                return None
            try:
                paths = log.paths(self.folder)
                tables = [pq.read_table(path) for path in paths]
            except FileNotFoundError:  # folded and vacuumed between the two looks
                if attempt == 4:
                    raise
                continue
            table = pa.concat_tables(tables).sort_by("number")
            newest = _snapshot(table.slice(table.num_rows - 1).to_pylist()[0])
            stamp = _stamp(log.log_file(self.folder, version)) or (0, 0)
            self._seen = (version, stamp, paths, table, newest)
            break
        return self._seen


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return (state.st_ino, state.st_mtime_ns)


def _snapshot(row: dict[str, Any]) -> Snapshot:
    return Snapshot(**{**row, "versions": json.loads(row["versions"])})
