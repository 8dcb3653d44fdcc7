"""One target answered: history, statistical forecast, what does not fit, what people decided, final figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.forecast import Forecast
from core.forecast.outliers import Outlier, outliers, shifts
from core.forecasting.counted import counted, of_hospital, usual
from core.forecasting.decisions import Decision, Decisions, decisions
from core.forecasting.family import Family, family
from core.forecasting.known import CALENDAR, DRIVERS, VOLUME
from core.forecasting.single import drivers_of, statistics
from core.forecasting.targets import HOSPITAL, Past, Target, complete, history, is_sparse
from core.forecasting.year import YearEnd, year_end, years
from core.journal import Journal
from core.warehouse import Warehouse

__all__ = ["CALENDAR", "DRIVERS", "VOLUME", "Answer", "Point", "answer"]

NOTHING = Decisions({}, {}, {})


@dataclass(frozen=True, slots=True)
class Point:
    """One month to come.

    Attributes:
        own: the statistical forecast of this series alone; `base` the same after hospital and departments were made
            to add up (equal where nothing adds up); `mean` is base under the scenario, `final` what holds after
            adjustment.
    """

    period: int
    mean: Decimal
    low80: Decimal
    high80: Decimal
    low95: Decimal
    high95: Decimal
    naive: Decimal
    base: Decimal
    own: Decimal
    adjusted: Decision | None = None

    @property
    def final(self) -> Decimal:
        """The adjusted amount, else the forecast."""
        if self.adjusted is not None and self.adjusted.value is not None:
            return self.adjusted.value
        return self.mean


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a page needs about one target.

    Attributes:
        statistics: the forecast of this series alone, without reconciliation, scenario and adjustments.
        family: hospital and departments together, where departments add up; the points' months are its.
        usual: what a known driver usually is, for effects of one percent more of it.
        inherited: steps marked for the hospital that hold for this department too.
        odd: months of the history that do not fit, with the decision about each (None: nobody decided).
        shift: the month from which the level is another one.
        year_end: the current year, see core/forecasting/year.py; None for ratios.
        booked: the months with a value that counts; filled: missing, excluded or corrected months between them, with
            what counts for them.
        ends: the last month with a value; a department's may lie before the month the forecast begins after.
        sparse: a department that books in fewer than half of its months; the others count as nil.
    """

    target: Target
    past: Past
    statistics: Forecast
    points: tuple[Point, ...]
    odd: tuple[tuple[int, Outlier, Decision | None], ...]
    shift: int | None
    decided: Decisions
    drivers: tuple[str, ...]
    year_end: YearEnd | None
    family: Family | None = None
    inherited: tuple[Decision, ...] = ()
    usual: Mapping[str, float] = field(default_factory=dict)
    booked: Mapping[int, Decimal] = field(default_factory=dict)
    filled: Mapping[int, Decimal] = field(default_factory=dict)
    ends: int = 0
    sparse: bool = False

    @property
    def closed(self) -> bool:
        """Whether the department is taken as closed, so that its forecast is nil."""
        return self.family is not None and self.family.closed(self.target.dept)

    @property
    def kept(self) -> list[dict[str, Any]]:
        """What is kept of it as the forecast that was issued: without a what-if, whatever was asked meanwhile."""
        rows = []
        for point in self.points:
            given = point.adjusted.value if point.adjusted is not None else None
            final = point.base if given is None else given
            rows.append({"period": point.period, "mean": point.base, "naive": point.naive, "final": final})
        return rows

    @property
    def years(self) -> list[tuple[int, Decimal]]:
        """Whole calendar years to come."""
        return years(self.booked, self.filled, self.points)

    @property
    def moved(self) -> Decimal:
        """What reconciliation added to all months together."""
        return sum((point.base - point.own for point in self.points), Decimal(0))

    @property
    def last(self) -> int:
        """The month after which the forecast begins: the hospital's last one with a value."""
        return self.past.periods[-1] if len(self.past) else 0


def answer(
    warehouse: Warehouse,
    hospital: str,
    target: Target,
    horizon: int,
    *,
    journal: Journal | None = None,
    drivers: Sequence[str] = (CALENDAR,),
    volume: Decimal = Decimal(0),
    price: Decimal = Decimal(0),
) -> Answer:
    """The answer for one target; computed in well under a second, or read back where it is stored.

    Args:
        journal: people's decisions; None for none.
        drivers: which known regressors to use: calendar (workdays and Spring Festival), volume (visits, bed-days).
        volume, price: what-if, as shares: 0.05 is five percent more. They change no stored figure.
    """
    told = history(warehouse, hospital, target)
    past, sparse = _until_now(warehouse, hospital, target, told)
    decided = decisions(journal, hospital, target) if journal else NOTHING
    above = NOTHING
    if journal and target.dept != HOSPITAL:
        above = decisions(journal, hospital, Target(target.measure, scope=target.scope))
    used = tuple(name for name in DRIVERS if name in drivers)
    steps = replace(decided, steps={**above.steps, **decided.steps})
    changed = of_hospital(warehouse, hospital, target, journal)
    known = drivers_of(warehouse, hospital, target, past, horizon, used)
    found = statistics(warehouse, hospital, target, past, horizon, steps, known, changed)
    together = None
    if target.subject.adds and len(past):
        together = family(
            warehouse, hospital, target.measure, horizon, target.scope, drivers=used, journal=journal
        )
    factor = _factor(target, volume, price)
    points = _points(target, found, together, decided, factor)
    floats = [None if value is None else float(value) for value in past.values]
    odd = tuple(
        (past.periods[one.at], one, decided.excluded.get(past.periods[one.at])) for one in outliers(floats)
    )
    moved = shifts(floats)
    booked, filled = _counts(past, decided, changed)
    return Answer(
        target, past, found, points, odd, past.periods[moved[0].at] if moved else None, decided, used,
        year_end(booked, filled, points, found, target.subject.nature, factor),
        together, tuple(above.steps.values()), {name: sum(row) / len(row) for name, row in known.items()},
        booked, filled, told.periods[-1] if len(told) else 0, sparse,
    )  # fmt: skip


def _until_now(warehouse: Warehouse, hospital: str, target: Target, told: Past) -> tuple[Past, bool]:
    """A department's months up to the hospital's last one; whether those without a booking count as nil."""
    if target.dept == HOSPITAL or not len(told):
        return told, False
    whole = history(warehouse, hospital, Target(target.measure, scope=target.scope))
    last = max(told.periods[-1], whole.periods[-1]) if len(whole) else told.periods[-1]
    sparse = target.subject.adds and is_sparse(told)
    return complete(told, last, sparse), sparse


def _counts(
    past: Past, decided: Decisions, changed: Mapping[int, Decimal]
) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """(months whose value counts as it is, the others with what counts for them)."""
    row = counted(past, decided, changed)
    whole = dict(zip(past.periods, usual(row), strict=True))
    as_is = {
        p
        for p, mine, was in zip(past.periods, row, past.values, strict=True)
        if mine is not None and mine == was
    }
    booked = {period: value for period, value in whole.items() if value is not None and period in as_is}
    return booked, {p: value for p, value in whole.items() if value is not None and p not in as_is}


def _factor(target: Target, volume: Decimal, price: Decimal) -> Decimal:
    """What-if: (1 + share that follows volume x volume) x (1 + price), each where it means something."""
    nature = target.subject.nature
    return (1 + (nature.volume or 0) * volume) * (1 + (price if nature.price else 0))


def _points(
    target: Target, found: Forecast, together: Family | None, decided: Decisions, factor: Decimal
) -> tuple[Point, ...]:
    """The months: reconciled where there is a family; bands keep their width around the figure that moved."""
    places = target.subject.places
    low, high = target.subject.nature.limits
    if min((float(value) for value in found.lower[95]), default=0.0) >= 0:
        low = max(low, 0.0)

    def exact(value: float | Decimal) -> Decimal:
        given = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        return given.quantize(places, ROUND_HALF_UP)

    pair = together.months(target.dept) if together and together.periods == found.periods else None
    closed = together is not None and together.closed(target.dept)

    def point(at: int, period: int) -> Point:
        own = exact(pair[1][at]) if pair else exact(found.mean[at])
        base = exact(pair[0][at]) if pair else own
        shift = float(base) - float(found.mean[at])
        edges = (found.lower[80], found.upper[80], found.lower[95], found.upper[95])
        bands = [exact(min(max(float(row[at]) + shift, low), high) * float(factor)) for row in edges]
        if closed:
            bands = [base] * len(edges)
        mean = exact(base * factor)
        return Point(
            period, mean, bands[0], bands[1], bands[2], bands[3], exact(found.naive[at]), base, own,
            decided.adjusted.get(period),
        )  # fmt: skip

    return tuple(point(at, period) for at, period in enumerate(found.periods))
