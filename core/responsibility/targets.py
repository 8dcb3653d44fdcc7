"""What a department is asked to reach in a year, proposed from its budget; progress.py says how far it has come.

    proposals(warehouse, settings, hospital, year) -> {dept: (Target, ...)}

A target is plain data, so that a letter carries it unchanged:
    code     cost.total, cost.<item class>, decline or growth, fund_efficiency, red.<red line>
    base     last year's actual; None where last year is not complete
    target   yuan, or a ratio for `percent`, or the limit of a red line; None is not decided
Amounts are Decimal yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from core.catalog import Label, catalog
from core.money import half_up
from core.parameters import value
from core.responsibility.words import words
from core.rewards.rules import red_lines
from core.settings import Settings
from core.warehouse import Warehouse

TOTAL, DECLINE, GROWTH, FUND = "cost.total", "decline", "growth", "fund_efficiency"
NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Target:
    """See the module. unit: yuan | percent | points | count | index; better: lower | higher."""

    code: str
    unit: str
    better: str
    base: Decimal | None
    target: Decimal | None

    def label(self, lang: str) -> str:
        """What is asked for, in words."""
        return label(self.code).of(lang)

    @property
    def change(self) -> Decimal | None:
        """(target - base) / base; None without a base."""
        if self.base is None or self.target is None or not self.base:
            return None
        return (self.target - self.base) / self.base

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {key: None if v is None else str(v) for key, v in asdict(self).items()}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Target:
        """From JSON data."""
        numbers = {key: None if data[key] is None else Decimal(data[key]) for key in ("base", "target")}
        return cls(data["code"], data["unit"], data["better"], **numbers)


def label(code: str) -> Label:
    """The words of a target's code."""
    head, _, name = code.partition(".")
    if head == "cost" and name != "total":
        return catalog().term("cost_items", name).label
    if head == "red":
        return red_lines()[name].label
    return words("targets")["total" if head == "cost" else head]


def proposals(
    warehouse: Warehouse, settings: Settings, hospital: str, year: int
) -> dict[str, tuple[Target, ...]]:
    """Targets of every department that has a budget in `year`: the budget in force by item, its total, the cost
    decline it means, fund use where it was reported, and the red lines of clinical departments."""
    annual = _annual(warehouse, hospital, year)
    before = _before(warehouse, hospital, year - 1)
    fund = _fund(warehouse, hospital, year - 1)
    kinds = dict(
        warehouse.query("select dept_code, dept_class from stg_dept where hospital = ?", (hospital,))
    )
    made = {}
    for dept, items in annual.items():
        if dept not in kinds:
            continue
        last = before.get(dept)
        rows = [
            Target(
                f"cost.{item}", "yuan", "lower", None if last is None else last.get(item, NIL), items[item]
            )
            for item in catalog().names("cost_items")
            if item in items
        ]
        total = Target(
            TOTAL,
            "yuan",
            "lower",
            None if last is None else sum(last.values(), NIL),
            sum(items.values(), NIL),
        )
        rows.insert(0, total)
        rows += [] if total.change is None else [_moved(total.change)]
        if kinds[dept] == "clinical":
            if dept in fund:
                rows.append(Target(FUND, "index", "higher", fund[dept], fund[dept]))
            rows += [
                Target(
                    f"red.{line.name}",
                    line.unit,
                    line.better,
                    None,
                    value(settings, line.limit, year * 100 + 12),
                )
                for line in red_lines().values()
            ]
        made[dept] = tuple(rows)
    return made


def _moved(change: Decimal) -> Target:
    """The decline a total means, or the growth it allows."""
    rate = half_up(abs(change), 4)
    return (
        Target(GROWTH, "percent", "lower", None, rate)
        if change > 0
        else Target(DECLINE, "percent", "higher", None, rate)
    )


def with_amounts(rows: Sequence[Target], amounts: Mapping[str, Decimal]) -> tuple[Target, ...]:
    """The targets with other amounts per cost item; total and decline follow from them."""
    made = [replace(one, target=amounts.get(one.code, one.target)) for one in rows]
    total = sum(
        (one.target or NIL for one in made if one.code.startswith("cost.") and one.code != TOTAL), NIL
    )
    made = [replace(one, target=total) if one.code == TOTAL else one for one in made]
    change = next((one.change for one in made if one.code == TOTAL), None)
    return tuple(
        _moved(change) if one.code in (DECLINE, GROWTH) and change is not None else one for one in made
    )


def _annual(warehouse: Warehouse, hospital: str, year: int) -> dict[str, dict[str, Decimal]]:
    """Department -> item -> budget of the year, also of months that are still to come."""
    rows = warehouse.query(
        "select dept_code, item_class, sum(amount) from stg_budget where hospital = ? and in_force "
        "and direction = 'cost' and period // 100 = ? and dept_code is not null group by all",
        (hospital, year),
    )
    found: dict[str, dict[str, Decimal]] = {}
    for dept, item, amount in rows:
        found.setdefault(dept, {})[item or "other"] = Decimal(amount)
    return found


def ledger_months(warehouse: Warehouse, hospital: str) -> frozenset[int]:
    """Months whose cost is there. Other extracts bring months too, in which a cost of 0 would be a false one."""
    rows = warehouse.query(
        "select distinct period from mart_direct_cost where hospital = ? and scope = 'medical'", (hospital,)
    )
    return frozenset(period for (period,) in rows)


def _before(warehouse: Warehouse, hospital: str, year: int) -> dict[str, dict[str, Decimal]]:
    """Department -> item -> actual of a whole year; nothing when a month of it is not there."""
    if sum(month // 100 == year for month in ledger_months(warehouse, hospital)) < 12:
        return {}
    rows = warehouse.query(
        "select dept_code, item_class, sum(amount) from mart_direct_cost where hospital = ? and scope = 'medical' "
        "and period // 100 = ? group by all",
        (hospital, year),
    )
    found: dict[str, dict[str, Decimal]] = {}
    for dept, item, amount in rows:
        found.setdefault(dept, {})[item or "other"] = Decimal(amount)
    return found


def _fund(warehouse: Warehouse, hospital: str, year: int) -> dict[str, Decimal]:
    """Fund use efficiency per department, from sums of what was reported."""
    rows = warehouse.query(
        "select dept_code, sum(numerator) / nullif(sum(denominator), 0) from stg_operation_value "
        "where hospital = ? and metric = 'fund_efficiency' and period // 100 = ? and dept_code is not null group by 1",
        (hospital, year),
    )
    return {dept: half_up(Decimal(str(v)), 4) for dept, v in rows if v is not None}
