"""From an indicator down to the rows of the files it is made of, for every one of its facts.

    puts(warehouse, hospital, caliber, dept, span, period) -> (Put, ...)      the facts in its formula with their amounts
    fact_rows(warehouse, hospital, months, fact, depts, limit) -> Lines      the rows of one fact, each with its place

Where a fact comes from is said once each: a fact named like a measure is that measure (core/lineage opens it as the boards
do); what systems state line by line are the lines of stg_metric (stg_metric_large where month_metric adds them up); what was
reported by hand are the lines of stg_operation_value, where no system holds the metric for that month; the few others
stand in _OTHERS here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.indicators.define import Caliber
from core.indicators.facts import Fact, facts
from core.lineage import Lines, Source, column_lines, explain, source_lines
from core.measures import measures
from core.warehouse import Warehouse

SCOPE = "medical"
_SPAN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_PLACE = "_file, _sheet, _row, _col, _batch"
Depts = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Put:
    """A fact in a formula: how much of it there is in the span, and in the same span a year earlier."""

    fact: Fact
    amount: Decimal | None
    before: Decimal | None = None


def months_of(span: str, period: int) -> tuple[int, ...]:
    """The months of a span that ends with `period`, oldest first."""
    count = _SPAN.get(span, period % 100)
    return tuple(period - back for back in reversed(range(min(count, period % 100))))


def puts(
    warehouse: Warehouse, hospital: str, caliber: Caliber, dept: str, span: str, period: int
) -> tuple[Put, ...]:
    """Every fact of a formula as it was put in for a department ('*' the hospital), in the order of the formula."""
    names = caliber.facts()
    now = _amounts(warehouse, hospital, dept, names, months_of(span, period))
    before: dict[str, Decimal] = {}
    if caliber.kind in ("growth", "function"):
        before = _amounts(warehouse, hospital, dept, names, months_of(span, period - 100))
    return tuple(Put(facts()[name], now.get(name), before.get(name)) for name in names)


def _amounts(
    warehouse: Warehouse, hospital: str, dept: str, names: Sequence[str], months: Sequence[int]
) -> dict[str, Decimal]:
    """Fact -> its amount over the months: added up, the mean, the last one, or people counted once, as the fact says."""
    half = "~half" if months[0] % 100 > _SPAN["half"] else "~year"
    once = [f"{name}{half}" for name in names if facts()[name].over == "distinct" and len(months) > 1]
    held = warehouse.query(
        "select fact, period, amount from mart_indicator_fact where hospital = ? and dept_code = ? and period between ? and ? "
        f"and fact in ({_places([*names, *once])}) order by period",
        [hospital, dept, months[0], months[-1], *names, *once],
    )
    by_fact: dict[str, list[Decimal]] = {}
    for fact, _, amount in held:
        by_fact.setdefault(fact, []).append(amount)
    for name in once:
        if name in by_fact:
            by_fact[name.removesuffix(half)] = by_fact.pop(name)
    rules: dict[str, Callable[[list[Decimal]], Decimal]] = {
        "sum": lambda found: sum(found, Decimal(0)),
        "mean": lambda found: sum(found, Decimal(0)) / len(found),
        "last": lambda found: found[-1],
        "distinct": lambda found: sum(found, Decimal(0)),
    }
    return {fact: rules[facts()[fact].over](found) for fact, found in by_fact.items()}


def fact_rows(
    warehouse: Warehouse, hospital: str, months: Sequence[int], fact: str, depts: Depts, limit: int
) -> Lines:
    """The rows of a fact in these months; `depts` None for the hospital. The newest month first, the largest rows first."""
    make = _OTHERS.get(fact) or (_measure if fact in measures() else _metric)
    found: list[Source] = []
    total, amount = 0, None
    for month in reversed(months):
        lines = make(warehouse, hospital, month, fact, depts, limit)
        if not lines.total and make is _measure:
            lines = _metric(warehouse, hospital, month, fact, depts, limit)  # counted by a system instead
        found += lines.rows
        total += lines.total
        amount = lines.amount if amount is None or lines.amount is None else amount + lines.amount
    return Lines(tuple(found[:limit]), total, amount)


def _measure(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    found = explain(warehouse, hospital, month, _NAMED.get(fact, fact), SCOPE, depts, limit=limit)
    return Lines(found.rows, found.rows_total, found.rows_amount)


def _metric(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    """Lines of systems; where none holds the metric, what was reported: its objects where they are all there is."""
    metric, side = _split(fact)
    among, given = _among("dept_code", depts)
    # What is stated for the hospital goes before the sum of its departments.
    whole = (
        "qualify dept_code = '*' or not bool_or(coalesce(dept_code, '') = '*') over ()"
        if depts is None
        else ""
    )
    for view, held in (("stg_metric", "stg_metric"), ("stg_metric_large", "month_metric")):
        if not warehouse.query(
            f"select 1 from {held} where hospital = ? and period = ? and metric = ? limit 1",
            [hospital, month, metric],
        ):
            continue
        sql = f"""select extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name, what, detail, amount
                  from {view} where hospital = ? and period = ? and metric = ? and side = ? {among} {whole}"""
        return source_lines(warehouse, sql, [hospital, month, metric, side, *given], limit)
    side, _, wanted = side.partition("@")
    column = "denominator" if side == "/of" else "numerator"
    # A line without an object stands for its objects' sum.
    parts = "" if wanted else (
        "qualify object_code = '' or not bool_or(object_code = '') over (partition by hospital, period, dept_code, metric)"
    )  # fmt: skip
    sql = f"""select 'operation_value' as extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name, object_name as what,
                     coalesce(note, '') as detail, {column} as amount
              from (
                  from (
                      from stg_operation_value where hospital = ? and period = ? and metric = ?
                      qualify _source = 'program' or not bool_or(_source = 'program') over ()
                  ) {"where object_code = ?" if wanted else ""}
                  {parts}
              ) where {column} is not null {among} {whole}"""
    return source_lines(
        warehouse, sql, [hospital, month, metric, *([wanted] if wanted else []), *given], limit
    )


def _split(fact: str) -> tuple[str, str]:
    """'nurse_levels/of@N1' -> ('nurse_levels', '/of@N1')."""
    cut = min((place for mark in "/@" if (place := fact.find(mark)) > 0), default=len(fact))
    return fact[:cut], fact[cut:]


def _drugs(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    """Drug income of one kind of patient: the rows of drug income that say so."""
    kind = fact.removeprefix("income_drugs_")
    found = _measure(warehouse, hospital, month, "income_drugs", depts, ALL)
    rows = tuple(row for row in found.rows if row.detail == kind)
    return Lines(
        rows[:limit], len(rows), sum((row.amount or Decimal(0) for row in rows), Decimal(0)) if rows else None
    )


def _fixed(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    among, given = _among("c.dept_code", depts)
    sql = f"""select 'ledger_cost' as extract, {_placed("c")}, coalesce(c.dept_code, c.dept_code_raw, '') as code, c.dept_name,
                     c.item_name as what, coalesce(c.voucher, c.memo, '') as detail, c.amount
              from stg_cost c
              left join stg_item i on i.hospital = c.hospital and i.item_code = c.item_code
              left join ref_term b on b.list = 'behaviours' and b.alias = loose_name(i.behaviour)
              left join ref_behaviour k on k.item_class = c.item_class
              where c.hospital = ? and c.period = ? and c.fund_source = 'own' and coalesce(b.name, k.behaviour) = 'fixed' {among}"""
    return source_lines(warehouse, sql, [hospital, month, *given], limit)


def _versions(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    """Lines of the cost budget: of the version the year began with, or of every version up to the one in force."""
    among, given = _among("dept_code", depts)
    only = "and first_stated" if fact == "budget_original" else ""
    sql = f"""select 'budget' as extract, {_PLACE}, dept_code as code, dept_name, item_name as what, version as detail, amount
              from stg_budget_version where hospital = ? and period = ? {only} {among}"""
    return source_lines(warehouse, sql, [hospital, month, *given], limit)


def _imports(warehouse: Warehouse, hospital: str, month: int, fact: str, depts: Depts, limit: int) -> Lines:
    """The imports of a month: how many rows each brought, and how many of them were refused."""
    counted = "rows + coalesce(refused_rows, 0)" if fact.endswith("/of") else "rows"
    sql = f"""select extract, coalesce(source, '') as _file, '' as _sheet, 0 as _row, '' as _col, _batch, '' as code,
                     '' as dept_name, extract as what, coalesce(refused_rows, 0)::varchar as detail,
                     cast({counted} as decimal(18, 4)) as amount
              from raw_slots where hospital = ? and period = ?"""
    return source_lines(warehouse, sql, [hospital, month], limit)


def _placed(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in _PLACE.split(", "))


def _among(column: str, depts: Depts) -> tuple[str, list[Any]]:
    if depts is None:
        return "", []
    return (f"and coalesce({column}, 'unmapped') in ({_places(depts)})" if depts else "and false"), list(
        depts
    )


def _places(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names))


ALL = 1_000_000
_NAMED = {"budget": "budget_cost"}
_OTHERS: dict[str, Callable[[Warehouse, str, int, str, Depts, int], Lines]] = {
    "income_drugs_outpatient": _drugs,
    "income_drugs_inpatient": _drugs,
    "cost_fixed": _fixed,
    "budget": _measure,
    "budget_original": _versions,
    "budget_changed": _versions,
    "budget_items": _versions,
    "budget_items_changed": _versions,
    "stock_days": lambda box, hospital, month, _, depts, limit: _metric(
        box, hospital, month, "stock_turnover/of", depts, limit
    ),
    "open_beds": lambda box, hospital, month, name, depts, limit: column_lines(
        box, hospital, month, name, None if depts is None else list(depts), limit
    ),
    "data_quality": _imports,
    "data_quality/of": _imports,
}
