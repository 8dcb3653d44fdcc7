"""One department: what it costs, directly and in full, compared with its past, its peers and its income.

    department(warehouse, hospital, period, scope, code, compare) -> Department

Clinical departments carry full cost (direct + allocated in); the other classes pass theirs on, so for them the direct
cost is the figure and `flows` says where it goes instead of where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.catalog import catalog
from core.figures.changes import REST, Changes, changes
from core.figures.cockpit import Trend, lacking, trend
from core.figures.common import (
    BUDGET,
    LAST_YEAR,
    NIL,
    PREVIOUS,
    Against,
    Cells,
    Cube,
    Dept,
    Figure,
    against,
    base_period,
    cube,
    figures,
    items,
)
from core.figures.peers import Peer, median, peers_of
from core.measures import values
from core.warehouse import Warehouse

FLOWS = 8
_CARDS = {
    "outpatient": ("full_cost", "income", "full_surplus", "visit_cost", "full_drug_share"),
    "inpatient": ("full_cost", "income", "full_surplus", "bed_day_cost", "full_drug_share"),
    "clinical": ("full_cost", "income", "full_surplus", "full_cost_per_100", "full_drug_share"),
    "technical": ("cost", "income_executed", "executed_surplus", "executed_cost_per_100", "staff_share"),
    "other": ("cost", "staff_share", "headcount", "cost_per_head"),
}  # fmt: skip
# What peers are ranked by, and the measures of volume beside it.
_UNIT_COST = {
    "outpatient": ("visit_cost", "visit_cost_net"),
    "inpatient": ("bed_day_cost", "bed_day_cost_net"),
    "clinical": ("full_cost_per_100",),
    "technical": ("executed_cost_per_100",),
    "other": ("cost_per_head",),
}
_VOLUMES = {
    "outpatient": ("visits", "charge_per_visit", "headcount"),
    "inpatient": ("discharges", "stay", "bed_occupancy", "charge_per_discharge", "headcount"),
    "clinical": ("headcount",),
    "technical": ("headcount",),
    "other": ("headcount", "area"),
}


@dataclass(frozen=True, slots=True)
class Split:
    """One statutory item: direct, allocated in, both, and the same month last year."""

    item: str
    direct: Decimal
    indirect: Decimal
    value: Decimal
    last_year: Against


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that came from (or went to) another department; REST gathers `count`."""

    dept: Dept
    amount: Decimal
    share: Decimal | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class UnitCost:
    """A unit cost in one scope: this month, beside last month and the same month last year."""

    scope: str
    measure: str
    value: Decimal | None
    previous: Against
    last_year: Against


@dataclass(frozen=True, slots=True)
class Charge:
    """Income of one charge class, its share and the same month last year."""

    charge_class: str
    value: Decimal
    share: Decimal | None
    last_year: Against


@dataclass(frozen=True, slots=True)
class Department:
    """Everything the page shows of one department. `main` is the measure its pictures show: full_cost or cost.

    changed   the measure that `changes` takes apart: cost against a budget, else `main`
    by_class, flows   where its indirect cost came from (incoming), or where its own cost went
    plan      budget of direct cost by month
    """

    dept: Dept
    kind: str
    main: str
    period: int
    scope: str
    compare: str
    cards: tuple[Figure, ...]
    changed: str
    changes: Changes
    split: tuple[Split, ...]
    trend: Trend
    plan: dict[int, Decimal]
    peers: tuple[Peer, ...]
    peer_measure: str
    rank: int
    median: Decimal | None
    incoming: bool
    by_class: tuple[tuple[str, Decimal], ...]
    flows: tuple[Flow, ...]
    units: tuple[UnitCost, ...]
    volumes: tuple[Figure, ...]
    charges: tuple[Charge, ...]
    missing: tuple[str, ...]


def department(
    warehouse: Warehouse, hospital: str, period: int, scope: str, code: str, compare: str = LAST_YEAR
) -> Department:
    """The figures of one department in a month.

    Raises:
        AllocationError: the month cannot be allocated; its words say what to change.
    """
    warehouse.ensure(hospital, period)
    box = cube(warehouse, hospital, scope)
    dept = box.dept(code)
    kind = _kind(dept)
    clinical = dept.dept_class == "clinical"
    own, direct = _full_box(warehouse, hospital, box, code) if clinical else (box, {})
    mine = frozenset([code])
    peers = peers_of(warehouse, hospital, box, dept, period, _UNIT_COST[kind][0])
    ranked = [peer.dept.code for peer in peers if peer.value is not None]
    flows, by_class = _flows(warehouse, hospital, box, period, code, incoming=clinical)
    return Department(
        dept,
        kind,
        "full_cost" if clinical else "cost",
        period,
        scope,
        compare,
        figures(warehouse, hospital, period, _CARDS[kind], scope, mine),
        "full_cost" if clinical and compare != BUDGET else "cost",
        # Budgets are made for direct cost, so a clinical department's budget is held against that.
        changes(box if compare == BUDGET else own, period, compare, mine),
        _split(own, direct, period, code),
        trend(own, period, mine),
        {month: sum(found[code].values(), NIL) for month, found in box.plan.items() if code in found},
        peers,
        _UNIT_COST[kind][0],
        ranked.index(code) + 1 if code in ranked else 0,
        median(peers),
        clinical,
        by_class,
        flows,
        _units(warehouse, hospital, period, code, kind),
        figures(warehouse, hospital, period, _VOLUMES[kind], scope, mine),
        _charges(warehouse, hospital, period, dept),
        lacking(warehouse, hospital, period),
    )


def _kind(dept: Dept) -> str:
    if dept.dept_class == "clinical":
        return dept.care_setting if dept.care_setting in ("outpatient", "inpatient") else "clinical"
    return "technical" if dept.dept_class == "technical" else "other"


def _full_box(
    warehouse: Warehouse, hospital: str, box: Cube, code: str
) -> tuple[Cube, dict[tuple[int, str], Decimal]]:
    """The cube of one department's full cost, without a budget (budgets are of direct cost), and its direct part."""
    rows = warehouse.query(
        "select period, item_class, sum(direct), sum(amount) from mart_full_cost "
        "where hospital = ? and scope = ? and dept_code = ? and allocated group by all",
        (hospital, box.scope, code),
    )
    cells: Cells = {period: {} for period in box.cells}
    direct = {}
    for period, item, booked, amount in rows:
        cells.setdefault(period, {}).setdefault(code, {})[item] = Decimal(amount)
        direct[period, item] = Decimal(booked)
    return Cube(box.scope, box.depts, cells, {}), direct


def _split(own: Cube, direct: dict[tuple[int, str], Decimal], period: int, code: str) -> tuple[Split, ...]:
    mine = frozenset([code])
    made = []
    for item in items():
        value = own.amount(period, "", mine, item) or NIL
        booked = direct.get((period, item), NIL) if direct else value
        side = against(value, own.amount(period, LAST_YEAR, mine, item), own.why_not(period, LAST_YEAR))
        made.append(Split(item, booked, value - booked, value, side))
    return tuple(sorted(made, key=lambda split: -split.value))


def _flows(
    warehouse: Warehouse, hospital: str, box: Cube, period: int, code: str, *, incoming: bool
) -> tuple[tuple[Flow, ...], tuple[tuple[str, Decimal], ...]]:
    """Other departments' money in this one's full cost, or where this one's money went; largest first."""
    other, own = ("origin_code", "dept_code") if incoming else ("dept_code", "origin_code")
    rows = warehouse.query(
        f"select {other}, sum(amount) from mart_cost_lineage where hospital = ? and period = ? and scope = ? "
        f"and {own} = ? and origin_code <> dept_code and allocated group by all having sum(amount) <> 0",
        (hospital, period, box.scope, code),
    )
    amounts = sorted(
        ((str(who), Decimal(amount)) for who, amount in rows), key=lambda pair: (-pair[1], pair[0])
    )
    whole = sum((amount for _, amount in amounts), NIL)
    by_class: dict[str, Decimal] = {}
    for who, amount in amounts:
        name = box.dept(who).dept_class
        by_class[name] = by_class.get(name, NIL) + amount
    kept = amounts if len(amounts) <= FLOWS + 1 else amounts[:FLOWS]
    made = [Flow(box.dept(who), amount, amount / whole if whole else None) for who, amount in kept]
    if rest := amounts[len(kept) :]:
        left = sum((amount for _, amount in rest), NIL)
        made.append(Flow(Dept(REST, "", "", ""), left, left / whole if whole else None, len(rest)))
    return tuple(made), tuple(sorted(by_class.items(), key=lambda pair: -pair[1]))


def _units(warehouse: Warehouse, hospital: str, period: int, code: str, kind: str) -> tuple[UnitCost, ...]:
    if kind not in ("outpatient", "inpatient"):
        return ()
    before, year = base_period(period, PREVIOUS), base_period(period, LAST_YEAR)
    made = []
    for scope in catalog().names("scopes"):
        found = values(warehouse, hospital, [period, before, year], _UNIT_COST[kind], scope, depts=[code])
        made += [
            UnitCost(
                scope, name, found[period][name],
                against(found[period][name], found[before][name]), against(found[period][name], found[year][name]),
            )
            for name in _UNIT_COST[kind]
        ]  # fmt: skip
    return tuple(made)


def _charges(warehouse: Warehouse, hospital: str, period: int, dept: Dept) -> tuple[Charge, ...]:
    """Income by charge class: ordered by a clinical department, executed by any other."""
    side = "order_dept" if dept.dept_class == "clinical" else "exec_dept"
    year = base_period(period, LAST_YEAR)
    rows = warehouse.query(
        f"select period, charge_class, sum(amount) from mart_income where hospital = ? and {side} = ? "
        "and period in (?, ?) group by all",
        (hospital, dept.code, period, year),
    )
    by_month: dict[int, dict[str, Decimal]] = {}
    for month, name, amount in rows:
        by_month.setdefault(month, {})[name] = Decimal(amount)
    now = by_month.get(period, {})
    whole = sum(now.values(), NIL)
    then = by_month.get(year)
    made = [
        Charge(name, value, value / whole if whole else None,
               against(value, None if then is None else then.get(name, NIL)))
        for name, value in now.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda charge: -charge.value))
