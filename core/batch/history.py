"""Which batches there are and what became of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from core.batch.slots import slot_of, standing
from core.batch.types import LIVE, PARTLY, SUPERSEDED, UNDONE, Batch, BatchPart
from core.store import Snapshot, Store, StoreError


def history(store: Store, snapshot: Snapshot | None = None, hospital: str | None = None) -> list[Batch]:
    """Every batch as of `snapshot` (the newest by default), newest first; of one hospital if one is given."""
    snapshot = snapshot or store.snapshot()
    events = store.events(snapshot, "batches")
    undone = {row["_batch"]: row for row in events if row["action"] == "undo"}
    filled: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in store.events(snapshot, "slots", undone=True):
        filled[row["_batch"]].append(row)
    now = {(slot, row["_batch"]) for slot, row in standing(store, snapshot).items()}
    made = {entry.batch: entry.id for entry in store.history() if entry.action != "undo"}
    found = []
    for row in reversed(events):
        if row["action"] == "undo" or (hospital is not None and row["hospital"] != hospital):
            continue
        taken = undone.get(row["_batch"])
        slots = filled[row["_batch"]]
        alive = sum((slot_of(slot), row["_batch"]) in now for slot in slots)
        status = UNDONE if taken else LIVE if alive == len(slots) else PARTLY if alive else SUPERSEDED
        kept = ("action", "hospital", "name", "sha256", "bytes", "kind", "at", "actor", "note")
        found.append(
            Batch(
                id=row["_batch"],
                **{name: row[name] for name in kept},
                status=status,
                parts=_parts(slots, now, json.loads(row["summary"] or "{}").get("refused", {})),
                snapshot=made.get(row["_batch"], ""),
                undone_by=taken["actor"] if taken else "",
                undone_at=taken["at"] if taken else None,
            )
        )
    return found


def _parts(
    slots: list[dict[str, Any]], now: set[tuple[Any, str]], refused: Mapping[str, int]
) -> tuple[BatchPart, ...]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in slots:
        grouped[row["extract"], row["source"]].append(row)
    parts = []
    for (extract, source), rows in sorted(grouped.items()):
        sums = [row["measure"] for row in rows if row["measure"] is not None]
        parts.append(
            BatchPart(
                extract,
                source,
                tuple(sorted(row["period"] for row in rows)),
                tuple(sorted(row["period"] for row in rows if (slot_of(row), row["_batch"]) in now)),
                sum(row["rows"] for row in rows),
                refused.get(extract, 0),
                sum(sums[1:], sums[0]) if sums else None,
            )
        )
    return tuple(parts)


def batch_of(store: Store, snapshot: Snapshot, batch: str) -> Batch:
    """One batch by its id or the beginning of it.

    Raises:
        StoreError: none, or more than one, begins so.
    """
    found = [entry for entry in history(store, snapshot) if entry.id.startswith(batch)] if batch else []
    if len(found) != 1:
        why = "is not clear" if found else "does not exist"
        raise StoreError(f"batch {batch!r} {why}; `history` lists them")
    return found[0]
