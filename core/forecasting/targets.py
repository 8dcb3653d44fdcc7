"""What can be forecast, and its history from the marts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.forecast import month
from core.forecasting.subjects import Subject, choices, known, subject
from core.measures import leaf_sums, measure, values
from core.warehouse import Warehouse

HOSPITAL = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A subject (core/forecasting/subjects.py) of the hospital (dept '') or of one department, in a scope."""

    measure: str
    dept: str = HOSPITAL
    scope: str = "medical"

    @property
    def key(self) -> str:
        """What journal entries about it are filed under."""
        return f"{self.measure}|{self.dept}|{self.scope}"

    @property
    def known(self) -> bool:
        """Whether the definitions still have it; journals outlive definitions."""
        return known(self.measure)

    @property
    def subject(self) -> Subject:
        """What is forecast: label, unit, parts."""
        return subject(self.measure)

    @property
    def money(self) -> bool:
        """Whether the figures are amounts of money."""
        return self.subject.money

    @property
    def is_ratio(self) -> bool:
        """Whether it is one sum over another; then the parts are forecast and divided."""
        return self.subject.is_ratio


@dataclass(frozen=True, slots=True)
class Past:
    """The months of a target without gaps in the calendar, oldest first; missing values are None."""

    periods: tuple[int, ...]
    values: tuple[Decimal | None, ...]

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def known(self) -> int:
        """How many months have a value."""
        return sum(value is not None for value in self.values)


def variable_share(target: Target) -> Decimal:
    """Share of the figure that follows volume (forecast.yaml); 0 where a change of volume means nothing for it."""
    return target.subject.nature.volume or Decimal(0)


def history(warehouse: Warehouse, hospital: str, target: Target, until: int = 0) -> Past:
    """The target's months up to the last with a value, or up to `until`.

    The marts must cover them (warehouse.missing). Of facts only amounts count: what was reported as a bare ratio has
    no numerator to add up.
    """
    one = target.subject
    if one.fact:
        return fact_history(warehouse, hospital, one.fact, target.dept, until)
    if one.is_ratio and one.name in choices()["facts"]:
        top, bottom = (
            history(warehouse, hospital, Target(name, target.dept, target.scope), until)
            for name in (one.top, one.bottom)
        )
        return _over(top, bottom, one.times)
    depts = None if target.dept == HOSPITAL else [target.dept]
    periods = warehouse.periods(hospital)
    found = values(warehouse, hospital, periods, [target.measure], target.scope, depts=depts)
    return past_of(_upto({period: row[target.measure] for period, row in found.items()}, until))


def fact_history(warehouse: Warehouse, hospital: str, fact: str, dept: str, until: int = 0) -> Past:
    """The months of a fact of indicators, of the hospital ('') or a department."""
    level = ("hospital", "*") if dept == HOSPITAL else ("department", dept)
    rows = warehouse.query(
        "select period, amount from mart_indicator_fact "
        "where hospital = ? and level = ? and dept_code = ? and fact = ? and loose = 0",
        (hospital, *level, fact),
    )
    return past_of(_upto({int(p): None if amount is None else Decimal(amount) for p, amount in rows}, until))


def _over(top: Past, bottom: Past, times: int) -> Past:
    below = dict(zip(bottom.periods, bottom.values, strict=True))
    found: dict[int, Decimal | None] = {}
    for period, value in zip(top.periods, top.values, strict=True):
        divisor = below.get(period)
        found[period] = value * times / divisor if value is not None and divisor else None
    return past_of(found)


def _upto(found: Mapping[int, Decimal | None], until: int) -> dict[int, Decimal | None]:
    return {period: value for period, value in found.items() if not until or period <= until}


def histories(warehouse: Warehouse, hospital: str, name: str, scope: str, until: int = 0) -> dict[str, Past]:
    """The history of every department that has one, by code; one query a mart. Measures only."""
    leaves = measure(name).leaves()
    by_cell = leaf_sums(
        warehouse, hospital, warehouse.periods(hospital), leaves, scope, by="dept_code || '|' || period"
    )
    rows: dict[str, dict[int, Decimal | None]] = {}
    for cell, sums in by_cell.items():
        code, _, period = str(cell).rpartition("|")
        rows.setdefault(code, {})[int(period)] = measure(name).compute(sums)
    made = {code: past_of(_upto(row, until)) for code, row in sorted(rows.items())}
    # A sum over one item is 0, not missing, for a department without that item: such a series is nothing to forecast.
    return {code: past for code, past in made.items() if any(past.values)}


def past_of(found: Mapping[int, Decimal | None]) -> Past:
    """Months in calendar order from the first to the last value, missing ones as None."""
    known = [period for period, value in found.items() if value is not None]
    if not known:
        return Past((), ())
    periods = tuple(_span(min(known), max(known)))
    return Past(periods, tuple(found.get(period) for period in periods))


def complete(past: Past, last: int, sparse: bool = False) -> Past:
    """A department's months carried on to the hospital's last one: missing there, so that nobody forecasts the past.

    Args:
        sparse: months without a booking are nil, not missing (see is_sparse).
    """
    if not len(past):
        return past
    after = tuple(_span(past.periods[-1], last))[1:]
    values = (*past.values, *([None] * len(after)))
    if sparse:
        values = tuple(value or Decimal(0) for value in values)
    return Past((*past.periods, *after), values)


def is_sparse(past: Past) -> bool:
    """Whether fewer than half of the months from the first to the last value have one.

    Months without a booking are then nil: filled from their neighbours, a department that books each December would be
    forecast twelve Decembers.
    """
    return past.known * 2 < len(past)


def _span(first: int, last: int) -> Iterable[int]:
    period = first
    while period <= last:
        yield period
        period = month(period, 1)
