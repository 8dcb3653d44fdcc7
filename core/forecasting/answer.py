"""One target answered: history, statistical forecast, what does not fit, what people decided, final figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from core import calendar
from core.forecast import Forecast, forecast, month
from core.forecast.outliers import Outlier, outliers, shifts
from core.forecast.uses import ratio, sum_band
from core.forecasting.decisions import Decision, Decisions, decisions
from core.forecasting.kept import fingerprint, remembered
from core.forecasting.targets import Past, Target, aligned, choices, history, variable_share
from core.journal import Journal
from core.measures import measure
from core.warehouse import Warehouse

CALENDAR, VOLUME = "calendar", "volume"
DRIVERS = (CALENDAR, VOLUME)
# Under three Spring Festivals their effect cannot be told from the season's.
CALENDAR_FROM = 30
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Point:
    """One month to come. `mean` is the statistical forecast under the scenario, `final` what holds after adjustment."""

    period: int
    mean: Decimal
    low80: Decimal
    high80: Decimal
    low95: Decimal
    high95: Decimal
    naive: Decimal
    base: Decimal
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
        statistics: the forecast as computed, without scenario and adjustments.
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
    decided = decisions(journal, hospital, target) if journal else Decisions({}, {}, {})
    used = tuple(name for name in DRIVERS if name in drivers)
    found = statistics(warehouse, hospital, target, past, horizon, decided, used)
    factor = (1 + variable_share(target) * volume) * (1 + price) if not target.is_ratio else Decimal(1)
    places = _FEN if target.money else Decimal("0.0001") if target.is_ratio else Decimal("0.1")

    def exact(value: float) -> Decimal:
        return Decimal(repr(float(value))).quantize(places, ROUND_HALF_UP)

    def point(at: int, period: int) -> Point:
        bands = (found.lower[80], found.upper[80], found.lower[95], found.upper[95])
        low80, high80, low95, high95 = (exact(row[at] * float(factor)) for row in bands)
        naive, base = exact(found.naive[at]), exact(found.mean[at])
        mean, changed = exact(found.mean[at] * float(factor)), decided.adjusted.get(period)
        return Point(period, mean, low80, high80, low95, high95, naive, base, changed)

    points = tuple(point(at, period) for at, period in enumerate(found.periods))
    floats = [None if value is None else float(value) for value in past.values]
    odd = tuple(
        (past.periods[one.at], one, decided.excluded.get(past.periods[one.at])) for one in outliers(floats)
    )
    moved = shifts(floats)
    return Answer(
        target, past, found, points, odd, past.periods[moved[0].at] if moved else None, decided, used,
        _year_end(past, points, found, factor) if not target.is_ratio else None,
    )  # fmt: skip


def statistics(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, horizon: int, decided: Decisions,
    drivers: Sequence[str],
) -> Forecast:  # fmt: skip
    """The forecast itself, from the store if nothing it depends on has changed."""
    values = [
        None if period in decided.excluded else value
        for period, value in zip(past.periods, past.values, strict=True)
    ]
    start = past.periods[0] if len(past) else None
    steps = {str(period): period for period in decided.steps}
    known = _regressors(warehouse, hospital, target, past, horizon, drivers)
    if target.is_ratio:
        key = fingerprint(target.measure, "ratio", start, values, horizon, steps, known)
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
    one = measure(target.measure)
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
    if one.times == 1 or not last:
        return found
    return _times(found, float(one.times))


def _times(found: Forecast, times: float) -> Forecast:
    return replace(
        found, mean=found.mean * times, naive=found.naive * times,
        lower={k: v * times for k, v in found.lower.items()}, upper={k: v * times for k, v in found.upper.items()},
        candidates={k: v * times for k, v in found.candidates.items()},
    )  # fmt: skip


def _regressors(
    warehouse: Warehouse, hospital: str, target: Target, past: Past, horizon: int, drivers: Sequence[str]
) -> dict[str, list[float]]:
    """Known regressors over history and horizon; none for ratios and short histories."""
    if target.is_ratio or past.known < CALENDAR_FROM:
        return {}
    span = len(past) + horizon
    found: dict[str, list[float]] = {}
    if CALENDAR in drivers:
        found |= {name: list(values) for name, values in calendar.regressors(past.periods[0], span).items()}
    if VOLUME in drivers and target.measure not in choices()["drivers"]:
        for name in choices()["drivers"]:
            other = history(warehouse, hospital, Target(name, target.dept, target.scope))
            if other.known >= CALENDAR_FROM and other.periods[0] <= past.periods[0]:
                found[name] = _volume(other, past, horizon)
    return found


def _volume(other: Past, past: Past, horizon: int) -> list[float]:
    """A volume over the target's months, and its own forecast ahead."""
    (values,) = aligned([other], past.periods[-1])
    floats = [None if value is None else float(value) for value in values]
    ahead = forecast(floats, horizon, explain=False).mean.tolist()
    by_month: Mapping[int, float | None] = dict(
        zip((month(other.periods[0], at) for at in range(len(floats))), floats, strict=True)
    )
    usual = [value for value in by_month.values() if value is not None]
    middle = sum(usual) / len(usual)
    inside = [middle if (v := by_month.get(period)) is None else v for period in past.periods]
    return [*inside, *ahead]


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
