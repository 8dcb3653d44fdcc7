"""Two seasonal ARIMA models over a grid of their parameters, averaged by likelihood; logarithms for positive series.

    airline      (1 - B)(1 - B^12) y = (1 - p B)(1 - q B^12) e      trend and season move on
    stationary   (1 - p B)((1 - B^12) y - m) = (1 - q B^12) e       returns to last year's months plus the usual change m,
                                                                    or none
Conditional sums of squares; residuals before the series begins are 0. Under 26 months the naive forecast.
Source: Box and Jenkins, Time Series Analysis (1970), chapter 9.
"""

from __future__ import annotations

import numpy as np

from core.forecast.panel import Panel
from core.forecast.settings import AIRLINE_GRID, STATIONARY_GRID, Floats, M
from core.forecast.smoothing import likelihood

_LEAST = 2 * M + 2


def airline(data: Panel, horizon: int) -> Floats:
    """(n, horizon); NaN where the series is too short."""
    y = _logs(data)
    n, width = y.shape
    if width < _LEAST:
        return np.full((n, horizon), np.nan)
    p, q = (np.array(column)[None, :] for column in zip(*AIRLINE_GRID, strict=True))
    change = np.diff(y[:, M:] - y[:, :-M], axis=1)
    known = np.isfinite(change)
    change = np.nan_to_num(change)
    past = [np.zeros((n, p.shape[1])) for _ in range(M + 1)]  # the newest residual is the last one
    square = np.zeros((n, p.shape[1]))
    for t in range(change.shape[1]):
        error = change[:, t : t + 1] + p * past[-1] + q * past[1] - p * q * past[0]
        error = np.where(known[:, t : t + 1], error, 0.0)
        past = [*past[1:], error]
        square += error * error
    weight = likelihood(square, data.length - M - 1)
    # What a residual still says falls due once: p next month, q in its month of next year, p q the month after.
    due = np.zeros((n, horizon))
    for step in range(min(horizon, M + 1)):
        moved = p * q * past[step] - (q * past[step + 1] if step < M else 0.0)
        due[:, step] = (weight * (moved - (p * past[-1] if step == 0 else 0.0))).sum(axis=1)
    path = np.concatenate([np.nan_to_num(y[:, -M - 1 :]), np.zeros((n, horizon))], axis=1)
    for at in range(M + 1, M + 1 + horizon):
        path[:, at] = path[:, at - 1] + path[:, at - M] - path[:, at - M - 1] + due[:, at - M - 1]
    return _back(path[:, M + 1 :], data)


def stationary(data: Panel, horizon: int) -> Floats:
    """(n, horizon); NaN where the series is too short."""
    y = _logs(data)
    n, width = y.shape
    if width < _LEAST:
        return np.full((n, horizon), np.nan)
    p, q, usual = (np.array(column)[None, :] for column in zip(*STATIONARY_GRID, strict=True))
    change = y[:, M:] - y[:, :-M]
    known = np.isfinite(change)
    count = known.sum(axis=1)
    change = np.nan_to_num(change)
    mean = usual * (change.sum(axis=1) / np.maximum(count, 1))[:, None]
    past = [np.zeros(mean.shape) for _ in range(M)]
    square, before = np.zeros(mean.shape), np.zeros(mean.shape)
    for t in range(change.shape[1]):
        now = np.where(known[:, t : t + 1], change[:, t : t + 1] - mean, 0.0)
        error = np.where(known[:, t : t + 1], now - p * before + q * past[0], 0.0)
        past, before = [*past[1:], error], now
        square += error * error
    weight = likelihood(square, count - 1)
    path = np.concatenate([np.nan_to_num(y[:, -M:]), np.zeros((n, horizon))], axis=1)
    for step in range(horizon):
        before = p * before - (q * past[step] if step < M else 0.0)
        path[:, M + step] = path[:, step] + (weight * (mean + before)).sum(axis=1)
    return _back(path[:, M:], data)


def _logs(data: Panel) -> Floats:
    ratio = data.ratio[:, None]
    return np.asarray(np.where(ratio, np.log(np.where(ratio, data.values, 1.0)), data.values))


def _back(path: Floats, data: Panel) -> Floats:
    made = np.where(data.ratio[:, None], np.exp(np.clip(path, -50.0, 50.0)), path)
    return np.where((data.length >= _LEAST)[:, None], made, np.nan)
