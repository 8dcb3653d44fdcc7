"""Budget execution for the page: sums by department, item and month from mart_budget_execution, compared with time.

    execution(warehouse, hospital, period, direction, basis, dept_class, dept, item) -> Execution

Actual is direct cost in scope medical, or income by ordering department (see the mart). Money is Decimal yuan, exact;
ratios come from sums, never averaged, and are None where their base is missing or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from core.budget import progress
from core.budget.history import history
from core.budget.landing import Landing, Rest, expected, landing, rest
from core.figures.common import UNMAPPED, Dept, cube
from core.journal import Journal
from core.warehouse import Warehouse

NIL = Decimal(0)
YEAR = 12
DIRECTIONS = ("cost", "income")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the mart: a department's item in a month. In an Execution year_end is the forecast one (landing.py).

    covered: months of the year the hospital's budget covers; None where nothing was planned for the department's item.
    """

    period: int
    dept: str
    item: str
    budget: Decimal | None
    actual: Decimal | None
    planned: Decimal | None
    spent: Decimal | None
    annual: Decimal | None
    year_end: Decimal | None
    covered: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines added up. planned and spent are to date, annual is the year's budget; None where nothing is known.

    unplanned: part of `spent` that no budget was made for. covered: months of the year the budget covers, 0 without one;
    with fewer than twelve there is no annual.
    """

    direction: str
    budget: Decimal | None
    actual: Decimal | None
    planned: Decimal | None
    spent: Decimal | None
    annual: Decimal | None
    year_end: Decimal | None
    unplanned: Decimal
    covered: int

    @property
    def gap(self) -> Decimal | None:
        """Yuan to date above the budget to date (+) or below it (-)."""
        return None if self.spent is None or self.planned is None else self.spent - self.planned

    @property
    def hurts(self) -> Decimal | None:
        """Cost above its budget to date, income below it; 0 where it is as it should be."""
        return progress.unfavourable(self.direction, self.spent, self.planned)

    @property
    def rate(self) -> Decimal | None:
        """Cumulative execution rate."""
        return progress.execution_rate(self.spent, self.annual)

    @property
    def month_rate(self) -> Decimal | None:
        """Execution rate of the month."""
        return progress.ratio(self.actual, self.budget)

    @property
    def period_deviation(self) -> Decimal | None:
        """(to date - budget to date) / budget to date."""
        return progress.period_deviation(self.spent, self.planned)

    @property
    def month_deviation(self) -> Decimal | None:
        """The same for the month alone."""
        return progress.period_deviation(self.actual, self.budget)

    @property
    def year_end_rate(self) -> Decimal | None:
        """Expected execution rate of the year."""
        return progress.ratio(self.year_end, self.annual)


@dataclass(frozen=True, slots=True)
class Part:
    """A department, an item, or a department's item, with its sums."""

    dept: Dept | None
    item: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Execution:
    """Everything the page shows of one choice.

    total; depts and items, those that hurt most first; cells: department x item; months: the year to date by month;
    heat: (department, month) -> month deviation; time: progress on the chosen basis, bases: on each of the three;
    ahead: rate - time; landing: expected year-end of the whole choice, the sum of its rows' (core/budget/landing.py);
    missing: months of the year that are not there.
    """

    period: int
    direction: str
    basis: str
    total: Sums
    depts: tuple[Part, ...]
    items: tuple[Part, ...]
    cells: tuple[Part, ...]
    months: tuple[tuple[int, Sums], ...]
    heat: Mapping[tuple[str, int], Decimal | None]
    time: Decimal | None
    bases: Mapping[str, Decimal | None]
    landing: Landing | None
    missing: tuple[int, ...]
    item: str | None = None

    @property
    def ahead(self) -> Decimal | None:
        """Execution deviation as a fraction: rate - time progress."""
        return progress.deviation(self.total.rate, self.time)

    @property
    def empty(self) -> bool:
        """No budget in this direction for any month of the year."""
        return not self.total.covered

    @property
    def partial(self) -> bool:
        """The budget covers some months only, so nothing can be held against the year."""
        return 0 < self.total.covered < YEAR


def sums(lines: Iterable[Line], direction: str) -> Sums:
    """Lines added up; a column without any value stays None."""
    held = list(lines)

    def add(name: str) -> Decimal | None:
        known = [value for value in (getattr(line, name) for line in held) if value is not None]
        return sum(known, NIL) if known else None

    unplanned = sum((line.spent or NIL for line in held if line.covered is None), NIL)
    return Sums(
        direction,
        add("budget"),
        add("actual"),
        add("planned"),
        add("spent"),
        add("annual"),
        add("year_end"),
        unplanned,
        max((line.covered or 0 for line in held), default=0),
    )


_years: WeakKeyDictionary[Warehouse, dict[tuple[str, int, str, tuple[int, ...]], tuple[Line, ...]]] = (
    WeakKeyDictionary()
)
_lock = Lock()


def year_lines(warehouse: Warehouse, hospital: str, year: int, direction: str) -> tuple[Line, ...]:
    """The mart's rows of one year and direction, read once per warehouse."""
    key = (hospital, year, direction, warehouse.missing(hospital))
    with _lock:
        kept = _years.setdefault(warehouse, {})
        if key in kept:
            return kept[key]
    rows = warehouse.query(
        "select period, dept_code, item_class, budget, actual, cumulative_budget, cumulative, annual, year_end, covered "
        "from mart_budget_execution where hospital = ? and period // 100 = ? and direction = ? order by 1, 2, 3",
        (hospital, year, direction),
    )
    made = tuple(Line(*row) for row in rows)
    with _lock:
        kept.clear() if len(kept) > 8 else None
        kept[key] = made
    return made


def execution(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    direction: str = "cost",
    basis: str = "months",
    dept_class: str | None = None,
    dept: str | None = None,
    item: str | None = None,
    journal: Journal | None = None,
) -> Execution:
    """The execution of one month's budget, to date and to the end of the year.

    journal: what people decided about forecasts (months excluded, steps marked), for the months that remain.
    """
    known = cube(warehouse, hospital, "medical")
    codes = known.codes(dept_class, dept)
    every = year_lines(warehouse, hospital, period // 100, direction)
    lines = [
        line
        for line in every
        if line.period <= period and (codes is None or line.dept in codes) and item in (None, line.item)
    ]
    now = [line for line in lines if line.period == period]
    coming = None
    if now and not any(line.spent is None for line in now):
        coming = _rest(warehouse, hospital, period, direction, every, journal)
        now = [replace(line, year_end=expected(line, coming)) for line in now]
    held = sorted({line.period for line in lines})
    past = history(warehouse, hospital, direction, codes, item)
    bases = {name: progress.time_progress(name, period, past) for name in progress.BASES}
    total = sums(now, direction)
    there = {p for p in past if p // 100 == period // 100}
    missing = tuple(p for p in range(period // 100 * 100 + 1, period + 1) if p not in there)
    return Execution(
        period,
        direction,
        basis,
        total,
        _parts(now, direction, lambda line: (line.dept, ""), known.dept),
        _parts(now, direction, lambda line: ("", line.item), known.dept),
        _parts(now, direction, lambda line: (line.dept, line.item), known.dept),
        tuple((p, sums((line for line in lines if line.period == p), direction)) for p in held),
        _heat(lines, direction),
        bases[basis],
        bases,
        None if missing or coming is None else landing(coming, now, codes is None and item is None),
        missing,
        item,
    )


_rests: WeakKeyDictionary[Warehouse, dict[tuple[Any, ...], Rest]] = WeakKeyDictionary()


def _rest(
    warehouse: Warehouse, hospital: str, period: int, direction: str, lines: Iterable[Line], journal: Journal | None
) -> Rest:  # fmt: skip
    """The months to come of every row, made once per warehouse, month and state of the journal."""
    key = (hospital, period, direction, warehouse.missing(hospital), journal.version() if journal else 0)
    with _lock:
        kept = _rests.setdefault(warehouse, {})
        if key in kept:
            return kept[key]
    rows = [line for line in lines if line.period == period]
    made = rest(warehouse, hospital, period, direction, rows, journal)
    with _lock:
        kept.clear() if len(kept) > 24 else None
        kept[key] = made
    return made


def _parts(
    lines: Iterable[Line],
    direction: str,
    key: Callable[[Line], tuple[str, str]],
    dept_of: Callable[[str], Dept],
) -> tuple[Part, ...]:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    made = [
        Part(dept_of(dept) if dept else None, item, sums(held, direction))
        for (dept, item), held in groups.items()
    ]
    return tuple(sorted(made, key=lambda part: (-(part.sums.hurts or NIL), _code(part), part.item)))


def _code(part: Part) -> str:
    return part.dept.code if part.dept else UNMAPPED


def _heat(lines: Iterable[Line], direction: str) -> dict[tuple[str, int], Decimal | None]:
    groups: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.dept, line.period), []).append(line)
    return {key: sums(held, direction).month_deviation for key, held in groups.items()}
