"""What a hospital decided for itself: profile, allocation policy, department aliases, remembered headings.

Every change is a batch of its own with a snapshot of its own, so it is part of the snapshot id, listed in the history
and undone like an import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq

from core.batch.accept import new_batch_id
from core.intake.reading import Memory, Plan
from core.store import Snapshot, Store

PROFILE, ALLOCATION = "profile", "allocation"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the hospital is. `beds` is the number of open beds, None if not given."""

    name_zh: str = ""
    name_en: str = ""
    beds: int | None = None

    def name(self, lang: str, code: str = "") -> str:
        """The name in `lang`, else in the other language, else `code`."""
        first, second = (self.name_zh, self.name_en) if lang == "zh" else (self.name_en, self.name_zh)
        return first or second or code


@dataclass(frozen=True, slots=True)
class DeptAlias:
    """A department as files write it, and the code it means. how: confirmed | repaired; `batch`: where it came from."""

    raw_code: str
    raw_name: str
    dept_code: str
    how: str
    by: str
    at: datetime
    batch: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A remembered plan for files of one heading shape."""

    shape: str
    extract: str
    plan: Plan
    by: str
    at: datetime
    batch: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a hospital decided, as of one snapshot.

    Attributes:
        allocation: the allocation policy as JSON data, None for the statutory default.
        other: further settings by key, as JSON data.
    """

    hospital: str
    profile: Profile = field(default_factory=Profile)
    allocation: Mapping[str, Any] | None = None
    aliases: tuple[DeptAlias, ...] = ()
    headings: tuple[Heading, ...] = ()
    other: Mapping[str, Any] = field(default_factory=dict)


def get_settings(store: Store, snapshot: Snapshot, hospital: str) -> Settings:
    """The settings of `hospital` in `snapshot`; defaults where nothing was decided."""
    values = {
        row["key"]: json.loads(row["json"])
        for row in store.records(snapshot, "settings")
        if row["hospital"] == hospital
    }
    aliases = [
        DeptAlias(**{name: row[name] for name in _ALIAS}, batch=row["_batch"])
        for row in store.records(snapshot, "dept_alias")
        if row["hospital"] == hospital
    ]
    headings = [
        Heading(row["shape"], row["extract"], json.loads(row["plan"]), row["by"], row["at"], row["_batch"])
        for row in store.records(snapshot, "heading_memory")
        if row["hospital"] == hospital
    ]
    return Settings(
        hospital,
        Profile(**values.pop(PROFILE, {})),
        values.pop(ALLOCATION, None),
        tuple(sorted(aliases, key=lambda alias: (alias.raw_code, alias.raw_name))),
        tuple(sorted(headings, key=lambda heading: (heading.extract, heading.shape))),
        values,
    )


_ALIAS = ("raw_code", "raw_name", "dept_code", "how", "by", "at")


def set_profile(store: Store, hospital: str, profile: Profile, *, actor: str, at: datetime) -> Snapshot:
    """Say who the hospital is."""
    if profile.beds is not None and profile.beds < 0:
        raise ValueError("beds cannot be fewer than none")
    return set_value(store, hospital, PROFILE, asdict(profile), actor=actor, at=at)


def set_allocation(
    store: Store, hospital: str, policy: Mapping[str, Any] | None, *, actor: str, at: datetime
) -> Snapshot:
    """Choose the allocation policy (its JSON data); None goes back to the statutory default."""
    return set_value(store, hospital, ALLOCATION, policy, actor=actor, at=at)


def set_value(store: Store, hospital: str, key: str, value: Any, *, actor: str, at: datetime) -> Snapshot:
    """Set any small setting to JSON data, or take it away with None. Setting what is set already changes nothing."""
    return change_value(store, hospital, key, lambda _: value, actor=actor, at=at)


def change_value(
    store: Store, hospital: str, key: str, change: Callable[[Any], Any], *, actor: str, at: datetime
) -> Snapshot:
    """Set a setting to `change` of what it is (None where nothing is set), read and written under one lock, so that
    two people who change different parts of it at once both keep theirs."""

    def made(held: Mapping[tuple[str, ...], Any]) -> list[dict[str, Any]]:
        before = held.get((key,))
        value = change(None if before is None else json.loads(before))
        text = None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
        return [{"hospital": hospital, "key": key, "json": text, "by": actor, "at": at}]

    return _write(store, hospital, "settings", made, key, actor, at)


def set_aliases(
    store: Store,
    hospital: str,
    aliases: Iterable[tuple[str, str, str]],
    *,
    actor: str,
    at: datetime,
    how: str = "confirmed",
) -> Snapshot:
    """Say which department (raw code, raw name) means; an existing alias of the same text is replaced."""
    rows = [
        {
            "hospital": hospital,
            "raw_code": code,
            "raw_name": name,
            "dept_code": means,
            "how": how,
            "by": actor,
            "at": at,
        }
        for code, name, means in aliases
    ]
    return _write(store, hospital, "dept_alias", rows, "dept_alias", actor, at)


def drop_aliases(
    store: Store, hospital: str, keys: Iterable[tuple[str, str]], *, actor: str, at: datetime
) -> Snapshot:
    """Forget aliases by (raw code, raw name); rows that relied on them become unmapped, visibly."""
    rows = [
        {
            "hospital": hospital,
            "raw_code": code,
            "raw_name": name,
            "dept_code": None,
            "how": "",
            "by": actor,
            "at": at,
        }
        for code, name in keys
    ]
    return _write(store, hospital, "dept_alias", rows, "dept_alias", actor, at)


def remember_heading(
    store: Store, hospital: str, shape: str, plan: Plan, *, actor: str, at: datetime
) -> Snapshot:
    """Remember a plan for files of this heading shape."""
    text = json.dumps(plan, ensure_ascii=False, sort_keys=True)
    extract = str(plan.get("extract") or "")
    row = {"hospital": hospital, "shape": shape, "extract": extract, "plan": text, "by": actor, "at": at}
    return _write(store, hospital, "heading_memory", [row], "heading_memory", actor, at)


def forget_heading(store: Store, hospital: str, shape: str, *, actor: str, at: datetime) -> Snapshot:
    """Forget the plan for a heading shape; the next file of that shape asks again."""
    row = {"hospital": hospital, "shape": shape, "extract": "", "plan": None, "by": actor, "at": at}
    return _write(store, hospital, "heading_memory", [row], "heading_memory", actor, at)


_KEY = {
    "settings": (("key",), "json"),
    "dept_alias": (("raw_code", "raw_name"), "dept_code"),
    "heading_memory": (("shape",), "plan"),
}


def _write(
    store: Store,
    hospital: str,
    table: str,
    rows: Sequence[dict[str, Any]] | Callable[[Mapping[tuple[str, ...], Any]], Sequence[dict[str, Any]]],
    name: str,
    actor: str,
    at: datetime,
) -> Snapshot:
    """One settings batch with the rows that change anything; without any, the newest snapshot as it is.

    rows: or what makes them from what is held, key -> value, while the lock is held.
    """
    keys, value = _KEY[table]
    with store.writing() as change:
        held = {
            tuple(row[key] for key in keys): row[value]
            for row in store.records(change.base, table)
            if row["hospital"] == hospital
        }
        given = rows(held) if callable(rows) else rows
        fresh = [row for row in given if held.get(tuple(row[key] for key in keys)) != row[value]]
        if not fresh:
            return change.base
        batch = new_batch_id(store, change, name, hospital, actor, at)
        change.log(table, [{**row, "_batch": batch} for row in fresh])
        record = {
            "action": "settings",
            "hospital": hospital,
            "name": name,
            "kind": "settings",
            "sha256": "",
            "bytes": 0,
        }
        what = [{key: row[key] for key in (*keys, value)} for row in fresh]
        text = json.dumps({"changed": what}, ensure_ascii=False)
        change.log(
            "batches", [{**record, "_batch": batch, "at": at, "actor": actor, "note": "", "summary": text}]
        )
        return change.finish(action="settings", batch=batch, actor=actor, at=at, note=name)


def memory(store: Store, snapshot: Snapshot, hospital: str) -> Memory:
    """What the intake should know before it reads a file of `hospital`: dictionaries, aliases, remembered headings."""
    settings = get_settings(store, snapshot, hospital)
    return Memory(
        headings={heading.shape: heading.plan for heading in settings.headings},
        departments=_dictionary(
            store, snapshot, hospital, "dept", ["dept_code", "dept_name", "dept_class", "former_names"]
        ),
        aliases=[[alias.raw_code, alias.raw_name, alias.dept_code] for alias in settings.aliases],
        items=_dictionary(store, snapshot, hospital, "cost_item", ["item_code", "item_name", "item_class"]),
    )


def _dictionary(
    store: Store, snapshot: Snapshot, hospital: str, table: str, columns: Sequence[str]
) -> list[list[str]]:
    """Entries of a dictionary by their first column; where sources differ, the later batch counts."""
    files = [file for file in store.files(snapshot, table) if file.hospital == hospital]
    order = {row["_batch"]: row["seq"] for row in store.records(snapshot, "slots")}
    found: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda file: (order.get(file.batch, 0), str(file.path))):
        for row in pq.read_table(file.path, columns=list(columns)).to_pylist():
            if row[columns[0]]:
                found[row[columns[0]]] = [str(row[column] or "") for column in columns]
    return [found[code] for code in sorted(found)]
