"""`forecast`: one call for one series or thousands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from core.forecast import given, settings
from core.forecast.candidates import NAMES, young
from core.forecast.drift import added, drift
from core.forecast.given import ForecastError, month
from core.forecast.intervals import bands
from core.forecast.known import Known
from core.forecast.origins import Origins, tries
from core.forecast.panel import Panel, mase_scale, panel
from core.forecast.pooled import pooled
from core.forecast.regression import equation
from core.forecast.report import reasons, tried
from core.forecast.result import Forecast, Track
from core.forecast.settings import SEASON_FROM, Floats, M

LEVELS = (80, 95)
_THREADS = ThreadpoolController()  # looking for the libraries takes longer than some forecasts
SHOWN = (*NAMES, "combined", "mean")


def forecast(
    history: Any,
    horizon: int,
    *,
    start: int | None = None,
    regressors: Mapping[str, Any] | None = None,
    calendar: Collection[str] = (),
    steps: Mapping[str, int] | None = None,
    signed: Any = False,
    levels: Sequence[int] = LEVELS,
    siblings: bool = False,
    explain: bool | None = None,
) -> Forecast:
    """Mean and bands of the next `horizon` months.

    Args:
        history: monthly values, oldest first, NaN or None for missing: one series (1-D), many (2-D, or a list of
            series of different lengths that all end with the same month). 12 to 120 months are what it is made for;
            fewer are answered with the reason, older ones than settings.LONGEST are not looked at.
        horizon: 1 to 36 months.
        start: month (yyyymm) of the first value of the longest series; needed for `steps`, names the months.
        regressors: name -> values over history and horizon (length T + horizon, T that of the longest series), or one
            row for each series. All but those named in `calendar` are uncertain, as visits and bed-days are: what is
            given for the months to come is used for today's forecast (a plan, or a forecast of them; NaN, or only T
            values: they are forecast here), but every rolling origin forecasts them from their own months until then.
        calendar: the regressors that are known ahead for certain, because a calendar says so (workdays, Spring
            Festival): origins use them as they were. Names that are no regressors do nothing.
        steps: name -> month (yyyymm) from which prices or rules changed; needs `start`.
        signed: values may fall below 0 though none has yet (a balance, a surplus): no floor at 0 and no factors; one
            flag, or one for each series.
        levels: bands in percent.
        siblings: also learn a correction of at most 2 % from the other series (from settings.POOL_FROM of them on),
            for series that belong together. Without it a series is forecast as if it were alone.
        explain: fit the readable regression and keep the rolling origins; by default for up to 50 series.

    Raises:
        ForecastError: horizon, levels, signed, regressors or steps cannot be used.

    Deterministic: the same call gives the same numbers. Nothing is NaN or infinite but errors that could not be
    measured.
    """
    series, single = given.series_of(history)
    horizon, levels = given.horizon_of(horizon), given.levels_of(levels)
    size = np.array([given.size_of(one) for one in series])
    flags = given.signed_of(signed, len(series))
    data = panel([one / s for one, s in zip(series, size, strict=True)], flags)
    known = given.known_of(series, data, horizon, start, regressors, calendar, steps)
    if not len(series):
        raise ForecastError("history: no series given")
    with _THREADS.limit(limits=1):  # small matrices: threads only wait for each other
        made = _Made(data, horizon, known, levels, siblings)
    keep = explain if explain is not None else len(series) <= 50
    found = made.forecast(series, size, single, keep, known.names if known else ())
    if start is not None:
        longest = max(len(one) for one in series)
        periods = tuple(month(start, longest + ahead) for ahead in range(horizon))
        found = replace(found, periods=periods)
    return found.of(0) if single else found


class _Made:
    """One run over a panel: candidates today and at the origins, correction, bands, errors."""

    def __init__(
        self, data: Panel, horizon: int, known: Known | None, levels: Sequence[int], siblings: bool
    ) -> None:
        n = len(data.values)
        self.data, self.horizon = data, horizon
        self.scale = mase_scale(data.values, data.length)
        run = tries(data, horizon, known)
        self.found, self.effects, self.drivers, self.past = run.found, run.effects, run.drivers, run.past
        self.floor = data.floor[:, None]
        worse = self.past.worse(n) if self.past else np.ones((n, len(settings.NEAR)))
        now = young(data.known, self.found, self.found.combined(worse))
        add, rows, cut = np.zeros_like(now), np.zeros(0, np.intp), np.zeros(0, np.intp)
        used, judged = np.full((0, horizon), np.nan), np.full((0, horizon), np.nan)
        if self.past:
            rows, cut = self.past.series, self.past.cut
            # Weighed as today: what today's drift and width are made from, and were measured with.
            then = self._combined(self.past, worse[rows])
            # Weighed by what was known then: what is shown.
            shown = self._combined(self.past, self.past.worse_then())
            today, back = drift(self.past, then, n)
            then = then + added(back, self.past.scale, then)
            shown = shown + added(drift(self.past, shown, n)[1], self.past.scale, shown)
            now = now + added(np.where(data.known < M, 0.0, today), self.scale, now)
            more = np.zeros_like(then)
            if siblings:
                add, more = pooled(self.past, then, shown, self.found, now, self.scale, data.length)
            self.past.found.made.update(combined=shown, mean=shown + more)
            _tidy(self.past.found.made, self.past.floor[:, None])
            used = self._error(self.past, np.maximum(then + more, self.past.floor[:, None]))
            judged = self._error(self.past, self.past.found.made["mean"])
        self.found.made.update(combined=now, mean=now + add)
        _tidy(self.found.made, self.floor)
        self.bands = bands(used, rows, n, levels, judged=judged, cut=cut)

    @staticmethod
    def _combined(past: Origins, worse: Floats) -> Floats:
        return young(past.known, past.found, past.found.combined(worse))

    @staticmethod
    def _error(past: Origins, said: Floats) -> Floats:
        return np.asarray((past.truth - said) / past.scale[:, None])

    def forecast(
        self, series: list[Floats], size: Floats, single: bool, keep: bool, names: tuple[str, ...]
    ) -> Forecast:
        """The answer in the units of the series."""
        n, unit = len(series), size[:, None]
        mean = self.found.made["mean"]
        wide = self.scale[:, None]
        low = {k: np.maximum(mean + wide * v, self.floor) * unit for k, v in self.bands.lower.items()}
        high = {k: np.maximum(mean + wide * v, self.floor) * unit for k, v in self.bands.upper.items()}
        past = self.past
        nothing = np.full(n, np.nan)
        errors = {name: past.errors(name, n) if past else nothing for name in SHOWN}
        wape, bias = (dict.fromkeys(SHOWN, nothing) for _ in range(2))
        if past:
            for name in SHOWN:
                wape[name], bias[name] = past.shares(name, n)
        count = np.bincount(past.series, minlength=n).astype(float) if past else np.zeros(n)
        last, groups = tried(past, self.bands.inside, n, self.horizon)
        return Forecast(
            mean=mean * unit,
            lower=low,
            upper=high,
            naive=self.found.made["naive"] * unit,
            candidates={name: self.found.made[name] * unit for name in SHOWN},
            errors=errors,
            wape=wape,
            bias=bias,
            by_step={name: past.by_step(name) if past else np.full(self.horizon, np.nan) for name in SHOWN},
            coverage=self.bands.coverage,
            pooled=self.bands.pooled,
            origins=count,
            reasons=reasons(self.data, self.found, series, errors, count, last, self.horizon),
            equations=tuple(self._equation(i, unit[i, 0], names) for i in range(n)) if keep else (),
            tracks=tuple(self._tracks(i, unit[i, 0]) for i in range(n)) if keep else (),
            effects={name: self._effect(self.effects[:, j], size) for j, name in enumerate(names)},
            ratio=self.data.ratio.astype(float),
            months=self.data.known.astype(float),
            last_tried=last,
            by_group=groups,
        )

    def _effect(self, slope: Floats, size: Floats) -> Floats:
        """Of one unit: shares where effects are factors, amounts elsewhere."""
        return np.where(self.data.ratio, np.expm1(np.clip(slope, -50.0, 50.0)), slope * size)

    def _equation(self, row: int, unit: float, names: tuple[str, ...]) -> Any:
        length = int(self.data.length[row])
        values = self.data.values[row, len(self.data.values[row]) - length :] * unit
        x = self.drivers
        if x is None or self.data.known[row] < SEASON_FROM:
            return equation(values, self.horizon, {})
        return equation(
            values,
            self.horizon,
            {name: x[row, -length - self.horizon :, j] for j, name in enumerate(names)},
        )

    def _tracks(self, row: int, unit: float) -> tuple[Track, ...]:
        past = self.past
        if past is None:
            return ()
        mean, naive = past.found.made["mean"], past.found.made["naive"]
        rows = [at for at in np.argsort(-past.cut, kind="stable") if past.series[at] == row]
        return tuple(
            Track(int(past.cut[at]), mean[at] * unit, naive[at] * unit, past.truth[at] * unit) for at in rows
        )


def _tidy(made: dict[str, Floats], floor: Floats) -> None:
    """Nothing below 0 where nothing ever was."""
    for name, values in made.items():
        made[name] = np.maximum(np.where(np.isfinite(values), values, 0.0), floor)


__all__ = ["LEVELS", "ForecastError", "forecast", "month"]
