"""The models that are combined, all of them on the shrunk season, and their combination.

naive         the same month of last year
naive_growth  the same, times the square root of last year's growth
theta         smoothed level plus half of the straight trend          (Assimakopoulos and Nikolopoulos 2000)
growth        the same with a damped growth rate instead of a straight line, for positive series
damped        Holt's trend, damped
smoothing     Holt-Winters with a season that moves, with and without a damped trend
trend         straight line through the last years, recent months weigh more (half-life five years)
regression    the readable straight line with month effects, see regression.py
lags          ridge regression of monthly changes on earlier changes
recent        mean of the last twelve months
combined      fixed-weight mean of those named in settings.NEAR
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.forecast import settings
from core.forecast.panel import Panel
from core.forecast.regression import straight
from core.forecast.season import adjusted, factors, seasoned
from core.forecast.settings import Floats, M
from core.forecast.smoothing import level_forecast, seasonal_forecast

_BLOCK = 1200  # rows handled at once: what fits the processor's cache
NAMES = (
    "naive",
    "naive_growth",
    "theta",
    "growth",
    "damped",
    "smoothing",
    "trend",
    "lags",
    "recent",
    "level",
    "regression",
)
LEANT = tuple(settings.NEAR)
_LAGS = (1, 2, 3, 4, 5, 6, 12)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Forecasts by name (each (n, horizon)) and facts about the series that the pooled correction looks at.

    facts: (n, 5) mean of last year, of the year before, spread of last year, mean of the last three months, last value.
    """

    made: dict[str, Floats]
    facts: Floats

    def combined(self, lean: Floats) -> Floats:
        """Weighted mean; `lean` (n, number of weights) multiplies the weights of each series."""
        first = self.made["naive"]
        near, far = (
            np.array([table[name] for name in LEANT])[:, None] for table in (settings.NEAR, settings.FAR)
        )
        steps = np.arange(1, first.shape[1] + 1)
        mix = np.clip((steps - M) / (settings.HORIZON - M), 0.0, 1.0)
        weight = near * (1.0 - mix) + far * mix
        whole, total = np.zeros_like(first), np.zeros_like(first)
        for name, by_step, by_row in zip(LEANT, weight, lean.T, strict=True):
            share = by_row[:, None] * by_step
            whole, total = whole + share * self.made[name], total + share
        return np.asarray(whole / total)


def candidates(data: Panel, horizon: int) -> Candidates:
    """Every model for every series; rows of less than two years get no season, of less than one little else.

    A model that blows up (not finite, or more than ten times the largest value) is replaced by the naive one there.
    """
    n = len(data.values)
    if n > _BLOCK:
        parts = [candidates(data.rows(slice(i, i + _BLOCK)), horizon) for i in range(0, n, _BLOCK)]
        return Candidates(
            {name: np.concatenate([one.made[name] for one in parts]) for name in NAMES},
            np.concatenate([one.facts for one in parts]),
        )
    factor = factors(data)
    flat = adjusted(data.values, factor, data.ratio)
    steps = np.arange(1, horizon + 1)
    level = level_forecast(flat, data, horizon, settings.LEVEL_GRID)
    slope = _line(flat, 1e9)[1]
    rate = np.where(data.ratio, _line(np.log(np.where(data.ratio[:, None], flat, 1.0)), 60.0)[1], 0.0)
    faded = np.cumsum(0.98**steps)
    theta = level + 0.5 * slope[:, None] * steps
    growth = np.where(
        data.ratio[:, None], level * np.exp(np.clip(0.5 * rate[:, None] * faded, -1.0, 1.0)), theta
    )
    end, incline = _line(flat, 60.0)
    recent, before = _year(flat, 0), _year(flat, 1)
    made = {
        "theta": theta,
        "growth": growth,
        "damped": level_forecast(flat, data, horizon, settings.DAMPED_GRID),
        "trend": end[:, None] + incline[:, None] * steps,
        "lags": _lags(flat, data, horizon),
        "recent": np.repeat(recent[:, None], horizon, axis=1),
        "level": level,
    }
    made = {name: seasoned(values, factor, data.ratio) for name, values in made.items()}
    made["smoothing"] = seasonal_forecast(data, factor, horizon, settings.SEASONAL_GRID)
    made["regression"] = straight(data, horizon)
    made["naive"], gain = naive(data, horizon)
    made["naive_growth"] = made["naive"] * gain[:, None]
    high = 10.0 * np.nanmax(np.abs(data.values), axis=1, keepdims=True)
    for name, values in made.items():
        bad = ~np.isfinite(values) | (np.abs(values) > high)
        made[name] = np.where(bad, made["naive"], values)
    spread = np.nanstd(data.values[:, -M:], axis=1)
    facts = np.stack(
        [recent, before, spread, np.nanmean(data.values[:, -3:], axis=1), data.values[:, -1]], axis=1
    )
    return Candidates(made, facts)


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
    young = (data.length < M)[:, None]
    last = np.where(young, data.values[:, -1:], np.where(np.isfinite(last), last, now[:, None]))
    sound = data.ratio & (data.length >= 2 * M)
    growth = np.clip(np.where(sound, now / np.where(sound, before, 1.0), 1.0), 0.5, 2.0)
    return last, np.sqrt(growth)


def _lags(flat: Floats, data: Panel, horizon: int) -> Floats:
    """Ridge regression of monthly changes on earlier changes, carried forward month by month."""
    width = flat.shape[1]
    level = _year(flat[:, -6:], 0)
    out = np.repeat(level[:, None], horizon, axis=1)
    rows = np.flatnonzero(data.length >= 2 * M)
    if not len(rows) or width < 2 * M:
        return out
    change = np.diff(np.nan_to_num(flat[rows]), axis=1)
    known = np.arange(1, width)[None, :] > (width - data.length[rows])[:, None]
    change = np.where(known, change, 0.0)
    deepest = max(_LAGS)
    wide = change.shape[1]
    x = np.stack([change[:, deepest - lag : wide - lag] for lag in _LAGS], axis=2)
    y = change[:, deepest:]
    number = np.maximum(known.sum(axis=1), 1)
    variance = (change**2).sum(axis=1) / number
    gram = np.einsum("nti,ntj->nij", x, x)
    gram += (3.0 * np.sqrt(number) * variance + 1e-9)[:, None, None] * np.eye(len(_LAGS))
    slope = np.linalg.solve(gram, np.einsum("nti,nt->ni", x, y)[:, :, None])[:, :, 0]
    path = np.concatenate([change[:, -deepest:], np.zeros((len(rows), horizon))], axis=1)
    for step in range(deepest, deepest + horizon):
        path[:, step] = (slope * path[:, [step - lag for lag in _LAGS]]).sum(axis=1)
    out[rows] = flat[rows, -1:] + np.cumsum(path[:, deepest:], axis=1)
    return out
