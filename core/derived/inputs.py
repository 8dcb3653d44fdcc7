"""From a month (and a scenario) to what the allocation kernel takes: inputs and policy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.allocation import UNMAPPED, AllocationInputs, Policy, Step
from core.catalog import catalog
from core.derived.drivers import build_drivers
from core.derived.month import Month, read_month
from core.scenario import EMPTY, Scenario
from core.staging import Staging

SETTING = "allocation"


def policy_of(staging: Staging, hospital: str) -> Policy:
    """The hospital's allocation policy: its setting `allocation`, else step-down in its own order where it has one,
    else the statutory three steps.

    Raises:
        PolicyError: the stored setting cannot be understood.
    """
    stored = ""
    for record in staging.store.records(staging.snapshot, "settings"):
        if record["hospital"] == hospital and record["key"] == SETTING:
            stored = record["json"] or ""
    if stored:
        return Policy.from_json(stored)
    own = any(file.hospital == hospital for file in staging.files["alloc_step"])
    return Policy(method="step_down" if own else "three_step")


def own_order(month: Month, items: tuple[str, ...]) -> tuple[Step, ...]:
    """The hospital's own steps over the items of the inputs. A step that names an item nobody books means the
    statutory item it belongs to; a step without item gives everything."""
    made: dict[tuple[float, str, str], set[str]] = {}
    for level, source, item_code, item_class, param in month.steps:
        item = item_code if item_code in items else item_class
        made.setdefault((float(level), source, param), set()).add(item)
    return tuple(
        Step(source, param, () if "" in wanted else tuple(sorted(wanted)), level)
        for (level, source, param), wanted in sorted(made.items())
    )


def complete_policy(policy: Policy, month: Month, inputs: AllocationInputs) -> Policy:
    """`policy` with the hospital's own steps where it is a step-down without an order of its own."""
    if policy.method != "step_down" or policy.order or not month.steps:
        return policy
    steps = own_order(month, inputs.items)
    return replace(policy, order=steps, reopen=True)


def steps_in_force(staging: Staging, hospital: str, period: int, policy: Policy) -> tuple[Step, ...]:
    """The steps a step-down would run in this month: the policy's own, else the hospital's step table, else every
    admin, auxiliary and technical department once, by class and code."""
    month = read_month(staging, hospital, period)
    complete = complete_policy(policy, month, build_inputs(month))
    if complete.order:
        return complete.order
    ranked = ("admin", "auxiliary", "technical")
    return tuple(
        Step(code) for kind in ranked for code, named in sorted(month.departments.items()) if named == kind
    )


def fine_items(month: Month) -> tuple[str, ...]:
    """Items that are allocated by themselves: those the hospital's steps or parameters name and somebody books, or
    that money arrives as."""
    classes = set(catalog().names("cost_items"))
    booked = set(month.tables["month_direct"].column("item").to_pylist())
    arriving = {arrives for _, _, _, _, arrives, _, _, _ in month.params if arrives}
    return tuple(sorted((booked | arriving) - classes))


def item_classes(month: Month) -> dict[str, str]:
    """Item of the inputs -> statutory item."""
    table = month.tables["month_direct"]
    known = {name: name for name in catalog().names("cost_items")}
    booked = dict(zip(table.column("item").to_pylist(), table.column("item_class").to_pylist(), strict=True))
    arriving = {arrives: kind for _, _, _, _, arrives, kind, _, _ in month.params if arrives}
    return {**arriving, **booked, **known}


def build_inputs(month: Month, scenario: Scenario = EMPTY) -> AllocationInputs:
    """Arrays and drivers of the month; `scenario` only through its driver weights (see overlay for the rest)."""
    departments = tuple(month.departments)
    items = (*catalog().names("cost_items"), *fine_items(month))
    layers = catalog().names("fund_layers")
    at = {code: i for i, code in enumerate((*departments, UNMAPPED))}
    item_at, layer_at = ({name: i for i, name in enumerate(names)} for names in (items, layers))
    direct = np.zeros((len(departments) + 1, len(items), len(layers)), dtype=np.int64)
    table = month.tables["month_direct"]
    columns = (table.column(name).to_pylist() for name in ("dept_code", "item", "layer", "amount"))
    for code, item, layer, amount in zip(*columns, strict=True):
        direct[at[code], item_at[item], layer_at[layer]] += int(amount * 100)
    return AllocationInputs(
        departments,
        tuple(month.departments.values()),
        items,
        layers,
        direct[:-1],
        build_drivers(month, scenario, items),
        direct[-1],
    )
