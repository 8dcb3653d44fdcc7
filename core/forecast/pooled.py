"""What siblings know: a boosted-trees correction of the combination, learnt over all series of the call if asked for.

    target    (truth - combination) / scale at every rolling origin and step
    features  where each candidate stands beside the combination, the step, and facts of the series, all in scales
    forecast  combination + STRENGTH x scale x prediction, at most CAP of the combination

Half strength, because the full correction was worse on every collection it was tried on. The cap keeps it from moving
a figure that is also shown alone by more than CAP. Under POOL_FROM series nothing is corrected. Worth 1 to 4 % of the
error where series move together (employment by industry), nothing or a percent of harm elsewhere.
"""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from core.forecast import settings
from core.forecast.candidates import NAMES, Candidates
from core.forecast.origins import Origins
from core.forecast.settings import Floats, Ints, M

_FOLDS = 2
_ROWS = 40_000  # more rows make the trees no better
_EXTREME = 8.0


def pooled(
    origins: Origins, then: Floats, found: Candidates, now: Floats, scale: Floats, length: Ints
) -> tuple[Floats, Floats]:
    """Corrections (to be added) of today's combination `now` and, out of fold, of the one `then` at the origins."""
    none = np.zeros_like(now), np.zeros_like(then)
    target = ((origins.truth - then) / origins.scale[:, None]).ravel()
    known = np.isfinite(target)
    if len(np.unique(origins.series)) < settings.POOL_FROM or known.sum() < settings.POOL_ROWS:
        return none
    x = _features(origins.found, then, origins.scale, origins.length)
    y = np.clip(target, -_EXTREME, _EXTREME)
    ahead = _fit(x, y, known).predict(_features(found, now, scale, length)).reshape(now.shape)
    fold = np.repeat(origins.series % _FOLDS, then.shape[1])
    past = np.zeros(len(y))
    for one in range(_FOLDS):
        inside = fold == one
        if inside.any() and (known & ~inside).sum() >= settings.POOL_ROWS // 2:
            past[inside] = _fit(x, y, known & ~inside).predict(x[inside])
    return _bounded(ahead, scale, now), _bounded(past.reshape(then.shape), origins.scale, then)


def _bounded(predicted: Floats, scale: Floats, around: Floats) -> Floats:
    limit = settings.CAP * np.abs(around)
    return np.asarray(np.clip(settings.STRENGTH * scale[:, None] * predicted, -limit, limit))


def _fit(x: Floats, y: Floats, use: np.ndarray) -> HistGradientBoostingRegressor:
    rows = np.flatnonzero(use)
    rows = rows[:: -(-len(rows) // _ROWS)]
    return HistGradientBoostingRegressor(**settings.TREES).fit(x[rows], y[rows])


def _features(found: Candidates, around: Floats, scale: Floats, length: Ints) -> Floats:
    n, horizon = around.shape
    steps = np.tile(np.arange(1.0, horizon + 1), (n, 1))
    recent, before, spread, three, last = found.facts.T
    size = np.maximum(np.abs(recent), 1e-9)
    about = (
        (recent - before) / scale,
        (three - recent) / scale,
        spread / scale,
        (last - recent) / scale,
        scale / size,
        length,
    )
    columns = [(found.made[name] - around) / scale[:, None] for name in NAMES if name != "regression"]
    columns += [steps, steps % M, (around - recent[:, None]) / scale[:, None]]
    columns += [np.repeat(np.asarray(fact, float)[:, None], horizon, axis=1) for fact in about]
    return np.stack([np.clip(column, -1e6, 1e6).ravel() for column in columns], axis=1)
