"""The statistical forecast of one target, from the store if nothing it depends on has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.forecast import Forecast, forecast
from core.forecast.ratios import ratio
from core.forecasting.counted import counted
from core.forecasting.decisions import Decisions
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.known import CALENDAR_NAMES, regressors
from core.forecasting.subjects import subject
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
        return _ratio(warehouse, hospital, target, past, values, horizon, steps)
    key = fingerprint(target.measure, start, values, horizon, steps, known, target.subject.nature.signed)
    floats = [None if value is None else float(value) for value in values]
    return remembered(
        warehouse.store,
        key,
        lambda: forecast(
            floats,
            horizon,
            start=start,
            regressors=known,
            calendar=CALENDAR_NAMES,
            steps=steps if start else None,
            signed=target.subject.nature.signed,
            explain=True,
        ),
    )


def _ratio(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, values: Sequence[Decimal | None], horizon: int,
    steps: Mapping[str, int],
) -> Forecast:  # fmt: skip
    """Both parts to the same last month, with the same steps; a month excluded from the ratio is left out of both."""
    one = target.subject
    left_out = {p for p, value in zip(past.periods, values, strict=True) if value is None}
    start = past.periods[0] if len(past) else None
    rows = []
    for name in (one.top, one.bottom):
        part = history(warehouse, hospital, Target(name, target.dept, target.scope))
        by_month = dict(zip(part.periods, part.values, strict=True))
        rows.append(
            [None if p in left_out or (v := by_month.get(p)) is None else float(v) for p in past.periods]
        )
    floats = [None if value is None else float(value) for value in values]
    options: dict[str, Any] = {"start": start, "steps": steps if start else None, "explain": True}
    limits = one.nature.limits
    signed = [subject(name).nature.signed for name in (one.top, one.bottom)]

    def made() -> Forecast:
        top, bottom = (
            forecast(row, horizon, signed=flag, **options) for row, flag in zip(rows, signed, strict=True)
        )
        return ratio(top, bottom, floats, times=float(one.times), limits=limits)

    key = fingerprint(target.measure, "ratio", start, values, rows, horizon, steps, limits)
    return remembered(warehouse.store, key, made)
