"""A month as a scenario sees it: cost rates, prices and volumes changed, everything else shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core.derived.month import Month, ordered_income
from core.money import fen_to_yuan, half_up, round_column
from core.scenario import EVERY, Scenario

Row = dict[str, Any]


def overlaid(month: Month, scenario: Scenario) -> Month:
    """`month` with the scenario's rates, prices and volumes. Every item's lines add up to its rounded total."""
    tables = dict(month.tables)
    if scenario.rates:
        tables["month_direct"] = _scaled(
            tables["month_direct"],
            "item_class",
            lambda r: scenario.change("rates", r["item_class"], r["dept_code"], r["amount"]),
        )
    if scenario.prices:
        tables["month_income"] = _scaled(
            tables["month_income"],
            "charge_class",
            lambda r: scenario.change("prices", r["charge_class"], r["order_dept"], r["amount"]),
        )
    if scenario.volumes:
        tables["month_volume"] = _volumes(tables["month_volume"], scenario, month)
    ordered = ordered_income(tables["month_income"]) if scenario.prices else month.ordered
    return replace(month, tables=tables, ordered=ordered)


def _scaled(table: pa.Table, item: str, amount: Callable[[Row], Decimal]) -> pa.Table:
    """Five per cent more on an item is five per cent of its total, whatever number of lines it came in."""
    rows = table.to_pylist()
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[item], []).append(row)
    for group in groups.values():
        for row, fen in zip(group, round_column([amount(row) for row in group]), strict=True):
            row["amount"] = fen_to_yuan(fen)
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
        places = 0 if pa.types.is_integer(table.schema.field(column).type) else 4
        for code, row in rows.items():
            stated = row[column]
            if stated is None and not any(code == named for named, _ in changes):
                continue
            value = half_up(scenario.change("volumes", column, code, Decimal(stated or 0)), places)
            row[column] = value if places else int(value)
    return pa.Table.from_pylist(list(rows.values()), table.schema)
