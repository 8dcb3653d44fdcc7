"""A month as a scenario sees it: cost rates, prices and volumes changed, everything else shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from core.derived.month import Month, ordered_income
from core.scenario import EVERY, Scenario

Row = dict[str, Any]


def overlaid(month: Month, scenario: Scenario) -> Month:
    """`month` with the scenario's rates, prices and volumes. Money is rounded half up to the fen, line by line."""
    tables = dict(month.tables)
    if scenario.rates:
        tables["month_direct"] = _scaled(
            tables["month_direct"],
            lambda r: scenario.change("rates", r["item_class"], r["dept_code"], r["amount"]),
        )
    if scenario.prices:
        tables["month_income"] = _scaled(
            tables["month_income"],
            lambda r: scenario.change("prices", r["charge_class"], r["order_dept"], r["amount"]),
        )
    if scenario.volumes:
        tables["month_volume"] = _volumes(tables["month_volume"], scenario, month)
    ordered = ordered_income(tables["month_income"]) if scenario.prices else month.ordered
    return replace(month, tables=tables, ordered=ordered)


def _scaled(table: pa.Table, amount: Callable[[Row], Decimal]) -> pa.Table:
    rows = [
        {**row, "amount": amount(row).quantize(Decimal("0.01"), ROUND_HALF_UP)} for row in table.to_pylist()
    ]
    return pa.Table.from_pylist(rows, table.schema)


def _volumes(table: pa.Table, scenario: Scenario, month: Month) -> pa.Table:
    rows: dict[str, Row] = {row["dept_code"]: row for row in table.to_pylist()}
    for column, changes in dict(scenario.volumes).items():
        if column not in table.schema.names:
            continue
        for code, _ in changes:
            if code != EVERY and code in month.departments:
                empty = dict.fromkeys(table.schema.names)
                rows.setdefault(
                    code, {**empty, "hospital": month.hospital, "period": month.period, "dept_code": code}
                )
        places = table.schema.field(column).type
        step = Decimal(1) if pa.types.is_integer(places) else Decimal("0.0001")
        for code, row in rows.items():
            stated = row[column]
            if stated is None and not any(code == named for named, _ in changes):
                continue
            value = scenario.change("volumes", column, code, Decimal(stated or 0)).quantize(
                step, ROUND_HALF_UP
            )
            row[column] = int(value) if step == 1 else value
    return pa.Table.from_pylist(list(rows.values()), table.schema)
