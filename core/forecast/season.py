"""Seasonal factors, shrunk towards no season.

    trend    centred 2x12 moving average, continued linearly over the half year at either end
    ratio    y / trend - 1 (series that are positive) or y - trend, by calendar month, last SEASON_YEARS years
    factor   mean by month, a year back counts SEASON_DECAY of the year after it, less the mean of the twelve
    shrink   B = max(0, 1 - 9 s2 mean(1/n) / sum(factor^2))      positive-part James-Stein, s2 variance within months,
             n = (sum w)^2 / sum w^2 the years that the weights are worth

No test decides whether there is a season: weak seasons shrink to nothing by themselves.
Source: D. M. Miller and D. Williams, Shrinkage estimators of time series seasonal factors (2003).
"""

from __future__ import annotations

import numpy as np

from core.forecast.panel import Panel
from core.forecast.settings import SEASON_DECAY, SEASON_FROM, SEASON_YEARS, Flags, Floats, Ints, M

_WEIGHTS = np.r_[0.5, np.ones(M - 1), 0.5] / M
_LEAST = 0.02  # a factor never takes a month below 2 % of its level


def factors(data: Panel) -> Floats:
    """(n, 12): column p is the month p months after the first month to come; 0 means no effect."""
    n, width = data.values.shape
    factor = np.zeros((n, M))
    if width < SEASON_FROM:
        return factor
    trend = _trend(data)
    with np.errstate(all="ignore"):
        apart = np.where(data.ratio[:, None], data.values / trend - 1.0, data.values - trend)
    apart[~np.isfinite(apart) | ~data.given] = np.nan
    phase = (np.arange(width) - width) % M
    count, years, within = np.zeros((n, M)), np.zeros((n, M)), np.full((n, M), np.nan)
    for month in range(M):
        found = apart[:, phase == month][:, -SEASON_YEARS - 1 :]
        known = np.isfinite(found)
        weight = known * SEASON_DECAY ** np.arange(found.shape[1] - 1, -1, -1)
        whole = np.maximum(weight.sum(axis=1), 1e-12)
        found = np.where(known, found, 0.0)
        mean = (weight * found).sum(axis=1) / whole
        worth = whole**2 / np.maximum((weight**2).sum(axis=1), 1e-12)
        square = (weight * (found - mean[:, None]) ** 2).sum(axis=1) / whole
        factor[:, month], years[:, month], count[:, month] = mean, worth, known.sum(axis=1)
        within[:, month] = np.where(count[:, month] > 1, square * worth / np.maximum(worth - 1, 1e-9), np.nan)
    factor -= factor.mean(axis=1, keepdims=True)
    months = np.isfinite(within).sum(axis=1)
    variance = np.where(months > 0, np.nansum(within, axis=1) / np.maximum(months, 1), np.inf)
    with np.errstate(all="ignore"):
        spread = np.mean(1.0 / np.maximum(years, 1.0), axis=1)
        kept = 1.0 - 9.0 * variance * spread / (factor**2).sum(axis=1)
    kept = np.where(np.isfinite(kept) & (count.min(axis=1) >= 2), np.clip(kept, 0.0, 1.0), 0.0)
    return factor * kept[:, None]


def _trend(data: Panel) -> Floats:
    n, width = data.values.shape
    trend = np.full((n, width), np.nan)
    trend[:, 6 : width - 6] = np.lib.stride_tricks.sliding_window_view(data.values, 13, axis=1) @ _WEIGHTS
    rows = np.flatnonzero(data.length >= 18)
    if not len(rows):
        return trend
    first = width - data.length[rows] + 6
    span = np.minimum(M, data.length[rows] - 13)
    last = width - 7
    ahead = np.arange(1, 7)
    late = (trend[rows, last] - trend[rows, last - span]) / np.maximum(span, 1)
    early = (trend[rows, first + span] - trend[rows, first]) / np.maximum(span, 1)
    before, after = trend[rows, first], trend[rows, last]
    trend[rows[:, None], last + ahead] = after[:, None] + late[:, None] * ahead
    trend[rows[:, None], first[:, None] - ahead] = before[:, None] - early[:, None] * ahead
    floor = np.where(data.ratio[rows], 0.2 * np.nanmean(data.values[rows], axis=1), -np.inf)
    trend[rows] = np.maximum(trend[rows], floor[:, None])
    return trend


def adjusted(values: Floats, factor: Floats, ratio: Flags) -> Floats:
    """Values without their season."""
    phase = (np.arange(values.shape[1]) - values.shape[1]) % M
    effect = factor[:, phase]
    return np.asarray(np.where(ratio[:, None], values / np.maximum(1.0 + effect, _LEAST), values - effect))


def seasoned(level: Floats, factor: Floats, ratio: Flags) -> Floats:
    """Future values with their season; `level` (n, h) begins with the first month to come."""
    effect = factor[:, np.arange(level.shape[1]) % M]
    return np.asarray(np.where(ratio[:, None], level * np.maximum(1.0 + effect, _LEAST), level + effect))


def seasoned_past(flat: Floats, factor: Floats, ratio: Flags) -> Floats:
    """Adjusted values with their season put back."""
    phase = (np.arange(flat.shape[1]) - flat.shape[1]) % M
    effect = factor[:, phase]
    return np.asarray(np.where(ratio[:, None], flat * np.maximum(1.0 + effect, _LEAST), flat + effect))


def first_column(length: Ints, width: int) -> Ints:
    """Column in which each series begins."""
    return width - length
