"""The scorecard of a hospital or a department for one month: lines, four dimensions, total, and what they cover.

    card(warehouse, settings, hospital, period, span, dept) -> Card
    league(warehouse, settings, hospital, period, span) -> (Card, ...)      departments that take part and have a score, best first
    place(league, dept) -> Place                                             where one stands among its class
    series(warehouse, hospital, indicator, caliber, dept, span) -> (Point, ...)
    ranked(warehouse, hospital, period, span, indicator, caliber) -> (Line, ...)    departments
A card holds the indicators that have something to aim at. Months are yyyymm, scores points, shares fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from core.indicators.define import Indicator, indicators, perspectives
from core.indicators.rollout import rollout
from core.indicators.score import light, weighted
from core.indicators.weights import Weights, weights
from core.settings import Settings
from core.warehouse import Warehouse

HOSPITAL = "*"
SPANS = ("month", "quarter", "half", "ytd", "year")
_COLUMNS = (
    "dept_code, dept_name, dept_class, indicator, caliber, numerator, denominator, previous_numerator, "
    "previous_denominator, value, baseline, target, low, high, score, status, reason, reason_of"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one department in one span: as mart_indicator holds it."""

    dept_code: str
    dept_name: str
    dept_class: str
    indicator: str
    caliber: str
    numerator: Decimal | None
    denominator: Decimal | None
    previous_numerator: Decimal | None
    previous_denominator: Decimal | None
    value: Decimal | None
    baseline: Decimal | None
    target: Decimal | None
    low: Decimal | None
    high: Decimal | None
    score: Decimal | None
    status: str
    reason: str | None
    reason_of: str | None

    @property
    def definition(self) -> Indicator:
        """What the indicator means."""
        return indicators()[self.indicator]

    @property
    def aimed(self) -> bool:
        """Whether it has a target (or, for a range, a band) to be scored against."""
        if self.definition.better == "range":
            return self.low is not None and self.high is not None
        return self.baseline is not None and self.target is not None


@dataclass(frozen=True, slots=True)
class Side:
    """One perspective of a card. `coverage`: share of the weights that has a score."""

    perspective: str
    weight: Decimal
    score: Decimal | None
    coverage: Decimal
    lines: tuple[Line, ...]

    @property
    def status(self) -> str:
        """The light of the perspective."""
        return light(self.score)


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard. `total` is the mean of the dimensions by their weights, over those with a score."""

    hospital: str
    period: int
    span: str
    dept_code: str
    dept_name: str
    dept_class: str
    sides: tuple[Side, ...]
    total: Decimal | None
    coverage: Decimal

    @property
    def status(self) -> str:
        """The light of the whole card."""
        return light(self.total)

    def side(self, name: str) -> Side:
        """One perspective."""
        return next(side for side in self.sides if side.perspective == name)

    def lines(self) -> tuple[Line, ...]:
        """All lines, financial first."""
        return tuple(line for side in self.sides for line in side.lines)


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


def lines(warehouse: Warehouse, where: str, params: Iterable[Any]) -> tuple[Line, ...]:
    """Rows of mart_indicator as lines, in the order of the definitions."""
    order = {code: place for place, code in enumerate(indicators())}
    found = [
        Line(*row)
        for row in warehouse.query(f"select {_COLUMNS} from mart_indicator where {where}", list(params))
    ]
    return tuple(
        sorted(
            found, key=lambda one: (order[one.indicator], one.caliber != "main", one.caliber, one.dept_code)
        )
    )


def card(
    warehouse: Warehouse,
    settings: Settings,
    hospital: str,
    period: int,
    span: str = "month",
    dept: str = HOSPITAL,
) -> Card:
    """The card of the hospital ('*'), of a class ('*clinical') or of a department."""
    where = "hospital = ? and period = ? and span = ? and dept_code = ?"
    return _card(
        lines(warehouse, where, (hospital, period, span, dept)),
        weights(settings),
        hospital,
        period,
        span,
        dept,
    )


def league(
    warehouse: Warehouse, settings: Settings, hospital: str, period: int, span: str = "month"
) -> tuple[Card, ...]:
    """Departments that take part (the pilots, where there are any) and have a score, best first, then by code."""
    where = "hospital = ? and period = ? and span = ? and level = 'department'"
    by_dept: dict[str, list[Line]] = defaultdict(list)
    for line in lines(warehouse, where, (hospital, period, span)):
        by_dept[line.dept_code].append(line)
    own, runs = weights(settings), rollout(settings).runs_for
    cards = [_card(found, own, hospital, period, span, dept) for dept, found in by_dept.items() if runs(dept)]
    held = [one for one in cards if one.total is not None]
    return tuple(sorted(held, key=lambda one: (-(one.total or 0), one.dept_code)))


def chosen(found: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that have something to aim at, one per indicator: its main caliber, else the one the target is for."""
    made: dict[str, Line] = {}
    for line in found:
        if line.aimed and (line.indicator not in made or line.caliber == "main"):
            made[line.indicator] = line
    return tuple(made.values())


def card_of(found: Iterable[Line], own: Weights, hospital: str, period: int, span: str, dept: str) -> Card:
    """A card of these lines under these weights: what is stored, or what is being tried."""
    return _card(found, own, hospital, period, span, dept)


def _card(found: Iterable[Line], own: Weights, hospital: str, period: int, span: str, dept: str) -> Card:
    aimed = chosen(found)
    sides = []
    for name in perspectives():
        mine = tuple(line for line in aimed if line.definition.perspective == name)
        points, coverage = weighted((own.of(line.indicator), line.score) for line in mine)
        sides.append(Side(name, own.perspectives[name], points, coverage, mine))
    total, _ = weighted((side.weight, side.score) for side in sides)
    share = sum((side.weight * side.coverage for side in sides), Decimal(0)) / 100
    first = aimed[0] if aimed else None
    named = (first.dept_name, first.dept_class) if first else (dept, "")
    return Card(hospital, period, span, dept, *named, tuple(sides), total, share)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a department stands among those of its class: 1 is best; equal totals share a place."""

    rank: int
    peers: int
    median: Decimal
    cards: tuple[Card, ...]


def place(cards: Iterable[Card], dept: str) -> Place | None:
    """The place of a department in a league, among its class; None where it has no score."""
    listed = tuple(cards)
    mine = next((one for one in listed if one.dept_code == dept), None)
    if mine is None or mine.total is None:
        return None
    peers = tuple(one for one in listed if one.dept_class == mine.dept_class)
    better = sum((one.total or 0) > mine.total for one in peers)
    return Place(better + 1, len(peers), median(one.total or Decimal(0) for one in peers), peers)


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


def trend(
    warehouse: Warehouse, settings: Settings, hospital: str, dept: str, span: str = "ytd"
) -> Mapping[int, Card]:
    """The card of every month, for the line of the total."""
    by_period: dict[int, list[Line]] = defaultdict(list)
    rows = warehouse.query(
        f"select period, {_COLUMNS} from mart_indicator where hospital = ? and span = ? and dept_code = ? "
        "and (target is not null or low is not null)",
        [hospital, span, dept],
    )
    for period, *row in rows:
        by_period[period].append(Line(*row))
    own = weights(settings)
    return {
        period: _card(found, own, hospital, period, span, dept) for period, found in sorted(by_period.items())
    }
