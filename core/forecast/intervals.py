"""Bands that hold what they promise: the errors of many series give the shape, a series' own errors the width.

    size   usual |error| at step h, in units of the scale                             settings.SIZE
    width  w = (mean of |error| / size over the origins) ** (k / (k + WIDTH_N)), k origins: shrunk to 1 in logarithms
    band   mean - scale w size q (1 - s) ... mean + scale w size q (1 + s)            q by level, s skew, both by step

The shape (size, q, s) was measured on what came after M3, M1 and tourism series were cut, not on their rolling
origins, because months that were used to weigh the models look better than months to come. Nothing is learnt from
the other series of a call, so one series alone has the same bands. Blending in a series' own quantiles of |error|
step by step (three origins or more at a step) was tried: the mean interval score of the 80 % band grew by 1 to 2 % 12
months ahead and by 0.3 to 1 % 36 months ahead, the 95 % band covered 1 to 2 points less. So the shape stays.
Source: Lei et al., Distribution-free predictive inference for regression (2018), with a fixed calibration set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast import settings
from core.forecast.origins import so_far
from core.forecast.settings import HORIZON, Flags, Floats, Ints, M

# Errors of one origin under a twentieth of the usual are luck, or a series that never moves; above five times, a series
# that had hardly moved until then, so that its scale said nothing.
_LEAST, _MOST = 0.05, 5.0


@dataclass(frozen=True, slots=True)
class Bands:
    """In units of a series' scale: lower and upper distance by level, (n, horizon); measured coverage, (n,).

    inside: by level, (rows, horizon) whether what came at an origin lay within the band that was due there.
    """

    lower: dict[int, Floats]
    upper: dict[int, Floats]
    coverage: dict[int, Floats]
    pooled: dict[int, float]
    inside: dict[int, Flags]


def bands(
    error: Floats,
    series: Ints,
    n: int,
    levels: Sequence[int],
    *,
    judged: Floats | None = None,
    cut: Ints | None = None,
) -> Bands:
    """Bands from scaled errors (rows, horizon) of the origins; a series without rows gets the usual width.

    Args:
        error: (truth - forecast) / scale, NaN where the truth is not known; today's width comes from it.
        series: which series each row belongs to.
        levels: percent, e.g. (80, 95).
        judged: errors that coverage is measured on, where they are others than those the width comes from.
        cut: how many months back each row's origin lies.

    Coverage is measured at the origins, so no error may calibrate itself: with `cut` the width at an origin comes from
    what earlier origins had shown by then, without it from all the other ones.
    """
    steps = np.arange(1, error.shape[1] + 1)
    at, usual = np.array(settings.SIZE).T
    size = np.interp(steps, at, usual)
    total, count, own = _usual(error, size, series, n)
    width = _width(total, count)
    held = error if judged is None else judged
    known = np.isfinite(held)
    number = known.sum(axis=1)
    if cut is None:
        apart = _width(total[series] - own, count[series] - (number > 0))
    else:
        before, times = so_far(np.abs(held[:, :, None]) / size[:, None], series, cut)
        apart = _width(np.minimum(before[:, 0], _MOST * times), times)
    far = np.clip((steps - M) / (HORIZON - M), 0.0, 1.0)
    skew = settings.SKEW[0] * (1.0 - far) + settings.SKEW[1] * far
    lower, upper, coverage, overall, within = {}, {}, {}, {}, {}
    for level in levels:
        near, late = (np.interp(level, settings.LEVELS, part) for part in (settings.NEAR_Q, settings.FAR_Q))
        half = size * (near * (1.0 - far) + late * far)
        low, high = -half * (1.0 - skew), half * (1.0 + skew)
        inside = known & (held >= apart[:, None] * low) & (held <= apart[:, None] * high)
        hit, asked = (
            np.bincount(series, part, minlength=n).astype(float) for part in (inside.sum(axis=1), number)
        )
        coverage[level] = np.where(asked > 0, hit / np.maximum(asked, 1), np.nan)
        overall[level] = float(hit.sum() / asked.sum()) if asked.sum() else float("nan")
        lower[level], upper[level] = width[:, None] * low, width[:, None] * high
        within[level] = inside
    return Bands(lower, upper, coverage, overall, within)


def _usual(error: Floats, size: Floats, series: Ints, n: int) -> tuple[Floats, Floats, Floats]:
    """(n,) sum and number of the origins' mean |error| / size, and (rows,) that mean."""
    known = np.isfinite(error)
    number = known.sum(axis=1)
    own = np.where(known, np.abs(error) / size, 0.0).sum(axis=1) / np.maximum(number, 1)
    own = np.where(number > 0, np.minimum(own, _MOST), 0.0)
    total = np.bincount(series, own, minlength=n).astype(float)
    count = np.bincount(series, number > 0, minlength=n).astype(float)
    return total, count, own


def _width(total: Floats, count: Floats) -> Floats:
    mean = np.maximum(total / np.maximum(count, 1.0), _LEAST)
    return np.where(count > 0, mean ** (count / (count + settings.WIDTH_N)), 1.0)
