"""The live files of one table version, as one small JSON file, so that opening a snapshot replays no Delta log.

The Delta log stays the truth: a lost manifest is rebuilt from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from core.store import log
from core.store.layout import manifest_path, table_dir, write_atomic
from core.store.types import DataFile, SnapshotGone


def order(file: DataFile) -> tuple[str, int, str, str]:
    """Files are listed by hospital, period, source and path, whoever lists them."""
    return (file.hospital, file.period, file.source, str(file.path))


def write(root: Path, table: str, version: int, files: Iterable[DataFile]) -> None:
    """Keep the list of live files of a table version."""
    folder = table_dir(root, table)
    rows = [
        [log.relative(folder, f.path), f.hospital, f.period, f.batch, f.source, f.file, f.rows, f.bytes]
        for f in sorted(files, key=order)
    ]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    write_atomic(manifest_path(root, table, version), data)


def read(root: Path, table: str, version: int) -> tuple[DataFile, ...]:
    """Live files of a table version.

    Raises:
        SnapshotGone: neither manifest nor Delta log knows the version any more.
    """
    folder = table_dir(root, table)
    try:
        rows = json.loads(manifest_path(root, table, version).read_bytes())
    except FileNotFoundError:
        if not log.log_file(folder, version).exists():
            raise SnapshotGone(f"version {version} of {table} is gone; open a newer snapshot") from None
        files = tuple(sorted(log.live(folder, table, version), key=order))
        if not all(file.path.exists() for file in files):
            raise SnapshotGone(
                f"files of version {version} of {table} were vacuumed; open a newer snapshot"
            ) from None
        return files
    return tuple(DataFile(folder / row[0], *row[1:]) for row in rows)
