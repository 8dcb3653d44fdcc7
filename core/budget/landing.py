"""Where the year will end: what is spent and the forecast of the months that remain, row by row and adding up.

    rest(warehouse, hospital, period, direction, lines) -> Rest     every row's remaining months
    landing(rest, lines) -> Landing                                 of any choice of rows, with an 80 % band

The hospital and its departments are forecast together and made to add up (core/forecasting/family.py), as on the
forecast page; a department's months are then divided among its rows in the proportion of the rule of the mart (last
year's remaining months, or what is spent), in whole fen. So the total is the sum of its rows whatever is chosen. Under
LEAST months of history nothing is forecast and every row follows the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

import numpy as np

from core.budget import progress
from core.budget.compile import seasonal_naive
from core.forecast import Forecast, forecast
from core.forecast.result import TOO_SHORT
from core.forecast.uses import TOGETHER, sum_band
from core.forecasting.family import Family, family
from core.journal import Journal
from core.money import fen_to_yuan, half_up, largest_remainder, yuan_to_fen
from core.warehouse import Warehouse

BAND = 80
LEAST = 12  # months of history, below which a forecast is no better than the rule of the mart
HORIZON = 12  # as on the forecast page, so that both say the same
NIL = Decimal(0)


class Row(Protocol):
    """A row of mart_budget_execution of the month: what is needed of it."""

    @property
    def dept(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def spent(self) -> Decimal | None: ...
    @property
    def annual(self) -> Decimal | None: ...
    @property
    def year_end(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Rest:
    """The remaining months of a year: (department, item) -> yuan by month.

    Attributes:
        how: forecast | rule (last year's remaining months, or evenly) | closed (the year is over).
        months: the months to come; () where nothing is forecast.
        spread: department -> (below, above) its forecast's 80 % band of the rest; '' is the hospital.
    """

    how: str
    months: tuple[int, ...] = ()
    cells: Mapping[tuple[str, str], tuple[Decimal, ...]] = field(default_factory=dict)
    spread: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Landing:
    """Yuan expected at the end of the year; the sum of its rows. low and high: 80 % band; None without a forecast.

    rest: (month, yuan) still to come.
    """

    amount: Decimal
    rate: Decimal | None
    how: str
    low: Decimal | None = None
    high: Decimal | None = None
    rest: tuple[tuple[int, Decimal], ...] = ()


def rest(
    warehouse: Warehouse, hospital: str, period: int, direction: str, rows: Sequence[Row],
    journal: Journal | None = None,
) -> Rest:  # fmt: skip
    """The remaining months of every row of `period` (all departments and items of the direction)."""
    count = 12 - period % 100
    if not count:
        return Rest("closed")
    found = family(warehouse, hospital, direction, HORIZON, journal=journal, until=period)
    if found is None or found.periods[0] != _later(period, 1) or TOO_SHORT in found.statistics.reasons[0]:
        return Rest("rule")
    cells: dict[tuple[str, str], tuple[Decimal, ...]] = {}
    by_dept: dict[str, list[Row]] = {}
    for row in rows:
        by_dept.setdefault(row.dept, []).append(row)
    for dept, held in by_dept.items():
        if months := found.months(dept):
            for row, amounts in zip(held, _divided(months[0][:count], held), strict=True):
                cells[row.dept, row.item] = amounts
    return Rest("forecast", found.periods[:count], cells, _spreads(found, count))


def expected(row: Row, coming: Rest) -> Decimal | None:
    """The year-end of one row: spent and its forecast rest; the rule of the mart where nothing is forecast."""
    if row.spent is None:
        return None
    if coming.how == "closed":
        return row.spent
    months = coming.cells.get((row.dept, row.item))
    return row.year_end if months is None else row.spent + sum(months, NIL)


def landing(coming: Rest, rows: Sequence[Row], every: bool) -> Landing | None:
    """The year-end of some rows, whose `year_end` is what `expected` says. None where a row has none.

    Args:
        every: the rows are the whole hospital's, whose own band then holds.
    """
    if not rows or any(row.year_end is None for row in rows):
        return None
    amount = sum((row.year_end or NIL for row in rows), NIL)
    plans = [row.annual for row in rows if row.annual is not None]
    rate = progress.ratio(amount, sum(plans, NIL) if plans else None)
    if coming.how != "forecast":
        closed = coming.how == "closed"
        return Landing(amount, rate, coming.how, amount if closed else None, amount if closed else None)
    ahead = [
        (month, sum((coming.cells.get((r.dept, r.item), _nothing(coming))[at] for r in rows), NIL))
        for at, month in enumerate(coming.months)
    ]
    below, above = _band(coming, rows, every)
    return Landing(
        amount, rate, coming.how, amount - _fen(below), amount + _fen(above), tuple(ahead)
    )  # fmt: skip


def _nothing(coming: Rest) -> tuple[Decimal, ...]:
    return (NIL,) * len(coming.months)


def _divided(months: Sequence[Decimal], rows: Sequence[Row]) -> list[tuple[Decimal, ...]]:
    """A department's months among its rows: by the rule's rest, else by what is spent, else evenly."""
    spent = [max(row.spent or NIL, NIL) for row in rows]
    left = [max((row.year_end or NIL) - (row.spent or NIL), NIL) for row in rows]
    weights = left if any(left) else spent if any(spent) else [Decimal(1)] * len(rows)
    amounts = np.array([yuan_to_fen(value) for value in months], np.int64)
    shares = largest_remainder(amounts, np.array([yuan_to_fen(value) for value in weights], np.int64))
    return [tuple(fen_to_yuan(int(value)) for value in shares[:, at]) for at in range(len(rows))]


def _spreads(found: Family, count: int) -> dict[str, tuple[float, float]]:
    codes = ["", *(one.dept for one in found.members)]
    return {code: _spread(found.statistics.of(at), count) for at, code in enumerate(codes)}


def _spread(one: Forecast, count: int) -> tuple[float, float]:
    cut = replace(
        one, mean=one.mean[:count], lower={BAND: one.lower[BAND][:count]}, upper={BAND: one.upper[BAND][:count]}
    )  # fmt: skip
    low, high = sum_band(cut, BAND)
    middle = float(cut.mean.sum())
    return middle - low, high - middle


def _band(coming: Rest, rows: Sequence[Row], every: bool) -> tuple[float, float]:
    """Half-widths of the sum of rows: the hospital's own, or its departments' with errors half together."""
    if every and "" in coming.spread:
        return coming.spread[""]
    part: dict[str, Decimal] = {}
    whole: dict[str, Decimal] = {}
    chosen = {(row.dept, row.item) for row in rows}
    depts = {row.dept for row in rows}
    for (dept, item), months in coming.cells.items():
        if dept in depts:
            whole[dept] = whole.get(dept, NIL) + sum(months, NIL)
            if (dept, item) in chosen:
                part[dept] = part.get(dept, NIL) + sum(months, NIL)
    shares = {dept: abs(float(part[dept] / whole[dept])) if whole[dept] else 1.0 for dept in part}
    sides = []
    for side in (0, 1):
        widths = np.array([coming.spread[dept][side] * share for dept, share in shares.items()])
        sides.append(float(np.sqrt(TOGETHER * widths.sum() ** 2 + (1 - TOGETHER) * (widths**2).sum())))
    return sides[0], sides[1]


def months_ahead(history: Mapping[int, Decimal], period: int, count: int = 12) -> dict[int, Decimal]:
    """The `count` months after `period`: the forecast, or last year's months where history is short of LEAST."""
    months = _unbroken(history, period)
    after = [_later(period, i) for i in range(1, count + 1)]
    if len(months) < LEAST:
        return seasonal_naive(history, after[0], count)
    found = forecast([float(history[p]) for p in months], count, start=months[0], levels=(BAND,))
    return dict(zip(after, (_fen(value) for value in found.mean.ravel().tolist()), strict=True))


def _unbroken(history: Iterable[int], period: int) -> list[int]:
    """Months up to `period` without a gap, oldest first."""
    held, found = set(history), []
    month = period
    while month in held:
        found.append(month)
        month = _later(month, -1)
    return found[::-1]


def _fen(value: float) -> Decimal:
    return half_up(Decimal(repr(float(value))))


def _later(period: int, months: int) -> int:
    index = period // 100 * 12 + period % 100 - 1 + months
    return index // 12 * 100 + index % 12 + 1
