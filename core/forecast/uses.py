"""What forecasts are used for: year-end landing, what-if, purchases, ratios (ratios.py), and how good they were.

Money goes in and comes out as Decimal yuan; in between it is statistics, so float.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from core.forecast.engine import forecast, month
from core.forecast.panel import filled
from core.forecast.ratios import ratio as ratio
from core.forecast.result import Forecast
from core.forecast.settings import Floats, M

_FEN = Decimal("0.01")
TOGETHER = 0.5  # correlation between the errors of two months of one forecast, for the band of a sum


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a year ends: what is booked, what is still to come, and the band of the whole (80 %).

    Attributes:
        missing: months of the year without a value, which count with their usual one; `filled` is what that is.
        months: how many of the year's twelve the total covers; fewer where the history begins within the year.
    """

    year: int
    booked: Decimal
    ahead: Decimal
    total: Decimal
    low: Decimal
    high: Decimal
    months_ahead: int
    reasons: tuple[str, ...]
    missing: tuple[int, ...] = ()
    filled: Decimal = Decimal(0)
    months: int = M


def landing(
    history: Mapping[int, Decimal | None], period: int, *, level: int = 80, **options: Any
) -> Landing:
    """The year of `period` (yyyymm), known up to and including that month.

    Args:
        history: amount by month; months after `period` are not looked at, missing ones are filled by the forecast's
            rule. Options go to `forecast`. A December needs no forecast: the total is what is booked.
    """
    known = {at: value for at, value in history.items() if at <= period and value is not None}
    year, left = period // 100, M - period % 100
    if not known:
        nil = Decimal(0)
        return Landing(year, nil, nil, nil, nil, nil, 0, ("no_data",), months=0)
    first = min(known)
    months = [first]
    while months[-1] < period:
        months.append(month(months[-1], 1))
    series = [known.get(at) for at in months]
    usual = filled(np.array([np.nan if value is None else float(value) for value in series]))
    within = [at for at in months if at // 100 == year]
    missing = tuple(at for at in within if at not in known)
    booked = sum((known[at] for at in within if at in known), Decimal(0))
    made_up = sum((yuan(float(usual[months.index(at)])) for at in missing), Decimal(0))
    if not left and not missing:
        return Landing(year, booked, Decimal(0), booked, booked, booked, 0, (), months=len(within))
    found = forecast(series, max(left, 1), start=first, levels=(level,), explain=False, **options)
    ahead = yuan(float(found.mean[:left].sum()))
    total = booked + made_up + ahead
    below, above = sum_spread(found, level, months=left, more=len(missing))
    return Landing(
        year, booked, ahead, total, total - yuan(below), total + yuan(above), left, found.reasons[0], missing,
        made_up, len(within) + left,
    )  # fmt: skip


def sum_spread(
    found: Forecast, level: int = 80, *, months: int | None = None, more: int = 0
) -> tuple[float, float]:
    """Half-widths of the band of a sum of months of one series: sqrt(r (sum w)^2 + (1 - r) sum w^2), below and above.

    Args:
        months: how many of the months to come; all of them by default.
        more: months of the past that were missing and count with their usual value, each as uncertain as the first
            month to come.
    """
    sides = []
    for width in (found.mean - found.lower[level], found.upper[level] - found.mean):
        w = np.concatenate([width[:months], np.repeat(width[:1], more)])
        sides.append(float(np.sqrt(TOGETHER * w.sum() ** 2 + (1 - TOGETHER) * (w**2).sum())))
    return sides[0], sides[1]


def sum_band(found: Forecast, level: int = 80) -> tuple[float, float]:
    """Band of the sum of all months of one series; see sum_spread."""
    mean = float(found.mean.sum())
    below, above = sum_spread(found, level)
    return mean - below, mean + above


def yuan(value: float) -> Decimal:
    """A forecast amount in yuan and fen."""
    return Decimal(repr(float(value))).quantize(_FEN, ROUND_HALF_UP)


def what_if(mean: Floats, volume: float, price: float, variable: float = 1.0) -> Floats:
    """The forecast with volume and price changed: mean x (1 + variable x volume) x (1 + price).

    Args:
        volume, price: changes as shares (0.05 is five percent more).
        variable: share of the cost that follows volume, 0 for fixed cost, 1 for drugs.
    """
    return np.asarray(mean * (1.0 + variable * volume) * (1.0 + price))


@dataclass(frozen=True, slots=True)
class Purchase:
    """What to order so that stock lasts over the months of the forecast."""

    demand: float
    safe_demand: float
    stock: float
    order: float
    cover: float | None


def purchase(
    found: Forecast, stock: float, *, months: int = 3, lead: float = 0.0, level: int = 80
) -> Purchase:
    """Suggestion for one drug or material: order = upper band of the demand until the next delivery - stock, >= 0.

    Args:
        found: forecast of the quantity used, at least months + lead ahead.
        stock: quantity at hand. lead: months until a delivery arrives.
        cover of the result: months that the stock lasts at the forecast demand, None if nothing is used.
    """
    span = min(len(found.mean), int(np.ceil(months + lead)))
    share = np.clip(months + lead - np.arange(span), 0.0, 1.0)
    demand = float((found.mean[:span] * share).sum())
    above = (found.upper[level] - found.mean)[:span] * share
    safe = demand + float(np.sqrt(TOGETHER * above.sum() ** 2 + (1 - TOGETHER) * (above**2).sum()))
    pace = demand / float(share.sum()) if share.sum() else 0.0
    return Purchase(demand, safe, stock, max(0.0, safe - stock), stock / pace if pace > 0 else None)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How a kept forecast did: 1 - WAPE (indicator L22), beside the naive one, and what the adjustment added.

    value_added: WAPE of the naive forecast less WAPE of the one that was used; above 0 the work was worth it.
    """

    months: int
    accuracy: Decimal | None
    naive_accuracy: Decimal | None
    adjusted_accuracy: Decimal | None
    value_added: Decimal | None
    bias: Decimal | None


def accuracy(
    actual: Sequence[Decimal | None],
    said: Sequence[Decimal | None],
    naive: Sequence[Decimal | None],
    adjusted: Sequence[Decimal | None] = (),
) -> Accuracy:
    """Over the months that have an actual and a forecast; None where the actual sum is 0.

    adjusted: what a person made of the forecast, None for months left as they were.
    """
    rows = [
        (a, s, n, adjusted[i] if i < len(adjusted) and adjusted[i] is not None else s)
        for i, (a, s, n) in enumerate(zip(actual, said, naive, strict=True))
        if a is not None and s is not None and n is not None
    ]
    whole = sum((abs(row[0]) for row in rows), Decimal(0))
    if not rows or whole == 0:
        return Accuracy(len(rows), None, None, None, None, None)
    wapes = [
        sum((abs(row[0] - (row[k] or Decimal(0))) for row in rows), Decimal(0)) / whole for k in (1, 2, 3)
    ]
    total = sum((row[0] for row in rows), Decimal(0))
    drift = sum(((row[1] - row[0]) for row in rows), Decimal(0))
    bias = drift / total if total else None
    return Accuracy(len(rows), 1 - wapes[0], 1 - wapes[1], 1 - wapes[2], wapes[1] - wapes[2], bias)
