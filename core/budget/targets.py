"""Versions of a target breakdown: saved in the journal, never overwritten, compared, and put in force as the budget.

    save(store, hospital, tree, name, note, by, at) -> TargetVersion        the next number of the year
    versions(store, hospital, year, depts, items) -> (TargetVersion, ...)   oldest first
    put_in_force(store, hospital, version, by, at) -> Snapshot              its cells as a budget version, in force

Putting in force stores the cells as rows of extract `budget` (an import like any other: in the history, undoable) and
sets the setting `budget` to that version for the year.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch import Decisions, Duplicate, accept
from core.budget.compile import BudgetError
from core.budget.tree import Tree
from core.catalog import catalog
from core.intake.reading import READY, Part, Reading
from core.journal import journal
from core.money import fen_to_yuan
from core.settings import change_value, get_settings
from core.store import Snapshot, Store
from core.store.schema import file_schema
from core.warehouse import open_warehouse

KIND, SETTING = "budget_target", "budget"


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """One saved breakdown. `rules`: limits attached to branches; `standards`: DRG payment standards that changed."""

    number: int
    year: int
    name: str
    note: str
    tree: Tree
    by: str
    at: datetime
    rules: tuple[Mapping[str, Any], ...] = ()
    standards: tuple[Mapping[str, Any], ...] = ()


def save(
    store: Store,
    hospital: str,
    tree: Tree,
    name: str,
    note: str = "",
    *,
    by: str,
    at: datetime,
    rules: Sequence[Mapping[str, Any]] = (),
    standards: Sequence[Mapping[str, Any]] = (),
) -> TargetVersion:
    """Keep a breakdown as the next version of its year; earlier ones stay as they are.

    Raises:
        BudgetError: no name (`no_name`), or one that another version of the year has, saved (`name_taken`) or imported
            (`name_imported`).
    """
    name = name.strip()
    if not name:
        raise BudgetError("no_name")
    _must_be_own(store, hospital, tree.year, name)
    with journal(store).changing(hospital) as writer:
        held = writer.entries(KIND, str(tree.year))
        if any(entry.data["name"] == name for entry in held):
            raise BudgetError("name_taken", name=name)
        number = len(held) + 1
        data = {
            "number": number, "name": name, "note": note.strip(), "cells": tree.plain(), "locked": _locked(tree),
            "rules": [dict(rule) for rule in rules], "standards": [dict(one) for one in standards],
        }  # fmt: skip
        writer.add([(KIND, str(tree.year), data)], by=by, at=at)
    return TargetVersion(number, tree.year, name, note.strip(), tree, by, at, tuple(rules), tuple(standards))


def versions(
    store: Store, hospital: str, year: int, depts: Iterable[tuple[str, str]], items: Iterable[str]
) -> tuple[TargetVersion, ...]:
    """Saved versions of a year, oldest first. Departments that left the dictionary keep their place at the end."""
    known, kinds = tuple(depts), tuple(items)
    found = []
    for entry in journal(store).entries(KIND, hospital, str(year)):
        data = entry.data
        gone = [(code, "unmapped") for code in data["cells"] if code not in dict(known)]
        tree = Tree.of(year, (*known, *gone), kinds, data["cells"])
        for code, by_item in data["locked"].items():
            d = next(i for i, (one, _) in enumerate(tree.depts) if one == code)
            for item, months in by_item.items():
                tree.locked[d, kinds.index(item), [month - 1 for month in months]] = True
        found.append(
            TargetVersion(
                data["number"],
                year,
                data["name"],
                data["note"],
                tree,
                entry.by,
                entry.at,
                tuple(data["rules"]),
                tuple(data["standards"]),
            )
        )
    return tuple(found)


def in_force(store: Store, snapshot: Snapshot, hospital: str) -> dict[int, str]:
    """Year -> the version the hospital put in force; years without a choice follow the rule of stg_budget."""
    held = get_settings(store, snapshot, hospital).other.get(SETTING) or {}
    return {int(year): str(name) for year, name in held.get("in_force", {}).items()}


def put_in_force(
    store: Store, hospital: str, version: TargetVersion, *, by: str, at: datetime, direction: str = "cost"
) -> Snapshot:
    """Make a saved version the budget of its year.

    Every department and item of the tree is written, also those of 0, so that nothing of an older version remains in
    force beneath it.

    Raises:
        BudgetError: the version holds nothing (`nothing`), or a file brought a budget of the same name (`name_imported`).
    """
    if not version.tree.fen():
        raise BudgetError("nothing", name=version.name)
    _must_be_own(store, hospital, version.year, version.name)
    with tempfile.TemporaryDirectory() as work:
        reading = _reading(Path(work), version, direction)
        decided = Decisions(sources={"budget": f"{version.name} V{version.number}"})
        # Put in force before: its rows are there already.
        with contextlib.suppress(Duplicate):
            accept(store, reading, decided, hospital=hospital, actor=by, at=at, original=None)
    return choose(store, hospital, version.year, version.name, by=by, at=at)


def _must_be_own(store: Store, hospital: str, year: int, name: str) -> None:
    """A name that imported lines of the year have would add them to the breakdown. Its own source begins with its name."""
    found = open_warehouse(store).query(
        "select 1 from stg_budget where hospital = ? and period // 100 = ? and version = ? "
        "and not starts_with(_source, ?) limit 1",
        (hospital, year, name, f"{name} V"),
    )
    if found:
        raise BudgetError("name_imported", name=name)


def choose(store: Store, hospital: str, year: int, name: str | None, *, by: str, at: datetime) -> Snapshot:
    """Say which stored version of a year is in force; None goes back to the rule.

    For a department, month and direction that the version names, nothing of another version stays in force.
    """

    def chosen(before: Any) -> dict[str, Any]:
        held = dict(before or {})
        others = {key: value for key, value in held.get("in_force", {}).items() if key != str(year)}
        return {**held, "in_force": others if name is None else {**others, str(year): name}}

    return change_value(store, hospital, SETTING, chosen, actor=by, at=at)


def _locked(tree: Tree) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for d, (code, _) in enumerate(tree.depts):
        for i, item in enumerate(tree.items):
            months = [m + 1 for m in range(12) if tree.locked[d, i, m]]
            if months:
                found.setdefault(code, {})[item] = months
    return found


def _reading(work: Path, version: TargetVersion, direction: str) -> Reading:
    """The cells as the intake would hand them over: one file a month, one row a department and item."""
    tree, labels = version.tree, _labels(direction)
    folder = work / "rows"
    folder.mkdir()
    schema = file_schema(catalog().extracts["budget"])
    count, total = 0, Decimal(0)
    periods = [version.year * 100 + month for month in range(1, 13)]
    for m, period in enumerate(periods):
        rows: list[dict[str, Any]] = []
        for d, (code, _) in enumerate(tree.depts):
            for i, item in enumerate(tree.items):
                amount = fen_to_yuan(int(tree.cells[d, i, m]))
                rows.append(
                    {
                        "dept_code": code,
                        "item_name": labels[item],
                        "direction": direction,
                        "version": version.name,
                        "amount": amount,
                        "_sheet": str(m + 1),
                        "_row": len(rows) + 1,
                        "_col": "",
                    }
                )
                total += amount
        count += len(rows)
        pq.write_table(
            pa.Table.from_pylist([{n: r.get(n) for n in schema.names} for r in rows], schema),
            folder / f"{period}.parquet",
        )
    digest = hashlib.sha256(
        json.dumps([version.name, version.number, tree.plain()], sort_keys=True).encode()
    ).hexdigest()
    part = Part(
        sheet="", extract="budget", status=READY, shape="budget-target", rows_read=count, periods=periods,
        rows_accepted=count, amount_read=total, amount_accepted=total, rows_path=folder,
    )  # fmt: skip
    return Reading(f"{version.name} V{version.number}", digest, count, "target", "", READY, [part])


def _labels(direction: str) -> dict[str, str]:
    return catalog().labels("charge_classes" if direction == "income" else "cost_items", "zh")
