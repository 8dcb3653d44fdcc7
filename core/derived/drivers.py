"""Drivers of a month, by the formulas of core/definitions/allocation.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.allocation import Driver
from core.derived.month import Month, Pair
from core.scenario import Scenario

ZERO = Decimal(0)


def build_drivers(month: Month, scenario: Scenario, items: tuple[str, ...]) -> dict[str, Driver]:
    """Every driver that has data, with the scenario's weights applied to receiving departments."""
    made = [
        _common("headcount", _volume(month, "headcount"), month, scenario),
        _common("workload", _workload(month), month, scenario),
        _common("area", _volume(month, "area"), month, scenario),
        _common("income", _executed(month), month, scenario),
        _pairs("ordered_income", month.ordered, month, scenario),
        _pairs("internal_service", month.services, month, scenario),
    ]
    drivers = {driver.name: driver for driver in made if driver is not None}
    return {**drivers, **_own(month, scenario, items)}


def _volume(month: Month, column: str) -> dict[str, Decimal]:
    table = month.tables["month_volume"]
    values = zip(table.column("dept_code").to_pylist(), table.column(column).to_pylist(), strict=True)
    return {code: Decimal(value) for code, value in values if value is not None}


def _workload(month: Month) -> dict[str, Decimal]:
    """Visits of outpatient departments, occupied bed-days of inpatient ones, both where neither is said."""
    visits, bed_days = _volume(month, "visits"), _volume(month, "bed_days")
    return {
        code: (ZERO if setting == "inpatient" else visits.get(code, ZERO))
        + (ZERO if setting == "outpatient" else bed_days.get(code, ZERO))
        for code, setting in month.settings.items()
    }


def _executed(month: Month) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for (executing, _), amount in month.ordered.items():
        sums[executing] = sums.get(executing, ZERO) + amount
    return sums


def _common(name: str, values: Mapping[str, Decimal], month: Month, scenario: Scenario) -> Driver | None:
    weights = [scenario.change("weights", name, code, values.get(code, ZERO)) for code in month.departments]
    return Driver.common(name, tuple(month.departments), weights) if any(weights) else None


def _pairs(name: str, values: Mapping[Pair, Decimal], month: Month, scenario: Scenario) -> Driver | None:
    rows = [
        (source, target, "", scenario.change("weights", name, target, value))
        for (source, target), value in values.items()
        if source in month.departments and target in month.departments
    ]
    if not any(row[3] for row in rows):
        return None
    return Driver.table(name, tuple(month.departments), rows)


def _own(month: Month, scenario: Scenario, items: tuple[str, ...]) -> dict[str, Driver]:
    """E17 parameters: one driver per parameter that a step names, the others together as 'custom' (of two parameters
    for the same serving department and item, the first by code)."""
    named = {param for _, _, _, _, param in month.steps}
    rows: dict[str, list[tuple[str, str, str, Decimal, str]]] = {}
    first: dict[Pair, str] = {}
    for source, target, item_code, item_class, arrives, arrives_class, param, value in month.params:
        item = item_code if item_code in items else item_class
        arrives_as = arrives if arrives in items else arrives_class
        driver = param if param in named or param == "work_hours" else "custom"
        if driver == "custom" and first.setdefault((source, item), param) != param:
            continue
        changed = scenario.change("weights", driver, target, value)
        rows.setdefault(driver, []).append((source, target, item, changed, arrives_as))
    return {name: Driver.table(name, tuple(month.departments), listed) for name, listed in rows.items()}
