"""Deleting what nobody can come back to, and proving that log, manifests and disk agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.store import log
from core.store.layout import manifest_path, table_dir
from core.store.notes import NoteTable
from core.store.schema import JOURNAL
from core.store.types import Snapshot

if TYPE_CHECKING:
    from core.store.store import Store


def slot_paths(store: Store, row: Mapping[str, Any]) -> set[Path]:
    """Every file, accepted and refused rows alike, that one row of `slots` names."""
    named = [(row["extract"], row["files"]), ("refused", row["refused"])]
    return {
        table_dir(store.root, table) / entry[0] for table, text in named for entry in json.loads(text or "[]")
    }


def needed(store: Store, kept: list[Snapshot]) -> set[Path]:
    """Data files that the snapshots in `kept` hold or that an undo from the newest of them could put back."""
    paths = {
        file.path for snapshot in kept for table in snapshot.versions for file in store.files(snapshot, table)
    }
    for row in store.events(kept[0], "slots") if kept else ():
        paths |= slot_paths(store, row)
    return paths


def vacuum(store: Store, keep_snapshots: int) -> dict[str, int]:
    """See Store.vacuum. Holds the writers' locks, so no file of a commit under way is taken for an orphan."""
    if keep_snapshots < 1:
        raise ValueError("at least the newest snapshot must be kept")
    counted = {"files": 0, "bytes": 0}
    notes = NoteTable(store.root, JOURNAL)
    with store.writing(), notes.locked():
        kept = store.history()[:keep_snapshots]
        keep = needed(store, kept) | {file.path for file in store.snapshots.files()}
        keep |= set(notes.paths())
        keep |= {manifest_path(store.root, t, v) for snapshot in kept for t, v in snapshot.versions.items()}
        found = [path for top in ("tables", "manifests") for path in (store.root / top).rglob("*")]
        for path in [*found, *(store.root / "originals").rglob("*.part")]:
            if path in keep or "_delta_log" in path.parts or not path.is_file():
                continue
            counted["files"] += 1
            counted["bytes"] += path.stat().st_size
            path.unlink()
        _drop_empty_folders(store.root / "tables")
        store.forget()
    return counted


def _drop_empty_folders(top: Path) -> None:
    for folder in sorted(top.rglob("*=*"), key=lambda path: len(path.parts), reverse=True):
        if folder.is_dir():
            with suppress(OSError):  # not empty
                folder.rmdir()


def verify(store: Store) -> list[str]:
    """See Store.verify."""
    problems = []
    newest = store.snapshot()
    for table in store.tables(newest):
        folder = table_dir(store.root, table)
        files = store.files(newest, table)
        logged = {file.path for file in log.live(folder, table)}
        listed = {file.path for file in files}
        if logged != listed:
            problems.append(
                f"{table}: the Delta log holds {len(logged)} files, snapshot {newest.id} holds {len(listed)}"
                " (a commit was interrupted; the next import puts it right)"
            )
        for file in files:
            if not file.path.exists():
                problems.append(f"{table}: {file.path.relative_to(store.root)} is missing")
            elif file.path.stat().st_size != file.bytes:
                problems.append(f"{table}: {file.path.relative_to(store.root)} has changed on disk")
    for folder in (store.root / "tables").glob("*"):
        outside = folder.name.startswith("_")  # not part of any snapshot
        if not outside and folder.name not in newest.versions and log.live(folder, folder.name):
            problems.append(f"{folder.name}: rows without a snapshot (the next import takes them back)")
    return problems
