"""Bands that hold what they promise: the errors of many series give the shape, a series' own errors the width.

    size   usual |error| at step h, in units of the scale                             settings.SIZE
    width  w = (mean of |error| / size over the origins) ** (k / (k + WIDTH_N)), k origins: shrunk to 1 in logarithms
    band   mean - scale w size q (1 - s) ... mean + scale w size q (1 + s)            q by level, s skew, both by step

The shape (size, q, s) was measured on what came after M3, M1 and tourism series were cut, not on their rolling
origins, because months that were used to weigh the models look better than months to come. Nothing is learnt from
the other series of a call, so one series alone has the same bands.
Source: Lei et al., Distribution-free predictive inference for regression (2018), with a fixed calibration set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast import settings
from core.forecast.settings import HORIZON, Floats, Ints, M

# Errors of one origin under a twentieth of the usual are luck, or a series that never moves; above five times, a series
# that had hardly moved until then, so that its scale said nothing.
_LEAST, _MOST = 0.05, 5.0


@dataclass(frozen=True, slots=True)
class Bands:
    """In units of a series' scale: lower and upper distance by level, (n, horizon); measured coverage, (n,)."""

    lower: dict[int, Floats]
    upper: dict[int, Floats]
    coverage: dict[int, Floats]
    pooled: dict[int, float]


def bands(error: Floats, series: Ints, n: int, levels: Sequence[int]) -> Bands:
    """Bands from scaled errors (rows, horizon) of the origins; a series without rows gets the usual width.

    Args:
        error: (truth - forecast) / scale, NaN where the truth is not known.
        series: which series each row belongs to.
        levels: percent, e.g. (80, 95).

    Coverage is measured at the origins; the width used at one origin comes from the other ones, so no error
    calibrates itself.
    """
    steps = np.arange(1, error.shape[1] + 1)
    at, usual = np.array(settings.SIZE).T
    size = np.interp(steps, at, usual)
    known = np.isfinite(error)
    number = known.sum(axis=1)
    own = np.where(known, np.abs(error) / size, 0.0).sum(axis=1) / np.maximum(number, 1)
    own = np.minimum(own, _MOST)
    tried = (number > 0).astype(float)
    total = np.bincount(series, own * tried, minlength=n).astype(float)
    count = np.bincount(series, tried, minlength=n).astype(float)
    width = _width(total, count)
    apart = _width(total[series] - own * tried, count[series] - tried)
    far = np.clip((steps - M) / (HORIZON - M), 0.0, 1.0)
    skew = settings.SKEW[0] * (1.0 - far) + settings.SKEW[1] * far
    lower, upper, coverage, overall = {}, {}, {}, {}
    for level in levels:
        near, late = (np.interp(level, settings.LEVELS, part) for part in (settings.NEAR_Q, settings.FAR_Q))
        half = size * (near * (1.0 - far) + late * far)
        low, high = -half * (1.0 - skew), half * (1.0 + skew)
        inside = known & (error >= apart[:, None] * low) & (error <= apart[:, None] * high)
        hit, asked = (
            np.bincount(series, part, minlength=n).astype(float) for part in (inside.sum(axis=1), number)
        )
        coverage[level] = np.where(asked > 0, hit / np.maximum(asked, 1), np.nan)
        overall[level] = float(hit.sum() / asked.sum()) if asked.sum() else float("nan")
        lower[level], upper[level] = width[:, None] * low, width[:, None] * high
    return Bands(lower, upper, coverage, overall)


def _width(total: Floats, count: Floats) -> Floats:
    mean = np.maximum(total / np.maximum(count, 1.0), _LEAST)
    return np.where(count > 0, mean ** (count / (count + settings.WIDTH_N)), 1.0)
