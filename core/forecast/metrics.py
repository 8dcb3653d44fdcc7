"""How good a forecast was: the errors that published comparisons use.

    MASE = mean |y - f| / mean |y_t - y_(t-m)| of the history      below 1: better than last year's months were
    WAPE = sum |y - f| / sum |y|        RMSE, MAE, MAPE as usual   coverage = share of months inside the band

Source: Hyndman and Koehler, Another look at measures of forecast accuracy (2006); m = 1 where the history is not longer
than a season.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.forecast.settings import Floats, M

Values = Sequence[float] | Floats


def mase(history: Values, truth: Values, said: Values, season: int = M) -> float:
    """Mean absolute scaled error; NaN where the history never changes."""
    past = np.asarray(history, float)
    lag = season if len(past) > season else 1
    scale = float(np.mean(np.abs(past[lag:] - past[:-lag])))
    return mae(truth, said) / scale if scale > 0 else float("nan")


def mae(truth: Values, said: Values) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(np.asarray(truth, float) - np.asarray(said, float))))


def rmse(truth: Values, said: Values) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean((np.asarray(truth, float) - np.asarray(said, float)) ** 2)))


def mape(truth: Values, said: Values) -> float:
    """Mean absolute error as a share of the truth, in percent."""
    y = np.asarray(truth, float)
    return float(100 * np.mean(np.abs((y - np.asarray(said, float)) / y)))


def coverage(truth: Values, lower: Values, upper: Values) -> float:
    """Share of months inside the band."""
    y = np.asarray(truth, float)
    return float(np.mean((y >= np.asarray(lower, float)) & (y <= np.asarray(upper, float))))
