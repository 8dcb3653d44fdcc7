"""Where the year will end: the actual to date plus a forecast of the months that remain, with a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.budget import progress
from core.budget.compile import seasonal_naive
from core.forecast import forecast

BAND = 80
LEAST = 12  # months of history, below which a forecast is no better than the rule of the mart
FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Landing:
    """Yuan expected at the end of the year.

    how: forecast (the averaged models of core.forecast), rule (last year's remaining months, or evenly), closed (the
    year is over). low and high: 80 % band; None without a forecast. rest: (month, yuan) still to come.
    """

    amount: Decimal
    rate: Decimal | None
    how: str
    low: Decimal | None = None
    high: Decimal | None = None
    rest: tuple[tuple[int, Decimal], ...] = ()


def landing(
    history: Mapping[int, Decimal], period: int, rule: Decimal | None, annual: Decimal | None
) -> Landing | None:
    """The expected year-end of a series of months.

    history: yuan by month, all years. rule: what the mart expects, used below LEAST months in a row.
    """
    year, month = divmod(period, 100)
    spent = sum((history[p] for p in history if p // 100 == year and p <= period), Decimal(0))
    if month == 12:
        return Landing(spent, progress.ratio(spent, annual), "closed", spent, spent)
    months = _unbroken(history, period)
    if len(months) < LEAST:
        return None if rule is None else Landing(rule, progress.ratio(rule, annual), "rule")
    found = forecast([float(history[p]) for p in months], 12 - month, start=months[0], levels=(BAND,))
    rest = [_fen(value) for value in found.mean.ravel().tolist()]
    amount = progress.year_end(spent, rest) or spent
    # Months err together, so the band of the sum is at most the sum of the bands: said as such, on the safe side.
    low, high = (spent + _fen(float(band[BAND].sum())) for band in (found.lower, found.upper))
    coming = tuple((period + i, value) for i, value in enumerate(rest, 1))
    return Landing(amount, progress.ratio(amount, annual), "forecast", low, high, coming)


def _unbroken(history: Mapping[int, Decimal], period: int) -> list[int]:
    """Months up to `period` without a gap, oldest first."""
    found: list[int] = []
    index = period // 100 * 12 + period % 100 - 1
    while (month := index // 12 * 100 + index % 12 + 1) in history:
        found.append(month)
        index -= 1
    return found[::-1]


def _fen(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(FEN, ROUND_HALF_UP)


def months_ahead(history: Mapping[int, Decimal], period: int, count: int = 12) -> dict[int, Decimal]:
    """The `count` months after `period`: the forecast, or last year's months where history is short of LEAST."""
    months = _unbroken(history, period)
    after = [_later(period, i) for i in range(1, count + 1)]
    if len(months) < LEAST:
        return seasonal_naive(history, after[0], count)
    found = forecast([float(history[p]) for p in months], count, start=months[0], levels=(BAND,))
    return dict(zip(after, (_fen(value) for value in found.mean.ravel().tolist()), strict=True))


def _later(period: int, months: int) -> int:
    index = period // 100 * 12 + period % 100 - 1 + months
    return index // 12 * 100 + index % 12 + 1
