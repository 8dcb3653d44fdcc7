"""Known regressors of one series or of a whole hospital: workdays and Spring Festival, visits and bed-days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core import calendar
from core.forecast import Forecast, forecast, month
from core.forecast.settings import Floats
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.targets import HOSPITAL, Past, Target, aligned, choices, histories, history
from core.warehouse import Warehouse

CALENDAR, VOLUME = "calendar", "volume"
DRIVERS = (CALENDAR, VOLUME)
# Under three Spring Festivals their effect cannot be told from the season's.
CALENDAR_FROM = 30


def regressors(
    warehouse: Warehouse, hospital: str, target: Target, rows: Mapping[str, Past], span: tuple[int, int],
    horizon: int, drivers: Sequence[str], until: int = 0,
) -> dict[str, Floats]:  # fmt: skip
    """Name -> (rows, months + horizon), known over history and horizon; zeros where a row cannot use it.

    Args:
        rows: the histories by department code ('' the hospital), in the order of the forecast's rows.
        span: first and last month (yyyymm) of the matrix.
    """
    if target.is_ratio:
        return {}
    first, last = span
    count = _count(first, last)
    able = np.array([past.known >= CALENDAR_FROM for past in rows.values()])
    found: dict[str, Floats] = {}
    if not able.any():
        return {}
    if CALENDAR in drivers:
        for name, values in calendar.regressors(first, count + horizon).items():
            found[name] = np.where(able[:, None], np.asarray(values, float), 0.0)
    if VOLUME in drivers and target.measure not in choices()["drivers"]:
        for name in choices()["drivers"]:
            made = _volumes(warehouse, hospital, name, target.scope, rows, span, horizon, until)
            made[~able] = 0.0
            if made.any():
                found[name] = made
    return found


def _volumes(
    warehouse: Warehouse, hospital: str, name: str, scope: str, rows: Mapping[str, Past], span: tuple[int, int],
    horizon: int, until: int,
) -> Floats:  # fmt: skip
    """A volume of every row over the months, and its own forecast ahead; zeros for rows that lack it."""
    first, last = span
    out = np.zeros((len(rows), _count(first, last) + horizon))
    if len(rows) == 1:
        (code,) = rows
        held = {code: history(warehouse, hospital, Target(name, code, scope), until)}
    else:
        held = histories(warehouse, hospital, name, scope, until)
        held[HOSPITAL] = history(warehouse, hospital, Target(name, HOSPITAL, scope), until)
    usable = {
        code: held[code]
        for code, past in rows.items()
        if code in held and held[code].known >= CALENDAR_FROM and held[code].periods[0] <= past.periods[0]
    }
    if not usable:
        return out
    series = [_floats(one) for one in aligned(usable.values(), last)]
    ahead = _ahead(warehouse, name, series, horizon)
    position = {code: at for at, code in enumerate(rows)}
    for at, (code, past) in enumerate(usable.items()):
        by_month = {month(past.periods[0], k): value for k, value in enumerate(series[at])}
        middle = float(np.nanmean(series[at]))
        inside = [by_month.get(month(first, k), np.nan) for k in range(_count(first, last))]
        out[position[code]] = np.where(np.isnan(row := np.array([*inside, *ahead[at]])), middle, row)
    return out


def _ahead(warehouse: Warehouse, name: str, series: Sequence[Floats], horizon: int) -> Floats:
    key = fingerprint("volumes", name, [one.tolist() for one in series], horizon)
    found: Forecast = remembered(
        warehouse.store, key, lambda: forecast(list(series), horizon, siblings=False, explain=False)
    )
    return found.mean


def _floats(values: Sequence[object]) -> Floats:
    return np.array([np.nan if value is None else float(value) for value in values])  # type: ignore[arg-type]


def _count(first: int, last: int) -> int:
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1
