"""Regressors of one series or of a whole hospital: workdays and Spring Festival, visits and bed-days.

The calendar is known ahead. Volumes are not: what is given here for the months to come is used for today's forecast, and
each rolling origin forecasts them from their own months until then (core/forecast/known.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core import calendar
from core.forecast import Forecast, forecast, month
from core.forecast.settings import Floats
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.targets import HOSPITAL, Past, Target, choices, complete, histories, history
from core.warehouse import Warehouse

CALENDAR, VOLUME = "calendar", "volume"
DRIVERS = (CALENDAR, VOLUME)
CALENDAR_NAMES = (calendar.WORKDAYS, calendar.FESTIVAL)  # known ahead for certain; all others are forecast
# Under three Spring Festivals their effect cannot be told from the season's.
CALENDAR_FROM = 30


def regressors(
    warehouse: Warehouse, hospital: str, target: Target, rows: Mapping[str, Past], span: tuple[int, int],
    horizon: int, drivers: Sequence[str], until: int = 0,
) -> dict[str, Floats]:  # fmt: skip
    """Name -> (rows, months + horizon); zeros where a row cannot use it.

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
    # Volumes may be known for months that the ledger has not reached: those are taken as they came.
    end = max(last, *(past.periods[-1] for past in usable.values()))
    filled = {code: complete(past, end) for code, past in usable.items()}
    ahead = _ahead(warehouse, name, [_floats(past.values) for past in filled.values()], horizon)
    months = [month(first, at) for at in range(out.shape[1])]
    position = {code: at for at, code in enumerate(rows)}
    for at, (code, past) in enumerate(filled.items()):
        by_month = {month(end, step + 1): value for step, value in enumerate(ahead[at].tolist())}
        given = zip(past.periods, past.values, strict=True)
        by_month |= {period: float(value) for period, value in given if value is not None}
        middle = float(np.nanmean(_floats(past.values)))
        out[position[code]] = [by_month.get(period, middle) for period in months]
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
