"""Where the combination has lagged behind a series, it will lag again: its own drift, half believed.

    b_o    = sum(t e_t) / sum(t^2) over the first twelve steps of each earlier origin, e in units of the scale
    b      = mean of b_o, shrunk by max(0, 1 - ALIKE var(b_o) / k / b^2) over k > 2 origins, which are much alike
    added  = DRIFT x b x t x scale for t up to twelve, fading to nothing by twenty-four, at most CAP of the combination

Averages of damped models trail behind steady growth; this brings most of it back without touching noisy series,
whose errors cancel. At an origin only what was known there counts: earlier origins, and of those only the months that
had come by then.
"""

from __future__ import annotations

import numpy as np

from core.forecast.origins import Origins
from core.forecast.settings import ALIKE, CAP, DRIFT, Floats, M


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
    known = np.isfinite(error) & (steps[None, :] <= (cuts - cut)[:, None])
    tried = known.any(axis=1)
    each = (np.where(known, error, 0.0) @ steps) / np.maximum(known @ steps**2, 1e-9)
    count = np.bincount(series[tried], minlength=n)
    mean = np.bincount(series[tried], each[tried], minlength=n) / np.maximum(count, 1)
    square = np.bincount(series[tried], (each[tried] - mean[series[tried]]) ** 2, minlength=n)
    noise = ALIKE * square / np.maximum(count - 1, 1) / np.maximum(count, 1)
    with np.errstate(all="ignore"):
        kept = np.where((count > 2) & (mean != 0), np.clip(1.0 - noise / mean**2, 0.0, 1.0), 0.0)
    return np.asarray(DRIFT * kept * mean)
