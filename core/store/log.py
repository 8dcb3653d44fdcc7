"""Delta commits that only touch metadata: files are put in place beforehand, one commit adds and removes them.

Checkpoints are written apart from commits (`checkpoint`), so that a commit has either landed or not: a checkpoint that
fails on a full disk must not look like a failed commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import DeltaError
from deltalake.transaction import (
    AddAction,
    PostCommitHookProperties,
    RemoveAction,
    create_table_with_add_actions,
)

from core.store.layout import sync
from core.store.schema import PARTITION, partition_of, table_schema
from core.store.types import DataFile, StoreError

CHECKPOINT_EVERY = 20
# An outside VACUUM would otherwise delete after a week the files that an undo puts back.
_CONFIGURATION: dict[str, str | None] = {
    "delta.deletedFileRetentionDuration": "interval 3650 days",
    "delta.enableExpiredLogCleanup": "false",
    "delta.checkpointInterval": "1000000",
}
_NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


def log_file(folder: Path, version: int) -> Path:
    """The commit file whose existence means that `version` exists."""
    return folder / "_delta_log" / f"{version:020}.json"


def latest_version(folder: Path, known: int = -1) -> int:
    """Newest version of the table in `folder`, -1 if there is none. `known` is a version that is sure to exist."""
    if known < 0:
        with suppress(FileNotFoundError):
            names = [path.name for path in (folder / "_delta_log").iterdir()]
            known = max((int(n[:20]) for n in names if n.endswith(".json") and n[:20].isdigit()), default=-1)
    while log_file(folder, known + 1).exists():
        known += 1
    return known


def relative(folder: Path, path: Path) -> str:
    """The path Delta knows a file by."""
    return str(path)[len(str(folder)) + 1 :]


def _partition(table: str, file: DataFile) -> dict[str, str | None]:
    values = (file.hospital, str(file.period), file.batch, file.source, file.file)
    return dict(zip(PARTITION, values, strict=True)) if partition_of(table) else {}


def commit(
    folder: Path,
    table: str,
    add: Sequence[DataFile],
    remove: Sequence[DataFile],
    millis: int,
    known: int = -1,
) -> int:
    """One Delta commit; creates the table if it is not there. Returns the new version.

    `millis` is the time of the commit in milliseconds since 1970, `known` the version the caller believes newest.

    Raises:
        StoreError, OSError: the table could not be written.
    """
    try:
        return _commit(folder, table, add, remove, millis, known)
    except DeltaError as problem:
        raise StoreError(f"table {table} could not be written: {problem}") from problem


def _commit(
    folder: Path, table: str, add: Sequence[DataFile], remove: Sequence[DataFile], millis: int, known: int
) -> int:
    adds = [
        AddAction(
            relative(folder, file.path),
            file.bytes,
            _partition(table, file),
            millis,
            True,
            json.dumps({"numRecords": file.rows}),
        )
        for file in add
    ]
    wanted, keys = table_schema(table), partition_of(table)
    if latest_version(folder, known) < 0:
        folder.mkdir(parents=True, exist_ok=True)
        create_table_with_add_actions(
            str(folder),
            _delta_schema(wanted),
            adds,
            partition_by=keys,
            configuration=_CONFIGURATION,
            post_commithook_properties=_NO_HOOKS,
        )
    else:
        handle = DeltaTable(folder)
        have = {field.name for field in handle.schema().fields}
        missing = [field for field in _delta_schema(wanted).fields if field.name not in have]
        if missing:  # a definition gained a column since the table was made
            handle.alter.add_columns(missing, post_commithook_properties=_NO_HOOKS)
        removes = [
            RemoveAction(relative(folder, file.path), True, millis, file.bytes, _partition(table, file))
            for file in remove
        ]
        handle.create_write_transaction(
            [*adds, *removes], "append", handle.schema(), keys, post_commithook_properties=_NO_HOOKS
        )
    version = latest_version(folder, max(known, 0))
    sync([log_file(folder, version), folder / "_delta_log"])
    return version


def _delta_schema(schema: pa.Schema) -> DeltaSchema:
    return DeltaSchema.from_arrow(schema)


def live(folder: Path, table: str, version: int | None = None) -> tuple[DataFile, ...]:
    """Live files according to the Delta log itself; slow, for healing and for `verify`."""
    if latest_version(folder) < 0:
        return ()
    rows = pa.table(DeltaTable(folder, version=version).get_add_actions(flatten=True)).to_pylist()
    found = []
    for row in rows:
        values = {name: row.get(f"partition.{name}") for name in PARTITION}
        found.append(
            DataFile(
                folder / unquote(row["path"]),
                values["hospital"] or "",
                int(values["period"] or 0),
                values["_batch"] or "",
                values["_source"] or "",
                values["_file"] or "",
                int(row["num_records"] or 0),
                int(row["size_bytes"]),
            )
        )
    return tuple(found)


def paths(folder: Path, version: int | None = None) -> list[Path]:
    """Live files of a version, else the newest, without their constants."""
    prefix = "file://"
    return [Path(uri.removeprefix(prefix)) for uri in DeltaTable(folder, version=version).file_uris()]


def checkpoint(folder: Path, versions: Iterable[int]) -> None:
    """Write a checkpoint if one is due. Only ever speeds up outside readers, so a failure is of no consequence."""
    if any(version % CHECKPOINT_EVERY == 0 and version for version in versions):
        with suppress(DeltaError, OSError):
            DeltaTable(folder).create_checkpoint()
