"""Bands that hold what they promise: quantiles of rolling-origin errors, by step (split conformal).

    u      = error / (scale x width)    width: the series' own error beside the pool's, shrunk to 1
    q(a,h) = quantile of u over all series and origins at step h, neighbouring steps where there are few,
             blended with a prior worth PRIOR_N errors; never narrower further ahead
    band   = mean + scale x width x q x (1 + WIDEN (h - 12) / 24 from a year on)

The width of a series at one origin comes from its other origins, so no error calibrates itself.
Source: Lei et al., Distribution-free predictive inference for regression (2018); A. Gammerman, V. Vovk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast import settings
from core.forecast.settings import Floats, Ints


@dataclass(frozen=True, slots=True)
class Bands:
    """In units of a series' scale: lower and upper distance by level, (n, horizon); measured coverage, (n,)."""

    lower: dict[int, Floats]
    upper: dict[int, Floats]
    coverage: dict[int, Floats]
    pooled: dict[int, float]


def bands(error: Floats, series: Ints, n: int, levels: Sequence[int]) -> Bands:
    """Bands from scaled errors (rows, horizon) of the origins; rows may be none, then the prior alone speaks.

    Args:
        error: (truth - forecast) / scale, NaN where the truth is not known.
        series: which series each row belongs to.
        levels: percent, e.g. (80, 95).
    """
    horizon = error.shape[1]
    steps = np.arange(1, horizon + 1)
    prior = settings.PRIOR_A + settings.PRIOR_B * np.sqrt(steps)
    known = np.isfinite(error)
    size = (np.where(known, np.abs(error), 0.0).sum(axis=0) + settings.PRIOR_N * prior) / (
        known.sum(axis=0) + settings.PRIOR_N
    )
    number = known.sum(axis=1)
    own = np.where(known, np.abs(error) / size, 0.0).sum(axis=1) / np.maximum(number, 1)
    tried = number > 0
    total = np.bincount(series[tried], own[tried], minlength=n)
    count = np.bincount(series[tried], minlength=n)
    width = (total + settings.SERIES_N) / (count + settings.SERIES_N)
    others = np.maximum(count[series] - tried, 0) + settings.SERIES_N
    apart = (total[series] - np.where(tried, own, 0.0) + settings.SERIES_N) / others
    u = error / apart[:, None]
    widen = 1.0 + settings.WIDEN * np.maximum(steps - settings.M, 0) / (settings.HORIZON - settings.M)
    lower, upper, coverage, overall = {}, {}, {}, {}
    inner: tuple[Floats, Floats] | None = None
    for level in sorted(levels):
        shape = _prior_quantile(level) * size
        low, high = (_quantile(u, side, shape * sign, size) for side, sign in _sides(level))
        low = np.minimum.accumulate(np.minimum(low * widen, 0.0))
        high = np.maximum.accumulate(np.maximum(high * widen, 0.0))
        if inner is not None:
            low, high = np.minimum(low, inner[0]), np.maximum(high, inner[1])
        inner = low, high
        inside = np.where(known, (u >= low) & (u <= high), np.nan)
        hit = np.bincount(series, np.nansum(inside, axis=1), minlength=n)
        asked = np.bincount(series, number, minlength=n)
        coverage[level] = np.where(asked > 0, hit / np.maximum(asked, 1), np.nan)
        overall[level] = float(hit.sum() / asked.sum()) if asked.sum() else float("nan")
        lower[level], upper[level] = width[:, None] * low, width[:, None] * high
    return Bands(lower, upper, coverage, overall)


def _sides(level: int) -> tuple[tuple[float, float], tuple[float, float]]:
    tail = (1.0 - level / 100.0) / 2.0
    return (tail, -1.0), (1.0 - tail, 1.0)


def _prior_quantile(level: int) -> float:
    table = settings.PRIOR_QUANTILES
    return float(np.interp(level, list(table), list(table.values())))


def _quantile(u: Floats, side: float, prior: Floats, size: Floats) -> Floats:
    """Quantile by step; with few errors neighbouring steps are borrowed, each brought to this step's size."""
    horizon = u.shape[1]
    out = np.empty(horizon)
    for step in range(horizon):
        here = int(np.isfinite(u[:, step]).sum())
        reach = 0 if here >= 300 else 1 if here >= 100 else 3 if here >= 30 else horizon
        span = slice(max(0, step - reach), step + reach + 1)
        found = (u[:, span] * (size[step] / size[span])).ravel()
        found = found[np.isfinite(found)]
        if not len(found):
            out[step] = prior[step]
            continue
        # Errors of neighbouring steps of one origin are nearly one error: count them as half.
        count = max(len(found) // (1 if reach == 0 else 2), 1)
        at = max(side - 0.5 / count, 0.0) if side < 0.5 else min(side + 0.5 / count, 1.0)
        weight = float(here)
        out[step] = (weight * np.quantile(found, at) + settings.PRIOR_N * prior[step]) / (
            weight + settings.PRIOR_N
        )
    return out
