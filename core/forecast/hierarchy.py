"""Forecasts that add up: departments sum to the hospital (minimum trace with a diagonal of error variances).

    y~ = S (S' W^-1 S)^-1 S' W^-1 y        W = diag(variance of each forecast's rolling-origin errors)

For one total over its parts this is: the gap d = total - sum(parts) is shared out by variance,
    part_i += d v_i / (v_total + sum v)     total -= d v_total / (v_total + sum v)
so the forecast that has been right moves least. Nothing becomes negative that was not (unless it may be, as a balance):
such parts are set to 0 and the rest is shared again.
Source: Wickramasuriya, Athanasopoulos and Hyndman, Optimal forecast reconciliation (2019).
"""

from __future__ import annotations

import numpy as np

from core.forecast.settings import Floats

_SMALL = 1e-12


def reconcile(
    total: Floats, parts: Floats, total_variance: Floats, part_variance: Floats, *, signed: bool = False
) -> tuple[Floats, Floats]:
    """One total and its parts.

    Args:
        total: (horizon,). parts: (n, horizon).
        total_variance: scalar or (horizon,). part_variance: (n,) or (n, horizon); only their proportions matter.
        signed: parts may change sign.

    Returns:
        total (horizon,) and parts (n, horizon) with total == parts.sum(axis=0) but for rounding.
    """
    top = np.broadcast_to(np.asarray(total_variance, float), total.shape).copy()
    below = np.asarray(part_variance, float)
    below = np.broadcast_to(below if below.ndim == 2 else below[:, None], parts.shape).copy()
    top, below = np.maximum(top, 0.0), np.maximum(below, 0.0)
    nothing = top + below.sum(axis=0) <= _SMALL
    below[:, nothing] = 1.0
    fixed = np.zeros(parts.shape, bool)
    floor = np.where((parts >= 0) & (not signed), 0.0, -np.inf)
    new = parts.astype(float).copy()
    for _ in range(len(parts) + 1):
        free = np.where(fixed, 0.0, below)
        gap = total - np.where(fixed, floor, parts).sum(axis=0)
        share = top + free.sum(axis=0)
        new = np.where(fixed, floor, parts + gap * free / np.maximum(share, _SMALL))
        bad = (new < floor) & ~fixed
        if not bad.any():
            break
        fixed |= bad
    return np.asarray(new.sum(axis=0)), new


def minimum_trace(base: Floats, summing: Floats, variance: Floats) -> Floats:
    """Any hierarchy: base (m, horizon), summing matrix S (m, bottom), variance (m,). Returns (m, horizon)."""
    weight = 1.0 / np.maximum(np.asarray(variance, float), _SMALL * max(float(np.max(variance)), 1.0))
    left = summing.T * weight
    return np.asarray(summing @ np.linalg.solve(left @ summing, left @ base))
