"""`forecast`: one call for one series or thousands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from core.forecast import result, settings
from core.forecast.candidates import NAMES, Candidates
from core.forecast.drift import added, drift
from core.forecast.intervals import bands
from core.forecast.known import Known
from core.forecast.origins import tries
from core.forecast.panel import Panel, mase_scale, panel
from core.forecast.pooled import pooled
from core.forecast.regression import equation
from core.forecast.result import Forecast, Track
from core.forecast.settings import HORIZON, SEASON_FROM, SHORTEST, Floats, M

LEVELS = (80, 95)
_THREADS = ThreadpoolController()  # looking for the libraries takes longer than some forecasts
SHOWN = (*NAMES, "combined", "mean")


class ForecastError(ValueError):
    """A call that makes no sense; the sentence says which argument and what is allowed."""


def forecast(
    history: Any,
    horizon: int,
    *,
    start: int | None = None,
    regressors: Mapping[str, Any] | None = None,
    steps: Mapping[str, int] | None = None,
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
            row for each series; known ahead, as visits planned or workdays are.
        steps: name -> month (yyyymm) from which prices or rules changed; needs `start`.
        levels: bands in percent.
        siblings: also learn a correction of at most 2 % from the other series (from settings.POOL_FROM of them on),
            for series that belong together. Without it a series is forecast as if it were alone.
        explain: fit the readable regression and keep the rolling origins; by default for up to 50 series.

    Raises:
        ForecastError: horizon, levels, regressors or steps cannot be used.

    Deterministic: the same call gives the same numbers. Nothing is NaN or infinite but errors that could not be
    measured.
    """
    series, single = _series(history)
    horizon = _horizon(horizon)
    for level in levels:
        if not 0 < level < 100:
            raise ForecastError(f"levels: {level} is no percentage between 0 and 100")
    size = np.array([_size(one) for one in series])
    data = panel([one / s for one, s in zip(series, size, strict=True)])
    known = _known(series, data, horizon, start, regressors, steps, size)
    if not len(series):
        raise ForecastError("history: no series given")
    with _THREADS.limit(limits=1):  # small matrices: threads only wait for each other
        made = _Made(data, horizon, known, levels, siblings)
    keep = explain if explain is not None else len(series) <= 50
    found = made.forecast(series, size, single, keep, known)
    if start is not None:
        longest = max(len(one) for one in series)
        periods = tuple(month(start, longest + ahead) for ahead in range(horizon))
        found = replace(found, periods=periods)
    return found.of(0) if single else found


def month(start: int, later: int) -> int:
    """The month `later` months after yyyymm."""
    index = start // 100 * M + start % 100 - 1 + later
    return index // M * 100 + index % M + 1


class _Made:
    """One run over a panel: candidates today and at the origins, correction, bands, errors."""

    def __init__(
        self, data: Panel, horizon: int, known: Known | None, levels: Sequence[int], siblings: bool
    ) -> None:
        n = len(data.values)
        self.data, self.horizon = data, horizon
        self.scale = mase_scale(data.values, data.length)
        self.found, self.effects, self.past = tries(data, horizon, known)
        self.floor = np.where(np.nanmin(data.values, axis=1) >= 0, 0.0, -np.inf)[:, None]
        worse = self.past.worse(n) if self.past else np.ones((n, len(settings.NEAR)))
        now = _young(data, self.found, self.found.combined(worse))
        add, rows = np.zeros_like(now), np.zeros(0, np.intp)
        error = np.full((0, horizon), np.nan)
        if self.past:
            rows = self.past.series
            then = self.past.found.combined(worse[rows])
            today, back_then = drift(self.past, then, n)
            then = then + added(back_then, self.past.scale, then)
            now = now + added(np.where(data.length < M, 0.0, today), self.scale, now)
            back = np.zeros_like(then)
            if siblings:
                add, back = pooled(self.past, then, self.found, now, self.scale, data.length)
            self.past.found.made.update(combined=then, mean=then + back)
            _tidy(self.past.found.made, self.floor[rows])
            error = (self.past.truth - self.past.found.made["mean"]) / self.past.scale[:, None]
        self.found.made.update(combined=now, mean=now + add)
        _tidy(self.found.made, self.floor)
        self.bands = bands(error, rows, n, levels)

    def forecast(
        self, series: list[Floats], size: Floats, single: bool, keep: bool, known: Known | None
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
        names = known.names if known else ()
        drivers = known.x if known else None
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
            reasons=tuple(self._reasons(i, series[i], errors, count) for i in range(n)),
            equations=tuple(self._equation(i, unit[i, 0], names, drivers) for i in range(n)) if keep else (),
            tracks=tuple(self._tracks(i, unit[i, 0]) for i in range(n)) if keep else (),
            effects={name: self.effects[:, j] * self._unit(size) for j, name in enumerate(names)},
        )

    def _unit(self, size: Floats) -> Floats:
        """Effects are shares where season and growth are factors, amounts elsewhere."""
        return np.where(self.data.ratio, 1.0, size)

    def _equation(self, row: int, unit: float, names: tuple[str, ...], x: Floats | None) -> Any:
        length = int(self.data.length[row])
        values = self.data.values[row, len(self.data.values[row]) - length :] * unit
        drivers = (
            {name: x[row, -length - self.horizon :, j] for j, name in enumerate(names)}
            if x is not None
            else {}
        )
        return equation(values, self.horizon, drivers if length >= SEASON_FROM else {})

    def _tracks(self, row: int, unit: float) -> tuple[Track, ...]:
        past = self.past
        if past is None:
            return ()
        mean, naive = past.found.made["mean"], past.found.made["naive"]
        rows = [at for at in np.argsort(-past.cut, kind="stable") if past.series[at] == row]
        return tuple(
            Track(int(past.cut[at]), mean[at] * unit, naive[at] * unit, past.truth[at] * unit) for at in rows
        )

    def _reasons(self, row: int, raw: Floats, errors: Mapping[str, Floats], count: Floats) -> tuple[str, ...]:
        length, said = int(self.data.length[row]), []
        if length == 0:
            return (result.NO_DATA,)
        values = self.data.values[row, -length:]
        if length < M:
            said.append(result.TOO_SHORT)
        elif length < SEASON_FROM:
            said.append(result.NO_SEASON)
        if not count[row]:
            said.append(result.NO_BACKTEST)
        elif count[row] < 3:
            said.append(result.FEW_ORIGINS)
        if not self.data.given[row, -length:].all():
            said.append(result.GAPS)
        if not self.data.given[row, -1]:
            said.append(result.OPEN_END)
        if self.found.calmed[row]:
            said.append(result.CALMED)
        if self.found.levelled[row]:
            said.append(result.LEVELLED)
        if values.min() == values.max():
            said.append(result.CONSTANT)
        elif errors["mean"][row] > errors["naive"][row]:
            said.append(result.WORSE)
        if len(raw) > settings.LONGEST:
            said.append(result.CUT)
        return tuple(said)


def _tidy(made: dict[str, Floats], floor: Floats) -> None:
    """Nothing below 0 where nothing ever was."""
    for name, values in made.items():
        made[name] = np.maximum(np.where(np.isfinite(values), values, 0.0), floor)


def _young(data: Panel, found: Candidates, now: Floats) -> Floats:
    """Under a year: the last value, from half a year on halfway to a damped trend; nothing else can be known."""
    short = (data.length < M)[:, None]
    half = (data.length < M // 2)[:, None]
    plain = np.where(half, found.made["naive"], 0.5 * (found.made["naive"] + found.made["damped"]))
    return np.where(short, plain, now)


def _series(history: Any) -> tuple[list[Floats], bool]:
    if isinstance(history, np.ndarray) and history.ndim == 2:
        return [np.asarray(row, float) for row in history], False
    listed = list(history)
    if listed and all(np.ndim(one) == 1 for one in listed):
        return [_floats(one) for one in listed], False
    return [_floats(listed)], True


def _floats(values: Any) -> Floats:
    return np.array([np.nan if v is None else float(v) for v in values], float)


def _size(series: Floats) -> float:
    known = np.abs(series[np.isfinite(series)][-settings.LONGEST :])
    size = float(known.mean()) if len(known) else 0.0
    return size if np.isfinite(size) and size > 0 else 1.0


def _horizon(horizon: int) -> int:
    if int(horizon) != horizon or not 1 <= horizon <= HORIZON:
        raise ForecastError(f"horizon: {horizon}; allowed are 1 to {HORIZON} months")
    return int(horizon)


def _known(
    series: list[Floats], data: Panel, horizon: int, start: int | None,
    regressors: Mapping[str, Any] | None, steps: Mapping[str, int] | None, size: Floats,
) -> Known | None:  # fmt: skip
    """Regressors and steps on the panel's months."""
    longest, width = max((len(one) for one in series), default=0), data.values.shape[1]
    columns, names = [], []
    for name, given in (regressors or {}).items():
        values = np.asarray(given, float)
        values = np.broadcast_to(values, (len(series), values.shape[-1]))
        if values.shape[1] != longest + horizon or not np.isfinite(values).all():
            raise ForecastError(f"regressors: {name} needs {longest + horizon} known values")
        columns.append(values)
        names.append(name)
    for name, since in (steps or {}).items():
        if start is None:
            raise ForecastError("steps: the month of the first value (start) is needed")
        months = np.array([month(start, at) for at in range(longest + horizon)])
        columns.append(np.broadcast_to((months >= since).astype(float), (len(series), longest + horizon)))
        names.append(name)
    if not columns:
        return None
    x = np.stack(columns, axis=2)
    wanted = width + horizon
    if x.shape[1] < wanted:
        x = np.concatenate([np.repeat(x[:, :1], wanted - x.shape[1], axis=1), x], axis=1)
    is_step = np.array([name in (steps or {}) for name in names])
    return Known(tuple(names), x[:, -wanted:], is_step)


__all__ = ["LEVELS", "SHORTEST", "ForecastError", "forecast", "month"]
