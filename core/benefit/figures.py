"""Improvements evaluated: hard and soft benefit, indicators before and after, and what the three dimensions say together.

    hourly(warehouse, settings, hospital, period) -> Hourly | None    staff cost of the hospital per hour of work
    moved(warehouse, hospital, improvement, codes) -> (Move, ...)     year to date of two months, of its department
    evaluated(warehouse, settings, hospital, kept) -> Evaluated

Quadrants: a benefit left after a year's cost or none, satisfaction risen or not. Satisfaction is that of patients, of staff
where patients were not asked; without figures before and after there is no quadrant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.benefit.book import PATIENTS, STAFF, Improvement, Kept
from core.benefit.indirect import Soft, soft
from core.indicators.define import Indicator, indicators
from core.indicators.line import due_from, marks
from core.money import fen_to_yuan
from core.parameters import value as parameter
from core.settings import Settings
from core.warehouse import Warehouse

HOURS, TIMES = "benefit_work_hours", "benefit_hour_times"


@dataclass(frozen=True, slots=True)
class Hourly:
    """What an hour of work costs the hospital: staff cost of `months`, people, hours a year; `yuan` per hour."""

    yuan: Decimal
    staff: Decimal
    people: Decimal
    hours: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class Move:
    """One indicator before and after; `before` or `after` None where there is no figure."""

    indicator: str
    before: Decimal | None
    after: Decimal | None

    @property
    def definition(self) -> Indicator:
        """What the indicator means."""
        return indicators()[self.indicator]

    @property
    def change(self) -> Decimal | None:
        """After less before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def better(self) -> bool | None:
        """Whether it moved the right way; None where it did not move, or nothing is said of its direction."""
        if not self.change or self.definition.better not in ("lower", "higher"):
            return None
        return (self.change > 0) == (self.definition.better == "higher")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An improvement with everything known of it. `price_high`: an hour is priced far above what it costs the hospital."""

    kept: Kept
    soft: Soft | None
    cases: tuple[Move, ...]
    patients: Move
    staff: Move
    hourly: Hourly | None
    price_high: bool

    @property
    def what(self) -> Improvement:
        """What was stated."""
        return self.kept.what

    @property
    def satisfaction(self) -> Move | None:
        """The move of satisfaction that counts: patients', else that of staff."""
        return next((one for one in (self.patients, self.staff) if one.change is not None), None)

    @property
    def quadrant(self) -> str:
        """active | passive | bought | review; '' without figures of satisfaction."""
        move = self.satisfaction
        if move is None or move.change is None:
            return ""
        if self.what.direct.worth > 0:
            return "active" if move.change > 0 else "passive"
        return "bought" if move.change > 0 else "review"


def hourly(warehouse: Warehouse, settings: Settings, hospital: str, period: int) -> Hourly | None:
    """Staff cost of the twelve months up to `period` over people and hours; of fewer months, their share of the hours."""
    hours = parameter(settings, HOURS, period)
    rows = warehouse.query(
        "select sum(amount) filter (where fact = 'cost_staff'), avg(amount) filter (where fact = 'headcount'), "
        "count(*) filter (where fact = 'cost_staff') from mart_indicator_fact where hospital = ? and dept_code = '*' "
        "and fact in ('cost_staff', 'headcount') and period > ? and period <= ?",
        [hospital, period - 100, period],
    )
    staff, people, months = rows[0]
    if not staff or not people or not months or not hours:
        return None
    counted = Decimal(str(people))
    yuan = Decimal(staff) / (counted * hours * months / 12)
    return Hourly(yuan.quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal(staff), counted, hours, int(months))


def moved(warehouse: Warehouse, hospital: str, one: Improvement, codes: Sequence[str]) -> tuple[Move, ...]:
    """Year to date at the two months of an improvement, for its department or the hospital.

    What is kept by quarter or year stands with its newest result of the last quarter or year that has ended.
    """
    if not codes:
        return ()
    rows = warehouse.query(
        "select indicator, period, value from mart_indicator where hospital = ? and dept_code = ? and span = 'ytd' "
        f"and caliber = 'main' and value is not null and period between ? and ? and indicator in ({marks(codes)}) "
        "order by period",
        [hospital, one.dept, due_from("year", one.before)[0], one.after, *codes],
    )

    def at(code: str, month: int) -> Decimal | None:
        frequency = indicators()[code].frequency
        first = month if frequency == "month" else due_from(frequency, month)[0]
        return next(
            (value for name, period, value in reversed(rows) if name == code and first <= period <= month),
            None,
        )

    return tuple(Move(code, at(code, one.before), at(code, one.after)) for code in codes)


def evaluated(warehouse: Warehouse, settings: Settings, hospital: str, kept: Kept) -> Evaluated:
    """Everything known of one improvement."""
    one = kept.what
    patients, staff, *cases = moved(warehouse, hospital, one, (PATIENTS, STAFF, *one.cases))
    price = hourly(warehouse, settings, hospital, one.after)
    limit = parameter(settings, TIMES, one.after)
    priced = fen_to_yuan(one.direct.hour)
    high = price is not None and limit is not None and priced > price.yuan * limit
    return Evaluated(kept, soft(one.opinions, one.weights), tuple(cases), patients, staff, price, high)
