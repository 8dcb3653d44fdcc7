"""The statistical forecast of one target, from the store if nothing it depends on has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.forecast import Forecast, forecast
from core.forecast.uses import ratio
from core.forecasting.counted import counted
from core.forecasting.decisions import Decisions
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.known import regressors
from core.forecasting.targets import Past, Target, history
from core.warehouse import Warehouse


def drivers_of(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, horizon: int, drivers: Sequence[str]
) -> dict[str, list[float]]:
    """Known regressors of one series, by name: its months, then those to come."""
    if not len(past):
        return {}
    span = (past.periods[0], past.periods[-1])
    found = regressors(warehouse, hospital, target, {target.dept: past}, span, horizon, drivers)
    return {name: rows[0].tolist() for name, rows in found.items()}


def statistics(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, horizon: int, decided: Decisions,
    known: Mapping[str, list[float]], changed: Mapping[int, Decimal] | None = None,
) -> Forecast:  # fmt: skip
    """One series with its equation and rolling origins; of a ratio, the ratio of two forecasts.

    Args:
        known: what drivers_of gives.
        changed: corrections of months (core/forecasting/counted.py).
    """
    values = counted(past, decided, changed)
    start = past.periods[0] if len(past) else None
    steps = {str(period): period for period in decided.steps}
    if target.is_ratio:
        key = fingerprint(target.measure, "ratio", start, values, horizon)
        return remembered(
            warehouse.store, key, lambda: _ratio(warehouse, hospital, target, past, values, horizon)
        )
    key = fingerprint(target.measure, start, values, horizon, steps, known)
    floats = [None if value is None else float(value) for value in values]
    return remembered(
        warehouse.store,
        key,
        lambda: forecast(
            floats, horizon, start=start, regressors=known, steps=steps if start else None, explain=True
        ),
    )


def _ratio(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, values: Sequence[Decimal | None], horizon: int
) -> Forecast:  # fmt: skip
    """Both parts to the same last month; a month excluded from the ratio is left out of both."""
    one = target.subject
    parts = [
        history(warehouse, hospital, Target(name, target.dept, target.scope))
        for name in (one.top, one.bottom)
    ]
    left_out = {p for p, value in zip(past.periods, values, strict=True) if value is None}
    start, last = (past.periods[0], past.periods[-1]) if len(past) else (0, 0)
    made = []
    for part in parts:
        by_month = dict(zip(part.periods, part.values, strict=True))
        row = [None if p in left_out or (v := by_month.get(p)) is None else float(v) for p in past.periods]
        made.append(forecast(row, horizon, start=start or None, explain=True))
    floats = [None if value is None else float(value) / one.times for value in values]
    found = ratio(made[0], made[1], floats)
    return found if one.times == 1 or not last else _times(found, float(one.times))


def _times(found: Forecast, times: float) -> Forecast:
    return replace(
        found, mean=found.mean * times, naive=found.naive * times,
        lower={k: v * times for k, v in found.lower.items()}, upper={k: v * times for k, v in found.upper.items()},
        candidates={k: v * times for k, v in found.candidates.items()},
    )  # fmt: skip
