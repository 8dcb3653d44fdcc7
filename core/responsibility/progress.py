"""How far a department has come with what its letter asks: what the months up to now allow, and what came.

    follow(warehouse, hospital, targets, period, watch) -> {dept: (Progress, ...)}

Amounts are Decimal yuan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.figures.common import shift
from core.money import half_up
from core.responsibility.targets import DECLINE, GROWTH, NIL, TOTAL, Target, ledger_months
from core.warehouse import Warehouse

ON_TRACK, WATCH, OVER, MISSING = "on_track", "watch", "over", "missing"


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside what it allows up to a month (`plan`) and what came (`actual`); `over` is their ratio - 1."""

    target: Target
    plan: Decimal | None
    actual: Decimal | None
    over: Decimal | None
    status: str


def follow(
    warehouse: Warehouse, hospital: str, wanted: Mapping[str, Sequence[Target]], period: int, watch: Decimal
) -> dict[str, tuple[Progress, ...]]:
    """Every department's cost targets up to `period`: {dept: (Progress, ...)}.

    plan = target x budget up to the month / budget of the year (m/12 where nothing was budgeted), rounded half up to
    fen. The plan of the total is the sum of its items' plans wherever the letter's items make up its total. Up to the
    plan is on track, above it by at most `watch` is watched, beyond that it is over. The decline compares with the
    same months a year ago. Red lines are judged with the rewards, not here.
    """
    budgets, actuals = _to_date(warehouse, hospital, period)
    last, _ = _months(warehouse, hospital, shift(period, -12))
    month = period % 100
    made = {}
    for dept, targets in wanted.items():
        mine = actuals.get(dept)
        plans = _plans(targets, budgets.get(dept, {}), month)
        rows = []
        for one in targets:
            if one.code.startswith("cost."):
                actual = None if mine is None else mine.get(one.code.removeprefix("cost."), NIL)
                rows.append(_progress(one, plans[one.code], actual, watch))
            elif one.code in (DECLINE, GROWTH):
                rows.append(_decline(one, mine, last.get(dept)))
        made[dept] = tuple(rows)
    return made


def _plans(
    targets: Sequence[Target], budget: Mapping[str, tuple[Decimal, Decimal]], month: int
) -> dict[str, Decimal | None]:
    """What each cost target allows up to the month."""
    costs = {one.code: one.target for one in targets if one.code.startswith("cost.")}
    plans: dict[str, Decimal | None] = {}
    for code, target in costs.items():
        done, year = budget.get(code.removeprefix("cost."), (NIL, NIL))
        done, year = (done, year) if year else (Decimal(month), Decimal(12))
        plans[code] = None if target is None else half_up(target * done / year)
    items = [code for code in costs if code != TOTAL]
    if TOTAL in costs and items and costs[TOTAL] == sum((costs[code] or NIL for code in items), NIL):
        plans[TOTAL] = sum((plans[code] or NIL for code in items), NIL)
    return plans


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
) -> tuple[dict[str, dict[str, tuple[Decimal, Decimal]]], dict[str, dict[str, Decimal]]]:
    """(budget up to the month, of the year) and actual up to the month, per department and item ('total' too)."""
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
    budgets = {
        dept: {item: (done, year) for item, (done, year) in items.items()} for dept, items in sums.items()
    }
    return budgets, actuals


def _months(warehouse: Warehouse, hospital: str, period: int) -> tuple[dict[str, dict[str, Decimal]], bool]:
    """Actual cost from January to the month, and whether every one of these months is there."""
    first = period // 100 * 100 + 1
    there = [m for m in ledger_months(warehouse, hospital) if first <= m <= period]
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
