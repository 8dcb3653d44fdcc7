"""The rows of files behind a figure of execution: budget lines in force, and what was booked, month or year to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.derived.month import income_view
from core.warehouse import Warehouse

FIELDS = ("period", "dept", "what", "detail", "amount", "file", "sheet", "row")


@dataclass(frozen=True, slots=True)
class Rows:
    """The largest rows, how many there are, and what all of them add up to (yuan)."""

    rows: tuple[dict[str, Any], ...]
    count: int
    total: Decimal


def budget_rows(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    direction: str,
    depts: Sequence[str] | None = None,
    item: str | None = None,
    limit: int = 100,
) -> Rows:
    """Budget lines in force of months 1 to m of the year; `detail` is the version."""
    sql = """select period, coalesce(dept_name, dept_name_raw, dept_code_raw, '') as dept, item_name as what,
                    version as detail, amount, _file as file, _sheet as sheet, _row as "row"
             from stg_budget where hospital = ? and period between ? and ? and direction = ? and in_force"""
    params: list[Any] = [hospital, period // 100 * 100 + 1, period, direction]
    return _largest(warehouse, *_narrowed(sql, params, "dept_code", depts, "item_class", item), limit)


def spent_rows(
    warehouse: Warehouse,
    hospital: str,
    period: int,
    direction: str,
    depts: Sequence[str] | None = None,
    item: str | None = None,
    limit: int = 100,
) -> Rows:
    """Ledger lines in scope medical (own funds), or income lines by ordering department; `detail`: voucher, patients."""
    first = period // 100 * 100 + 1
    if direction == "cost":
        sql = """select period, coalesce(dept_name, dept_name_raw, dept_code_raw, '') as dept, item_name as what,
                        coalesce(voucher, '') as detail, amount, _file as file, _sheet as sheet, _row as "row"
                 from stg_cost where hospital = ? and period between ? and ? and fund_source = 'own'"""
        params: list[Any] = [hospital, first, period]
        return _largest(warehouse, *_narrowed(sql, params, "dept_code", depts, "item_class", item), limit)
    parts, params = [], []
    # Each month's income comes from the first of E04, E05, E06 that has lines for it.
    views: dict[str, list[int]] = {}
    for month in range(first, period + 1):
        views.setdefault(income_view(warehouse.staging, hospital, month), []).append(month)
    for view, months in views.items():
        sql = f"""select period, coalesce(order_name, '') as dept, charge_class as what, patient_type as detail, amount,
                         _file as file, _sheet as sheet, _row as "row"
                  from {view} where hospital = ? and period in ({", ".join(map(str, months))})"""
        sql, given = _narrowed(sql, [hospital], "order_dept", depts, "charge_class", item)
        parts.append(sql)
        params += given
    return _largest(warehouse, " union all ".join(parts), params, limit)


def _narrowed(
    sql: str,
    params: list[Any],
    dept_column: str,
    depts: Sequence[str] | None,
    item_column: str,
    item: str | None,
) -> tuple[str, list[Any]]:
    if depts is not None:
        sql, params = (
            f"{sql} and list_contains(?, coalesce({dept_column}, 'unmapped'))",
            [*params, list(depts)],
        )
    if item is not None:
        sql, params = f"{sql} and {item_column} = ?", [*params, item]
    return sql, params


def _largest(warehouse: Warehouse, sql: str, params: list[Any], limit: int) -> Rows:
    found = warehouse.query(
        f"select *, count(*) over () as n, sum(amount) over () as total from ({sql}) "
        f'order by abs(amount) desc, period, file, sheet, "row" limit {int(limit)}',
        params,
    )
    rows = tuple(dict(zip(FIELDS, row[: len(FIELDS)], strict=True)) for row in found)
    return Rows(rows, int(found[0][-2]) if found else 0, Decimal(found[0][-1] or 0) if found else Decimal(0))
