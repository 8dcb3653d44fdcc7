"""Execution: rates, time progress on three bases, deviation, expected year-end, what was saved, adjustment rate.

Money is Decimal yuan. A ratio is a fraction and None where its base is missing or 0. For income the direction is
reversed: low execution is bad, and what lies below the budget is a shortfall, not a saving.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

BASES = ("months", "days", "season")
NIL = Decimal(0)
YEAR = 12


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole; None where either is missing or the whole is 0."""
    return None if part is None or not whole else part / whole


def execution_rate(cumulative: Decimal | None, annual: Decimal | None) -> Decimal | None:
    """Actual of months 1 to m / budget of the year."""
    return ratio(cumulative, annual)


def by_months(period: int) -> Decimal:
    """m / 12 at the end of a month (yyyymm)."""
    return Decimal(period % 100) / YEAR


def by_days(period: int, day: date | None = None) -> Decimal:
    """Days passed / days of the year, at the end of the month, or on `day` within the year of `period`."""
    year, month = divmod(period, 100)
    last = day if day is not None and day.year == year else date(year, month, monthrange(year, month)[1])
    return Decimal((last - date(year, 1, 1)).days + 1) / (366 if isleap(year) else 365)


def by_season(history: Mapping[int, Decimal], period: int) -> Decimal | None:
    """Mean over past whole years of (months 1 to m / year); None without a whole year before.

    history: yuan by period (yyyymm); years with a missing month or nothing spent do not count.
    """
    shares = []
    for year in sorted({p // 100 for p in history if p // 100 < period // 100}):
        months = [history.get(year * 100 + m) for m in range(1, YEAR + 1)]
        known = [amount for amount in months if amount is not None]
        if len(known) == YEAR and (whole := sum(known, NIL)):
            shares.append(sum(known[: period % 100], NIL) / whole)
    return sum(shares, NIL) / len(shares) if shares else None


def time_progress(basis: str, period: int, history: Mapping[int, Decimal] | None = None) -> Decimal | None:
    """How far the year has come, on one of BASES."""
    if basis == "days":
        return by_days(period)
    return by_season(history or {}, period) if basis == "season" else by_months(period)


def deviation(rate: Decimal | None, progress: Decimal | None) -> Decimal | None:
    """Execution ahead of time (+) or behind it (-), as a fraction: 0.05 is five percentage points."""
    return None if rate is None or progress is None else rate - progress


def period_deviation(cumulative: Decimal | None, planned: Decimal | None) -> Decimal | None:
    """(actual to date - budget to date) / budget to date."""
    return None if cumulative is None or planned is None else ratio(cumulative - planned, planned)


def year_end(cumulative: Decimal | None, rest: Sequence[Decimal | None]) -> Decimal | None:
    """Actual to date plus the forecast of the remaining months; None where one is missing."""
    if cumulative is None or any(month is None for month in rest):
        return None
    return cumulative + sum((month for month in rest if month is not None), NIL)


def saving(actual: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """max(0, budget - actual); of income, the shortfall."""
    return None if actual is None or budget is None else max(NIL, budget - actual)


def overspend(actual: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """max(0, actual - budget); of income, what came in beyond the plan."""
    return None if actual is None or budget is None else max(NIL, actual - budget)


def unfavourable(direction: str, actual: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """What hurts: cost above its budget, income below it."""
    return (saving if direction == "income" else overspend)(actual, budget)


def adjustment_rate(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Sum of |adjusted - original| over the lines / sum of the originals. pairs: (original, adjusted)."""
    return ratio(
        sum((abs(after - before) for before, after in pairs), NIL), sum((before for before, _ in pairs), NIL)
    )


def adjusted_share(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The variant by count: lines that were adjusted / lines."""
    return ratio(Decimal(sum(before != after for before, after in pairs)), Decimal(len(pairs)))
