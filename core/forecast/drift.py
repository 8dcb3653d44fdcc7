"""Where the combination has lagged behind a series, it will lag again: its own drift, half believed.

    b      = sum(t e_t) / sum(t^2) over the first twelve steps of the earlier origins, e in units of the scale
    added  = DRIFT x k / (k + 1) x b x t x scale for t up to twelve, fading to nothing by twenty-four; k origins; at most
             CAP of the combination

Averages of damped models trail behind steady growth; this brings most of it back without touching noisy series,
whose errors cancel. At an origin only what was known there counts: earlier origins, and of those only the months that
had come by then.
"""

from __future__ import annotations

import numpy as np

from core.forecast.origins import Origins
from core.forecast.settings import CAP, DRIFT, Floats, M


def drift(past: Origins, then: Floats, n: int) -> tuple[Floats, Floats]:
    """(n,) drift today and (rows,) drift at each origin, per step, in units of the scale."""
    horizon = then.shape[1]
    span = min(horizon, M)
    steps = np.arange(1.0, span + 1)
    error = ((past.truth - then) / past.scale[:, None])[:, :span]
    now = _slope(error, past.series, past.cut, 0, n, steps)
    back = np.zeros(len(then))
    for cut in np.unique(past.cut):
        rows = past.cut == cut
        back[rows] = _slope(error, past.series, past.cut, int(cut), n, steps)[past.series[rows]]
    return now, back


def added(slope: Floats, scale: Floats, around: Floats) -> Floats:
    """(rows, horizon) what the drift adds to the combination `around`, at most CAP of it."""
    steps = np.arange(1, around.shape[1] + 1)
    shape = np.minimum(steps, M) * np.clip((2.0 * M - steps) / M, 0.0, 1.0)
    limit = CAP * np.abs(around)
    return np.asarray(np.clip((slope * scale)[:, None] * shape, -limit, limit))


def _slope(error: Floats, series: np.ndarray, cuts: np.ndarray, cut: int, n: int, steps: Floats) -> Floats:
    """Slope from the origins before the one `cut` months ago, with what had come by then."""
    come = steps[None, :] <= (cuts - cut)[:, None]
    known = np.isfinite(error) & come
    top = np.bincount(series, np.where(known, error, 0.0) @ steps, minlength=n)
    bottom = np.bincount(series, known @ steps**2, minlength=n)
    count = np.bincount(series[known.any(axis=1)], minlength=n)
    return np.asarray(DRIFT * count / (count + 1.0) * top / np.maximum(bottom, 1e-9))
