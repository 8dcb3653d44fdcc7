"""What a forecast gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.forecast.regression import Equation
from core.forecast.settings import Floats

# Why a forecast is less than it could be, by series. Words for them live with the page.
NO_DATA = "no_data"  # no value at all: the forecast is 0 and means nothing
TOO_SHORT = "too_short"  # under 12 months: the last value or a damped trend
NO_SEASON = "no_season"  # under 24 months no season can be estimated
NO_BACKTEST = "no_backtest"  # nothing could be tried: errors unknown, bands are a rule of thumb
FEW_ORIGINS = "few_origins"  # fewer than three origins: errors and coverage are hints
GAPS = "gaps"  # months were missing and have been filled
OPEN_END = "open_end"  # the newest months are missing: the forecast starts after them all the same
CONSTANT = "constant"  # every value is the same
CALMED = "calmed"  # single wild months weigh less than they say
LEVELLED = "levelled"  # the months before a step in the level were brought to the new one
WORSE = "worse_than_naive"  # last year's months did better at the rolling origins
CUT = "cut"  # months further back than are looked at


@dataclass(frozen=True, slots=True)
class Track:
    """One rolling origin of one series, for the backtest picture: what was said `cut` months ago, and what came."""

    cut: int
    said: Floats
    naive: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecasts of one series (arrays (horizon,)) or of many ((n, horizon)), as the history was given.

    Attributes:
        mean: the forecast.
        lower, upper: by level in percent.
        naive: the same months of last year (the last value under twelve months).
        candidates: every model by name, `combined` and `mean` (combined with the pooled correction) among them.
        errors: candidate -> mean absolute scaled error at the rolling origins: sum of |error| over the mean absolute
            change against the same month a year before (MASE, m = 12). NaN where nothing could be tried.
        wape: candidate -> sum of |error| / sum of |truth| at the rolling origins; bias the same with signs.
        by_step: candidate -> (horizon,) mean absolute scaled error by step over all series.
        coverage: level -> share of rolling-origin months inside the band, by series; `pooled` over all of them.
        reasons: by series, codes of this module.
        equations: the explainable regression, by series; None where it cannot be fitted.
        tracks: rolling origins of a series; only for one series or when asked for.
        effects: regressor -> effect of one unit, by series (a share for positive series, an amount otherwise).
        periods: yyyymm of the forecast months where `start` was given.
    """

    mean: Floats
    lower: Mapping[int, Floats]
    upper: Mapping[int, Floats]
    naive: Floats
    candidates: Mapping[str, Floats]
    errors: Mapping[str, Floats]
    wape: Mapping[str, Floats]
    bias: Mapping[str, Floats]
    by_step: Mapping[str, Floats]
    coverage: Mapping[int, Floats]
    pooled: Mapping[int, float]
    origins: Floats
    reasons: tuple[tuple[str, ...], ...]
    equations: tuple[Equation | None, ...] = ()
    tracks: tuple[tuple[Track, ...], ...] = ()
    effects: Mapping[str, Floats] = field(default_factory=dict)
    periods: tuple[int, ...] = ()
    single: bool = False

    def __len__(self) -> int:
        return 1 if self.single else len(self.mean)

    def of(self, row: int) -> Forecast:
        """One series of many, with one-dimensional arrays."""
        if self.single:
            return self
        pick: dict[str, Any] = {name: _row(getattr(self, name), row) for name in _BY_SERIES}
        pick |= {name: tuple(getattr(self, name)[row : row + 1]) for name in _LISTED}
        return Forecast(**pick, by_step=self.by_step, pooled=self.pooled, periods=self.periods, single=True)

    def better_than_naive(self, row: int = 0) -> bool | None:
        """Whether the rolling-origin error is below the naive one; None where nothing could be tried."""
        mine, naive = (float(np.atleast_1d(self.errors[name])[row]) for name in ("mean", "naive"))
        return None if np.isnan(mine) or np.isnan(naive) else mine < naive


_BY_SERIES = (
    "mean", "lower", "upper", "naive", "candidates", "errors", "wape", "bias", "coverage", "origins", "effects",
)  # fmt: skip
_LISTED = ("reasons", "equations", "tracks")


def _row(value: object, row: int) -> object:
    if isinstance(value, Mapping):
        return {key: np.asarray(part)[row] for key, part in value.items()}
    return np.asarray(value)[row]
