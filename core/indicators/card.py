"""The scorecard of a hospital or a department for one month: lines, four dimensions, total, and what they cover.

    card(warehouse, settings, hospital, period, span, dept) -> Card
    basis(warehouse, settings, hospital, period, span, dept) -> Basis, made(basis, weights) -> Card     to try a change
    everyone(warehouse, settings, hospital, period, span) -> (Card, ...)    departments that take part and have targets
    league(warehouse, settings, hospital, period, span) -> (Card, ...)      departments that take part and have a score, best first
    place(league, dept) -> Place                                             where one stands among its class
    trend(warehouse, settings, hospital, dept, span) -> {month: Card}
A card has a line for every target that applies, with or without figures: what is missing lowers the coverage. Months are yyyymm, scores points, shares fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from core.indicators.define import perspectives
from core.indicators.line import COLUMNS, Basis, Line, aligned, chosen, lines, marks, ordered, past_of
from core.indicators.rollout import rollout
from core.indicators.score import FULL, light, weighted
from core.indicators.targets import Target, applying, targets
from core.indicators.weights import Weights, weights
from core.settings import Settings
from core.warehouse import Warehouse

__all__ = ["HOSPITAL", "SPANS", "Basis", "Card", "Line", "Side", "lines"]
HOSPITAL = "*"
SPANS = ("month", "quarter", "half", "ytd", "year")


@dataclass(frozen=True, slots=True)
class Side:
    """One perspective of a card. `coverage`: share of the weights of what is due that has a score."""

    perspective: str
    weight: Decimal
    score: Decimal | None
    coverage: Decimal
    lines: tuple[Line, ...]

    @property
    def status(self) -> str:
        """The light of the perspective."""
        return light(self.score)

    @property
    def due(self) -> tuple[Line, ...]:
        """The lines that have to have a result by now."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def thin(self) -> bool:
        """Whether too little of it has figures for its score to be relied on."""
        return bool(self.due) and self.coverage < FULL


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard. `total` is the mean of the dimensions by their weights, over those with a score.

    `coverage`: of the weights of what is due, in the dimensions that have targets, the share that has a score.
    `unscored`: targets in force against which nothing can be scored (no number, no baseline).
    """

    hospital: str
    period: int
    span: str
    dept_code: str
    dept_name: str
    dept_class: str
    sides: tuple[Side, ...]
    total: Decimal | None
    coverage: Decimal
    unscored: tuple[Target, ...] = ()

    @property
    def status(self) -> str:
        """The light of the whole card."""
        return light(self.total)

    @property
    def thin(self) -> bool:
        """Whether too little of it has figures for its total to be relied on."""
        return bool(self.lines()) and self.coverage < FULL

    @property
    def unaimed(self) -> tuple[str, ...]:
        """Perspectives without any target: they are not in the total."""
        return tuple(side.perspective for side in self.sides if not side.lines)

    def side(self, name: str) -> Side:
        """One perspective."""
        return next(side for side in self.sides if side.perspective == name)

    def lines(self) -> tuple[Line, ...]:
        """All lines, financial first."""
        return tuple(line for side in self.sides for line in side.lines)


def basis(
    warehouse: Warehouse,
    settings: Settings,
    hospital: str,
    period: int,
    span: str = "month",
    dept: str = HOSPITAL,
) -> Basis:
    """What the card of the hospital ('*'), of a class ('*clinical') or of a department is made of."""
    where = "hospital = ? and period = ? and span = ? and dept_code = ?"
    found = lines(warehouse, where, (hospital, period, span, dept))
    name, kind, care = _who(warehouse, hospital, dept, found)
    aims = applying(targets(settings), dept, kind, period)
    past, first = past_of(warehouse, hospital, period, span, {dept: aims}, {dept: found})
    return Basis(hospital, period, span, dept, name, kind, found, aims, past.get(dept, {}), first, care)


def card(
    warehouse: Warehouse,
    settings: Settings,
    hospital: str,
    period: int,
    span: str = "month",
    dept: str = HOSPITAL,
) -> Card:
    """The card of the hospital ('*'), of a class ('*clinical') or of a department."""
    return made(basis(warehouse, settings, hospital, period, span, dept), weights(settings))


def made(one: Basis, own: Weights) -> Card:
    """The card of a basis under these weights: what is stored, or what is being tried."""
    found = _card(aligned(one), own, one.hospital, one.period, one.span, one.dept_code)
    lost = tuple(aim for aim in one.aims.values() if aim.unscored)
    return replace(found, dept_name=one.dept_name, dept_class=one.dept_class, unscored=lost)


def everyone(
    warehouse: Warehouse, settings: Settings, hospital: str, period: int, span: str = "month"
) -> tuple[Card, ...]:
    """Departments that take part and have targets, best first, then by code; without a score last."""
    where = "hospital = ? and period = ? and span = ? and level = 'department'"
    by_dept: dict[str, list[Line]] = defaultdict(list)
    for line in lines(warehouse, where, (hospital, period, span)):
        by_dept[line.dept_code].append(line)
    own, runs, aims = weights(settings), rollout(settings).runs_in(period), targets(settings)
    depts = {
        code: (name, kind, care) for code, name, kind, care, active in _depts(warehouse, hospital)
        if runs(code) and (active or code in by_dept)
    }  # fmt: skip
    held = {code: applying(aims, code, kind, period) for code, (_, kind, _) in depts.items()}
    past, first = past_of(warehouse, hospital, period, span, held, by_dept)
    cards = [
        made(
            Basis(hospital, period, span, code, name, kind, tuple(by_dept.get(code, ())), held[code], past.get(code, {}),
                  first, care),
            own,
        )
        for code, (name, kind, care) in depts.items()
    ]  # fmt: skip
    taking = [one for one in cards if one.lines()]
    return tuple(sorted(taking, key=lambda one: (one.total is None, -(one.total or 0), one.dept_code)))


def league(
    warehouse: Warehouse, settings: Settings, hospital: str, period: int, span: str = "month"
) -> tuple[Card, ...]:
    """Departments that take part (the pilots, where there are any) and have a score, best first, then by code."""
    found = everyone(warehouse, settings, hospital, period, span)
    return tuple(one for one in found if one.total is not None)


def _depts(warehouse: Warehouse, hospital: str) -> list[tuple[str, str, str, str, bool]]:
    return warehouse.query(
        "select dept_code, dept_name, dept_class, coalesce(care_setting, ''), active from stg_dept where hospital = ? order by dept_code",
        [hospital],
    )


def _who(warehouse: Warehouse, hospital: str, dept: str, found: tuple[Line, ...]) -> tuple[str, str, str]:
    """(name, class, care setting) of a department, also of one without any figures."""
    if dept.startswith(HOSPITAL):
        known = (dept, dept.removeprefix(HOSPITAL) or "hospital", "")
    else:
        listed = {code: held for code, *held, _ in _depts(warehouse, hospital)}
        name, kind, care = listed.get(dept, (dept, "", ""))
        known = (name, kind, care)
    return (found[0].dept_name, found[0].dept_class, known[2]) if found else known


def card_of(found: Iterable[Line], own: Weights, hospital: str, period: int, span: str, dept: str) -> Card:
    """A card of these rows alone, each held against the target it carries."""
    return _card(chosen(found), own, hospital, period, span, dept)


def _card(aimed: tuple[Line, ...], own: Weights, hospital: str, period: int, span: str, dept: str) -> Card:
    sides = []
    for name in perspectives():
        mine = tuple(line for line in aimed if line.definition.perspective == name)
        points, coverage = weighted((own.of(line.indicator), line.score) for line in mine if line.counts)
        sides.append(Side(name, own.perspectives[name], points, coverage, mine))
    total, _ = weighted((side.weight, side.score) for side in sides)
    meant = [side for side in sides if side.due]
    whole = sum((side.weight for side in meant), Decimal(0))
    covered = sum((side.weight * side.coverage for side in meant), Decimal(0))
    first = aimed[0] if aimed else None
    named = (first.dept_name, first.dept_class) if first else (dept, "")
    return Card(
        hospital, period, span, dept, *named, tuple(sides), total, covered / whole if whole else Decimal(0)
    )


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


def trend(
    warehouse: Warehouse, settings: Settings, hospital: str, dept: str, span: str = "ytd"
) -> Mapping[int, Card]:
    """The card of every month, for the line of the total."""
    by_period: dict[int, list[Line]] = defaultdict(list)
    aims = targets(settings)
    _, kind, care = _who(warehouse, hospital, dept, ())
    codes = sorted({one.indicator for one in aims if one.dept in (dept, f"*{kind}")})
    if not codes:
        return {}
    rows = warehouse.query(
        f"select period, {COLUMNS} from mart_indicator where hospital = ? and span = ? and dept_code = ? "
        f"and indicator in ({marks(codes)}) order by period",
        [hospital, span, dept, *codes],
    )
    past: dict[tuple[str, str], list[tuple[int, Line]]] = defaultdict(list)
    for period, *row in rows:
        line = Line(*row)
        by_period[period].append(line)
        if line.definition.frequency != "month":
            past[line.indicator, line.caliber].append((period, line))
    own, results = weights(settings), {key: tuple(found) for key, found in past.items()}
    first = min(by_period, default=0)
    cards = {}
    for period, found in by_period.items():
        held = applying(aims, dept, kind, period)
        name = found[0].dept_name
        one = Basis(hospital, period, span, dept, name, kind, ordered(found), held, results, first, care)
        cards[period] = made(one, own)
    return cards
