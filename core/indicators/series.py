"""One indicator alone: over its months, and over the departments.

    series(warehouse, hospital, indicator, caliber, dept, span) -> (Point, ...)
    ranked(warehouse, hospital, period, span, indicator, caliber) -> (Line, ...)    departments
Months are yyyymm, scores points, shares fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.indicators.define import indicators
from core.indicators.line import Line, lines
from core.warehouse import Warehouse

HOSPITAL = "*"


@dataclass(frozen=True, slots=True)
class Point:
    """One month (or span) of an indicator."""

    period: int
    value: Decimal | None
    target: Decimal | None
    score: Decimal | None
    reason: str | None
    low: Decimal | None = None
    high: Decimal | None = None


def series(
    warehouse: Warehouse,
    hospital: str,
    indicator: str,
    caliber: str = "main",
    dept: str = HOSPITAL,
    span: str = "month",
) -> tuple[Point, ...]:
    """The indicator over all months, oldest first."""
    rows = warehouse.query(
        "select period, value, target, score, reason, low, high from mart_indicator where hospital = ? and indicator = ? and caliber = ? "
        "and dept_code = ? and span = ? order by period",
        [hospital, indicator, caliber, dept, span],
    )
    return tuple(Point(*row) for row in rows)


def ranked(
    warehouse: Warehouse, hospital: str, period: int, span: str, indicator: str, caliber: str = "main"
) -> tuple[Line, ...]:
    """Departments that have a value, best first by the direction of the indicator."""
    where = (
        "hospital = ? and period = ? and span = ? and indicator = ? and caliber = ? and level = 'department'"
    )
    found = [
        one
        for one in lines(warehouse, where, (hospital, period, span, indicator, caliber))
        if one.value is not None
    ]
    sign = -1 if indicators()[indicator].better == "higher" else 1
    return tuple(sorted(found, key=lambda one: (sign * (one.value or 0), one.dept_code)))
