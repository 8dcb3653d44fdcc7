"""Exponential smoothing over a grid of parameters, all series and all grid points at once.

    e_t = y_t - (l + phi b) - s_m       l <- l + phi b + alpha e      b <- phi b + alpha beta e
    s_m <- s_m + gamma (1 - alpha) e
    forecast = sum over grid of weight x (l + b (phi + ... + phi^h) + s_m)
    weight = exp(-n/4 ln(sse / least sse)), the square root of the likelihood of normal errors

Averaging the grid by the likelihood of its errors replaces both the search for the best point and the pretence that
it was known. Source of the recursions: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapter 8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.forecast.panel import Panel
from core.forecast.season import first_column
from core.forecast.settings import Floats, Ints, M

Grid = Sequence[tuple[float, ...]]
_BURN = 6


def level_and_drift(flat: Floats, data: Panel, slope: Floats, grid: Grid) -> tuple[Floats, Floats, Floats]:
    """Smoothing with a fixed drift, a share of `slope` by grid point (alpha, share).

    Returns (n,): the level of the points without drift; the level of all of them; the drift of all of them.
    """
    alpha, share = _columns(grid)
    start = first_column(data.length, flat.shape[1])
    first, _ = _initial(flat, data)
    drift = share * slope[:, None]
    level = first[:, None] - 2.5 * drift
    square, known = np.zeros(level.shape), np.nan_to_num(flat)
    for t in range(int(start.min()), flat.shape[1]):
        error = np.where((t >= start)[:, None], known[:, t : t + 1] - level - drift, 0.0)
        level = np.where((t >= start)[:, None], level + drift + alpha * error, level)
        square += np.where((t >= start + _BURN)[:, None], error * error, 0.0)
    still = share[0] == 0
    plain = likelihood(square[:, still], data.length - _BURN)
    weight = likelihood(square, data.length - _BURN)
    return (
        (plain * level[:, still]).sum(axis=1),
        (weight * level).sum(axis=1),
        (weight * drift).sum(axis=1),
    )


def damped_trend(flat: Floats, data: Panel, horizon: int, grid: Grid) -> Floats:
    """(n, horizon) of the seasonally adjusted `flat` values, still without season; points (alpha, beta, phi)."""
    alpha, beta, phi = _columns(grid)
    start = first_column(data.length, flat.shape[1])
    first, slope = _initial(flat, data)
    level = first[:, None] - 2.5 * slope[:, None] * np.ones_like(alpha)
    trend = slope[:, None] * np.ones_like(alpha)
    square, known, gain = np.zeros(level.shape), np.nan_to_num(flat), alpha * beta
    for t in range(int(start.min()), flat.shape[1]):
        on = (t >= start)[:, None]
        ahead = level + phi * trend
        error = np.where(on, known[:, t : t + 1] - ahead, 0.0)
        level = np.where(on, ahead + alpha * error, level)
        trend = np.where(on, phi * trend + gain * error, trend)
        square += np.where((t >= start + _BURN)[:, None], error * error, 0.0)
    weight = likelihood(square, data.length - _BURN)
    damp = np.cumsum(phi[0][:, None] ** np.arange(1, horizon + 1), axis=1)
    return np.asarray((weight * level).sum(axis=1)[:, None] + (weight * trend) @ damp)


def seasonal_trend(data: Panel, factor: Floats, horizon: int, grid: Grid) -> Floats:
    """(n, horizon) with a season that moves on from the shrunk sums `factor` (Holt-Winters, additive).

    Points (alpha, beta, phi, gamma); beta 0 means no trend.
    """
    n, width = data.values.shape
    alpha, beta, phi, gamma = _columns(grid)
    has = (beta > 0).astype(float)
    phase = (np.arange(width) - width) % M
    start = first_column(data.length, width)
    first, slope = _initial(data.values - factor[:, phase], data)
    level = first[:, None] - 2.5 * slope[:, None] * has
    trend = slope[:, None] * has
    season = np.ascontiguousarray(np.broadcast_to(factor.T[:, :, None], (M, n, len(grid))))
    square, known = np.zeros(level.shape), np.nan_to_num(data.values)
    gain, move = alpha * beta, gamma * (1 - alpha)
    for t in range(int(start.min()), width):
        on = (t >= start)[:, None]
        ahead = level + phi * trend
        error = np.where(on, known[:, t : t + 1] - ahead - season[phase[t]], 0.0)
        level = np.where(on, ahead + alpha * error, level)
        trend = np.where(on, phi * trend + gain * error, trend)
        season[phase[t]] += move * error
        square += np.where((t >= start + M)[:, None], error * error, 0.0)
    weight = likelihood(square, data.length - M)
    damp = np.cumsum(phi[0][:, None] ** np.arange(1, horizon + 1), axis=1)
    out = (weight * level).sum(axis=1)[:, None] + (weight * trend) @ damp
    months = np.stack([(weight * season[at]).sum(axis=1) for at in range(M)], axis=1)
    return np.asarray(out + months[:, np.arange(horizon) % M])


def _columns(grid: Grid) -> list[Floats]:
    return [np.array(column, float)[None, :] for column in zip(*grid, strict=True)]


def _initial(flat: Floats, data: Panel) -> tuple[Floats, Floats]:
    """Mean of the first half year and slope of the first months (up to two years)."""
    width = flat.shape[1]
    start = first_column(data.length, width)
    back = np.arange(width)[None, :] - start[:, None]
    early = (back >= 0) & (back < 6)
    known = np.nan_to_num(flat)
    level = np.where(early, known, 0.0).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    span = np.clip(data.length // 2, 4, 24)[:, None]
    used = (back >= 0) & (back < np.minimum(span, data.length[:, None]))
    number = np.maximum(used.sum(axis=1, keepdims=True), 1)
    centred = np.where(used, back - np.where(used, back, 0).sum(axis=1, keepdims=True) / number, 0.0)
    square = (centred**2).sum(axis=1)
    slope = np.where(square > 0, (centred * known).sum(axis=1) / np.maximum(square, 1e-12), 0.0)
    return level, slope


def likelihood(square: Floats, count: Ints) -> Floats:
    """Weights of the grid points from their sums of squared errors."""
    least = square.min(axis=1, keepdims=True)
    top = np.maximum(square.max(axis=1, keepdims=True), 1e-300)
    # Errors below a billionth of the largest are rounding: such points share the weight.
    ratio = np.log(np.maximum(square, 1e-9 * top) / np.maximum(least, 1e-9 * top))
    weight = np.exp(-0.25 * np.maximum(count, 1)[:, None] * ratio)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
