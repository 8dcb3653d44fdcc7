"""Accepting a file: one batch, several tables, one snapshot."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.batch.effect import Outlook, look
from core.batch.history import batch_of
from core.batch.refused import adopt_refused
from core.batch.slots import Slot, by_extract, fill_of, standing, written
from core.batch.types import Batch, Decisions, Differs, Duplicate, NeedsDecision
from core.intake.reading import NEEDS_DECISION, READY, Reading
from core.issue import Issue
from core.store import DataFile, NewFile, Store, StoreError
from core.store.commit import Commit


def accept(
    store: Store,
    reading: Reading,
    decisions: Decisions | None = None,
    *,
    hospital: str,
    actor: str,
    at: datetime,
    original: Path | None,
    action: str = "import",
) -> Batch:
    """Store what was read, in one snapshot: rows, refused rows, the original file, and what was confirmed on the way.

    Each hospital-month of the file replaces what its extract and source held for that month, and nothing else.

    Args:
        at: now, with a time zone. actor: who accepts.
        original: the file as it was uploaded; must still have the bytes that were read. None only for rows that
            never were a file.
        action: import | demo.

    Raises:
        NeedsDecision: a part of the file, or the source of an extract, is undecided.
        Duplicate: exactly this is stored already (`decisions.again` stores it all the same).
        Differs: the rows do not add up to what was read.
        StoreError: there is nothing to store, or the file changed since it was read.
        OSError: the disk is full. In every case the store is as it was.
    """
    decided = decisions or Decisions()
    _must_be_ready(reading)
    with store.writing() as change, ThreadPoolExecutor(1) as pool:
        kept: Future[Path] | None = None
        if original is not None:
            kept = pool.submit(change.keep_original, original, reading.sha256, _read_at(reading))
        outlook = look(store, change.base, reading, decided, hospital)
        _must_be_new(store, outlook, decided)
        _must_add_up(reading, outlook)
        batch = new_batch_id(store, change, reading.sha256, hospital, actor, at)
        rows = _put_rows(store, change, outlook, batch, reading.file)
        refused = adopt_refused(
            change, reading, {row["extract"]: row["source"] for row in rows}, hospital, batch
        )
        for row in rows:
            mine = refused.of(row["extract"], row["period"])
            row["refused"] = written(store, "refused", mine)
            row["refused_rows"] = refused.rows(row["extract"], row["period"])
        _swap_refused(store, change, outlook, refused.files)
        change.log("slots", rows)
        _remember(change, decided, batch, hospital, actor, at)
        change.log("batches", [_record(reading, rows, decided, batch, hospital, actor, at, action)])
        if kept is not None:
            kept.result()
        snapshot = change.finish(action=action, batch=batch, actor=actor, at=at, note=decided.note)
    return batch_of(store, snapshot, batch)


def _read_at(reading: Reading) -> int | None:
    """When the first of the rows was being written, in nanoseconds since 1970."""
    paths = [path for files in by_extract(reading).values() for _, path in files]
    return min((path.stat().st_mtime_ns for path in paths), default=None)


def _must_be_ready(reading: Reading) -> None:
    waiting = [part.sheet for part in reading.parts if part.status == NEEDS_DECISION]
    if waiting:
        raise NeedsDecision(f"{reading.file}: {', '.join(waiting)} must be decided first")
    if reading.status != READY:
        raise StoreError(f"{reading.file}: nothing in it can be stored ({reading.status})")


def _must_be_new(store: Store, outlook: Outlook, decided: Decisions) -> None:
    open_choices = [choice for choice in outlook.sources if not choice.decided]
    if open_choices:
        named = "; ".join(f"{c.extract}: {c.source}?" for c in open_choices)
        raise NeedsDecision(f"say which source the rows belong to ({named})")
    if not outlook.slots:
        raise StoreError("no row of the file can be stored")
    if outlook.duplicate_of and not decided.again:
        raise Duplicate(f"stored already as batch {outlook.duplicate_of}", outlook.duplicate_of)


def _must_add_up(reading: Reading, outlook: Outlook) -> None:
    """The files about to be stored hold the rows and the amount that a person was shown, to the last digit."""
    for extract in sorted({entry.slot.extract for entry in outlook.slots}):
        parts = [p for p in reading.parts if p.extract == extract and p.status == READY and p.rows_path]
        entries = [entry for entry in outlook.slots if entry.slot.extract == extract]
        rows = sum(part.rows_accepted for part in parts), sum(entry.rows for entry in entries)
        amounts = (
            sum((part.amount_accepted for part in parts), Decimal(0)),
            sum((entry.measure or Decimal(0) for entry in entries), Decimal(0)),
        )
        for read, found in (rows, amounts):
            if read != found:
                raise Differs(
                    Issue(
                        "reader_sums",
                        params={"read": f"{read:,}", "written": f"{found:,}"},
                        file=reading.file,
                    )
                )


def new_batch_id(store: Store, change: Commit, what: str, hospital: str, actor: str, at: datetime) -> str:
    """Eight hex digits that no batch of the store has."""
    taken = {row["_batch"] for row in store.events(change.base, "batches")}
    salt = 0
    while True:
        text = json.dumps([change.base.id, what, hospital, actor, at.isoformat(), salt])
        found = hashlib.sha256(text.encode()).hexdigest()[:8]
        if found not in taken:
            return found
        salt += 1


def _put_rows(store: Store, change: Commit, outlook: Outlook, batch: str, name: str) -> list[dict[str, Any]]:
    rows = []
    for entry in outlook.slots:
        slot = entry.slot
        placed = [
            change.adopt(
                slot.extract,
                NewFile(path, slot.hospital, slot.period, batch, slot.source, name, f"{number:03}"),
            )
            for number, path in enumerate(entry.paths)
        ]
        fill = outlook.before.get(slot)
        if fill:
            change.take_out(slot.extract, fill.files)
        rows.append(
            {
                "_batch": batch,
                "extract": slot.extract,
                "hospital": slot.hospital,
                "period": slot.period,
                "source": slot.source,
                "rows": entry.rows,
                "measure": entry.measure,
                "refused_rows": 0,
                "files": written(store, slot.extract, placed),
                "refused": "[]",
            }
        )
    return rows


def _swap_refused(store: Store, change: Commit, outlook: Outlook, fresh: list[DataFile]) -> None:
    """Refused rows go with their slots: they count as long as the batch they came with fills the slot."""
    filled = standing(store, change.base)
    mine: set[Slot] = {entry.slot for entry in outlook.slots}
    stay = {
        file.path for slot, row in filled.items() if slot not in mine for file in fill_of(store, row).refused
    }
    stay |= {file.path for file in fresh}
    gone = [file for file in store.files(change.base, "refused") if file.path not in stay]
    if gone:
        change.take_out("refused", gone)


def _remember(
    change: Commit, decided: Decisions, batch: str, hospital: str, actor: str, at: datetime
) -> None:
    said = {"_batch": batch, "hospital": hospital, "by": actor, "at": at}
    aliases = [
        {**said, "raw_code": a.raw_code, "raw_name": a.raw_name, "dept_code": a.dept_code, "how": a.how}
        for a in decided.aliases
    ]
    headings = [
        {
            **said,
            "shape": shape,
            "extract": str(plan.get("extract") or ""),
            "plan": json.dumps(plan, ensure_ascii=False),
        }
        for shape, plan in decided.headings.items()
    ]
    if aliases:
        change.log("dept_alias", aliases)
    if headings:
        change.log("heading_memory", headings)


def _record(
    reading: Reading,
    rows: list[dict[str, Any]],
    decided: Decisions,
    batch: str,
    hospital: str,
    actor: str,
    at: datetime,
    action: str,
) -> dict[str, Any]:
    ready = [part for part in reading.parts if part.status == READY and part.extract]
    uses = {(d.raw_code, d.raw_name) for part in ready for d in part.departments if d.dept_code}
    sources = {row["extract"]: row["source"] for row in rows}
    summary = {
        "sources": sources,
        "shapes": sorted({(part.extract or "", part.shape) for part in ready if part.shape}),
        "uses": sorted(uses),
        "refused": {
            extract: sum(p.rows_refused for p in ready if p.extract == extract) for extract in sources
        },
    }
    return {
        "_batch": batch,
        "action": action,
        "hospital": hospital,
        "name": reading.file,
        "sha256": reading.sha256,
        "bytes": reading.bytes,
        "kind": reading.kind,
        "at": at,
        "actor": actor,
        "note": decided.note,
        "summary": json.dumps(summary, ensure_ascii=False),
        "reading": json.dumps(reading.to_dict(), ensure_ascii=False),
    }
