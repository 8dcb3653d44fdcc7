"""The rows behind an indicator: for every fact of the case file, they add up to what was put into the formula."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.indicators.define import indicators
from core.indicators.rows import fact_rows, months_of, puts
from core.warehouse import Warehouse, open_warehouse
from tests.core.indicators.test_cases import build
from tests.small import D, FakeStore

# Rows that are no summands: all versions of a budget, stock values (times days), and bookings that reached a full cost
# by allocation, of which the first origins are shown.
OTHERWISE = {
    "budget_changed",
    "budget_items",
    "budget_items_changed",
    "stock_days",
    "full_outpatient",
    "full_inpatient",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    opened = open_warehouse(build(FakeStore(tmp_path_factory.mktemp("rows"))))
    for period in (202401, 202501):
        opened.ensure("H1", period)
    return opened


def test_rows_of_every_fact_add_up_to_it(warehouse: Warehouse) -> None:
    held = dict(
        warehouse.query(
            "select fact, amount from mart_indicator_fact where period = 202501 and dept_code = '*'"
        )
    )
    assert len(held) > 150
    for fact, amount in held.items():
        found = fact_rows(warehouse, "H1", (202501,), fact, None, 50)
        assert found.total and (found.amount == amount or fact in OTHERWISE), fact


def test_every_row_says_where_it_stands(warehouse: Warehouse) -> None:
    for fact in ("income_drugs", "visits", "satisfaction", "cost_fixed", "budget_original"):
        row = fact_rows(warehouse, "H1", (202501,), fact, None, 5).rows[0]
        assert (row.file, row.sheet) == ("book.xlsx", "Sheet1") and row.row >= 2, fact


def test_a_department_has_its_own_rows_only(warehouse: Warehouse) -> None:
    found = fact_rows(warehouse, "H1", (202501,), "income_drugs", ["0402"], 50)
    assert {row.dept_code for row in found.rows} == {"0402"} and found.amount == 1500


def test_what_was_put_in_is_told_part_by_part(warehouse: Warehouse) -> None:
    share, growth = indicators()["F02"].caliber(), indicators()["F15"].caliber()
    assert [(one.fact.name, one.amount, one.before) for one in puts(warehouse, "H1", share, "*", "month", 202501)] == [
        ("income_drugs", 4000, None), ("income_herbs", 600, None), ("income", 12000, None),
    ]  # fmt: skip
    assert [(one.amount, one.before) for one in puts(warehouse, "H1", growth, "*", "month", 202501)] == [
        (3000, 2000),
        (100, 80),
    ]


def test_months_of_a_span() -> None:
    assert months_of("quarter", 202506) == (202504, 202505, 202506)
    assert months_of("ytd", 202503) == (202501, 202502, 202503)
    assert len(months_of("year", 202512)) == 12 and months_of("month", 202501) == (202501,)


def test_objects_are_rows_and_a_line_for_them_all_stands_for_their_sum(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    store.put("operation_value", [
        {"period": 202501, "metric": "device_hours", "object_name": name, "numerator": D(n), "denominator": D("100")}
        for name, n in (("CT", "60"), ("MRI", "70"))
    ] + [{"period": 202502, "metric": "device_hours", "object_name": name, "numerator": D(n), "denominator": D("200")}
         for name, n in (("", "150"), ("CT", "60"))])  # fmt: skip
    opened = open_warehouse(store)
    january = fact_rows(opened, "H1", (202501,), "device_hours", None, 9)
    assert ({row.what for row in january.rows}, january.amount) == ({"CT", "MRI"}, 130)
    february = fact_rows(opened, "H1", (202502,), "device_hours", None, 9)
    assert [(row.what, row.amount) for row in february.rows] == [("", Decimal(150))]
    assert indicators()["P16"].caliber().facts() == ("device_hours", "device_hours/of")
