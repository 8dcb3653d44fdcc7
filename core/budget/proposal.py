"""The compilation helper: what each method gives for every department and item of the year to come.

    proposal(warehouse, hospital, year, assumptions, activities) -> Proposal

Last year is the year before. Volume growth of a department is that of its visits (clinics), discharges (wards), or the
hospital's income (all others), observed over the months that both years have, or as the user says. Zero-based demand is last year's volume moved by that
growth and the standard is the median of the department's own monthly cost per visit or bed-day, which leaves single
months out of line aside; other departments are planned by the month, at their median month moved by the variable part of
growth. Activities given for a cell replace both. Alpha defaults: 1 for other operating cost, 0 for staff, depreciation, amortisation and risk fund,
one half for drugs and consumables (assumed; each may be changed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

import numpy as np

from core.budget import compile as made
from core.budget.compile import Activity
from core.budget.tree import Tree, none_below_zero
from core.catalog import catalog
from core.figures.common import Dept, cube
from core.measures import values
from core.money import half_up, yuan_to_fen
from core.warehouse import Warehouse

METHODS = ("incremental", "zero", "combined", "flexible", "last")
NIL, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)
ALPHA = {"staff": NIL, "depreciation": NIL, "amortisation": NIL, "risk_fund": NIL, "materials": HALF, "drugs": HALF, "other": ONE}  # fmt: skip
# Share that moves with volume, by the behaviour the item is declared with.
VARIABLE = {"fixed": NIL, "variable": ONE, "mixed": HALF}
MONTHS = 12
LEAST = 6  # months both years have, below which growth says nothing (assumed)
Months = dict[int, Decimal | int | None]


@dataclass(frozen=True, slots=True)
class Assumption:
    """How one item is planned. Ratios are fractions."""

    method: str = "combined"
    alpha: Decimal = HALF
    variable: Decimal = HALF
    price: Decimal = NIL
    saving: Decimal = NIL


@dataclass(frozen=True, slots=True)
class Cell:
    """A department's item: last year, growth, and what each method gives (yuan). chosen: what goes into the tree."""

    dept: Dept
    item: str
    last: Decimal
    growth: Decimal | None
    incremental: Decimal | None
    zero: Decimal | None
    combined: Decimal | None
    flexible: Decimal | None
    chosen: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """All cells and the tree of the chosen amounts, spread over months as last year was.

    compared: months the observed growth is made of, at most twelve; None where growth was given.
    """

    year: int
    cells: tuple[Cell, ...]
    tree: Tree
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    compared: int | None = None


def defaults() -> dict[str, Assumption]:
    """An assumption for each statutory item: combined, with the alphas and behaviours of the domain."""
    return {
        term.name: Assumption("combined", ALPHA.get(term.name, HALF), VARIABLE.get(term.behaviour, HALF))
        for term in catalog().terms["cost_items"]
    }


def proposal(
    warehouse: Warehouse,
    hospital: str,
    year: int,
    assumptions: Mapping[str, Assumption] | None = None,
    growth: Decimal | None = None,
    activities: Mapping[tuple[str, str], Sequence[Activity]] | None = None,
) -> Proposal:
    """What every method gives.

    growth: of volume, for all departments; None takes what was observed last year over the year before, month against the
        same month; with fewer than LEAST months in both years there is none, and a department takes the hospital's.

    Raises:
        BudgetError: a share outside 0 to 1, or a month of last year is missing (`year_missing`).
    """
    held = {**defaults(), **(assumptions or {})}
    found = cube(warehouse, hospital, "medical")
    months = [(year - 1) * 100 + m for m in range(1, 13)]
    if any(month not in found.cells for month in months):
        raise made.BudgetError("year_missing", name=str(year - 1))
    depts = [one for one in found.depts.values() if one.dept_class]
    grown: Mapping[str, Decimal | None] = {one.code: growth for one in depts}
    compared = None
    if growth is None:
        grown, compared = _growth(warehouse, hospital, year, depts)
    items = catalog().names("cost_items")
    spent = {
        (dept.code, item): [found.cells[m].get(dept.code, {}).get(item, NIL) for m in months]
        for dept in depts
        for item in items
    }
    volumes = _volumes(warehouse, hospital, months)
    cells, amounts = [], {}
    for dept in depts:
        for item in items:
            last = sum(spent[dept.code, item], NIL)
            one, rate = held[item], grown.get(dept.code)
            given = (activities or {}).get((dept.code, item))
            lines = given or _lines(dept, spent[dept.code, item], rate, one.variable, volumes)
            if not last and not lines:
                continue
            cell = _cell(dept, item, last, rate, one, lines)
            cells.append(cell)
            amounts[dept.code, item] = cell.chosen
    return Proposal(year, tuple(cells), _tree(year, depts, items, spent, amounts), held, compared)


def _cell(
    dept: Dept, item: str, last: Decimal, growth: Decimal | None, one: Assumption, lines: Sequence[Activity]
) -> Cell:
    base = max(last, NIL)
    step = made.incremental(base, growth, one.variable, one.price, one.saving)
    zero = made.zero_based(lines)
    both = made.combined(one.alpha, zero, step)
    fixed, unit = made.split_by_volume(base, one.variable, ONE)
    flexible = made.flexible(
        fixed, unit or NIL, None if growth is None and one.variable else ONE + (growth or NIL)
    )
    by_method = {
        "incremental": step,
        "zero": zero,
        "combined": both,
        "flexible": flexible,
        "last": half_up(base),
    }
    # A method that lacks its figures falls back on the next simpler one; the page shows which were missing.
    order = (by_method[one.method], both, step, zero, half_up(base))
    chosen = next(amount for amount in order if amount is not None)
    return Cell(dept, item, last, growth, step, zero, both, flexible, chosen)


def driver(dept: Dept) -> str:
    """What a department's demand is counted in."""
    return {"outpatient": "visits", "inpatient": "bed_days"}.get(dept.care_setting, "months")


def _lines(
    dept: Dept,
    spent: Sequence[Decimal],
    growth: Decimal | None,
    variable: Decimal,
    volumes: Mapping[str, Sequence[tuple[Decimal | None, Decimal | None]]],
) -> list[Activity]:
    """The one activity a department's item is planned by, from its own twelve months."""
    unit, rate = driver(dept), growth or NIL
    if not any(spent):
        return []
    held = [month[unit == "bed_days"] for month in volumes.get(dept.code, ())]
    known = [volume for volume in held if volume]
    if unit == "months" or len(known) < MONTHS:
        return [
            Activity(
                "months", Decimal(MONTHS), max(NIL, ONE + rate * variable), max(NIL, Decimal(median(spent)))
            )
        ]
    price = Decimal(median(cost / volume for cost, volume in zip(spent, known, strict=True)))
    return [Activity(unit, sum(known, NIL) * max(NIL, ONE + rate), ONE, max(NIL, price))]


def _volumes(
    warehouse: Warehouse, hospital: str, months: Sequence[int]
) -> dict[str, list[tuple[Decimal | None, Decimal | None]]]:
    """Department -> (visits, bed-days) of each month it has a line for."""
    found: dict[str, list[tuple[Decimal | None, Decimal | None]]] = {}
    rows = warehouse.query(
        "select dept_code, visits, bed_days from mart_department_month where hospital = ? and period between ? and ? "
        "order by dept_code, period",
        (hospital, months[0], months[-1]),
    )
    for code, visits, days in rows:
        pair = (None if visits is None else Decimal(visits), None if days is None else Decimal(days))
        found.setdefault(code, []).append(pair)
    return found


def _growth(
    warehouse: Warehouse, hospital: str, year: int, depts: Sequence[Dept]
) -> tuple[dict[str, Decimal | None], int]:
    """Growth of each department, and how many months of the year before last the hospital's is made of."""
    income: Months = {p: v["income"] for p, v in values(warehouse, hospital, _span(year), ["income"]).items()}
    held: dict[tuple[str, str], Months] = {}
    rows = warehouse.query(
        "select dept_code, period, visits, discharges from mart_department_month "
        "where hospital = ? and period between ? and ?",
        (hospital, _span(year)[0], _span(year)[-1]),
    )
    for code, period, visits, discharges in rows:
        held.setdefault((code, "outpatient"), {})[period] = visits
        held.setdefault((code, "inpatient"), {})[period] = discharges
    whole, months = _alike(income, year)
    found: dict[str, Decimal | None] = {}
    for dept in depts:
        own, _ = _alike(held.get((dept.code, dept.care_setting), {}), year)
        found[dept.code] = whole if own is None else own
    return found, months


def _span(year: int) -> list[int]:
    return [y * 100 + m for y in (year - 2, year - 1) for m in range(1, MONTHS + 1)]


def _alike(months: Months, year: int) -> tuple[Decimal | None, int]:
    """Growth of the year before `year` over the one before it, and the months compared: those that both years have."""
    pairs = [
        (months.get((year - 2) * 100 + m), months.get((year - 1) * 100 + m)) for m in range(1, MONTHS + 1)
    ]
    both = [(Decimal(old), Decimal(new)) for old, new in pairs if old is not None and new is not None]
    before = sum((old for old, _ in both), NIL)
    grown = sum((new for _, new in both), NIL) / before - 1 if before and len(both) >= LEAST else None
    return grown, len(both)


def _tree(
    year: int,
    depts: Sequence[Dept],
    items: Sequence[str],
    spent: Mapping[tuple[str, str], Sequence[Decimal]],
    amounts: Mapping[tuple[str, str], Decimal],
) -> Tree:
    """Chosen amounts over the months as last year's were; evenly where last year has nothing to go by."""
    order = {name: at for at, name in enumerate(catalog().names("dept_classes"))}
    listed = sorted(depts, key=lambda one: (order.get(one.dept_class, 9), one.code))
    tree = Tree.of(year, [(one.code, one.dept_class) for one in listed], items, {})
    cells = np.zeros_like(tree.cells)
    at = {one.code: i for i, one in enumerate(listed)}
    for (code, item), months in spent.items():
        cells[at[code], items.index(item)] = none_below_zero([yuan_to_fen(month) for month in months])
    tree = Tree(year, tree.depts, tree.items, cells, tree.locked)
    kinds = {one.code: one.dept_class for one in listed}
    out = np.zeros_like(cells)
    for (code, item), amount in amounts.items():
        path = (kinds[code], code, item)
        d, i = at[code], items.index(item)
        row = Tree(
            year,
            ((code, kinds[code]),),
            (item,),
            cells[d : d + 1, i : i + 1],
            tree.locked[d : d + 1, i : i + 1],
        )
        out[d, i] = row.set(path, yuan_to_fen(amount)).cells[0, 0]
    return Tree(year, tree.depts, tree.items, out, tree.locked)
