"""What a caller gave, made usable: series, horizon, regressors; refusals that name the argument."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from core.forecast import settings
from core.forecast.known import Known
from core.forecast.panel import Panel
from core.forecast.settings import HORIZON, Flags, Floats, M


class ForecastError(ValueError):
    """A call that makes no sense; the sentence says which argument and what is allowed."""


def month(start: int, later: int) -> int:
    """The month `later` months after yyyymm."""
    index = start // 100 * M + start % 100 - 1 + later
    return index // M * 100 + index % M + 1


def series_of(history: Any) -> tuple[list[Floats], bool]:
    """The series, and whether it was a single one."""
    if isinstance(history, np.ndarray) and history.ndim == 2:
        return [np.asarray(row, float) for row in history], False
    listed = list(history)
    if listed and all(np.ndim(one) == 1 for one in listed):
        return [_floats(one) for one in listed], False
    return [_floats(listed)], True


def _floats(values: Any) -> Floats:
    return np.array([np.nan if v is None else float(v) for v in values], float)


def size_of(series: Floats) -> float:
    """Mean of the absolute values, 1 where that is 0: everything is computed in it."""
    known = np.abs(series[np.isfinite(series)][-settings.LONGEST :])
    size = float(known.mean()) if len(known) else 0.0
    return size if np.isfinite(size) and size > 0 else 1.0


def horizon_of(horizon: int) -> int:
    """1 to 36."""
    if int(horizon) != horizon or not 1 <= horizon <= HORIZON:
        raise ForecastError(f"horizon: {horizon}; allowed are 1 to {HORIZON} months")
    return int(horizon)


def levels_of(levels: Sequence[int]) -> Sequence[int]:
    """Percentages."""
    for level in levels:
        if not 0 < level < 100:
            raise ForecastError(f"levels: {level} is no percentage between 0 and 100")
    return levels


def signed_of(signed: Any, n: int) -> Flags:
    """One flag for each series."""
    flags = np.asarray(signed, bool)
    if flags.ndim and flags.shape != (n,):
        raise ForecastError(f"signed: one flag, or one for each of the {n} series")
    return np.array(np.broadcast_to(flags, (n,)))


def known_of(
    series: list[Floats], data: Panel, horizon: int, start: int | None,
    regressors: Mapping[str, Any] | None, calendar: Collection[str], steps: Mapping[str, int] | None,
) -> Known | None:  # fmt: skip
    """Regressors and steps on the panel's months."""
    longest, width = max((len(one) for one in series), default=0), data.values.shape[1]
    columns, names, sure = [], [], []
    for name, given in (regressors or {}).items():
        columns.append(_column(name, given, len(series), longest, horizon, name in calendar))
        names.append(name)
        sure.append(name in calendar)
    for name, since in (steps or {}).items():
        if start is None:
            raise ForecastError("steps: the month of the first value (start) is needed")
        months = np.array([month(start, at) for at in range(longest + horizon)])
        columns.append(np.broadcast_to((months >= since).astype(float), (len(series), longest + horizon)))
        names.append(name)
        sure.append(True)
    if not columns:
        return None
    x = np.stack(columns, axis=2)
    wanted = width + horizon
    if x.shape[1] < wanted:
        x = np.concatenate([np.repeat(x[:, :1], wanted - x.shape[1], axis=1), x], axis=1)
    is_step = np.array([name in (steps or {}) for name in names])
    return Known(tuple(names), x[:, -wanted:], is_step, np.array(sure))


def _column(name: str, given: Any, n: int, longest: int, horizon: int, sure: bool) -> Floats:
    """(n, longest + horizon) of one regressor; NaN where an uncertain one is to be forecast or is missing."""
    values = np.asarray(given, float)
    values = np.broadcast_to(values, (n, values.shape[-1]))
    if not sure and values.shape[1] == longest:
        values = np.concatenate([values, np.full((n, horizon), np.nan)], axis=1)
    if values.shape[1] != longest + horizon or (sure and not np.isfinite(values).all()):
        raise ForecastError(
            f"regressors: {name} needs {longest + horizon} known values"
            + ("" if sure else f", or the {longest} of the history")
        )
    return np.where(np.isfinite(values), values, np.nan)
