"""What the store hands out: snapshots, data files, and the errors that say how to get out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ACTIONS = ("import", "demo", "settings", "undo")
EMPTY_ID = "empty"


class StoreError(Exception):
    """The store cannot do what was asked; the message says what is the case and what to do."""


class SnapshotGone(StoreError):
    """The snapshot asked for is unknown, or so old that its files were vacuumed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of all tables.

    Attributes:
        id: eight hex digits; `empty` before the first commit. Never used twice, not even after a data folder was
            deleted and filled again, so it may be a cache key.
        at: when it was made, timezone-aware; None for the empty snapshot.
        action: import | demo | settings | undo, '' for the empty snapshot.
        batch: the batch accepted, or the batch undone.
        actor: who did it.
        versions: Delta version of every table that exists in this snapshot.
        note: free text for the history.
        parent: id of the snapshot before it.
        number: 1 for the first commit, counting up.
    """

    id: str = EMPTY_ID
    at: datetime | None = None
    action: str = ""
    batch: str = ""
    actor: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    parent: str = ""
    number: int = 0

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file that is live in a snapshot, with the constants of its rows.

    The constants (hospital, period, _batch, _source, _file) are Delta partition values: they need not be columns
    of the file. The path holds three of them as Hive folders
    (`hospital=H1/period=202503/_batch=1f2e3d4c/00.parquet`, percent-encoded), so DuckDB can prune by them:
    `read_parquet(paths, hive_partitioning=true, hive_types={hospital: VARCHAR, period: INTEGER, _batch: VARCHAR})`.
    `_source` and `_file` are added by whoever reads, per file.

    Attributes:
        path: absolute path on disk.
        hospital, period, batch, source, file: the constants; `period` is yyyymm, 0 for dictionaries; `file` is the
            original's name as the person knows it.
        rows: number of rows. bytes: size on disk.
    """

    path: Path
    hospital: str
    period: int
    batch: str
    source: str
    file: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file written by a reading, about to be adopted by a table (linked or copied, not rewritten).

    Attributes:
        path: where it lies now; it stays there, unchanged, whatever becomes of the commit.
        others: see DataFile. `name`: what the file is called inside its slot, digits and letters only.
    """

    path: Path
    hospital: str
    period: int
    batch: str
    source: str
    file: str
    name: str
