"""One target answered: history, statistical forecast, what does not fit, what people decided, final figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from core.forecast import Forecast
from core.forecast.outliers import Outlier, outliers, shifts
from core.forecast.uses import sum_band
from core.forecasting.counted import of_hospital
from core.forecasting.decisions import Decision, Decisions, decisions
from core.forecasting.family import Family, family
from core.forecasting.known import CALENDAR, DRIVERS, VOLUME
from core.forecasting.single import drivers_of, statistics
from core.forecasting.targets import HOSPITAL, Past, Target, history, variable_share
from core.journal import Journal
from core.warehouse import Warehouse

__all__ = ["CALENDAR", "DRIVERS", "VOLUME", "Answer", "Point", "answer"]

_FEN = Decimal("0.01")
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
        year_end: booked and forecast of the current year together with its 80 % band; None for ratios.
    """

    target: Target
    past: Past
    statistics: Forecast
    points: tuple[Point, ...]
    odd: tuple[tuple[int, Outlier, Decision | None], ...]
    shift: int | None
    decided: Decisions
    drivers: tuple[str, ...]
    year_end: tuple[int, Decimal, Decimal, Decimal, Decimal] | None
    family: Family | None = None
    inherited: tuple[Decision, ...] = ()
    usual: Mapping[str, float] = field(default_factory=dict)

    @property
    def moved(self) -> Decimal:
        """What reconciliation added to all months together."""
        return sum((point.base - point.own for point in self.points), Decimal(0))

    @property
    def last(self) -> int:
        """The last month with a value."""
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
    past = history(warehouse, hospital, target)
    decided = decisions(journal, hospital, target) if journal else NOTHING
    above = NOTHING
    if journal and target.dept != HOSPITAL:
        above = decisions(journal, hospital, Target(target.measure, scope=target.scope))
    used = tuple(name for name in DRIVERS if name in drivers)
    counted = replace(decided, steps={**above.steps, **decided.steps})
    changed = of_hospital(warehouse, hospital, target, journal)
    known = drivers_of(warehouse, hospital, target, past, horizon, used)
    found = statistics(warehouse, hospital, target, past, horizon, counted, known, changed)
    together = None
    if target.subject.adds and len(past):
        together = family(
            warehouse, hospital, target.measure, horizon, target.scope, drivers=used, journal=journal
        )
    points = _points(target, found, together, decided, volume, price)
    floats = [None if value is None else float(value) for value in past.values]
    odd = tuple(
        (past.periods[one.at], one, decided.excluded.get(past.periods[one.at])) for one in outliers(floats)
    )
    moved = shifts(floats)
    factor = _factor(target, volume, price)
    return Answer(
        target, past, found, points, odd, past.periods[moved[0].at] if moved else None, decided, used,
        _year_end(past, points, found, factor) if not target.is_ratio else None,
        together, tuple(above.steps.values()), {name: sum(row) / len(row) for name, row in known.items()},
    )  # fmt: skip


def _factor(target: Target, volume: Decimal, price: Decimal) -> Decimal:
    """What-if: (1 + variable share x volume) x (1 + price)."""
    return (1 + variable_share(target) * volume) * (1 + price) if not target.is_ratio else Decimal(1)


def _points(
    target: Target, found: Forecast, together: Family | None, decided: Decisions, volume: Decimal, price: Decimal
) -> tuple[Point, ...]:  # fmt: skip
    """The months: reconciled where there is a family; bands keep their width around the figure that moved."""
    places = _FEN if target.money else Decimal("0.0001") if target.is_ratio else Decimal("0.1")
    factor = _factor(target, volume, price)
    floor = 0.0 if min((float(value) for value in found.lower[95]), default=0.0) >= 0 else float("-inf")

    def exact(value: float | Decimal) -> Decimal:
        given = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        return given.quantize(places, ROUND_HALF_UP)

    pair = together.months(target.dept) if together and together.periods == found.periods else None

    def point(at: int, period: int) -> Point:
        own = exact(found.mean[at])
        base = exact(pair[0][at]) if pair else own
        shift = float(base) - float(found.mean[at])
        edges = (found.lower[80], found.upper[80], found.lower[95], found.upper[95])
        bands = [exact(max(float(row[at]) + shift, floor) * float(factor)) for row in edges]
        mean = exact(base * factor)
        return Point(
            period, mean, bands[0], bands[1], bands[2], bands[3], exact(found.naive[at]), base, own,
            decided.adjusted.get(period),
        )  # fmt: skip

    return tuple(point(at, period) for at, period in enumerate(found.periods))


def _year_end(
    past: Past, points: Sequence[Point], found: Forecast, factor: Decimal
) -> tuple[int, Decimal, Decimal, Decimal, Decimal] | None:
    """(year, booked, whole year, low, high) of the year of the first month to come."""
    if not len(past) or not points:
        return None
    year = points[0].period // 100
    booked = sum(
        (v or Decimal(0) for p, v in zip(past.periods, past.values, strict=True) if p // 100 == year),
        Decimal(0),
    )
    ahead = [point for point in points if point.period // 100 == year]
    if ahead[-1].period % 100 != 12:
        return None
    rest = sum((point.final for point in ahead), Decimal(0))
    count = len(ahead)
    part = _first(found, count)
    low, high = sum_band(part)
    middle = float(part.mean.sum())
    down, up = (Decimal(repr(round(side * float(factor), 2))) for side in (low - middle, high - middle))
    return year, booked, booked + rest, booked + rest + down, booked + rest + up


def _first(found: Forecast, count: int) -> Forecast:
    return replace(
        found, mean=found.mean[:count], lower={k: v[:count] for k, v in found.lower.items()},
        upper={k: v[:count] for k, v in found.upper.items()},
    )  # fmt: skip
