"""All rules over all months of a hospital, set-wise: one query per case over four small tables lent to the engine.

    found = evaluate(warehouse, hospital, settings) -> Found
        .rows      Arrow table, one row per case, unit and month that fired (`last`: the newest month of a cause)
        .tested    {case: Tested(tested, short)}      how many were tested, how many on too small a base

Money is exact; ratios are rounded to eight places. Months whose results are not computed yet are not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core import engine
from core.alerts.kinds import TOLD, case_sql
from core.alerts.rules import Case, Definition, definition
from core.parameters import timeline
from core.settings import Settings
from core.warehouse import Warehouse

SPECIALTIES = "specialties"  # settings key: {dept_code: specialty}
_NUMBER = pa.decimal128(38, 8)


@dataclass(frozen=True, slots=True)
class Tested:
    """How many units and months a case looked at, and how many of them had too small a base."""

    tested: int
    short: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules found. `periods`: the months that were tested; `newest`: the last of them with hospital figures.

    An operation value may be dated far ahead (a project's year); it does not make the months before it old.
    """

    rows: pa.Table
    tested: Mapping[str, Tested]
    periods: tuple[int, ...]
    newest: int = 0


SCHEMA = pa.schema(
    [
        ("name", pa.string()), ("period", pa.int32()), ("dept_code", pa.string()), ("dept_name", pa.string()),
        ("object_code", pa.string()), ("object_name", pa.string()),
        *((letter, _NUMBER) for letter in "abcde"),
        ("actual", _NUMBER), ("line", _NUMBER), ("limit_value", _NUMBER), ("level", pa.int32()),
        ("since", pa.int32()), ("last", pa.bool_()), ("enough", pa.bool_()),
    ]
)  # fmt: skip


def evaluate(
    warehouse: Warehouse, hospital: str, settings: Settings, made: Definition | None = None
) -> Found:
    """Every case of every rule over every month with results."""
    return of_tables(
        warehouse.connection,
        warehouse.arrow(_MONTHS, (hospital,)),
        warehouse.arrow("select * from mart_budget_execution where hospital = ?", (hospital,)),
        warehouse.arrow(_REPORTED, (hospital,)),
        settings,
        made,
    )


def of_tables(
    connection: engine.Connection,
    months: pa.Table,
    budget: pa.Table,
    reported: pa.Table,
    settings: Settings,
    made: Definition | None = None,
) -> Found:
    """The same over rows of mart_department_month, mart_budget_execution and operation values of one hospital."""
    made = made or definition()
    cases = [one for _, one in made.cases.values() if one.kind != "age"]
    periods = _periods(months, budget, reported)
    lent = {
        "months": _with_specialty(months, settings, made),
        "budget": _with_specialty(budget, settings, made),
        "reported": reported,
        "marks": marks(cases, settings, periods),
    }
    found: list[tuple[Any, ...]] = []
    tested: dict[str, Tested] = {}
    for case in cases:
        # Fetched as tuples: for queries this small, planning is what costs, and Arrow output plans twice.
        for row in engine.query(connection, case_sql(case), (), lent):
            if row[0]:
                found.append((case.name, *row))
            else:
                tested[case.name] = Tested(row[-2], row[-1])
    columns = list(zip(*found, strict=True)) or [()] * (1 + len(TOLD))
    named = dict(zip(("name", *TOLD), columns, strict=True))
    table = pa.table([pa.array(named[one.name], one.type) for one in SCHEMA], schema=SCHEMA)
    newest = max(_periods(months) or periods, default=0)
    return Found(table, tested, periods, newest)


_MONTHS = "select * exclude (hospital) from mart_department_month where hospital = ?"
_REPORTED = """
    select period, dept_code, dept_name, metric, object_code, object_name, numerator, denominator
    from stg_operation_value where hospital = ? and denominator is not null and dept_code is not null"""


def _periods(*tables: pa.Table) -> tuple[int, ...]:
    return tuple(sorted({period for table in tables for period in pc.unique(table["period"]).to_pylist()}))


def marks(cases: Iterable[Case], settings: Settings, periods: Iterable[int]) -> pa.Table:
    """The limits in force: one row per case and month; NULL where a parameter is not decided."""
    known: dict[str, list[Decimal | None]] = {}
    asked = tuple(periods)

    def dated(name: str) -> list[Decimal | None]:
        if name not in known:
            held = timeline(settings, name)
            known[name] = [next((h.value for h in reversed(held) if h.since <= p), None) for p in asked]
        return known[name]

    none: list[Decimal | None] = [None] * len(asked)
    columns: dict[str, list[object]] = {
        key: [] for key in ("name", "period", "l1", "l2", "way", "least", "months")
    }
    for case in cases:
        columns["name"] += [case.name] * len(asked)
        columns["period"] += asked
        columns["l1"] += dated(case.limits[0][0])
        columns["l2"] += dated(case.limits[1][0]) if len(case.limits) > 1 else none
        columns["way"] += dated(case.way) if case.way else none
        columns["least"] += dated(case.least) if case.least else none
        columns["months"] += dated("alert_min_months") if case.history else none
    number = pa.decimal128(18, 6)
    kinds = {"name": pa.string(), "period": pa.int32()}
    return pa.table({key: pa.array(values, kinds.get(key, number)) for key, values in columns.items()})


def specialty_of(code: str, name: str, settings: Settings, made: Definition | None = None) -> str:
    """The specialty of a department: what the hospital said, else by the words of its name, else ''."""
    said = settings.other.get(SPECIALTIES, {})
    if code in said:
        return str(said[code])
    lowered = name.lower()
    for one in (made or definition()).specialties:
        if any(word.lower() in lowered for word in one.words):
            return one.name
    return ""


def _with_specialty(table: pa.Table, settings: Settings, made: Definition) -> pa.Table:
    known: dict[tuple[str, str], str] = {}
    found = []
    for key in zip(table["dept_code"].to_pylist(), table["dept_name"].to_pylist(), strict=True):
        if key not in known:
            known[key] = specialty_of(key[0] or "", key[1] or "", settings, made)
        found.append(known[key])
    return table.append_column("specialty", pa.array(found, pa.string()))
