"""Indicators fed by systems, each by a case that finance can read (system_cases.yaml): lines go in, the value comes out."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.catalog import catalog, load_yaml
from core.indicators.define import indicators
from core.indicators.rows import fact_rows
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore

CASES: dict[str, Any] = load_yaml(Path(__file__).parent / "system_cases.yaml")


def cell(kind: str, value: Any) -> Any:
    """A value of the case file as it is stored."""
    if value is None or kind in ("code", "text", "choice", "flag"):
        return value
    if kind == "time":
        return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return value if isinstance(value, date) else Decimal(str(value))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = FakeStore(tmp_path_factory.mktemp("systems"))
    store.put("dept", [dict(zip(("dept_code", "dept_name", "dept_class", "care_setting"), one, strict=True))
                       for one in CASES["departments"]])  # fmt: skip
    for extract, held in CASES["lines"].items():
        columns = [(name, catalog().extracts[extract].column(name).type) for name in held["columns"]]
        store.put(extract, [
            {"period": period} | {name: cell(kind, value) for (name, kind), value in zip(columns, row, strict=True)}
            for period, rows in held.items() if period != "columns" for row in rows
        ])  # fmt: skip
    opened = open_warehouse(store)
    for period in opened.periods("H1"):
        opened.ensure("H1", period)
    return opened


@pytest.fixture(scope="module")
def values(warehouse: Warehouse) -> Mapping[tuple[str, str, str], tuple[Decimal | None, str | None]]:
    rows = warehouse.query(
        "select indicator, caliber, span, value, reason from mart_indicator where dept_code = '*' and period = 202503"
    )
    return {(code, caliber, span): (value, reason) for code, caliber, span, value, reason in rows}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: f"{c['code']} {c.get('caliber', '')}".strip())
def test_the_value_is_what_the_case_says(
    case: Mapping[str, Any], values: Mapping[tuple[str, str, str], tuple[Decimal | None, str | None]]
) -> None:
    found = values[case["code"], case.get("caliber", "main"), case.get("span", "month")]
    assert found == (D(case["value"]), None), case["says"]


@pytest.mark.parametrize("metric", CASES["metrics"])
def test_metrics_without_an_indicator_are_stated_too(warehouse: Warehouse, metric: str) -> None:
    wanted = CASES["metrics"][metric]
    facts = dict(
        warehouse.query(
            "select fact, amount from mart_indicator_fact where level = 'hospital' and period = 202503"
        )
    )
    assert [facts[metric], facts[f"{metric}/of"]] == [D(text) for text in wanted["value"]], wanted["says"]


def test_a_roster_holds_until_the_next_one(warehouse: Warehouse) -> None:
    sql = "select period, amount from mart_indicator_fact where level = 'hospital' and fact = 'headcount' order by 1"
    assert warehouse.query(sql) == [(202502, 6), (202503, 6)]


def test_rows_of_a_fact_are_those_of_the_system_that_states_it(
    warehouse: Warehouse,
) -> None:
    visits = fact_rows(warehouse, "H1", (202503,), "visit_time", None, 10)
    assert ({row.extract for row in visits.rows}, visits.total, visits.amount) == ({"visit"}, 3, 270)
    assert fact_rows(warehouse, "H1", (202503,), "it_spend", None, 10).total == 1
    balances = fact_rows(warehouse, "H1", (202503,), "debt_ratio/of", None, 10)
    assert (balances.total, balances.amount) == (4, 100_000)


def test_departments_have_their_own_figures(warehouse: Warehouse) -> None:
    sql = "select dept_code, indicator, value from mart_indicator where period = 202503 and span = 'month' and level = 'department'"
    found = {(dept, code): value for dept, code, value in warehouse.query(sql)}
    assert found["0401", "P25"] == 1 and found["0402", "P25"] == 0  # each department counts its own patients
    assert found["0401", "P17"] == 1 and found["0302", "P29"] == D("1.5")
    assert found["0401", "L10"] == 1 and found["0101", "L10"] == 1


def test_what_comes_after_the_quarter_s_end_waits_for_it(warehouse: Warehouse) -> None:
    """Training of a quarter counts for its last month, and only once that month has people."""
    months = warehouse.query("select distinct period from mart_indicator_fact where fact = 'training'")
    assert months == [(202503,)]
    assert 202601 not in {p for (p,) in warehouse.query("select distinct period from mart_indicator_fact")}


def test_an_indicator_names_the_systems_that_can_state_it() -> None:
    assert indicators()["C05"].caliber().needs() == ("operation_value",)
    assert indicators()["C05"].caliber().systems() == ("visit",)
    assert indicators()["F26"].caliber().systems() == ("energy", "balance")
    fed = {one.code for one in indicators().values() if one.caliber().systems()}
    cases = {case["code"] for case in CASES["cases"]}
    # C15 and L06 are counted from visits and the roster only where the monthly workbooks are missing
    assert cases - {"C15", "L06"} <= fed and {"F29", "L01", "P17", "P25", "P29"} <= fed
