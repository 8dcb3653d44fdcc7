"""Exponential smoothing over a grid of parameters, all series and all grid points at once.

    e_t = y_t - (l + phi b) s_m        l <- l + phi b + alpha e / s      b <- phi b + alpha beta e / s
    s_m <- s_m + gamma (1 - alpha) e / l                                 (sums instead of factors where values may be <= 0)
    forecast = sum over grid of weight x (l + b (phi + ... + phi^h)) s,  weight = exp(-n/2 ln(sse / least sse))

Averaging the grid by the likelihood of its errors replaces both the search for the best point and the pretence that
it was known. Source of the recursions: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapter 8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.forecast.panel import Panel
from core.forecast.season import first_column
from core.forecast.settings import Floats, M

Grid = Sequence[tuple[float, float, float, float]]
_LEAST = 0.02


def level_forecast(flat: Floats, data: Panel, horizon: int, grid: Grid, burn: int = 6) -> Floats:
    """(n, horizon) of the seasonally adjusted `flat` values, still without season."""
    alpha, beta, phi, _ = _columns(grid)
    has = (beta > 0).astype(float)
    start = first_column(data.length, flat.shape[1])
    level, slope = _initial(flat, data)
    lev = level[:, None] - 2.5 * slope[:, None] * has
    inc = slope[:, None] * has
    sse, known = np.zeros(lev.shape), np.nan_to_num(flat)
    gain = alpha * beta
    for t in range(int(start.min()), flat.shape[1]):
        on = (t >= start)[:, None]
        ahead = lev + phi * inc
        error = known[:, t : t + 1] - ahead
        if not on.all():
            error = np.where(on, error, 0.0)
            lev, inc = (
                np.where(on, ahead + alpha * error, lev),
                np.where(on, phi * inc + gain * error, inc) * has,
            )
        else:
            lev, inc = ahead + alpha * error, (phi * inc + gain * error) * has
        sse += np.where((t >= start + burn)[:, None], error * error, 0.0)
    weight = _likelihood(sse, data.length - burn)
    damp = np.cumsum(phi[0][:, None] ** np.arange(1, horizon + 1), axis=1)
    return np.asarray((weight * lev).sum(axis=1)[:, None] + (weight * inc) @ damp)


def seasonal_forecast(data: Panel, factor: Floats, horizon: int, grid: Grid, burn: int = M) -> Floats:
    """(n, horizon) with a season that moves on from the shrunk factors (Holt-Winters)."""
    out = np.empty((len(data.values), horizon))
    for kind in (True, False):
        rows = np.flatnonzero(data.ratio == kind)
        if len(rows):
            out[rows] = _seasonal(data.rows(rows), factor[rows], horizon, grid, burn, kind)
    return out


def _seasonal(data: Panel, factor: Floats, horizon: int, grid: Grid, burn: int, ratio: bool) -> Floats:
    n, width = data.values.shape
    alpha, beta, phi, gamma = _columns(grid)
    has = (beta > 0).astype(float)
    first = np.maximum(1.0 + factor, _LEAST) if ratio else factor
    phase = (np.arange(width) - width) % M
    flat = data.values / first[:, phase] if ratio else data.values - first[:, phase]
    start = first_column(data.length, width)
    level, slope = _initial(flat, data)
    lev = level[:, None] - 2.5 * slope[:, None] * has
    inc = slope[:, None] * has
    season = np.ascontiguousarray(np.broadcast_to(first.T[:, :, None], (M, n, len(grid))))
    sse, known = np.zeros(lev.shape), np.nan_to_num(data.values)
    gain, move = alpha * beta, gamma * (1 - alpha)
    for t in range(int(start.min()), width):
        on = (t >= start)[:, None]
        s = season[phase[t]]
        ahead = lev + phi * inc
        error = known[:, t : t + 1] - (ahead * s if ratio else ahead + s)
        if not on.all():
            error = np.where(on, error, 0.0)
        pure = error / s if ratio else error
        sse += np.where((t >= start + burn)[:, None], error * error, 0.0)
        if ratio:
            size = np.where(np.abs(ahead) > 1e-9, ahead, 1e-9)
            season[phase[t]] = np.maximum(s + move * error / size, _LEAST)
        else:
            season[phase[t]] = s + move * error
        new_lev, new_inc = ahead + alpha * pure, (phi * inc + gain * pure) * has
        lev, inc = (
            (new_lev, new_inc) if on.all() else (np.where(on, new_lev, lev), np.where(on, new_inc, inc))
        )
    weight = _likelihood(sse, data.length - burn)
    out = np.empty((n, horizon))
    damp = np.cumsum(phi[0][:, None] ** np.arange(1, horizon + 1), axis=1)
    for step in range(horizon):
        base, s = lev + inc * damp[:, step], season[step % M]
        out[:, step] = (weight * (base * s if ratio else base + s)).sum(axis=1)
    return out


def _columns(grid: Grid) -> list[Floats]:
    table = np.asarray(grid, float)
    return [table[:, i][None, :] for i in range(4)]


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


def _likelihood(sse: Floats, count: Floats | np.ndarray) -> Floats:
    least = sse.min(axis=1, keepdims=True)
    top = np.maximum(sse.max(axis=1, keepdims=True), 1e-300)
    # Errors below a billionth of the largest are rounding: such points share the weight.
    ratio = np.log(np.maximum(sse, 1e-9 * top) / np.maximum(least, 1e-9 * top))
    weight = np.exp(-0.5 * np.maximum(count, 1)[:, None] * ratio)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
