"""The hospital and its departments together: forecast in one call, made to add up, learning from each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.forecast import Forecast, forecast
from core.forecast.hierarchy import reconcile
from core.forecast.panel import mase_scale, panel
from core.forecast.uses import yuan
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.targets import Target, aligned, histories, history
from core.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Member:
    """One department: the sum of the months ahead before and after reconciliation, the same months a year before
    (None where a month is missing), its rolling-origin error beside the naive one."""

    dept: str
    months: tuple[Decimal, ...]
    ahead: Decimal
    alone: Decimal
    year_before: Decimal | None
    error: float | None
    naive_error: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The hospital's total and its departments; total == sum of members, month by month, to the fen."""

    measure: str
    periods: tuple[int, ...]
    total: tuple[Decimal, ...]
    alone: tuple[Decimal, ...]
    members: tuple[Member, ...]

    @property
    def gap(self) -> Decimal:
        """How far the hospital's own forecast and its departments' were apart before: total less parts."""
        return sum(self.alone, Decimal(0)) - sum((one.alone for one in self.members), Decimal(0))


def family(
    warehouse: Warehouse, hospital: str, measure: str, horizon: int, scope: str = "medical"
) -> Family | None:
    """Every department and the hospital; None without history. Stored by its histories.

    The total and the parts move by the variance of their rolling-origin errors (core/forecast/hierarchy.py); the
    total is the sum of the departments' rounded months, so it adds up to the fen.
    """
    whole = history(warehouse, hospital, Target(measure, scope=scope))
    pasts = histories(warehouse, hospital, measure, scope)
    if not len(whole) or not pasts:
        return None
    last = whole.periods[-1]
    codes = list(pasts)
    rows = aligned([whole, *pasts.values()], last)
    key = fingerprint("family", measure, whole.periods[0], rows, horizon)
    floats = [np.array([np.nan if v is None else float(v) for v in row]) for row in rows]
    found: Forecast = remembered(
        warehouse.store,
        key,
        lambda: forecast(floats, horizon, start=whole.periods[0], explain=False),
    )
    data = panel(floats)
    error = np.where(np.isfinite(found.errors["mean"]), found.errors["mean"], 1.0)
    variance = (mase_scale(data.values, data.length) * error) ** 2
    _, parts = reconcile(found.mean[0], found.mean[1:], variance[0], variance[1:])
    months = [[yuan(value) for value in row] for row in parts]
    sums = [sum((row[at] for row in months), Decimal(0)) for at in range(horizon)]
    members = tuple(
        Member(
            code, tuple(months[at]), sum(months[at], Decimal(0)), yuan(found.mean[at + 1].sum()),
            _year_before(rows[at + 1], horizon), _error(found, "mean", at + 1), _error(found, "naive", at + 1),
            found.reasons[at + 1],
        )
        for at, code in enumerate(codes)
    )  # fmt: skip
    return Family(measure, found.periods, tuple(sums), tuple(yuan(v) for v in found.mean[0]), members)


def _error(found: Forecast, name: str, row: int) -> float | None:
    value = float(found.errors[name][row])
    return value if np.isfinite(value) else None


def _year_before(row: list[Decimal | None], horizon: int) -> Decimal | None:
    """The sum of the months of last year that the forecast covers (at most twelve)."""
    span = min(horizon, 12)
    part = row[-12 : len(row) - 12 + span] if len(row) >= 12 else []
    known = [value for value in part if value is not None]
    return sum(known, Decimal(0)) if len(known) == span else None
