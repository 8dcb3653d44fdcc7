"""The rows of files behind an alert: which figures went in, and the lines each of them adds up.

    evidence(warehouse, hospital, run, limit=200) -> (Part(label, value, rows, total, amount), ...)

Every row carries file, sheet and row. Ledger and income lines are those of the newest month of the run, or of the year
to date where the rule adds up the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc

from core.alerts.evaluate import Found
from core.alerts.life import Run
from core.alerts.wording import names
from core.catalog import Label
from core.derived.month import income_view
from core.lineage import Source, source_lines
from core.measures import measure
from core.warehouse import Warehouse

_PLACE = "_file, _sheet, _row, _col, _batch"


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the arithmetic and its rows. `value` is what went in, `amount` what the rows add up to."""

    label: Label
    value: Decimal | None
    rows: tuple[Source, ...]
    total: int
    amount: Decimal | None


def evidence(warehouse: Warehouse, hospital: str, run: Run, limit: int = 200) -> tuple[Part, ...]:
    """The figures of an alert with their source rows; () for an alert about alerts."""
    case = run.case
    if case.kind == "age":
        return ()
    labels = names(case)
    if case.metric:
        parts = [_reported(hospital, run, column) for column in ("numerator", "denominator")]
    elif case.budget:
        parts = [_spent(warehouse, hospital, run), _planned(hospital, run)]
    else:
        parts = [_measured(warehouse, hospital, run, name) for name in (case.top, case.bottom)]
    # In a race the second figure of the newest year is c; everywhere else it is b.
    values = (run.terms[0], run.terms[2] if case.kind == "race" else run.terms[1])
    made = []
    for label, value, (sql, params) in zip(labels, values, parts, strict=True):
        lines = source_lines(warehouse, sql, params, limit)
        made.append(Part(label, value, lines.rows, lines.total, lines.amount))
    return tuple(made)


def _months(run: Run) -> tuple[int, int]:
    """First and last month whose lines count."""
    if run.case.span == "ytd":
        return run.until // 100 * 100 + 1, run.until
    return (0 if run.case.span == "life" else run.until), run.until


def _spent(warehouse: Warehouse, hospital: str, run: Run) -> tuple[str, list[Any]]:
    """The lines an execution figure adds up: the ledger in scope medical, or income by ordering department."""
    if run.case.budget == "income":
        return _income(warehouse, hospital, run, "")
    sql = f"""
        select 'ledger_cost' as extract, {_PLACE}, coalesce(c.dept_code, c.dept_code_raw, '') as code, c.dept_name,
               c.item_name as what, coalesce(c.voucher, c.memo, '') as detail, c.amount
        from stg_cost c join ref_scope s on s.layer = c.fund_source and s.dept_class = c.dept_class and s.scope = 'medical'
        where c.hospital = ? and c.period between ? and ?"""
    params: list[Any] = [hospital, *_months(run)]
    if run.case.object_kind == "cost_item":
        sql, params = f"{sql} and c.item_class = ?", [*params, run.object]
    return _of_dept(sql, "c.dept_code", run, params)


def _planned(hospital: str, run: Run) -> tuple[str, list[Any]]:
    first, last = _months(run)
    if run.case.kind == "pace":
        last = run.until // 100 * 100 + 12
    sql = f"""
        select 'budget' as extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name, item_name as what,
               version as detail, amount
        from stg_budget where hospital = ? and period between ? and ? and in_force and direction = ?"""
    params: list[Any] = [hospital, first, last, run.case.budget]
    if run.case.object_kind == "cost_item":
        sql, params = f"{sql} and item_class = ?", [*params, run.object]
    return _of_dept(sql, "dept_code", run, params)


def _measured(warehouse: Warehouse, hospital: str, run: Run, name: str) -> tuple[str, list[Any]]:
    one = measure(name)
    if one.view == "mart_direct_cost":
        sql, params = _spent(warehouse, hospital, run)
        item = one.only.get("item_class")
        return (f"{sql} and c.item_class = ?", [*params, item]) if item else (sql, params)
    if one.needs == "income":
        return _income(warehouse, hospital, run, one.columns)
    column = one.columns[0]
    sql = f"""
        select extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name, '{column}' as what, '' as detail,
               cast({column} as decimal(18, 4)) as amount
        from stg_workload where hospital = ? and period between ? and ? and {column} is not null"""
    return _of_dept(sql, "dept_code", run, [hospital, *_months(run)])


def _income(
    warehouse: Warehouse, hospital: str, run: Run, columns: tuple[str, ...] | str
) -> tuple[str, list[Any]]:
    view = income_view(warehouse.staging, hospital, run.until)
    sql = f"""
        select '{view.removeprefix("stg_")}' as extract, {_PLACE}, coalesce(order_dept, '') as code, order_name as dept_name,
               charge_class as what, patient_type as detail, amount
        from {view} where hospital = ? and period between ? and ?"""
    params: list[Any] = [hospital, *_months(run)]
    words = [column.removeprefix("income_") for column in columns]
    if words == ["inpatient"]:
        sql += " and patient_type = 'inpatient'"
    elif words and words != ["ordered"]:
        sql, params = f"{sql} and list_contains(?, charge_class)", [*params, words]
    return _of_dept(sql, "order_dept", run, params)


def _reported(hospital: str, run: Run, column: str) -> tuple[str, list[Any]]:
    sql = f"""
        select 'operation_value' as extract, {_PLACE}, coalesce(dept_code, '') as code, coalesce(dept_name, '') as dept_name,
               object_name as what, coalesce(note, '') as detail, {column} as amount
        from stg_operation_value
        where hospital = ? and period between ? and ? and metric = ? and object_code = ? and coalesce(dept_code, '') = ?"""
    return sql, [hospital, *_months(run), run.case.metric, run.object, run.dept or "*"]


def _of_dept(sql: str, column: str, run: Run, params: list[Any]) -> tuple[str, list[Any]]:
    return (
        (f"{sql} and coalesce({column}, 'unmapped') = ?", [*params, run.dept]) if run.dept else (sql, params)
    )


def history(found: Found, run: Run) -> list[dict[str, Any]]:
    """Every month of a run with its result and line, oldest first."""
    table = found.rows
    mask = pc.equal(table["name"], run.name)
    for column, value in (("dept_code", run.dept), ("object_code", run.object)):
        mask = pc.and_(mask, pc.equal(pc.fill_null(table[column], ""), value))
    mask = pc.and_(
        mask, pc.and_(pc.greater_equal(table["period"], run.since), pc.less_equal(table["period"], run.until))
    )
    rows = table.filter(pc.and_(mask, pc.equal(table["enough"], True))).to_pylist()
    return sorted(rows, key=lambda row: int(row["period"]))
