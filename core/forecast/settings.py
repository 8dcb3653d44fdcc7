"""Everything that was chosen rather than estimated, in one place.

Chosen on the monthly series of the M3 and M1 competitions and on tourism demand, 12 and 36 months ahead, histories cut
to 48, 72 and 120 months: a choice had to hold on each of the three when it was made on the other two. What they are
worth is reported on other series by `make bench-forecast`, see tests/bench/bench_forecast.py. Nothing here was fitted
to hospital data or to the reported series.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]

M = 12
LONGEST = 132  # months of history that are looked at
SHORTEST = 3  # under this there is nothing to extrapolate
SEASON_FROM = 24  # months from which a season can be estimated
HORIZON = 36
SEASON_YEARS, SEASON_DECAY = 8, 0.78

# Weights of the combination near and far (full up to NEAR_TO and from FAR_FROM months on), straight between them.
# Weights fitted to two collections were worse on the third than nearly equal ones, so only what is clear is in them:
# damped models for the next months, drifts and last year's season for the years after. Each series leans on what
# proved right for it: weight x (error / least error) ** -LEAN over its rolling origins.
NEAR = {
    "theta": 1.0, "growth": 1.0, "drifted": 1.0, "damped": 2.0, "smoothing": 1.25, "airline": 1.25, "stationary": 1.0,
    "naive_growth": 0.5, "lags": 1.5,
}  # fmt: skip
FAR = {
    "theta": 2.0, "growth": 1.5, "drifted": 2.0, "damped": 0.2, "smoothing": 0.5, "airline": 0.2, "stationary": 1.5,
    "naive_growth": 1.5, "lags": 0.0,
}  # fmt: skip
NEAR_TO, FAR_FROM = 6, 18
LEAN_NEAR, LEAN_FAR = 6.0, 2.0

# Months that stick out and steps in the level, see steady.py: spreads, times that for the newest month; spreads, share
# of the size, share of the step.
# Neutral to half a percent better on the three collections; the step limits were set on simulated steps besides.
CALM, EDGE, STEP_LIMIT, STEP_LEAST, STEP_SHARE = 4.0, 2.0, 4.0, 0.1, 0.6
TOLD = 0.15  # share of the size from which a calmed month is told

# Rolling origins: how many, months apart; series with fewer than FEW are tried in between, too.
ORIGINS, STEP, FEW = 6, 6, 4

# Grids of the models; all points of a grid are averaged with the weight exp(-n/4 ln(sse / best sse)): a clear winner
# wins and near ties are shared.
_ALPHA = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
DRIFT_GRID = tuple(
    (a, share) for a in _ALPHA for share in (0.0, 0.25, 0.5, 0.75, 1.0)
)  # alpha, share of the slope
DAMPED_GRID = tuple(  # alpha, beta, phi
    (a, b, p) for a in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9) for b in (0.02, 0.1, 0.3) for p in (0.9, 0.98)
)
_SEASONAL = tuple((a, g) for a in (0.05, 0.1, 0.2, 0.35, 0.6) for g in (0.05, 0.15, 0.4))
SEASONAL_GRID = tuple(  # alpha, beta (0: no trend), phi, gamma
    (a, b, p, g) for a, g in _SEASONAL for b, p in ((0.0, 1.0), (0.05, 0.97), (0.15, 0.9))
)
AIRLINE_GRID = tuple(
    (p, q) for p in (-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 0.95) for q in (0.2, 0.5, 0.7, 0.85, 0.95)
)
STATIONARY_GRID = tuple(
    (p, q, usual)
    for p in (0.0, 0.3, 0.5, 0.7, 0.85, 0.95)
    for q in (0.0, 0.3, 0.6, 0.8, 0.95)
    for usual in (0.0, 1.0)
)

# How much of a series' own drift at its rolling origins is believed; see drift.py.
DRIFT, ALIKE = 0.6, 6.0

# The pooled correction: half of what a few small trees say about the scaled errors of the combination, and never more
# than CAP of the forecast. CAP also bounds the drift.
POOL_FROM, POOL_ROWS = 10, 450
STRENGTH, CAP = 0.5, 0.0195
TREES: dict[str, Any] = {
    "loss": "absolute_error", "max_iter": 60, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 200,
    "l2_regularization": 10.0, "max_bins": 64, "random_state": 0, "early_stopping": False,
}  # fmt: skip

# Bands, see intervals.py. (step, usual |error| in scales), origins that the usual width weighs, skew near and at 36
# months (series of an economy rise more often than they fall), and quantiles of |error| / (size x width) by level, up
# to a year and at 36 months. Measured on what came after cut-offs at the end and a year before it, each collection
# counting the same; one collection alone covers 74 to 85 % where 80 % are promised, depending on the years after it.
SIZE = ((1, 0.6), (3, 0.7), (6, 0.8), (9, 0.87), (12, 0.97), (18, 1.28), (24, 1.5), (36, 1.85))
WIDTH_N = 2.0
SKEW = (0.08, 0.2)
LEVELS = (0, 50, 80, 90, 95, 99, 100)
NEAR_Q = (0.0, 0.72, 1.57, 2.2, 2.9, 4.9, 6.0)
FAR_Q = (0.0, 0.8, 1.85, 2.75, 4.0, 7.5, 9.0)
