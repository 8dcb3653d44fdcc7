"""Everything that was chosen rather than estimated, in one place.

Chosen on the monthly series of the M3 and M1 competitions and on tourism demand (12 and 36 months ahead, histories of
at most 120 months); what they are worth is reported on other series by `make bench-forecast`, see
tests/bench/bench_forecast.py. Nothing here was fitted to hospital data.
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

# Weights of the combination near (up to a year) and far (three years), straight between them. Averaging beats
# choosing; each series may lean on what proved right for it: weight x (error / least error) ** -LEAN, from rolling
# origins. Leaning harder than this helps series with steady trends and harms noisy ones.
NEAR = {"theta": 1.0, "growth": 0.5, "damped": 1.25, "smoothing": 0.75, "naive_growth": 0.5, "trend": 0.25}
FAR = {"theta": 1.5, "growth": 1.5, "damped": 0.75, "smoothing": 0.5, "naive_growth": 0.5, "trend": 0.75}
LEAN = 2.5

# Rolling origins: how many, months apart; series with fewer than FEW are tried in between, too.
ORIGINS, STEP, FEW = 6, 6, 4

# Smoothing grids (alpha, beta, phi, gamma); beta 0 means no trend. All points of a grid are averaged with the weight
# exp(-n/2 ln(sse / best sse)): the likelihood of normal errors, so a clear winner wins and near ties are shared.
_ALPHA = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
LEVEL_GRID = tuple((a, 0.0, 1.0, 0.0) for a in _ALPHA)
DAMPED_GRID = tuple(
    (a, b, p, 0.0)
    for a in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
    for b in (0.02, 0.1, 0.3)
    for p in (0.9, 0.98)
)
_SEASONAL = tuple((a, g) for a in (0.05, 0.1, 0.2, 0.35, 0.6) for g in (0.05, 0.15, 0.4))
SEASONAL_GRID = tuple((a, b, p, g) for a, g in _SEASONAL for b, p in ((0.0, 1.0), (0.05, 0.97), (0.15, 0.9)))

# How much of a series' own drift at its rolling origins is believed; see drift.py.
DRIFT, ALIKE = 0.6, 6.0

# The pooled correction: half of what a few small trees say about the scaled errors of the combination, and never more
# than CAP of the forecast, so that a series alone and the same series among its siblings stay within that distance.
POOL_FROM, POOL_ROWS = 10, 450
STRENGTH, CAP = 0.5, 0.0195
TREES: dict[str, Any] = {
    "loss": "absolute_error", "max_iter": 60, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 200,
    "l2_regularization": 10.0, "max_bins": 64, "random_state": 0, "early_stopping": False,
}  # fmt: skip

# Prior of the scaled error: mean |r| = a + b sqrt(h), worth PRIOR_N residuals; quantiles of |r| relative to its mean.
PRIOR_A, PRIOR_B, PRIOR_N = 0.28, 0.27, 40.0
SERIES_N = 2.0  # weight, in backtests, of the pool's width against the series' own
PRIOR_QUANTILES = {50: 0.79, 80: 1.4, 90: 1.9, 95: 2.2, 99: 3.3}
# Errors beyond a year are wider than the past shows, because past origins had the same shocks in common: bands grow by
# this much until 36 months.
WIDEN = 0.3
