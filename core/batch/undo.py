"""Taking a batch back: any batch, at any time, in any order.

What fills a slot is always the batch accepted last among those not undone. So undoing a batch that was replaced since
changes no figure, but keeps it from coming back when its replacement is undone too.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from core.batch.history import batch_of
from core.batch.slots import Slot, fill_of, slot_of, standing
from core.batch.types import UNDONE
from core.store import DataFile, Snapshot, Store, StoreError
from core.store.commit import Commit


def undo(store: Store, batch: str, *, actor: str, at: datetime, note: str = "") -> Snapshot:
    """Take `batch` back: each month it fills gets again what the newest earlier batch held, or nothing.

    What a person confirmed with the batch (departments, headings) goes with it, unless another batch that still
    stands relies on it. Nothing is deleted; older snapshots read as before.

    Raises:
        StoreError: there is no such batch, or it was undone before.
    """
    with store.writing() as change:
        found = batch_of(store, change.base, batch)
        if found.status == UNDONE:
            raise StoreError(f"batch {found.id} was undone already, by {found.undone_by}")
        _put_back_slots(store, change, found.id)
        _keep_what_others_use(store, change, found.id, found.hospital, actor, at)
        row = {"_batch": found.id, "action": "undo", "hospital": found.hospital, "name": found.name}
        change.log("batches", [{**row, "at": at, "actor": actor, "note": note}])
        return change.finish(action="undo", batch=found.id, actor=actor, at=at, note=note)


def _put_back_slots(store: Store, change: Commit, batch: str) -> None:
    now = standing(store, change.base)
    earlier: dict[Slot, dict[str, Any]] = {}
    for row in store.events(change.base, "slots"):
        if row["_batch"] != batch:
            earlier[slot_of(row)] = row
    after = {slot: row for slot, row in now.items() if row["_batch"] != batch}
    for slot, row in now.items():
        if row["_batch"] != batch:
            continue
        change.take_out(slot.extract, fill_of(store, row).files)
        if slot in earlier:
            after[slot] = earlier[slot]
            change.put_back(slot.extract, fill_of(store, earlier[slot]).files)
    want: dict[Any, DataFile] = {
        file.path: file
        for row in after.values()
        if row["refused"] != "[]"
        for file in fill_of(store, row).refused
    }
    have = {file.path: file for file in store.files(change.base, "refused")}
    if gone := [file for path, file in have.items() if path not in want]:
        change.take_out("refused", gone)
    if back := [file for path, file in want.items() if path not in have]:
        change.put_back("refused", back)


def _keep_what_others_use(
    store: Store, change: Commit, batch: str, hospital: str, actor: str, at: datetime
) -> None:
    undone = store.undone(change.base) | {batch}
    shapes: set[str] = set()
    departments: set[tuple[str, str]] = set()
    for row in store.events(change.base, "batches"):
        if row["_batch"] in undone or row["hospital"] != hospital or not row["summary"]:
            continue
        summary = json.loads(row["summary"])
        shapes |= {shape for _, shape in summary.get("shapes", [])}
        departments |= {(code, name) for code, name in summary.get("uses", [])}
    for table in ("dept_alias", "heading_memory"):
        kept = []
        for row in store.records(change.base, table):
            used = row["shape"] in shapes if table == "heading_memory" else False
            if table == "dept_alias":
                used = (row["raw_code"], row["raw_name"]) in departments
            if row["_batch"] == batch and row["hospital"] == hospital and used:
                kept.append({**{name: row[name] for name in row if name != "seq"}, "_batch": ""})
        if kept:
            change.log(table, kept)
