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
TOO_SHORT = "too_short"  # under 12 known months: the last value or a damped trend
NO_SEASON = "no_season"  # under 24 known months no season can be estimated
NO_BACKTEST = "no_backtest"  # nothing could be tried: errors unknown, bands are a rule of thumb
FEW_ORIGINS = "few_origins"  # fewer than three origins: errors and coverage are hints
UNTRIED = "untried_steps"  # the months after `last_tried` could not be tried: error and coverage say nothing of them
GAPS = "gaps"  # months were missing and have been filled
OPEN_END = "open_end"  # the newest months are missing: the forecast starts after them all the same
CONSTANT = "constant"  # every value is the same
REPEATS = "repeats"  # every year is the same as the one before it
CALMED = "calmed"  # single wild months weigh less than they say
LEVELLED = "levelled"  # the months before a step in the level were brought to the new one
WORSE = "worse_than_naive"  # last year's months did better at the rolling origins; never said where nothing varies
CUT = "cut"  # months further back than are looked at

NOTHING_VARIES = frozenset((CONSTANT, REPEATS))  # there is nothing to forecast: errors compare nothing
SAME = 1e-6  # errors (in scales) that differ by less are equal
STEP_GROUPS = ((1, 3), (4, 12), (13, 24), (25, 36))  # first and last step of what is reported together


@dataclass(frozen=True, slots=True)
class Track:
    """One rolling origin of one series, for the backtest picture: what was said `cut` months ago, and what came."""

    cut: int
    said: Floats
    naive: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Tried:
    """What the rolling origins say about a few steps together.

    Attributes:
        first, last: the steps.
        origins, months: origins that tried at least one of them, and months held against what came; 0: never tried.
        error, naive: mean |error| in scales (MASE) of the forecast and of last year's months; None where untried.
        coverage: level -> share of these months inside the band; empty where untried.
    """

    first: int
    last: int
    origins: int
    months: int
    error: float | None
    naive: float | None
    coverage: Mapping[int, float]


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
        coverage: level -> share of rolling-origin months inside the band, by series; `pooled` over all of them. At an
            origin weights and width come from what earlier origins had shown by then, so both are what a reader would
            have seen; today's come from all origins.
        reasons: by series, codes of this module.
        equations: the explainable regression, by series; None where it cannot be fitted.
        tracks: rolling origins of a series; only for one series or when asked for.
        effects: regressor -> effect of one unit, by series: a share (-0.3 is thirty percent less) where `ratio` is 1,
            an amount where it is 0.
        ratio: by series, 1 where season, growth and effects are factors (every value positive, not signed), else 0.
        months: by series, the length of history: months with a value among those looked at, holes not counted. The
            rules of 12 and 24 months speak of it.
        last_tried: by series, the last step that an origin has tried; 0 where none has.
        by_group: what `tried` reads, by series and group of steps.
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
    ratio: Floats = field(default_factory=lambda: np.array(np.nan))
    months: Floats = field(default_factory=lambda: np.array(np.nan))
    last_tried: Floats = field(default_factory=lambda: np.array(np.nan))
    by_group: Mapping[str, Floats] = field(default_factory=dict)
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
        return None if np.isnan(mine) or np.isnan(naive) else mine < naive - SAME

    def tried(self, row: int = 0) -> tuple[Tried, ...]:
        """What was tried of the steps of this forecast, group by group; groups that nobody could try are among them."""
        part = {name: np.atleast_2d(values)[row] for name, values in self.by_group.items()}
        levels = [(name, int(name[5:])) for name in part if name.startswith("cover")]
        return tuple(
            Tried(
                first, last, int(part["origins"][at]), int(part["months"][at]), _number(part["mean"][at]),
                _number(part["naive"][at]),
                {level: float(part[name][at]) for name, level in levels if np.isfinite(part[name][at])},
            )
            for at, (first, last) in enumerate(step_groups(self.mean.shape[-1]) if part else ())
        )  # fmt: skip


def step_groups(horizon: int) -> tuple[tuple[int, int], ...]:
    """STEP_GROUPS as far as the horizon goes."""
    return tuple((first, min(last, horizon)) for first, last in STEP_GROUPS if first <= horizon)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


_BY_SERIES = (
    "mean", "lower", "upper", "naive", "candidates", "errors", "wape", "bias", "coverage", "origins", "effects",
    "ratio", "months", "last_tried", "by_group",
)  # fmt: skip
_LISTED = ("reasons", "equations", "tracks")


def _row(value: object, row: int) -> object:
    if isinstance(value, Mapping):
        return {key: np.asarray(part)[row] for key, part in value.items()}
    return np.asarray(value)[row]
