"""The regression a person can read: y = a + b t + month + sum of c x driver.

Ordinary least squares on at most the last FIT_MONTHS months, t counted from 1 at the first month of the fit. Month
effects need 24 months and add up to 0; under that the line alone; under TREND_FROM months nothing is fitted.
It is shown with its equation beside its rolling-origin error. It takes no part in the combination: straight lines
through a decade of cost were several times worse than last year's months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression

from core.forecast.panel import Panel
from core.forecast.settings import SEASON_FROM, Floats, M

FIT_MONTHS, TREND_FROM = 60, 6


@dataclass(frozen=True, slots=True)
class Equation:
    """A fitted line in the units of the series.

    Attributes:
        level: value of the line in the last month of the history (without season and drivers).
        trend: change per month.
        months: effect by calendar position, [0] belongs to the first month to come; zeros without a season.
        drivers: name -> effect of one unit.
        r2: share of the variance within the fit that the line explains; says nothing about the months to come.
        contributions: part -> (horizon,) share of each forecast: level, trend, season, then the drivers.
    """

    level: float
    trend: float
    months: tuple[float, ...]
    drivers: dict[str, float]
    r2: float
    fitted_months: int
    contributions: dict[str, Floats]

    @property
    def mean(self) -> Floats:
        """The forecast: the sum of its contributions."""
        return np.asarray(sum(self.contributions.values()))


def equation(series: Floats, horizon: int, drivers: dict[str, Floats] | None = None) -> Equation | None:
    """Fit one series; `drivers` hold len(series) + horizon values each. None under TREND_FROM months."""
    length = min(len(series), FIT_MONTHS)
    if length < TREND_FROM:
        return None
    y = np.asarray(series, float)[-length:]
    given = {name: np.asarray(values, float)[-length - horizon :] for name, values in (drivers or {}).items()}
    t = np.arange(1 - length, horizon + 1, dtype=float)
    phase = np.arange(-length, horizon) % M
    season = np.eye(M)[phase] if length >= SEASON_FROM else np.zeros((length + horizon, 0))
    names = list(given)
    reference = {name: float(values[:length].mean()) for name, values in given.items()}
    size = {name: float(values[:length].std()) or 1.0 for name, values in given.items()}
    extra = [(given[name] - reference[name]) / size[name] for name in names]
    x = np.column_stack([t, season, *extra]) if len(season[0]) or extra else t[:, None]
    model = LinearRegression().fit(x[:length], y)  # least norm, so the twelve months share what is common
    coefficient = model.coef_
    effects = coefficient[1 : 1 + season.shape[1]]
    middle = float(effects.mean()) if len(effects) else 0.0
    months = tuple(float(e) - middle for e in effects) or (0.0,) * M
    level, trend = float(model.intercept_) + middle, float(coefficient[0])
    ahead = np.arange(1, horizon + 1)
    parts = {
        "level": np.full(horizon, level),
        "trend": trend * ahead,
        "season": np.array(months)[(ahead - 1) % M],
    }
    found = coefficient[1 + season.shape[1] :]
    slopes = {name: float(value) / size[name] for name, value in zip(names, found, strict=True)}
    parts |= {name: slopes[name] * (given[name][length:] - reference[name]) for name in names}
    whole = float(((y - y.mean()) ** 2).sum())
    left = float(((y - model.predict(x[:length])) ** 2).sum())
    return Equation(level, trend, months, slopes, 1.0 - left / whole if whole > 0 else 0.0, length, parts)


def straight(data: Panel, horizon: int) -> Floats:
    """The same regression (without drivers) for every series at once: (n, horizon), for the rolling origins."""
    width = data.values.shape[1]
    out = np.repeat(data.values[:, -1:], horizon, axis=1)
    used = np.minimum(data.length, FIT_MONTHS)
    for length in np.unique(used):
        rows = np.flatnonzero(used == length)
        if length < TREND_FROM:
            continue
        x, ahead = _design(int(length), horizon)
        solved, *_ = np.linalg.lstsq(x, data.values[rows, width - length :].T, rcond=None)
        out[rows] = (ahead @ solved).T
    return out


def _design(length: int, horizon: int) -> tuple[Floats, Floats]:
    t = np.arange(1 - length, horizon + 1, dtype=float)[:, None] / M
    phase = np.arange(-length, horizon) % M
    columns: Sequence[Floats] = (t, np.eye(M)[phase] if length >= SEASON_FROM else np.ones_like(t))
    x = np.column_stack(columns)
    return x[:length], x[length:]
