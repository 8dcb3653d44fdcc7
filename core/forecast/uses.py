"""What forecasts are used for: year-end landing, what-if, purchases, ratios, and how good they were.

Money goes in and comes out as Decimal yuan; in between it is statistics, so float.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from core.forecast.engine import forecast, month
from core.forecast.intervals import bands
from core.forecast.panel import mase_scale
from core.forecast.result import Forecast
from core.forecast.settings import Floats, M

_FEN = Decimal("0.01")
TOGETHER = 0.5  # correlation between the errors of two months of one forecast, for the band of a sum


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a year ends: what is booked, what is still to come, and the band of the whole (80 %)."""

    year: int
    booked: Decimal
    ahead: Decimal
    total: Decimal
    low: Decimal
    high: Decimal
    months_ahead: int
    reasons: tuple[str, ...]


def landing(
    history: Mapping[int, Decimal | None], period: int, *, level: int = 80, **options: Any
) -> Landing:
    """The year of `period` (yyyymm), known up to and including that month.

    Args:
        history: amount by month; months after `period` are not looked at, missing ones are filled by the forecast's
            rule. Options go to `forecast`. A December needs no forecast: the total is what is booked.
    """
    known = {at: value for at, value in history.items() if at <= period and value is not None}
    year = period // 100
    booked = sum((value for at, value in known.items() if at // 100 == year), Decimal(0))
    left = M - period % 100
    if not known or not left:
        return Landing(year, booked, Decimal(0), booked, booked, booked, 0, () if known else ("no_data",))
    first = min(known)
    series: list[Decimal | None] = []
    at = first
    while at <= period:
        series.append(known.get(at))
        at = month(at, 1)
    found = forecast(series, left, start=first, levels=(level,), explain=False, **options)
    ahead = yuan(float(found.mean.sum()))
    low, high = sum_band(found, level)
    return Landing(
        year, booked, ahead, booked + ahead, booked + yuan(low), booked + yuan(high), left, found.reasons[0]
    )


def sum_band(found: Forecast, level: int = 80) -> tuple[float, float]:
    """Band of the sum of all months of one series: half-widths w add as sqrt(r (sum w)^2 + (1 - r) sum w^2)."""
    mean = float(found.mean.sum())
    below, above = found.mean - found.lower[level], found.upper[level] - found.mean
    spread = [float(np.sqrt(TOGETHER * w.sum() ** 2 + (1 - TOGETHER) * (w**2).sum())) for w in (below, above)]
    return mean - spread[0], mean + spread[1]


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


def ratio(
    top: Forecast, bottom: Forecast, past: Sequence[float | None], levels: Sequence[int] = (80, 95)
) -> Forecast:
    """The forecast of a ratio is the ratio of forecasts; its bands come from the ratio's own rolling origins.

    Args:
        top, bottom: single-series forecasts of one call each, with their rolling origins (explain=True).
        past: the ratio's history, for its scale.
    """
    horizon = len(top.mean)
    safe = np.where(np.abs(bottom.mean) > 1e-12, bottom.mean, np.nan)
    mean, naive = (
        np.nan_to_num(one)
        for one in (top.mean / safe, top.naive / np.where(bottom.naive != 0, bottom.naive, np.nan))
    )
    values = np.array([[np.nan if v is None else float(v) for v in past]])
    scale = float(mase_scale(values, np.isfinite(values).sum(axis=1))[0])
    below = {one.cut: one for one in bottom.tracks[0]}
    pairs = [(one, below[one.cut]) for one in top.tracks[0] if one.cut in below]
    with np.errstate(all="ignore"):
        truth = np.array([a.truth / b.truth for a, b in pairs]).reshape(-1, horizon)
        said = np.array([a.said / b.said for a, b in pairs]).reshape(-1, horizon)
        was = np.array([a.naive / b.naive for a, b in pairs]).reshape(-1, horizon)
    error, plain = (np.where(np.isfinite(truth - one), truth - one, np.nan) for one in (said, was))
    made = bands(error / scale, np.zeros(len(error), np.intp), 1, levels)
    size = np.abs(np.where(np.isfinite(error), truth, 0.0)).sum()

    def mase(one: Floats) -> Floats:
        return np.asarray(np.nanmean(np.abs(one)) / scale if np.isfinite(one).any() else np.nan)

    def wape(one: Floats) -> Floats:
        return np.asarray(np.nansum(np.abs(one)) / size if size > 0 else np.nan)

    return Forecast(
        mean=mean, naive=naive, candidates={"mean": mean, "naive": naive},
        lower={k: mean + scale * v[0] for k, v in made.lower.items()},
        upper={k: mean + scale * v[0] for k, v in made.upper.items()},
        errors={"mean": mase(error), "naive": mase(plain)}, wape={"mean": wape(error), "naive": wape(plain)},
        bias={"mean": np.asarray(-np.nansum(error) / size if size > 0 else np.nan)}, by_step={},
        coverage={k: v[0] for k, v in made.coverage.items()}, pooled=made.pooled, origins=np.asarray(float(len(pairs))),
        reasons=(tuple(dict.fromkeys((*top.reasons[0], *bottom.reasons[0]))),), periods=top.periods, single=True,
    )  # fmt: skip


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
