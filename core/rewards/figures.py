"""Figures the rules are computed from: savings out of budget execution, and reported operation values, of one span.

A span is the quarter or the year of a month, up to that month. Money is int fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.figures.common import Dept, shift
from core.money import yuan_to_fen
from core.warehouse import Warehouse

QUARTER, YEAR = SPANS = ("quarter", "year")
LOOK_BACK = 24  # months that a run of months over budget is looked for in
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """The months from the beginning of a quarter or year through `period`."""

    kind: str
    period: int

    @property
    def months(self) -> tuple[int, ...]:
        """yyyymm, oldest first."""
        year, month = divmod(self.period, 100)
        first = (month - 1) // 3 * 3 + 1 if self.kind == QUARTER else 1
        return tuple(year * 100 + m for m in range(first, month + 1))

    @property
    def code(self) -> str:
        """What a record is filed under: 2025Q3 or 2025, whichever month it reaches."""
        year, month = divmod(self.period, 100)
        return f"{year}Q{(month + 2) // 3}" if self.kind == QUARTER else str(year)

    @property
    def whole(self) -> bool:
        """Whether it reaches its last month."""
        return self.period % 100 in ((3, 6, 9, 12) if self.kind == QUARTER else (12,))


@dataclass(frozen=True, slots=True)
class Spent:
    """Budget and actual of a department over a span, fen. `missing`: budgeted months without any cost of it."""

    budget: int
    actual: int
    missing: tuple[int, ...] = ()

    @property
    def saved(self) -> int:
        """Budget - actual; negative when overspent."""
        return self.budget - self.actual


@dataclass(frozen=True, slots=True)
class Value:
    """An operation value of a span, months added up. `object` is a project, vendor, group; '' for none."""

    dept: str
    object: str
    name: str
    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def ratio(self) -> Decimal | None:
        """numerator / denominator; None without either."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the rules need of one hospital and span.

    `over`: months over budget per department, oldest first, None where a month has no figure. `violations`: confirmed
    insurance violations per department (core/responsibility counts them); a department that is not in it has none.
    """

    span: Span
    depts: Mapping[str, Dept]
    spent: Mapping[str, Spent] = field(default_factory=dict)
    over: Mapping[str, tuple[bool | None, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    violations: Mapping[str, int] = field(default_factory=dict)

    def dept(self, code: str) -> Dept:
        """The department, also one that the dictionary lacks."""
        return self.depts.get(code) or Dept(code, code, "unmapped", "none")

    def by_dept(self, metric: str) -> dict[str, Value]:
        """One value per department, its objects added up."""
        found: dict[str, Value] = {}
        for one in self.values.get(metric, ()):
            have = found.get(one.dept)
            found[one.dept] = Value(
                one.dept, "", "",
                _add(have.numerator if have else None, one.numerator),
                _add(have.denominator if have else None, one.denominator),
            )  # fmt: skip
        return found

    def hospital(self, metric: str) -> Value | None:
        """The value reported for the whole hospital (without a department)."""
        return self.by_dept(metric).get("")


def figures(
    warehouse: Warehouse,
    hospital: str,
    span: Span,
    metrics: Iterable[str],
    items: Sequence[str] = (),
    violations: Mapping[str, int] | None = None,
) -> Figures:
    """Read what the rules need. `items`: cost items whose budget counts; () for all of them."""
    depts = {
        code: Dept(code, name, kind, care or "none")
        for code, name, kind, care in warehouse.query(
            "select dept_code, dept_name, dept_class, care_setting from stg_dept where hospital = ?",
            (hospital,),
        )
    }
    spent, over = _spent(warehouse, hospital, span, items)
    return Figures(span, depts, spent, over, _values(warehouse, hospital, span, metrics), violations or {})


def _spent(
    warehouse: Warehouse, hospital: str, span: Span, items: Sequence[str]
) -> tuple[dict[str, Spent], dict[str, tuple[bool | None, ...]]]:
    """Departments that have a budget: what they saved in the span, and which of the last months were over budget.

    A cost item nobody planned counts with a budget of 0, since spending outside the budget is no saving. A budgeted
    month in which a department has no cost at all is named: what was not spent there may not have been booked yet, or
    the department is closed, and neither is a saving.
    """
    chosen = f"and item_class in ({', '.join('?' * len(items))})" if items else ""
    since = shift(span.period, 1 - LOOK_BACK)
    rows = warehouse.query(
        "select period, dept_code, sum(budget), sum(actual) from mart_budget_execution "
        f"where hospital = ? and direction = 'cost' and period between ? and ? {chosen} group by all",
        (hospital, min(since, span.months[0]), span.period, *items),
    )
    unbooked: dict[str, list[int]] = {}
    for dept, period in warehouse.query(
        "select dept_code, period from stg_budget where hospital = ? and in_force and direction = 'cost' "
        "and period between ? and ? and dept_code is not null except select dept_code, period from mart_direct_cost "
        "where hospital = ? and scope = 'medical' order by all",
        (hospital, span.months[0], span.period, hospital),
    ):
        unbooked.setdefault(dept, []).append(period)
    by: dict[str, dict[int, tuple[int, int | None]]] = {}
    for period, dept, budget, actual in rows:
        if budget is not None:
            spent_then = None if actual is None else yuan_to_fen(actual)
            by.setdefault(dept, {})[period] = (yuan_to_fen(budget), spent_then)
    back = [shift(span.period, step) for step in range(1 - LOOK_BACK, 1)]
    spent, over = {}, {}
    for dept, months in by.items():
        mine = [months[m] for m in span.months if m in months]
        if mine:
            parts = (sum(b for b, _ in mine), sum(a or 0 for _, a in mine))
            spent[dept] = Spent(*parts, tuple(unbooked.get(dept, ())))
        over[dept] = tuple(_over(*months[m]) if m in months else None for m in back)
    return spent, over


def _over(budget: int, actual: int | None) -> bool | None:
    return None if actual is None else actual > budget


def _values(
    warehouse: Warehouse, hospital: str, span: Span, metrics: Iterable[str]
) -> dict[str, tuple[Value, ...]]:
    names = sorted(set(metrics))
    if not names:
        return {}
    # What was reported bare (a value without numerator and denominator) cannot be added up: its newest month stands.
    bare = "bool_or(stated in ('percent', 'fraction') or (stated = 'value' and denominator is not null))"
    rows = warehouse.query(
        "select metric, if(dept_code = '*', '', dept_code), object_code, arg_max(object_name, period), "
        f"if({bare}, arg_max(numerator, period), sum(numerator)), "
        f"if({bare}, arg_max(denominator, period), sum(denominator)) from stg_operation_value "
        f"where hospital = ? and period between ? and ? and metric in ({', '.join('?' * len(names))}) "
        "and dept_code is not null group by 1, 2, 3 order by 1, 2, 3",
        (hospital, span.months[0], span.period, *names),
    )
    found: dict[str, list[Value]] = {}
    for metric, dept, code, name, top, bottom in rows:
        found.setdefault(metric, []).append(Value(dept, code, name or code, _decimal(top), _decimal(bottom)))
    return {metric: tuple(values) for metric, values in found.items()}


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _add(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second
