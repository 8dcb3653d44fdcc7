"""The models that are combined, and their combination. All but naive and regression look at the steadied months.

naive         the same month of last year
naive_growth  the same, times the square root of last year's growth
theta         smoothed level plus half of the straight trend          (Assimakopoulos and Nikolopoulos 2000)
growth        the same with a damped growth rate instead of a straight line, for positive series
drifted       smoothed level plus the share of the straight trend that its own errors bear out
damped        Holt's trend, damped; on logarithms for positive series
smoothing     Holt-Winters with a season that moves, with and without a damped trend
airline       seasonal ARIMA (0,1,1)(0,1,1), see arima.py
stationary    seasonal ARIMA (1,0,0)(0,1,1)
regression    the readable straight line with month effects, see regression.py
lags          ridge regression of monthly changes on earlier ones, see lags.py
combined      weighted mean of those named in settings.NEAR
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.forecast import settings
from core.forecast.arima import airline, stationary
from core.forecast.lags import lags
from core.forecast.panel import Panel
from core.forecast.regression import straight
from core.forecast.season import adjusted, factors, seasoned
from core.forecast.settings import Flags, Floats, Ints, M
from core.forecast.smoothing import damped_trend, level_and_drift, seasonal_trend
from core.forecast.steady import steady

_BLOCK = 600  # rows handled at once: what fits the processor's cache
NAMES = (
    "naive", "naive_growth", "theta", "growth", "drifted", "damped", "smoothing", "airline", "stationary", "lags",
    "regression",
)  # fmt: skip
LEANT = tuple(settings.NEAR)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Forecasts by name (each (n, horizon)) and facts about the series that the pooled correction looks at.

    facts: (n, 5) mean of last year, of the year before, spread of last year, mean of the last three months, last value.
    calmed, levelled: (n,) whether wild months weigh less, and a step was levelled, see steady.py.
    """

    made: dict[str, Floats]
    facts: Floats
    calmed: Flags
    levelled: Flags

    def combined(self, worse: Floats) -> Floats:
        """Weighted mean; `worse` (n, number of weights) is how many times the least error each model's own error is."""
        steps = np.arange(1, self.made["naive"].shape[1] + 1)
        far = np.clip((steps - settings.NEAR_TO) / (settings.FAR_FROM - settings.NEAR_TO), 0.0, 1.0)
        lean = settings.LEAN_NEAR * (1.0 - far) + settings.LEAN_FAR * far
        whole, total = np.zeros_like(self.made["naive"]), np.zeros_like(self.made["naive"])
        for name, times in zip(LEANT, worse.T, strict=True):
            weight = settings.NEAR[name] * (1.0 - far) + settings.FAR[name] * far
            share = weight * times[:, None] ** -lean
            whole, total = whole + share * self.made[name], total + share
        return np.asarray(whole / total)

    def rows(self, index: slice) -> Candidates:
        """Some of the rows."""
        made = {name: values[index] for name, values in self.made.items()}
        return Candidates(made, self.facts[index], self.calmed[index], self.levelled[index])


def candidates(data: Panel, horizon: int) -> Candidates:
    """Every model for every series; rows of less than two years get no season, of less than one little else.

    A model that blows up (not finite, or more than ten times the largest value) is replaced by the naive one there.
    """
    n = len(data.values)
    if n > _BLOCK:
        parts = [candidates(data.rows(slice(i, i + _BLOCK)), horizon) for i in range(0, n, _BLOCK)]
        made = {name: np.concatenate([one.made[name] for one in parts]) for name in NAMES}
        facts, calmed, levelled = (
            np.concatenate([getattr(one, name) for one in parts]) for name in ("facts", "calmed", "levelled")
        )
        return Candidates(made, facts, calmed, levelled)
    plain, high = naive(data, horizon)[0], 10.0 * np.nanmax(np.abs(data.values), axis=1, keepdims=True)
    spread = np.nanstd(data.values[:, -M:], axis=1)
    last, quarter = data.values[:, -1], np.nanmean(data.values[:, -3:], axis=1)
    made = {"naive": plain, "regression": straight(data, horizon)}
    steadied = steady(data)
    data = steadied.data
    made |= _models(data, horizon)
    again, gain = naive(data, horizon)
    made["naive_growth"] = again * gain[:, None]
    for name, values in made.items():
        bad = ~np.isfinite(values) | (np.abs(values) > high)
        made[name] = np.where(bad, plain, values)
    facts = np.stack([_year(data.values, 0), _year(data.values, 1), spread, quarter, last], axis=1)
    return Candidates(made, facts, steadied.calmed, steadied.levelled)


def _models(data: Panel, horizon: int) -> dict[str, Floats]:
    factor, ratio = factors(data), data.ratio[:, None]
    flat = adjusted(data.values, factor, data.ratio)
    steps = np.arange(1, horizon + 1)
    logs = np.where(ratio, np.log(np.where(ratio, flat, 1.0)), flat)
    slope = _line(flat, 1e9)[1]
    level, lifted, drift = level_and_drift(flat, data, slope, settings.DRIFT_GRID)
    rate = np.where(data.ratio, _line(logs, 60.0)[1], 0.0)
    theta = level[:, None] + 0.5 * slope[:, None] * steps
    faded = np.cumsum(0.98**steps)
    growth = level[:, None] * np.exp(np.clip(0.5 * rate[:, None] * faded, -1.0, 1.0))
    damped = damped_trend(logs, data, horizon, settings.DAMPED_GRID)
    made = {
        "theta": theta,
        "growth": np.where(ratio, growth, theta),
        "drifted": lifted[:, None] + drift[:, None] * steps,
        "damped": np.where(ratio, np.exp(np.clip(damped, -50.0, 50.0)), damped),
    }
    carried = lags(logs, data, horizon)
    made["lags"] = np.where(ratio, np.exp(np.clip(carried, -50.0, 50.0)), carried)
    made = {name: seasoned(values, factor, data.ratio) for name, values in made.items()}
    sums = replace(data, ratio=np.zeros(len(data.ratio), bool))
    made["smoothing"] = seasonal_trend(sums, factors(sums), horizon, settings.SEASONAL_GRID)
    made["airline"], made["stationary"] = airline(data, horizon), stationary(data, horizon)
    return made


def young(known: Ints, found: Candidates, combined: Floats) -> Floats:
    """Under a year of known months: the last value, from half a year on halfway to a damped trend; no more is known."""
    short, half = (known < M)[:, None], (known < M // 2)[:, None]
    plain = np.where(half, found.made["naive"], 0.5 * (found.made["naive"] + found.made["damped"]))
    return np.where(short, plain, combined)


def naive(data: Panel, horizon: int) -> tuple[Floats, Floats]:
    """(n, horizon) the same months of last year, and (n,) the square root of last year's growth."""
    last, gain = _last_year(data)
    return np.tile(last, (1, -(-horizon // M)))[:, :horizon], gain


def _line(values: Floats, half_life: float) -> tuple[Floats, Floats]:
    """Weighted straight line: its value at the last month and its slope."""
    months = np.arange(values.shape[1]) - (values.shape[1] - 1.0)
    weight = np.where(np.isfinite(values), 0.5 ** (-months / half_life), 0.0)
    known = np.nan_to_num(values)
    whole = np.maximum(weight.sum(axis=1), 1e-300)
    at, mean = (weight * months).sum(axis=1) / whole, (weight * known).sum(axis=1) / whole
    square = (weight * (months - at[:, None]) ** 2).sum(axis=1)
    cross = (weight * (months - at[:, None]) * (known - mean[:, None])).sum(axis=1)
    slope = np.where(square > 0, cross / np.maximum(square, 1e-12), 0.0)
    return mean - slope * at, slope


def _year(values: Floats, back: int) -> Floats:
    """Mean of the newest twelve months, or of the twelve before; the newest where those are not there."""
    width = values.shape[1]
    part = values[:, max(0, width - M * (back + 1)) : width - M * back]
    known = np.isfinite(part)
    number = known.sum(axis=1)
    mean = np.where(known, part, 0.0).sum(axis=1) / np.maximum(number, 1)
    return np.where(number > 0, mean, _year(values, 0)) if back else mean


def _last_year(data: Panel) -> tuple[Floats, Floats]:
    """The newest twelve months ((n, 12), gaps before a young series filled with its mean) and the damped growth."""
    width = data.values.shape[1]
    last = np.full((len(data.values), M), np.nan)
    last[:, M - min(M, width) :] = data.values[:, -M:]
    now, before = _year(data.values, 0), _year(data.values, 1)
    # Under a year there is no same month of last year: the last value is the naive forecast.
    young = (data.known < M)[:, None]
    last = np.where(young, data.values[:, -1:], np.where(np.isfinite(last), last, now[:, None]))
    sound = data.ratio & (data.length >= 2 * M)
    growth = np.clip(np.where(sound, now / np.where(sound, before, 1.0), 1.0), 0.5, 2.0)
    return last, np.sqrt(growth)
