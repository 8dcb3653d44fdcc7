"""Ridge regression of monthly changes on earlier changes and on how far the series has moved from its usual level.

    d_t = sum over k of b_k d_(t-k) + c (x_(t-1) - mean of x over the last USUAL months) + e
    (b, c) = (X'X + R)^-1 X'y         R = diag(X'X) / sqrt(months): the fewer months, the closer to "no change"

x is the seasonally adjusted series, its logarithm where positive; carried forward month by month. Good for the next
months, without use after a year.
"""

from __future__ import annotations

import numpy as np

from core.forecast.panel import Panel
from core.forecast.settings import Floats, M

LAGS, USUAL = (1, 2, 3, 4, 5, 6, 12), 24
_DEEP = max(LAGS)


def lags(x: Floats, data: Panel, horizon: int) -> Floats:
    """(n, horizon) of the adjusted series `x`; NaN under two years."""
    n = len(x)
    known = np.isfinite(x)
    values = np.nan_to_num(x)
    change = np.where(known[:, 1:] & known[:, :-1], np.diff(values, axis=1), 0.0)
    wide = change.shape[1]
    if wide <= _DEEP + M:
        return np.full((n, horizon), np.nan)
    away = values - _usual(values, known)
    parts = [change[:, _DEEP - lag : wide - lag] for lag in LAGS]
    regressors = np.stack([*parts, away[:, _DEEP:wide]], axis=2)
    used = known[:, : wide - _DEEP, None]
    regressors, y = np.where(used, regressors, 0.0), np.where(used[:, :, 0], change[:, _DEEP:], 0.0)
    gram = np.einsum("nti,ntj->nij", regressors, regressors)
    own = np.arange(gram.shape[1])
    months = np.maximum(used[:, :, 0].sum(axis=1), 1)
    gram[:, own, own] *= 1.0 + 1.0 / np.sqrt(months)[:, None]
    gram[:, own, own] += 1e-9
    slope = np.linalg.solve(gram, np.einsum("nti,nt->ni", regressors, y)[:, :, None])[:, :, 0]
    path = np.concatenate([change[:, -_DEEP:], np.zeros((n, horizon))], axis=1)
    level = np.concatenate([values[:, -USUAL:], np.zeros((n, horizon))], axis=1)
    first = level.shape[1] - horizon
    most = 3.0 * np.abs(values).max(axis=1) + 1.0
    for step in range(horizon):
        move = (slope[:, :-1] * path[:, [_DEEP + step - lag for lag in LAGS]]).sum(axis=1)
        now = level[:, first + step - 1]
        move += slope[:, -1] * (now - level[:, max(0, first + step - USUAL) : first + step].mean(axis=1))
        move = move if step < M else np.zeros(n)
        path[:, _DEEP + step] = move
        level[:, first + step] = np.clip(now + move, -most, most)
    return np.where((data.length >= 2 * M)[:, None], level[:, first:], np.nan)


def _usual(values: Floats, known: np.ndarray) -> Floats:
    """Mean of up to USUAL known months that end with each month."""
    n, width = values.shape
    total = np.concatenate([np.zeros((n, 1)), np.cumsum(values, axis=1)], axis=1)
    count = np.concatenate([np.zeros((n, 1)), np.cumsum(known, axis=1)], axis=1)
    at = np.arange(width)
    begin = np.maximum(at - USUAL + 1, 0)
    return np.asarray(
        (total[:, at + 1] - total[:, begin]) / np.maximum(count[:, at + 1] - count[:, begin], 1)
    )
