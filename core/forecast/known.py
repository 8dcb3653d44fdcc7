"""Known regressors: what they did to the past is taken out before the models look, and put back ahead.

    y' = y - X' b          log y for positive series, so that effects are factors there
    b  = least squares of the filtered y on the filtered X; filter: less the year's moving average, less month means
         (Frisch-Waugh), shrunk by max(0, 1 - se^2 / b^2)
    X' = X less its usual value in that month; a step (0 before, 1 from its month on) less its last value, so that the
         past is brought to today's level
An effect that the data do not bear out shrinks to nothing. At each rolling origin b is estimated anew from what was
known then; future values of the regressors are taken as known there too, as they are when a person plans volumes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.forecast.panel import Panel
from core.forecast.settings import Floats, M

_LEAST = 24  # months under which no effect is estimated


@dataclass(frozen=True, slots=True)
class Known:
    """Regressors of all series.

    Attributes:
        names: of the columns.
        x: (n, T + horizon, k), aligned with the panel's months and the months to come; no NaN.
        step: (k,) True for steps.
    """

    names: tuple[str, ...]
    x: Floats
    step: np.ndarray


def without(
    data: Panel, known: Known, cut: int, rows: np.ndarray, horizon: int
) -> tuple[Panel, Floats, Floats]:
    """The panel with the effects taken out, the effects ahead (n, horizon), and b (n, k).

    `data` holds `rows` as they were `cut` months ago. Effects ahead are logarithms for positive series.
    """
    n, width = data.values.shape
    # The columns of a panel of the past are shifted, so its last column is `cut` months before the newest one.
    values, ahead, slopes = data.values.copy(), np.zeros((n, horizon)), np.zeros((n, len(known.names)))
    for row in range(n):
        length = int(data.length[row])
        if length < _LEAST:
            continue
        x = known.x[rows[row]]
        end = width - cut
        past = x[end - length : end]
        future = x[end : end + horizon]
        future = np.concatenate([future, np.repeat(x[-1:], horizon - len(future), axis=0)])
        y = data.values[row, width - length :]
        y = np.log(y) if data.ratio[row] else y
        slope = _slopes(y, past)
        usual = _usual(past, known.step)
        phase = np.arange(length + horizon) % M
        base = np.where(known.step, past[-1], usual[phase])
        effect = (np.concatenate([past, future]) - base) @ slope
        slopes[row], ahead[row] = slope, effect[length:]
        y = y - effect[:length]
        values[row, width - length :] = np.exp(y) if data.ratio[row] else y
    return Panel(values, data.given, data.length, data.ratio), ahead, slopes


def restored(forecast: Floats, ahead: Floats, ratio: np.ndarray) -> Floats:
    """A forecast with the effects of the months to come."""
    return np.asarray(np.where(ratio[:, None], forecast * np.exp(np.clip(ahead, -3, 3)), forecast + ahead))


def _slopes(y: Floats, x: Floats) -> Floats:
    fy, fx = _filtered(y[:, None])[:, 0], _filtered(x)
    size = np.sqrt((fx**2).mean(axis=0))
    used = size > 1e-9 * np.maximum(np.abs(x).max(axis=0), 1e-12)
    out = np.zeros(x.shape[1])
    if not used.any():
        return out
    z = fx[:, used] / size[used]
    gram = z.T @ z + 1e-3 * len(z) * np.eye(z.shape[1])
    inverse = np.linalg.inv(gram)
    slope = inverse @ (z.T @ fy)
    left = fy - z @ slope
    free = max(len(fy) - z.shape[1] - M, 1)
    error = float(left @ left) / free * np.diag(inverse)
    with np.errstate(all="ignore"):
        kept = np.where(slope != 0, np.clip(1.0 - error / slope**2, 0.0, 1.0), 0.0)
    out[used] = slope * kept / size[used]
    return out


def _filtered(columns: Floats) -> Floats:
    """Less the centred year's average (shorter at the ends), less the mean of each calendar month."""
    length = len(columns)
    total = np.concatenate([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])
    at = np.arange(length)
    low, high = np.maximum(at - 6, 0), np.minimum(at + 7, length)
    apart = columns - (total[high] - total[low]) / (high - low)[:, None]
    for month in range(M):
        apart[month::M] -= apart[month::M].mean(axis=0)
    return np.asarray(apart)


def _usual(past: Floats, step: np.ndarray) -> Floats:
    usual = np.zeros((M, past.shape[1]))
    for month in range(M):
        usual[month] = past[month::M].mean(axis=0) if len(past[month::M]) else past.mean(axis=0)
    return usual
