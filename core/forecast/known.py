"""Regressors: what they did to the past is taken out before the models look, and put back ahead.

    y' = y - X' b          log y for positive series, so that effects are factors there
    b  = least squares of the filtered y on the filtered X; filter: less the year's moving average, less month means
         (Frisch-Waugh), shrunk by max(0, 1 - se^2 / b^2)
    X' = X less its usual value in that month; a step (0 before, 1 from its month on) less its last value, so that the
         past is brought to today's level
An effect that the data do not bear out shrinks to nothing. At each rolling origin b is estimated anew from what was
known then. What lies ahead of an origin is of two kinds:

    sure       workdays, festivals, steps that a person marked: as they were, because a calendar knows them
    uncertain  visits, bed-days and whatever else has to be forecast itself: from its own months up to that origin,
               with the same models (their plain combination), never what came. Today the caller's months ahead are
               taken where they are given (a plan, a forecast), otherwise they are forecast in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.forecast.candidates import LEANT, candidates
from core.forecast.panel import Panel, panel, stack
from core.forecast.settings import Flags, Floats, Ints, M

_LEAST = 24  # months under which no effect is estimated


@dataclass(frozen=True, slots=True)
class Known:
    """Regressors of all series.

    Attributes:
        names: of the columns.
        x: (n, T + horizon, k), aligned with the panel's months and the months to come; NaN only in uncertain columns.
        step: (k,) True for steps.
        sure: (k,) True for what a calendar knows ahead, and for steps.
    """

    names: tuple[str, ...]
    x: Floats
    step: Flags
    sure: Flags


@dataclass(frozen=True, slots=True)
class View:
    """The regressors as they were seen at one origin: past (n, T, k), right-aligned, and ahead (n, horizon, k)."""

    past: Floats
    ahead: Floats


def views(known: Known, jobs: Sequence[tuple[int, Ints]], horizon: int) -> list[View]:
    """What was seen of the regressors at every origin (months back, rows); nothing of what came later is in it."""
    width = known.x.shape[1] - horizon
    made = []
    for cut, rows in jobs:
        x = known.x[rows]
        past = np.concatenate([np.repeat(x[:, :1], cut, axis=1), x[:, : width - cut]], axis=1)
        made.append(View(past, x[:, width - cut : width - cut + horizon].copy()))
    for column in np.flatnonzero(~known.sure):
        _foresee(known.x[:, :, column], int(column), jobs, made)
    return made


def _foresee(x: Floats, column: int, jobs: Sequence[tuple[int, Ints]], made: list[View]) -> None:
    """Fill in an uncertain column: holes of its past, and its own forecast ahead."""
    horizon = made[0].ahead.shape[1]
    width = x.shape[1] - horizon
    size = np.nan_to_num(np.abs(x[:, :width])).mean(axis=1)
    used = size > 0
    size = np.where(used, size, 1.0)[:, None]
    data = panel(list(x[:, :width] / size))
    parts = [data.rows(rows).before(cut) for cut, rows in jobs]
    at = [np.flatnonzero(used[rows] & (part.length > 0)) for (_, rows), part in zip(jobs, parts, strict=True)]
    chosen = stack([part.rows(some) for part, some in zip(parts, at, strict=True)])
    ahead = _plain(chosen, horizon)
    begin = 0
    for (cut, rows), part, some, view in zip(jobs, parts, at, made, strict=True):
        whole = np.where(np.isfinite(part.values), part.values, _first(part)[:, None]) * size[rows]
        own = np.zeros((len(rows), horizon))
        own[some] = ahead[begin : begin + len(some)] * size[rows[some]]
        begin += len(some)
        given = view.ahead[:, :, column] if cut == 0 else np.full(own.shape, np.nan)
        view.past[:, :, column] = whole
        view.ahead[:, :, column] = np.where(np.isfinite(given), given, own)


def _plain(data: Panel, horizon: int) -> Floats:
    """The combination with the usual weights; never below 0 where nothing was."""
    if not len(data.values):
        return np.zeros((0, horizon))
    made = candidates(data, horizon).combined(np.ones((len(data.values), len(LEANT))))
    return np.asarray(np.maximum(made, data.floor[:, None]))


def _first(data: Panel) -> Floats:
    """The first value of each row, 0 where there is none."""
    known = np.isfinite(data.values)
    first = data.values[np.arange(len(known)), known.argmax(axis=1)]
    return np.where(known.any(axis=1), first, 0.0)


def without(data: Panel, known: Known, view: View) -> tuple[Panel, Floats, Floats]:
    """The panel with the effects taken out, the effects ahead (n, horizon), and b (n, k).

    Effects ahead are logarithms for positive series, and so is b.
    """
    n, width = data.values.shape
    horizon = view.ahead.shape[1]
    values, ahead, slopes = data.values.copy(), np.zeros((n, horizon)), np.zeros((n, len(known.names)))
    for row in range(n):
        length = int(data.length[row])
        if length < _LEAST:
            continue
        past, future = view.past[row, width - length :], view.ahead[row]
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
    return replace(data, values=values), ahead, slopes


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
