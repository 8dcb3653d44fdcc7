"""Small tables as the rules see them: department months, budget lines, operation values, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core import engine
from core.alerts.evaluate import Found, of_tables
from core.alerts.rules import definition
from core.settings import Settings

H = "H1"
MONEY = (
    "income_ordered", "income_inpatient", "income_drugs", "income_herbs", "direct_medical", "direct_materials", "budget_cost",
)  # fmt: skip
_MONEY, _COUNT, _QUANTITY = pa.decimal128(18, 2), pa.int64(), pa.decimal128(18, 4)
_PLACE = [("period", pa.int32()), ("dept_code", pa.string()), ("dept_name", pa.string())]
_CLASS = [("dept_class", pa.string()), ("care_setting", pa.string())]
MONTHS = pa.schema([*_PLACE, *_CLASS, *((name, _MONEY) for name in MONEY), ("discharges", _COUNT)])
BUDGET = pa.schema(
    [*_PLACE, *_CLASS, ("direction", pa.string()), ("item_class", pa.string()), ("months", pa.int32()),
     *((name, _MONEY) for name in ("actual", "budget", "cumulative", "cumulative_budget", "annual"))]
)  # fmt: skip
REPORTED = pa.schema(
    [*_PLACE, ("metric", pa.string()), ("object_code", pa.string()), ("object_name", pa.string()),
     ("numerator", _QUANTITY), ("denominator", _QUANTITY)]
)  # fmt: skip
Row = Mapping[str, Any]


def money(row: Row, schema: pa.Schema) -> dict[str, Any]:
    """Numbers written as texts become decimals."""
    made = {name: row.get(name) for name in schema.names}
    for field in schema:
        if pa.types.is_decimal(field.type) and made[field.name] is not None:
            made[field.name] = Decimal(str(made[field.name]))
    return made


def dept(period: int, code: str = "0401", name: str = "骨科病区", **figures: Any) -> Row:
    base = {
        "period": period,
        "dept_code": code,
        "dept_name": name,
        "dept_class": "clinical",
        "care_setting": "inpatient",
    }
    return {**base, **figures}


def line(
    period: int, actual: str, budget: str | None, *, item: str = "materials", code: str = "0401", **more: Any
) -> Row:
    base = {"period": period, "dept_code": code, "dept_name": "骨科病区", "dept_class": "clinical",
            "care_setting": "inpatient", "direction": "cost", "item_class": item, "months": period % 100}  # fmt: skip
    return {**base, "actual": actual, "budget": budget, **more}


def value(
    period: int, metric: str, top: str, bottom: str, *, code: str = "*", item: str = "", name: str = ""
) -> Row:
    return {"period": period, "dept_code": code, "dept_name": code, "metric": metric, "object_code": item,
            "object_name": name or item, "numerator": top, "denominator": bottom}  # fmt: skip


class Asked:
    """Rows, and every case asked of them; a case is run when somebody asks for it (planning is what takes time)."""

    def __init__(self, tables: list[pa.Table], settings: Settings) -> None:
        self._tables, self._settings = tables, settings
        self._made: dict[str, Found] = {}

    def of(self, name: str) -> Found:
        if name not in self._made:
            only = replace(definition(), cases={name: definition().cases[name]} if name else {})
            self._made[name] = of_tables(CONNECTION, *self._tables, self._settings, only)
        return self._made[name]


CONNECTION = engine.connect()


def found(
    months: Iterable[Row] = (),
    budget: Iterable[Row] = (),
    reported: Iterable[Row] = (),
    settings: Settings | None = None,
) -> Asked:
    """The rules over these rows."""
    tables = [
        pa.Table.from_pylist([money(row, schema) for row in rows], schema)
        for rows, schema in ((months, MONTHS), (budget, BUDGET), (reported, REPORTED))
    ]
    return Asked(tables, settings or Settings(H))


def fired(asked: Asked, name: str, *, enough: bool = True) -> list[dict[str, Any]]:
    """What one case found, by month."""
    rows = [row for row in asked.of(name).rows.to_pylist() if row["enough"] is enough]
    return sorted(rows, key=lambda row: (row["period"], row["dept_code"], row["object_code"]))
