"""The store: snapshots of Delta tables, and the one way to change them.

Layout of a data folder:

    tables/<table>/            Delta tables, one per extract and internal table
    tables/_snapshots/         the list of snapshots; one row appended is what makes a commit visible
    manifests/<table>/<v>.json live files of table version v, so that readers replay no log
    originals/<2>/<sha256>     uploaded files under their hash
    .lock                      held by the one writer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.store.types import DataFile, Snapshot


class Store:
    """A data folder. Opening one touches nothing; the folder may not exist yet. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def snapshot(self, id: str | None = None) -> Snapshot:
        """The newest snapshot, or the one called `id` (a unique beginning is enough).

        A store without commits has the empty snapshot (id `empty`).

        Raises:
            SnapshotGone: `id` is unknown or its files were vacuumed.
        """
        raise NotImplementedError

    def history(self) -> list[Snapshot]:
        """Every snapshot, newest first."""
        raise NotImplementedError

    def tables(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Names of the tables that exist in `snapshot`."""
        raise NotImplementedError

    def files(self, snapshot: Snapshot, table: str) -> tuple[DataFile, ...]:
        """Live files of `table`, sorted by hospital, period, source and path; () if the table has none yet."""
        raise NotImplementedError

    def schema(self, table: str) -> pa.Schema:
        """Columns of `table` as a Delta reader sees them (constants included), known before any row is stored."""
        raise NotImplementedError

    def records(self, snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
        """Rows of a small internal table (batches, slots, dept_alias, heading_memory, settings) that count in
        `snapshot`, in the order they came; what undone batches brought is left out (except in `batches`)."""
        raise NotImplementedError

    def fingerprint(self, snapshot: Snapshot, tables: Iterable[str], hospital: str, period: int) -> str:
        """Sixteen hex digits that change when, and only when, something that feeds one hospital-month changes:
        the files of `tables` for that month and for period 0, the hospital's settings and department aliases."""
        raise NotImplementedError

    def original(self, sha256: str) -> Path:
        """Where the uploaded file with this hash lies.

        Raises:
            StoreError: not a hash, or nothing stored under it.
        """
        raise NotImplementedError

    def vacuum(self, keep_snapshots: int = 100) -> Mapping[str, int]:
        """Delete files that neither the newest `keep_snapshots` snapshots nor any possible undo needs.

        Returns {'files': how many, 'bytes': how much}. Older snapshots are gone afterwards (SnapshotGone).
        """
        raise NotImplementedError

    def verify(self) -> list[str]:
        """Problems between Delta log, manifests and disk, in plain words; [] when all is well."""
        raise NotImplementedError
