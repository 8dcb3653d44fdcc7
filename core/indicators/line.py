"""Lines of a scorecard: one per target that applies, whether or not there are figures for it.

    lines(warehouse, where, params) -> (Line, ...)            rows of mart_indicator
    aligned(basis) -> (Line, ...)                             one line per target of a basis; what has no row is missing
    scored_against(line, target, span, period) -> Line        the same figures held against a target
    past_of(warehouse, ...) -> earlier results of what is not kept monthly
    due_from(frequency, period) -> first and last month of the newest quarter or year that has ended

An indicator kept by quarter or by year stands with the newest result since the beginning of the last quarter or year
that has ended (`as_of` says the month); it is missing only where that period has no result, and not due before the
first period that ends under the target. A result of the month itself always goes before an earlier one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.catalog import catalog
from core.indicators.define import MAIN, Indicator, indicators
from core.indicators.facts import facts
from core.indicators.score import light, score
from core.indicators.targets import Target
from core.warehouse import Warehouse

NOT_DUE, NOT_HERE = "not_due", "not_here"
COLUMNS = (
    "dept_code, dept_name, dept_class, indicator, caliber, numerator, denominator, previous_numerator, "
    "previous_denominator, value, baseline, target, low, high, score, status, reason, reason_of, months, of_months"
)
# Work that only departments of one care setting do: a target of the class says nothing about the others.
_SETTINGS = {"workload_op": "outpatient", "workload_ip": "inpatient"}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR = 12
_PERIODS = {"quarter": 3, "year": 12}
_POINTS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one department in one span: as mart_indicator holds it.

    `months` of `of_months`: how much of the span the value is made of. `as_of`: the month of a result that stands until the
    next one is due; `due`, `owner`: those of its target.
    """

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
    months: int | None = None
    of_months: int | None = None
    as_of: int | None = None
    due: int | None = None
    owner: str = ""

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

    @property
    def counts(self) -> bool:
        """Whether it counts towards the coverage: everything that is due."""
        return self.reason != NOT_DUE


Past = Mapping[tuple[str, str], tuple[tuple[int, Line], ...]]  # (indicator, caliber) -> results, oldest first


@dataclass(frozen=True, slots=True)
class Basis:
    """What a card is made of: rows found, targets that apply by indicator, earlier results of what is not kept monthly.

    `first`: the first month the hospital has figures of. `care`: the department's care setting, '' where it has none.
    """

    hospital: str
    period: int
    span: str
    dept_code: str
    dept_name: str
    dept_class: str
    lines: tuple[Line, ...]
    aims: Mapping[str, Target]
    past: Past
    first: int = 0
    care: str = ""

    def tried(self, aim: Target) -> Basis:
        """The same with `aim` in the place of what applied to its indicator."""
        held = tuple(
            scored_against(line, aim, self.span, self.period)
            if (line.indicator, line.caliber) == (aim.indicator, aim.caliber)
            else line
            for line in self.lines
        )
        return replace(self, lines=held, aims={**self.aims, aim.indicator: aim})


def lines(warehouse: Warehouse, where: str, params: Iterable[Any]) -> tuple[Line, ...]:
    """Rows of mart_indicator as lines, in the order of the definitions."""
    rows = warehouse.query(f"select {COLUMNS} from mart_indicator where {where}", list(params))
    return ordered(Line(*row) for row in rows)


def ordered(found: Iterable[Line]) -> tuple[Line, ...]:
    """In the order of the definitions, the main caliber first."""
    order = {code: place for place, code in enumerate(indicators())}
    return tuple(
        sorted(found, key=lambda one: (order[one.indicator], one.caliber != MAIN, one.caliber, one.dept_code))
    )


def aligned(basis: Basis) -> tuple[Line, ...]:
    """One line per target that can be scored, in the order of the definitions.

    A class target of bed-days, visits or readmissions is none for a department of the other care setting that has no such figure: a
    clinic owes no length of stay.
    """
    found = {(line.indicator, line.caliber): line for line in basis.lines}
    made = []
    for code, aim in basis.aims.items():
        if aim.unscored:
            continue
        line = found.get((code, aim.caliber)) or _blank(basis, aim)
        if not line.aimed:
            line = scored_against(line, aim, basis.span, basis.period)
        if line.value is None:
            if _elsewhere(aim, basis.care):
                continue
            line = _standing(line, aim, basis)
        made.append(replace(line, due=aim.due, owner=aim.owner))
    return ordered(made)


def _elsewhere(aim: Target, care: str) -> bool:
    if care not in _SETTINGS.values() or not aim.dept.startswith("*"):
        return False
    used = [facts()[name] for name in indicators()[aim.indicator].caliber(aim.caliber).facts()]
    metrics = {term.name: term.care for term in catalog().terms["operation_metrics"]}
    where = {_SETTINGS.get(one.needs, "") or metrics.get(one.metric, "") for one in used} - {""}
    return bool(where) and care not in where


def chosen(found: Iterable[Line]) -> tuple[Line, ...]:
    """Of rows alone: those that have something to aim at, one per indicator, its main caliber before others."""
    made: dict[str, Line] = {}
    for line in found:
        if line.aimed and (line.indicator not in made or line.caliber == MAIN):
            made[line.indicator] = line
    return tuple(made.values())


def scored_against(line: Line, aim: Target, span: str, period: int) -> Line:
    """The line held against a target; of a target for a whole year, the part that falls on what the value is made of.

    As mart_indicator does it: a month of an indicator stated by the quarter stands for its quarter, and so on.
    """
    meant = line.definition
    months = _twelfths(line, span, period) if meant.caliber(line.caliber).yearly else _YEAR
    baseline, target = (None if one is None else one * months / _YEAR for one in (aim.baseline, aim.target))
    points = score(meant.better, line.value, baseline, target, aim.low, aim.high)
    points = None if points is None else points.quantize(_POINTS)
    return replace(
        line, baseline=baseline, target=target, low=aim.low, high=aim.high, score=points, status=light(points)
    )


def _twelfths(line: Line, span: str, period: int) -> int:
    """How many twelfths of a year the value is made of."""
    frequency = line.definition.frequency
    if span == "month" and frequency in _PERIODS:
        return _PERIODS[frequency]
    return line.months or line.of_months or _MONTHS.get(span, period % 100)


def due_from(frequency: str, period: int) -> tuple[int, int]:
    """(first, last) month of the newest quarter or year that has ended by `period`."""
    length = _PERIODS[frequency]
    year, month = divmod(period, 100)
    last = month // length * length
    end = year * 100 + last if last else (year - 1) * 100 + _YEAR
    return end - length + 1, end


def _blank(basis: Basis, aim: Target) -> Line:
    """A target without any row: nothing was stated for this department."""
    return Line(
        basis.dept_code, basis.dept_name, basis.dept_class, aim.indicator, aim.caliber, None, None, None, None, None,
        None, None, None, None, None, "none", NOT_HERE, None,
    )  # fmt: skip


def _standing(line: Line, aim: Target, basis: Basis) -> Line:
    """What is kept by quarter or year: its newest result that still stands, or not due yet."""
    frequency = line.definition.frequency
    if frequency not in _PERIODS:
        return line
    first, last = due_from(frequency, basis.period)
    earlier = [
        (at, held) for at, held in basis.past.get((line.indicator, line.caliber), ())
        if first <= at < basis.period and held.value is not None
    ]  # fmt: skip
    if earlier:
        at, held = earlier[-1]
        now = scored_against(held, aim, basis.span, at)
        return replace(now, as_of=at, reason=None, reason_of=None)
    if last < max(aim.since, basis.first):
        return replace(line, reason=NOT_DUE, reason_of=None)
    return line


def past_of(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    span: str,
    aims: Mapping[str, Mapping[str, Target]],
    found: Mapping[str, Iterable[Line]],
) -> tuple[dict[str, Past], int]:
    """Earlier results of what is kept by quarter or year and has none in this span, by department; the first month."""
    wanted: dict[str, set[str]] = {}
    for dept, held in aims.items():
        there = {(line.indicator, line.caliber) for line in found.get(dept, ()) if line.value is not None}
        lost = {
            code for code, aim in held.items()
            if indicators()[code].frequency != "month" and (code, aim.caliber) not in there
        }  # fmt: skip
        if lost:
            wanted[dept] = lost
    if not wanted:
        return {}, 0
    codes, depts = sorted(set().union(*wanted.values())), sorted(wanted)
    since, _ = due_from("year", period)
    rows = warehouse.query(
        f"select period, {COLUMNS} from mart_indicator where hospital = ? and span = ? and period >= ? and period < ? "
        f"and value is not null and indicator in ({marks(codes)}) and dept_code in ({marks(depts)}) order by period",
        [hospital, span, since, period, *codes, *depts],
    )
    kept: dict[str, dict[tuple[str, str], list[tuple[int, Line]]]] = defaultdict(lambda: defaultdict(list))
    for at, *row in rows:
        line = Line(*row)
        kept[line.dept_code][line.indicator, line.caliber].append((at, line))
    first = warehouse.query("select min(period) from mart_indicator_fact where hospital = ?", [hospital])
    past: dict[str, Past] = {
        dept: {key: tuple(results) for key, results in held.items()} for dept, held in kept.items()
    }
    return past, int(first[0][0] or 0)


def marks(values: Sequence[str]) -> str:
    """A question mark for each value of a list."""
    return ", ".join("?" for _ in values)
