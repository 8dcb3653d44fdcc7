"""What the boards share: months, comparisons, a figure with its past, and the cube of direct cost.

    figures(warehouse, hospital, period, names, scope, depts) -> (Figure, ...)      cards
    cube(warehouse, hospital, scope) -> Cube      direct cost and budget by month, department and item, in memory
    against(value, base) -> Against               difference and ratio; nothing where there is no base

A comparison is one of COMPARES: previous (the month before), last_year (the same month of the year before), budget.
Money is Decimal yuan. A ratio is (value - base) / |base|, missing when the base is missing or 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from weakref import WeakKeyDictionary

from core.catalog import catalog
from core.measures import Reason, budget_leaves, budget_of, leaf_sums, loaded, measure, reason
from core.warehouse import Warehouse

PREVIOUS, LAST_YEAR, BUDGET = COMPARES = ("previous", "last_year", "budget")
UNMAPPED = "unmapped"
# Budgets are made for the medical scope; held against another one they would mislead.
BUDGET_SCOPE = "medical"
NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Against:
    """A value beside its base. `why` says why there is no base: no_month | no_budget | budget_scope | zero, and
    unplanned for a measure that no budget is made for."""

    base: Decimal | None = None
    difference: Decimal | None = None
    ratio: Decimal | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure in a month, beside each comparison, with thirteen months of past (oldest first)."""

    measure: str
    value: Decimal | None
    reason: Reason | None
    against: Mapping[str, Against]
    series: tuple[tuple[int, Decimal | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Dept:
    """A department of the dictionary; `name` is '' for cost that met no department."""

    code: str
    name: str
    dept_class: str
    care_setting: str


Cells = dict[int, dict[str, dict[str, Decimal]]]


@dataclass(frozen=True, slots=True)
class Cube:
    """Direct cost of one scope: month -> department -> statutory item -> yuan; `plan` is the budget, the same way."""

    scope: str
    depts: Mapping[str, Dept]
    cells: Cells
    plan: Cells

    def dept(self, code: str) -> Dept:
        """The department, also one that the dictionary lacks."""
        return self.depts.get(code) or Dept(code, "" if code == UNMAPPED else code, UNMAPPED, "none")

    def codes(self, dept_class: str | None = None, dept: str | None = None) -> frozenset[str] | None:
        """Departments of a class, or the one named; None is the whole hospital."""
        if dept is not None:
            return frozenset([dept])
        if dept_class is None:
            return None
        return frozenset(code for code, one in self.depts.items() if one.dept_class == dept_class)

    def month(self, period: int, compare: str = "") -> dict[str, dict[str, Decimal]] | None:
        """The cells of a month, or of what it is compared with; None where nothing is stored."""
        if compare == BUDGET:
            return self.plan.get(period) if self.scope == BUDGET_SCOPE else None
        return self.cells.get(base_period(period, compare))

    def why_not(self, period: int, compare: str) -> str:
        """Why a comparison has no base: '' where it has one."""
        if self.month(period, compare) is not None:
            return ""
        if compare != BUDGET:
            return "no_month"
        return "no_budget" if self.scope == BUDGET_SCOPE else "budget_scope"

    def amount(
        self, period: int, compare: str = "", depts: frozenset[str] | None = None, item: str | None = None
    ) -> Decimal | None:
        """Yuan of a month (or of its comparison) for some departments and one item; None where nothing is stored."""
        found = self.month(period, compare)
        if found is None:
            return None
        codes = found if depts is None else depts & found.keys()
        if item is not None:
            return sum((found[code].get(item, NIL) for code in codes), NIL)
        return sum((sum(found[code].values(), NIL) for code in codes), NIL)


def shift(period: int, months: int) -> int:
    """The month `months` later (or earlier): shift(202501, -1) is 202412."""
    index = period // 100 * 12 + period % 100 - 1 + months
    return index // 12 * 100 + index % 12 + 1


def window(period: int, count: int) -> tuple[int, ...]:
    """The `count` months that end with `period`, oldest first."""
    return tuple(shift(period, back) for back in range(1 - count, 1))


def base_period(period: int, compare: str) -> int:
    """The month that a comparison looks at; the month itself for the budget and for no comparison."""
    return {PREVIOUS: shift(period, -1), LAST_YEAR: shift(period, -12)}.get(compare, period)


def against(value: Decimal | None, base: Decimal | None, why: str = "no_month") -> Against:
    """Difference and ratio of a value to its base."""
    if value is None or base is None:
        return Against(base, why=why if base is None else "")
    difference = value - base
    return Against(base, difference, difference / abs(base) if base else None, "" if base else "zero")


def figures(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    names: Sequence[str],
    scope: str,
    depts: Iterable[str] | None = None,
) -> tuple[Figure, ...]:
    """The named measures of a month for the hospital, or for some departments together."""
    chosen = None if depts is None else sorted(depts)
    months = window(period, 13)
    plans = budget_leaves(names)
    leaves = dict.fromkeys((*(leaf for name in names for leaf in measure(name).leaves()), *plans))
    sums = leaf_sums(warehouse, hospital, months, leaves, scope, depts=chosen)
    held = loaded(warehouse, hospital, [period])[period]
    made = []
    for name in names:
        one = measure(name)
        series = tuple((month, one.compute(sums.get(month, {}))) for month in months)
        by_month = dict(series)
        value, now = by_month[period], sums.get(period, {})
        planned = all(measure(leaf).budget for leaf in one.leaves())
        why_plan = "unplanned" if not planned else "no_budget" if scope == BUDGET_SCOPE else "budget_scope"
        made.append(
            Figure(
                name,
                value,
                reason(name, now, scope, held),
                {
                    PREVIOUS: against(value, by_month[shift(period, -1)]),
                    LAST_YEAR: against(value, by_month[shift(period, -12)]),
                    BUDGET: against(value, budget_of(name, now), why_plan),
                },
                series,
            )
        )
    return tuple(made)


_cubes: WeakKeyDictionary[Warehouse, dict[tuple[str, str, tuple[int, ...]], Cube]] = WeakKeyDictionary()
_lock = Lock()


def cube(warehouse: Warehouse, hospital: str, scope: str) -> Cube:
    """Direct cost and budget of every computed month, read once per warehouse. Treat it as read-only."""
    key = (hospital, scope, warehouse.missing(hospital))
    # Months of a scenario are computed one by one, so its cube is never kept.
    keep = not warehouse.scenario
    with _lock:
        kept = _cubes.setdefault(warehouse, {}) if keep else {}
        if key in kept:
            return kept[key]
    depts = {
        code: Dept(code, name, dept_class, care or "none")
        for code, name, dept_class, care in warehouse.query(
            "select dept_code, dept_name, dept_class, care_setting from stg_dept where hospital = ?",
            (hospital,),
        )
    }
    cells = _cells(
        warehouse.query(
            "select period, dept_code, item_class, sum(amount) from mart_direct_cost "
            "where hospital = ? and scope = ? group by all",
            (hospital, scope),
        )
    )
    plan = _cells(
        warehouse.query(
            "select period, dept_code, item_class, sum(amount) from month_budget "
            "where hospital = ? and direction = 'cost' group by all",
            (hospital,),
        )
    )
    made = Cube(scope, depts, cells, plan)
    with _lock:
        kept.clear() if len(kept) > 8 else None
        kept[key] = made
    return made


def _cells(rows: Iterable[tuple[int, str, str | None, Decimal]]) -> Cells:
    found: Cells = {}
    for period, dept, item, amount in rows:
        found.setdefault(period, {}).setdefault(dept, {})[item or "other"] = Decimal(amount)
    return found


def items() -> tuple[str, ...]:
    """The seven statutory cost items in their order."""
    return catalog().names("cost_items")
