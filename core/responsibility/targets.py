"""What a department is asked to reach in a year, proposed from its budget, and how far it has come.

    proposals(warehouse, settings, hospital, year) -> {dept: (Target, ...)}
    follow(warehouse, hospital, targets, period, watch) -> (Progress, ...)

A target is plain data, so that a letter carries it unchanged:
    code     cost.total, cost.<item class>, decline or growth, fund_efficiency, red.<red line>
    base     last year's actual; None where last year is not complete
    target   yuan, or a ratio for `percent`, or the limit of a red line; None is not decided
Amounts are Decimal yuan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.catalog import Label, catalog
from core.figures.common import shift
from core.parameters import value
from core.responsibility.words import words
from core.rewards.rules import red_lines
from core.settings import Settings
from core.warehouse import Warehouse

TOTAL, DECLINE, GROWTH, FUND = "cost.total", "decline", "growth", "fund_efficiency"
ON_TRACK, WATCH, OVER, MISSING = "on_track", "watch", "over", "missing"
CENT = Decimal("0.01")
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


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside what it allows up to a month (`plan`) and what came (`actual`); `over` is their ratio - 1."""

    target: Target
    plan: Decimal | None
    actual: Decimal | None
    over: Decimal | None
    status: str


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
    rate = abs(change).quantize(Decimal("0.0001"), ROUND_HALF_UP)
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


def _before(warehouse: Warehouse, hospital: str, year: int) -> dict[str, dict[str, Decimal]]:
    """Department -> item -> actual of a whole year; nothing when a month of it is not there."""
    months = [
        m for m in warehouse.periods(hospital) if m // 100 == year and m not in warehouse.missing(hospital)
    ]
    if len(months) < 12:
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
    return {dept: Decimal(str(v)).quantize(Decimal("0.0001")) for dept, v in rows if v is not None}


def follow(
    warehouse: Warehouse, hospital: str, wanted: Mapping[str, Sequence[Target]], period: int, watch: Decimal
) -> dict[str, tuple[Progress, ...]]:
    """Every department's cost targets up to `period`: {dept: (Progress, ...)}.

    plan = target x the budget's share of the year up to the month (m/12 where nothing was budgeted). Up to the plan is
    on track, above it by at most `watch` is watched, beyond that it is over. The decline compares with the same months
    a year ago. Red lines are judged with the rewards, not here.
    """
    shares, actuals = _to_date(warehouse, hospital, period)
    last, _ = _months(warehouse, hospital, shift(period, -12))
    month = period % 100
    made = {}
    for dept, targets in wanted.items():
        mine = actuals.get(dept)
        rows = []
        for one in targets:
            if one.code.startswith("cost."):
                item = one.code.removeprefix("cost.")
                actual = None if mine is None else mine.get(item, NIL)
                share = shares.get(dept, {}).get(item, Decimal(month) / 12)
                plan = None if one.target is None else (one.target * share).quantize(CENT, ROUND_HALF_UP)
                rows.append(_progress(one, plan, actual, watch))
            elif one.code in (DECLINE, GROWTH):
                rows.append(_decline(one, mine, last.get(dept)))
        made[dept] = tuple(rows)
    return made


def _progress(one: Target, plan: Decimal | None, actual: Decimal | None, watch: Decimal) -> Progress:
    if plan is None or actual is None:
        return Progress(one, plan, actual, None, MISSING)
    over = (actual - plan) / plan if plan else None
    if actual <= plan:
        return Progress(one, plan, actual, over, ON_TRACK)
    return Progress(one, plan, actual, over, WATCH if over is not None and over <= watch else OVER)


def _decline(one: Target, mine: Mapping[str, Decimal] | None, last: Mapping[str, Decimal] | None) -> Progress:
    if mine is None or not last or not last.get("total") or one.target is None:
        return Progress(one, one.target, None, None, MISSING)
    reached = (last["total"] - mine["total"]) / last["total"]
    if one.code == GROWTH:
        return Progress(one, one.target, -reached, None, ON_TRACK if -reached <= one.target else OVER)
    return Progress(one, one.target, reached, None, ON_TRACK if reached >= one.target else OVER)


def _to_date(
    warehouse: Warehouse, hospital: str, period: int
) -> tuple[dict[str, dict[str, Decimal]], dict[str, dict[str, Decimal]]]:
    """Share of the year's budget up to the month, and actual up to the month, per department and item ('total' too)."""
    actuals, whole = _months(warehouse, hospital, period)
    if not whole:
        actuals = {}
    rows = warehouse.query(
        "select dept_code, item_class, sum(amount) filter (period <= ?), sum(amount) from stg_budget "
        "where hospital = ? and in_force and direction = 'cost' and period // 100 = ? and dept_code is not null group by all",
        (period, hospital, period // 100),
    )
    sums: dict[str, dict[str, list[Decimal]]] = {}
    for dept, item, done, year in rows:
        for name in (item or "other", "total"):
            pair = sums.setdefault(dept, {}).setdefault(name, [NIL, NIL])
            pair[0] += Decimal(done or 0)
            pair[1] += Decimal(year or 0)
    shares = {
        dept: {item: done / year for item, (done, year) in items.items() if year}
        for dept, items in sums.items()
    }
    return shares, actuals


def _months(warehouse: Warehouse, hospital: str, period: int) -> tuple[dict[str, dict[str, Decimal]], bool]:
    """Actual cost from January to the month, and whether every one of these months is there."""
    first = period // 100 * 100 + 1
    waiting = warehouse.missing(hospital)
    there = [m for m in warehouse.periods(hospital) if first <= m <= period and m not in waiting]
    rows = warehouse.query(
        "select dept_code, item_class, sum(amount) from mart_direct_cost where hospital = ? and scope = 'medical' "
        "and period between ? and ? group by all",
        (hospital, first, period),
    )
    found: dict[str, dict[str, Decimal]] = {}
    for dept, item, amount in rows:
        mine = found.setdefault(dept, {})
        mine[item or "other"] = mine.get(item or "other", NIL) + Decimal(amount)
        mine["total"] = mine.get("total", NIL) + Decimal(amount)
    whole = len(there) == period % 100
    return (found if whole else {}), whole


def worst(rows: Iterable[Progress]) -> str:
    """One status for a department: over before watch before on track; missing only when nothing else is known."""
    seen = {row.status for row in rows}
    return next((status for status in (OVER, WATCH, ON_TRACK) if status in seen), MISSING)
