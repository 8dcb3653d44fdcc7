"""Rolling origins: what would have been said some months ago, held against what came.

An origin `cut` months back sees nothing of the last `cut` months: not in filled holes, not in volumes ahead, and what
is shown of it is weighed by what earlier origins had taught by then (`so_far`). Origins lie half a year apart around
the horizon (a quarter where there is room for few), so that every step of the horizon has been tried where the history
is long enough; young series are tried where two years (at worst half of what there is) stay to learn from. Filled
months and months still to come are no evidence (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.forecast import candidates as models
from core.forecast.candidates import LEANT, Candidates
from core.forecast.known import Known, restored, views, without
from core.forecast.panel import Panel, mase_scale, stack
from core.forecast.settings import FEW, ORIGINS, STEP, Floats, Ints, M


@dataclass(frozen=True, slots=True)
class Origins:
    """One row is a series at an origin.

    Attributes:
        series, cut: which series, how many months back.
        found: the candidates as they were then.
        scale: mean absolute change of what was known then, per row; floor: 0 where nothing had been below it by then.
        length, known: months since the first value, and months with a value, then.
        truth: (rows, horizon) what came, NaN where it is not known.
    """

    series: Ints
    cut: Ints
    found: Candidates
    scale: Floats
    floor: Floats
    length: Ints
    known: Ints
    truth: Floats

    def apart(self, name: str) -> Floats:
        """(rows, horizon) absolute errors of a candidate in units of the scale; differences of rounding are none."""
        error = np.abs(self.found.made[name] - self.truth) / self.scale[:, None]
        return np.where(error < NOTHING, 0.0, error)

    def errors(self, name: str, n: int) -> Floats:
        """(n,) mean absolute error of a candidate over a series' origins, in units of its scale; NaN if untried."""
        return self.mean(self.apart(name), n)

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
        apart = np.where(self.apart(name) > 0, self.found.made[name] - self.truth, 0.0)
        truth = np.where(known, self.truth, 0.0)
        sums = (np.abs(apart), np.abs(truth), apart, truth)
        added = [np.bincount(self.series, one.sum(axis=1), minlength=n) for one in sums]
        with np.errstate(all="ignore"):
            wape, bias = added[0] / added[1], added[2] / added[3]
        return tuple(np.where(np.isfinite(one), one, np.nan) for one in (wape, bias))  # type: ignore[return-value]

    def by_step(self, name: str) -> Floats:
        """(horizon,) mean absolute scaled error over all series and origins; NaN for steps nobody could try."""
        error = self.apart(name)
        known = np.isfinite(error)
        count = known.sum(axis=0)
        mean = np.where(known, error, 0.0).sum(axis=0) / np.maximum(count, 1)
        return np.where(count > 0, mean, np.nan)

    def worse(self, n: int) -> Floats:
        """(n, models) error of each model over the least error of the series; 1 where nothing was tried."""
        return _worse(np.stack([self.errors(name, n) for name in LEANT], axis=1))

    def worse_then(self) -> Floats:
        """(rows, models) the same as it was known at each origin; 1 at the first one of a series."""
        total, count = so_far(np.stack([self.apart(name) for name in LEANT], axis=2), self.series, self.cut)
        return _worse(np.where(count[:, None] > 0, total / np.maximum(count, 1.0)[:, None], np.nan))


NOTHING = 1e-9  # errors below this share of the scale are rounding
_CALM = 0.05  # errors far below the yearly change are all alike


def _worse(error: Floats) -> Floats:
    error = np.where(np.isfinite(error), error + _CALM, 1.0)
    return np.asarray(error / error.min(axis=1, keepdims=True))


def so_far(by_step: Floats, series: Ints, cut: Ints) -> tuple[Floats, Floats]:
    """What earlier origins of the same series had shown by the time of each origin.

    Args:
        by_step: (rows, horizon, k), NaN where the truth is not known (alike for all k).

    Returns:
        (rows, k) sum over the earlier origins of their mean over the steps that had come by then, and (rows,) how many
        of them there were.
    """
    rows, horizon, k = by_step.shape
    known = np.isfinite(by_step[:, :, 0])
    steps = np.cumsum(known, axis=1)
    summed = np.cumsum(np.where(known[:, :, None], by_step, 0.0), axis=1)
    total, count = np.zeros((rows, k)), np.zeros(rows)
    n = int(series.max(initial=-1)) + 1
    for at in np.unique(cut):
        here, before = np.flatnonzero(cut == at), np.flatnonzero(cut > at)
        last = np.minimum(cut[before] - at, horizon) - 1
        tried = steps[before, last]
        before, last, tried = (one[tried > 0] for one in (before, last, tried))
        each = summed[before, last] / tried[:, None]
        whose = series[here]
        count[here] = np.bincount(series[before], minlength=n)[whose]
        for column in range(k):
            total[here, column] = np.bincount(series[before], each[:, column], minlength=n)[whose]
    return total, count


@dataclass(frozen=True, slots=True)
class Tries:
    """Everything one run over a panel gives.

    Attributes:
        found: the candidates today.
        effects: (n, regressors) effect of one unit, logarithms for positive series.
        drivers: (n, T + horizon, regressors) the regressors as they are seen today; None without any.
        past: every origin of every series; None where no series is long enough (under nine months).
    """

    found: Candidates
    effects: Floats
    drivers: Floats | None
    past: Origins | None


def tries(data: Panel, horizon: int, known: Known | None = None) -> Tries:
    """Today and every origin in one run, because the models are loops over months."""
    n, width = data.values.shape
    jobs = [(0, np.arange(n)), *_plan(data.length, horizon)]
    parts = [data.rows(rows).before(cut) for cut, rows in jobs]
    scale = np.concatenate([mase_scale(part.values, part.length) for part in parts])
    floor = np.concatenate([part.floor for part in parts])
    seen = views(known, jobs, horizon) if known else []
    effects, ahead, plain = np.zeros((n, 0)), np.zeros(0), np.zeros(0)
    if known:
        plain = np.concatenate([models.naive(part, horizon)[0] for part in parts])
        taken = [without(part, known, view) for part, view in zip(parts, seen, strict=True)]
        parts, effects = [one[0] for one in taken], taken[0][2]
        ahead = np.concatenate([one[1] for one in taken])
    real, truths = np.where(data.given, data.values, np.nan), []
    for cut, rows in jobs:
        truth = np.full((len(rows), horizon), np.nan)
        steps = min(cut, horizon)
        truth[:, :steps] = real[rows, width - cut : width - cut + steps]
        truths.append(truth)
    whole = stack(parts)
    found = models.candidates(whole, horizon)
    if known:
        found.made.update({name: restored(one, ahead, whole.ratio) for name, one in found.made.items()})
        found.made["naive"] = plain  # naive knows nothing of regressors
    drivers = np.concatenate([seen[0].past, seen[0].ahead], axis=1) if known else None
    now = found.rows(slice(0, n))
    if len(jobs) == 1:
        return Tries(now, effects, drivers, None)
    past = slice(n, None)
    series = np.concatenate([rows for _, rows in jobs])[past]
    cuts = np.concatenate([np.full(len(rows), cut) for cut, rows in jobs])[past]
    tried = Origins(
        series, cuts, found.rows(past), scale[past], floor[past], whole.length[past], whole.known[past],
        np.concatenate(truths)[past],
    )  # fmt: skip
    return Tries(now, effects, drivers, tried)


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
