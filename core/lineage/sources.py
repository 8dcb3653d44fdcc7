"""Source rows of a sum: the staging lines that a leaf measure adds up, each with its place in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.derived.month import income_view
from core.lineage.kinds import Source
from core.measures import Measure
from core.warehouse import Warehouse

_PLACE = "_file, _sheet, _row, _col, _batch"
CHARGE_CLASSES = (
    "drugs", "herbs", "materials", "examination", "laboratory", "surgery", "treatment", "nursing", "bed",
    "consultation", "other",
)  # fmt: skip
WORKLOAD = (
    "visits", "emergency_visits", "operations", "admissions", "discharges", "bed_days", "discharged_days",
    "open_bed_days", "open_beds", "planned_beds",
)  # fmt: skip
STAFF = ("headcount", "doctors", "nurses")


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of a leaf: the first `limit` by size, how many there are, and what they add up to."""

    rows: tuple[Source, ...]
    total: int
    amount: Decimal | None


def cost_lines(
    warehouse: Warehouse, hospital: str, period: int, scope: str, conditions: Sequence[str], params: Sequence[Any],
    limit: int,
) -> Lines:  # fmt: skip
    """Ledger rows of a month that count in a scope and meet `conditions` (over stg_cost as c)."""
    sql = f"""
        select 'ledger_cost' as extract, {_PLACE}, coalesce(c.dept_code, c.dept_code_raw, '') as code, c.dept_name,
               c.item_name as what, coalesce(c.voucher, c.memo, '') as detail, c.amount
        from stg_cost c
        join ref_scope s on s.layer = c.fund_source and s.dept_class = c.dept_class and s.scope = ?
        where c.hospital = ? and c.period = ? {" ".join(f"and {condition}" for condition in conditions)}"""
    return _lines(warehouse, sql, [scope, hospital, period, *params], limit)


def leaf_lines(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    leaf: Measure,
    scope: str,
    depts: list[str] | None,
    limit: int,
) -> Lines:
    """Rows behind a sum over mart_direct_cost or mart_department_month (full cost: see full.py)."""
    if leaf.view == "mart_direct_cost":
        conditions = [f"c.{column} = ?" for column in leaf.only]
        params: list[Any] = list(leaf.only.values())
        if depts is not None:
            conditions.append(_among("c.dept_code", depts))
            params += depts
        return cost_lines(warehouse, hospital, period, scope, conditions, params, limit)
    parts = [_column_sql(warehouse, hospital, period, column, depts) for column in leaf.columns]
    sql = " union all by name ".join(part for part, _ in parts)
    return _lines(warehouse, sql, [value for _, given in parts for value in given], limit)


def column_lines(
    warehouse: Warehouse, hospital: str, period: int, column: str, depts: list[str] | None, limit: int
) -> Lines:
    """Rows behind one column of mart_department_month."""
    sql, params = _column_sql(warehouse, hospital, period, column, depts)
    return _lines(warehouse, sql, params, limit)


def _column_sql(
    warehouse: Warehouse, hospital: str, period: int, column: str, depts: list[str] | None
) -> tuple[str, list[Any]]:
    """The staging rows that one column of mart_department_month adds up, and the parameters."""
    params: list[Any] = [hospital, period]
    if column.startswith("income"):
        view = income_view(warehouse.staging, hospital, period)
        side = "exec" if column == "income_executed" else "order"
        sql = f"""select '{view.removeprefix("stg_")}' as extract, {_PLACE}, coalesce({side}_dept, '') as code,
                  {side}_name as dept_name, charge_class as what, patient_type as detail, amount
                  from {view} where hospital = ? and period = ?"""
        kind = column.removeprefix("income_")
        if kind in CHARGE_CLASSES:
            sql += f" and charge_class = '{kind}'"
        elif kind in ("outpatient", "inpatient"):
            sql += f" and patient_type = '{kind}'"
        return _of_depts(sql, f"{side}_dept", depts, params)
    if column.startswith("budget_"):
        sql = f"""select 'budget' as extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name,
                  item_name as what, version as detail, amount
                  from stg_budget where hospital = ? and period = ? and in_force
                  and direction = '{column.removeprefix("budget_")}'"""
        return _of_depts(sql, "dept_code", depts, params)
    if column in WORKLOAD:
        extract, view = "extract", "stg_workload"
    elif column in STAFF:
        extract, view = "'staff_count'", "stg_staff"
    else:
        extract, view = "'area'", "stg_area"
    when = "period = ?" if view != "stg_area" else "period <= ?"
    sql = f"""select {extract} as extract, {_PLACE}, coalesce(dept_code, '') as code, dept_name,
              '{column}' as what, '' as detail, cast({column} as decimal(18, 4)) as amount
              from {view} where hospital = ? and {when} and {column} is not null"""
    sql, params = _of_depts(sql, "dept_code", depts, params)
    newest = "max(period) over (partition by dept_code, dept_code_raw, dept_name_raw)"
    return (f"{sql} qualify period = {newest}" if view == "stg_area" else sql), params


def _of_depts(sql: str, column: str, depts: list[str] | None, params: list[Any]) -> tuple[str, list[Any]]:
    if depts is None:
        return sql, params
    return f"{sql} and {_among(column, depts)}", [*params, *depts]


def _among(column: str, depts: list[str]) -> str:
    """A condition with a parameter for each department; none is met by nothing."""
    return f"coalesce({column}, 'unmapped') in ({', '.join('?' * len(depts))})" if depts else "false"


def _lines(warehouse: Warehouse, sql: str, params: Sequence[Any], limit: int) -> Lines:
    counted = warehouse.query(
        f"""select *, count(*) over () as n, sum(amount) over () as total from ({sql})
            order by abs(amount) desc nulls last, _file, _sheet, _row, _col limit {int(limit)}""",
        params,
    )
    rows = tuple(_source(row[:-2]) for row in counted)
    return Lines(rows, counted[0][-2], counted[0][-1]) if counted else Lines((), 0, None)


def source_lines(warehouse: Warehouse, sql: str, params: Sequence[Any], limit: int) -> Lines:
    """Rows of any question over staging views, largest first, with their place. `sql` must give the columns extract,
    _file, _sheet, _row, _col, _batch, code, dept_name, what, detail, amount, in this order."""
    return _lines(warehouse, sql, params, limit)


def _source(row: Sequence[Any], part: Decimal | None = None) -> Source:
    extract, file, sheet, number, col, batch, code, name, what, detail, amount = row
    return Source(
        extract, file or "", sheet or "", number or 0, col or "", batch or "", code or "", name or "", what or "",
        detail or "", amount, amount if part is None else part,
    )  # fmt: skip
