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

_ROWS = 40_000  # more rows make the trees no better
_EXTREME = 8.0


def pooled(
    origins: Origins, then: Floats, shown: Floats, found: Candidates, now: Floats, scale: Floats, length: Ints
) -> tuple[Floats, Floats]:
    """Corrections (to be added) of today's combination `now`, learnt from the combinations `then`, and of those `shown`
    at the origins: there the trees know only earlier origins and the months that had come by then."""
    none = np.zeros_like(now), np.zeros_like(then)
    known = np.isfinite(origins.truth).ravel()
    if len(np.unique(origins.series)) < settings.POOL_FROM or known.sum() < settings.POOL_ROWS:
        return none
    x, y = _lessons(origins, then)
    ahead = _fit(x, y, known).predict(_features(found, now, scale, length)).reshape(now.shape)
    x, y = _lessons(origins, shown)
    horizon = then.shape[1]
    cut, step = np.repeat(origins.cut, horizon), np.tile(np.arange(1, horizon + 1), len(then))
    past = np.zeros(len(y))
    for at in np.unique(origins.cut):
        use = known & (cut - at >= step)
        if use.sum() >= settings.POOL_ROWS // 2:
            past[cut == at] = _fit(x, y, use).predict(x[cut == at])
    return _bounded(ahead, scale, now), _bounded(past.reshape(then.shape), origins.scale, shown)


def _lessons(origins: Origins, said: Floats) -> tuple[Floats, Floats]:
    """Features and targets of every origin and step."""
    target = ((origins.truth - said) / origins.scale[:, None]).ravel()
    return _features(origins.found, said, origins.scale, origins.length), np.clip(target, -_EXTREME, _EXTREME)


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
