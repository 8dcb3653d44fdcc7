"""Rolling origins: what would have been said some months ago, held against what came.

An origin `cut` months back sees nothing of the last `cut` months. Origins lie half a year apart around the horizon (a
quarter where there is room for few), so that every step of the horizon has been tried; young series are tried where
two years (at worst half of what there is) stay to learn from. Filled months and months still to come are no evidence (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.forecast import candidates as models
from core.forecast.candidates import LEANT, Candidates
from core.forecast.known import Known, restored, without
from core.forecast.panel import Panel, mase_scale, stack
from core.forecast.settings import FEW, ORIGINS, STEP, Floats, Ints, M


@dataclass(frozen=True, slots=True)
class Origins:
    """One row is a series at an origin.

    Attributes:
        series, cut: which series, how many months back.
        found: the candidates as they were then.
        scale: mean absolute change of what was known then, per row.
        truth: (rows, horizon) what came, NaN where it is not known.
    """

    series: Ints
    cut: Ints
    found: Candidates
    scale: Floats
    length: Ints
    truth: Floats

    def errors(self, name: str, n: int) -> Floats:
        """(n,) mean absolute error of a candidate over a series' origins, in units of its scale; NaN if untried."""
        return self.mean(np.abs(self.found.made[name] - self.truth) / self.scale[:, None], n)

    def mean(self, by_step: Floats, n: int) -> Floats:
        """(n,) mean over origins and steps of what is known."""
        known = np.isfinite(by_step)
        each = np.where(known, by_step, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        tried = known.any(axis=1)
        count = np.bincount(self.series[tried], minlength=n)
        total = np.bincount(self.series[tried], each[tried], minlength=n)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def shares(self, name: str, n: int) -> tuple[Floats, Floats]:
        """(n,) sum of |error| / sum of |truth| and sum of (forecast - truth) / sum of truth; NaN if untried."""
        known = np.isfinite(self.truth)
        apart = np.where(known, self.found.made[name] - self.truth, 0.0)
        truth = np.where(known, self.truth, 0.0)
        sums = (np.abs(apart), np.abs(truth), apart, truth)
        added = [np.bincount(self.series, one.sum(axis=1), minlength=n) for one in sums]
        with np.errstate(all="ignore"):
            wape, bias = added[0] / added[1], added[2] / added[3]
        return tuple(np.where(np.isfinite(one), one, np.nan) for one in (wape, bias))  # type: ignore[return-value]

    def by_step(self, name: str) -> Floats:
        """(horizon,) mean absolute scaled error over all series and origins; NaN for steps nobody could try."""
        error = np.abs(self.found.made[name] - self.truth) / self.scale[:, None]
        known = np.isfinite(error)
        count = known.sum(axis=0)
        mean = np.where(known, error, 0.0).sum(axis=0) / np.maximum(count, 1)
        return np.where(count > 0, mean, np.nan)

    def worse(self, n: int) -> Floats:
        """(n, models) error of each model over the least error of the series; 1 where nothing was tried."""
        error = np.stack([self.errors(name, n) for name in LEANT], axis=1) + _CALM
        error = np.where(np.isfinite(error), error, 1.0)
        return np.asarray(error / error.min(axis=1, keepdims=True))


_CALM = 0.05  # errors far below the yearly change are all alike


def tries(data: Panel, horizon: int, known: Known | None = None) -> tuple[Candidates, Floats, Origins | None]:
    """The candidates today, the effects of regressors, and every origin of every series.

    One run over all of it, because the models are loops over months. None where no series is long enough (under nine
    months).
    """
    n, width = data.values.shape
    jobs = [(0, np.arange(n)), *_plan(data.length, horizon)]
    parts, truths, ahead, scales, plain = [], [], [], [], []
    real = np.where(data.given, data.values, np.nan)
    effects = np.zeros((n, 0))
    for cut, rows in jobs:
        part = data.before(cut).rows(rows)
        scales.append(mase_scale(part.values, part.length))
        plain.append(models.naive(part, horizon)[0])
        if known:
            part, effect, slopes = without(part, known, cut, rows, horizon)
            ahead.append(effect)
            effects = slopes if cut == 0 else effects
        parts.append(part)
        truth = np.full((len(rows), horizon), np.nan)
        steps = min(cut, horizon)
        truth[:, :steps] = real[rows, width - cut : width - cut + steps]
        truths.append(truth)
    whole = stack(parts)
    found = models.candidates(whole, horizon)
    if ahead:
        effect = np.concatenate(ahead)
        found.made.update({name: restored(one, effect, whole.ratio) for name, one in found.made.items()})
        found.made["naive"] = np.concatenate(plain)  # naive knows nothing of regressors
    if len(jobs) == 1:
        return found, effects, None
    past = slice(n, None)
    series = np.concatenate([rows for _, rows in jobs])[past]
    cuts = np.concatenate([np.full(len(rows), cut) for cut, rows in jobs])[past]
    scale, truth = np.concatenate(scales)[past], np.concatenate(truths)[past]
    tried = Origins(series, cuts, found.rows(past), scale, whole.length[past], truth)
    return found.rows(slice(0, n)), effects, tried


def _plan(length: Ints, horizon: int) -> list[tuple[int, Ints]]:
    """(cut, series tried there)."""
    first = max(3, min(horizon, 18) - STEP)
    cuts = {first + STEP * k for k in range(ORIGINS)} | {horizon, horizon + STEP}
    tries = sum((length - cut >= 2 * M).astype(int) for cut in cuts)
    between = {cut + STEP // 2 for cut in cuts} | {STEP // 2, STEP}
    jobs: dict[int, list[int]] = {}
    covered = np.zeros(len(length), bool)
    for cut in sorted(cuts | between):
        # Three years of months leave room for two origins half a year apart: there the months between are tried too.
        fit = (length - cut >= 2 * M) & ((tries < FEW) if cut not in cuts else True)
        rows = np.flatnonzero(fit)
        if len(rows):
            jobs.setdefault(cut, []).extend(rows)
            covered[rows] = True
    for row in np.flatnonzero(~covered & (length >= 9)):
        months = int(length[row])
        room = months - 2 * M if months > 2 * M + 3 else months // 2
        for cut in {room, max(3, room // 2)}:
            jobs.setdefault(cut, []).append(int(row))
    return [(cut, np.array(sorted(rows), np.intp)) for cut, rows in sorted(jobs.items())]
