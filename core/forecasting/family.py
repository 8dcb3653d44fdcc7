"""The hospital and its departments together: forecast in one call, made to add up month by month, to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from core.forecast import Forecast, forecast
from core.forecast.hierarchy import reconcile
from core.forecast.panel import mase_scale, panel
from core.forecast.settings import Floats, M
from core.forecast.uses import yuan
from core.forecasting.counted import Row, corrections, counted
from core.forecasting.decisions import Decisions, by_department
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.known import CALENDAR, CALENDAR_NAMES, regressors
from core.forecasting.targets import HOSPITAL, Target, complete, histories, history, is_sparse
from core.journal import Journal
from core.warehouse import Warehouse

# Months without a figure after which a department can be closed, and after which it is; see _shut.
CLOSED_AFTER, CLOSED_FOR_SURE, CLOSED = 3, 12, "closed"
NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Member:
    """One department.

    Attributes:
        months: the forecast after reconciliation; own: its own forecast before.
        year_before: the same months a year before added up; None where one is missing.
        error, naive_error: rolling-origin MASE of its own forecast and of last year's months.
    """

    dept: str
    months: tuple[Decimal, ...]
    own: tuple[Decimal, ...]
    year_before: Decimal | None
    error: float | None
    naive_error: float | None
    reasons: tuple[str, ...]

    @property
    def ahead(self) -> Decimal:
        """All months after reconciliation."""
        return sum(self.months, NIL)

    @property
    def alone(self) -> Decimal:
        """All months before it."""
        return sum(self.own, NIL)


@dataclass(frozen=True, slots=True)
class Family:
    """The hospital's total and its departments; total == sum of the members' months, month by month, to the fen.

    Attributes:
        own: the hospital's own forecast before reconciliation.
        statistics: the forecasts behind: row 0 the hospital, then the members in their order.
        year_before: the hospital's same months a year before added up; None where one is missing.
        adjusted: what people adjusted, by department ('' the hospital) and month; the figures above are without it.
    """

    measure: str
    periods: tuple[int, ...]
    total: tuple[Decimal, ...]
    own: tuple[Decimal, ...]
    members: tuple[Member, ...]
    statistics: Forecast
    year_before: Decimal | None = None
    adjusted: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)

    @property
    def final(self) -> Decimal:
        """The hospital's months together as they hold after its own adjustments."""
        return self._final(HOSPITAL, self.total)

    @property
    def parts_final(self) -> Decimal:
        """The departments' months together as they hold after theirs."""
        return sum((self._final(one.dept, one.months) for one in self.members), NIL)

    def _final(self, dept: str, months: Sequence[Decimal]) -> Decimal:
        given = self.adjusted.get(dept, {})
        return sum((given.get(p, value) for p, value in zip(self.periods, months, strict=True)), NIL)

    @property
    def gap(self) -> Decimal:
        """How far the hospital's own forecast lay above the sum of its departments' own ones."""
        return sum(self.own, NIL) - sum((one.alone for one in self.members), NIL)

    @property
    def taken(self) -> Decimal:
        """What the hospital's figure gave of that gap: own less total. The rest went to the departments."""
        return sum(self.own, NIL) - sum(self.total, NIL)

    def closed(self, dept: str) -> bool:
        """Whether a department is taken as closed."""
        return any(CLOSED in one.reasons for one in self.members if one.dept == dept)

    def months(self, dept: str) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]] | None:
        """(after, before) of a department or of the hospital ('')."""
        if dept == HOSPITAL:
            return self.total, self.own
        return next(((one.months, one.own) for one in self.members if one.dept == dept), None)


def family(
    warehouse: Warehouse, hospital: str, measure: str, horizon: int, scope: str = "medical", *,
    drivers: Sequence[str] = (CALENDAR,), journal: Journal | None = None, until: int = 0,
) -> Family | None:  # fmt: skip
    """Every department and the hospital, forecast as each alone would be; None without history. Stored.

    The gap between the hospital's forecast and the sum of its departments' is shared out by the variance of their
    rolling-origin errors (core/forecast/hierarchy.py); the total is then the sum of the departments' rounded months.
    Months people excluded are left out (core/forecasting/counted.py); steps marked for the hospital hold for every
    department.

    Args:
        until: the last month that may be known (yyyymm), for a look at an earlier month; 0 for all of them.
    """
    whole = history(warehouse, hospital, Target(measure, scope=scope), until)
    pasts = histories(warehouse, hospital, measure, scope, until)
    if not len(whole) or not pasts:
        return None
    decided = by_department(journal, hospital, measure, scope) if journal else {}
    first, last = whole.periods[0], whole.periods[-1]
    pasts = {code: complete(past, last, is_sparse(past)) for code, past in pasts.items()}
    rows = {HOSPITAL: whole, **pasts}
    held = {code: list(past.values) for code, past in rows.items()}
    changed = corrections(pasts, decided)
    left = {code: counted(past, decided.get(code), {} if code else changed) for code, past in rows.items()}
    known = regressors(
        warehouse, hospital, Target(measure, scope=scope), rows, (first, last), horizon, drivers, until
    )
    steps = {code: sorted(one.steps) for code, one in decided.items() if one.steps and code in rows}
    key = fingerprint(
        "family", measure, first, left, horizon, steps, {k: v.tolist() for k, v in known.items()}
    )
    found: Forecast = remembered(
        warehouse.store, key, lambda: _together([_floats(row) for row in left.values()], list(rows), first, horizon, known, steps)
    )  # fmt: skip
    closed = _closed({code: held[code] for code in pasts})
    months = _reconciled(found, [_floats(row) for row in left.values()], [code in closed for code in rows])
    members = tuple(
        Member(
            code, months[at], _yuan(found.mean[at + 1]) if code not in closed else (NIL,) * horizon,
            _year_before(held[code], horizon), _error(found, "mean", at + 1), _error(found, "naive", at + 1),
            (CLOSED,) if code in closed else found.reasons[at + 1],
        )
        for at, code in enumerate(pasts)
    )  # fmt: skip
    total = tuple(sum((row[at] for row in months), NIL) for at in range(horizon))
    adjusted = {code: _amounts(one) for code, one in decided.items() if _amounts(one)}
    before = _year_before(held[HOSPITAL], horizon)
    return Family(measure, found.periods, total, _yuan(found.mean[0]), members, found, before, adjusted)


def _together(
    rows: list[Floats], codes: list[str], first: int, horizon: int, known: Mapping[str, Floats],
    steps: Mapping[str, list[int]],
) -> Forecast:  # fmt: skip
    """All rows in one call; departments with steps of their own once more, by themselves."""
    common = {str(one): one for one in steps.get(HOSPITAL, [])}
    options: dict[str, Any] = {
        "start": first,
        "calendar": CALENDAR_NAMES,
        "explain": False,
        "siblings": False,
    }
    found = forecast(rows, horizon, regressors=known, steps=common, **options)
    for at, code in enumerate(codes):
        if code != HOSPITAL and (own := steps.get(code)):
            mine = {name: values[at : at + 1] for name, values in known.items()}
            marked = common | {str(one): one for one in own}
            width = len(rows[0]) - len(rows[at])
            row = np.concatenate([np.full(width, np.nan), rows[at]])
            one = forecast([row], horizon, regressors=mine, steps=marked, **options)
            for name in ("mean", "naive"):
                getattr(found, name)[at] = getattr(one, name)[0]
            for name in ("lower", "upper", "errors"):
                for part, values in getattr(one, name).items():
                    getattr(found, name)[part][at] = values[0]
    return found


def _reconciled(found: Forecast, rows: list[Floats], closed: list[bool]) -> list[tuple[Decimal, ...]]:
    data = panel(rows)
    error = np.where(np.isfinite(found.errors["mean"]), found.errors["mean"], 1.0)
    variance = (mase_scale(data.values, data.length) * error) ** 2
    shut = np.array(closed[1:])
    parts, spread = np.where(shut[:, None], 0.0, found.mean[1:]), np.where(shut, 0.0, variance[1:])
    _, made = reconcile(found.mean[0], parts, variance[0], spread)
    return [_yuan(row) for row in made]


def _amounts(decided: Decisions) -> dict[int, Decimal]:
    return {period: one.value for period, one in decided.adjusted.items() if one.value is not None}


def _closed(rows: Mapping[str, Row]) -> set[str]:
    """Departments that are not forecast at the level they once had; never all of them: then nothing is known."""
    found = {code for code, row in rows.items() if _shut(row)}
    return found if len(found) < len(rows) else set()


def _shut(row: Row) -> bool:
    """Quiet for longer than ever before, in months that were not quiet a year ago; or for a year.

    A department that books in December only is quiet for eleven months of every year, and open.
    """
    runs = [0]
    for value in row:
        runs[-1:] = [runs[-1], 0] if value else [runs[-1] + 1]
    quiet, before = runs[-1], max(runs[:-1], default=0)
    if quiet < CLOSED_AFTER or quiet == len(row):
        return False
    last_year = row[:-M][-quiet:] if len(row) >= quiet + M else []
    return quiet >= CLOSED_FOR_SURE or (quiet > before and any(last_year))


def _floats(row: Row) -> Floats:
    return np.array([np.nan if value is None else float(value) for value in row])


def _yuan(values: Floats) -> tuple[Decimal, ...]:
    return tuple(yuan(value) for value in values)


def _error(found: Forecast, name: str, row: int) -> float | None:
    value = float(found.errors[name][row])
    return value if np.isfinite(value) else None


def _year_before(row: Row, horizon: int) -> Decimal | None:
    """The sum of the months of last year that the forecast covers (at most twelve)."""
    span = min(horizon, 12)
    part = row[-12 : len(row) - 12 + span] if len(row) >= 12 else []
    known = [value for value in part if value is not None]
    return sum(known, NIL) if len(known) == span else None
