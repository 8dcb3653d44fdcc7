"""The cockpit: how much, against what, where it comes from, whether it is unusual, and which departments.

    cockpit(warehouse, hospital, period, scope, dept_class, dept, compare) -> Cockpit
    focus(board, compare, item) -> (Changes, Heat)       the same pictures for one cost item, after a click

Every picture shows direct cost of the chosen scope, so Σ departments = Σ items = the total, to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.figures.changes import Changes, changes
from core.figures.common import (
    BUDGET,
    LAST_YEAR,
    NIL,
    PREVIOUS,
    UNMAPPED,
    Against,
    Cube,
    Dept,
    Figure,
    against,
    cube,
    figures,
    items,
    shift,
    window,
)
from core.figures.heat import Heat, heat
from core.measures import by_department, loaded
from core.warehouse import Warehouse
from core.xmr import Point, seasonal, xmr

CLASSES = ("clinical", "technical", "auxiliary", "admin")
NEEDED = ("ledger_cost", "income", "workload_op", "workload_ip", "staff_count")
TREND, HISTORY, SPARK = 36, 60, 13
MINIMUM = 20  # months of history from which limits can follow the seasons

# What matters depends on what is chosen: clinical departments carry full cost, technical ones execute for others.
CARDS = {
    "": ("cost", "income", "surplus", "cost_per_100", "drug_share"),
    "clinical": ("cost", "full_cost", "income", "full_surplus", "full_cost_per_100"),
    "technical": ("cost", "income_executed", "executed_surplus", "executed_cost_per_100", "staff_share"),
    "auxiliary": ("cost", "staff_share", "headcount", "cost_per_head"),
    "admin": ("cost", "staff_share", "headcount", "cost_per_head", "admin_rate"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One statutory item of the month: its amount, its share, and each comparison."""

    item: str
    value: Decimal
    share: Decimal | None
    previous: Against
    last_year: Against
    budget: Against


@dataclass(frozen=True, slots=True)
class Trend:
    """Thirty-six months with their limits. how: seasonal | flat | none, how the limits were made; `last` the month's."""

    points: tuple[tuple[int, Point], ...]
    how: str
    last: Point


@dataclass(frozen=True, slots=True)
class Line:
    """A department in the table: direct and full cost, share of the direct total, change, thirteen months.

    One that has nothing this month but something in the comparison is a line of 0, so that the changes add up.
    """

    dept: Dept
    direct: Decimal
    full: Decimal | None
    share: Decimal | None
    against: Against
    series: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Cockpit:
    """Everything the page shows. `compare` is the comparison of every picture.

    classes   sub-totals by class (the `dept` of such a line has only a class); one class alone has none
    unmapped  cost of departments missing in the dictionary
    missing   extracts that the month lacks
    festival  in January and February, against last year: both months together, without a base while one is missing
    """

    period: int
    scope: str
    compare: str
    cards: tuple[Figure, ...]
    changes: Changes
    items: tuple[Item, ...]
    trend: Trend
    heat: Heat
    lines: tuple[Line, ...]
    classes: tuple[Line, ...]
    total: Line
    depts: dict[str, Dept]
    unmapped: Decimal
    festival: Against | None = None
    missing: tuple[str, ...] = ()
    covered: tuple[int, int] | None = None


def cockpit(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    scope: str,
    dept_class: str | None = None,
    dept: str | None = None,
    compare: str = "last_year",
) -> Cockpit:
    """The figures of one month for the hospital, a class of departments, or one department.

    Raises:
        AllocationError: the month cannot be allocated; its words say what to change.
    """
    warehouse.ensure(hospital, period)
    box = cube(warehouse, hospital, scope)
    chosen = box.codes(dept_class, dept)
    kind = box.dept(dept).dept_class if dept else dept_class
    lines = _lines(warehouse, hospital, box, period, compare, chosen)
    return Cockpit(
        period,
        scope,
        compare,
        figures(warehouse, hospital, period, CARDS.get(kind or "", CARDS[""]), scope, chosen),
        changes(box, period, compare, chosen),
        _items(box, period, chosen),
        trend(box, period, chosen),
        heat(box, period, compare, chosen),
        lines,
        _classes(box, lines, period, compare),
        _sum(box, lines, period, compare, chosen),
        {line.dept.code: line.dept for line in lines} | {code: box.dept(code) for code in box.depts},
        box.amount(period, "", frozenset([UNMAPPED])) or NIL,
        festival(box, period, compare, chosen),
        lacking(warehouse, hospital, period),
        covered(box, period),
    )


def focus(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    scope: str,
    dept_class: str | None,
    dept: str | None,
    compare: str,
    item: str,
) -> tuple[Changes, Heat]:
    """Changes by department and the heat table for one cost item only."""
    box = cube(warehouse, hospital, scope)
    chosen = box.codes(dept_class, dept)
    return changes(box, period, compare, chosen, item=item), heat(box, period, compare, chosen, item=item)


def covered(box: Cube, period: int) -> tuple[int, int] | None:
    """Departments with cost in the month and in the one before, where under two thirds of those are there.

    A ledger that came in only in part would otherwise read as a saving.
    """
    now, before = (len(box.cells.get(month, {}).keys() - {UNMAPPED}) for month in (period, shift(period, -1)))
    return (now, before) if 3 * now < 2 * before else None


def lacking(warehouse: Warehouse, hospital: str, period: int) -> tuple[str, ...]:
    """Extracts that the boards draw on and that have nothing for the month."""
    held = loaded(warehouse, hospital, [period])[period]
    return tuple(name for name in NEEDED if name not in held)


def trend(box: Cube, period: int, chosen: frozenset[str] | None) -> Trend:
    """Direct cost by month with limits that follow the seasons; flat limits while the history is short."""
    first = min(box.cells, default=period)
    months = [month for month in window(period, HISTORY) if month >= first]
    series = {month: box.amount(month, "", chosen) for month in months}
    # A department that did not exist yet is missing, not 0.
    known = {month: value if value else None for month, value in series.items()}
    how = "seasonal" if sum(1 for value in known.values() if value is not None) >= MINIMUM else "flat"
    judged = (
        seasonal(known) if how == "seasonal" else dict(zip(months, xmr(list(known.values())), strict=True))
    )
    shown = tuple((month, judged[month]) for month in months[-TREND:])
    last = judged.get(period, Point(None))
    if all(point.mean is None for _, point in shown):
        how = "none"
    return Trend(shown, how, last)


def festival(box: Cube, period: int, compare: str, chosen: frozenset[str] | None) -> Against | None:
    """January and February together against last year; `difference` is missing until both are there."""
    if compare != LAST_YEAR or period % 100 not in (1, 2):
        return None
    months = (period // 100 * 100 + 1, period // 100 * 100 + 2)
    now = [box.amount(month, "", chosen) for month in months]
    then = [box.amount(month, compare, chosen) for month in months]
    if box.month(period, compare) is None:
        return None
    if None in now or None in then:
        return Against(why="no_month")
    return against(sum((v for v in now if v is not None), NIL), sum((v for v in then if v is not None), NIL))


def _items(box: Cube, period: int, chosen: frozenset[str] | None) -> tuple[Item, ...]:
    whole = box.amount(period, "", chosen)
    made = []
    for name in items():
        value = box.amount(period, "", chosen, name) or NIL
        sides = [
            against(value, box.amount(period, compare, chosen, name), box.why_not(period, compare))
            for compare in (PREVIOUS, LAST_YEAR, BUDGET)
        ]
        made.append(Item(name, value, value / whole if whole else None, *sides))
    return tuple(sorted(made, key=lambda item: -item.value))


def _lines(
    warehouse: Warehouse,
    hospital: str,
    box: Cube,
    period: int,
    compare: str,
    chosen: frozenset[str] | None,
) -> tuple[Line, ...]:
    whole = box.amount(period, "", chosen)
    full = by_department(warehouse, hospital, [period], ["full_cost"], box.scope)
    months = window(period, SPARK)
    made = []
    bases = {code for code, cells in (box.month(period, compare) or {}).items() if any(cells.values())}
    for code in box.cells.get(period, {}).keys() | bases:
        if chosen is not None and code not in chosen:
            continue
        mine = frozenset([code])
        value = box.amount(period, "", mine) or NIL
        # Departments that pass all their cost on have no full cost of their own.
        carried = full.get(code, {}).get("full_cost") if box.dept(code).dept_class == "clinical" else None
        side = against(value, box.amount(period, compare, mine), box.why_not(period, compare))
        series = tuple(box.amount(month, "", mine) or None for month in months)
        made.append(Line(box.dept(code), value, carried, value / whole if whole else None, side, series))
    return tuple(sorted(made, key=lambda line: (-line.direct, line.dept.code)))


def _classes(box: Cube, lines: tuple[Line, ...], period: int, compare: str) -> tuple[Line, ...]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.dept.dept_class, []).append(line)
    if len(groups) < 2:
        return ()
    ordered = sorted(groups.items(), key=lambda pair: (*CLASSES, pair[0]).index(pair[0]))
    return tuple(
        _sum(box, tuple(mine), period, compare, box.codes(name) or frozenset([UNMAPPED]), name)
        for name, mine in ordered
    )


def _sum(
    box: Cube,
    lines: tuple[Line, ...],
    period: int,
    compare: str,
    chosen: frozenset[str] | None,
    dept_class: str = "",
) -> Line:
    direct = sum((line.direct for line in lines), NIL)
    shares = [line.share for line in lines if line.share is not None]
    full = [line.full for line in lines if line.full is not None]
    return Line(
        Dept("", "", dept_class, ""),
        direct,
        sum(full, NIL) if full else None,
        sum(shares, NIL) if shares else None,
        against(direct, box.amount(period, compare, chosen), box.why_not(period, compare)),
        tuple(box.amount(month, "", chosen) for month in window(period, SPARK)),
    )
