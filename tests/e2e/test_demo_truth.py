"""The messy demo workbooks, through the whole intake, against what the generator meant: equal to the fen."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from core.demo import truth
from core.store import Store
from core.warehouse import Warehouse, open_warehouse

# extract -> (staging view, measures that must agree month by month)
VIEWS = {
    "ledger_cost": ("stg_cost", ("amount",)),
    "income": ("stg_income", ("amount",)),
    "workload_op": ("stg_workload", ("visits",)),
    "workload_ip": ("stg_workload", ("discharges", "bed_days", "open_bed_days")),
    "internal_service": ("stg_internal_service", ("quantity",)),
    "staff_count": ("stg_staff", ("headcount",)),
    "budget": ("stg_budget", ("amount",)),
    "payroll": ("stg_payroll", ("amount",)),
    "train": ("stg_train", ("hours",)),
    "balance": ("stg_balance", ("debit", "credit")),
    "visit": ("stg_visit", ("amount",)),
}


@pytest.fixture(scope="module")
def warehouse(demo_data: Path) -> Warehouse:
    return open_warehouse(Store(demo_data))


@pytest.fixture(scope="module")
def meant() -> dict[str, pa.Table]:
    return truth()


@pytest.mark.parametrize("extract", sorted(VIEWS))
def test_months_agree_with_what_was_meant(
    extract: str, warehouse: Warehouse, meant: dict[str, pa.Table]
) -> None:
    view, measures = VIEWS[extract]
    for measure in measures:
        expected: dict[int, Any] = defaultdict(Decimal)
        rows = zip(meant[extract]["period"].to_pylist(), meant[extract][measure].to_pylist(), strict=True)
        for period, value in rows:
            expected[period] += Decimal(value or 0)
        found = dict(
            warehouse.query(
                f"select period, sum({measure}) from {view} where {measure} is not null group by period"
            )
        )
        assert {p: Decimal(v) for p, v in found.items()} == dict(expected), measure


def test_no_row_of_the_demo_is_lost(warehouse: Warehouse, meant: dict[str, pa.Table]) -> None:
    counted = {
        "dept": "stg_dept", "cost_item": "stg_item", "ledger_cost": "stg_cost", "income": "stg_income", "budget": "stg_budget",
        "operation_value": "stg_operation_value", "commit": "stg_commit",
        "employee": "stg_employee", "price": "stg_price", "order": "stg_order", "lab_exam": "stg_lab_exam",
    }  # fmt: skip
    for extract, view in counted.items():
        assert warehouse.query(f"select count(*) from {view}") == [(meant[extract].num_rows,)], extract


def test_the_only_money_without_a_department_is_the_planted_one(warehouse: Warehouse) -> None:
    rows = warehouse.query("select distinct value from stg_unmapped where what = 'dept' order by 1")
    # In one of the files its code has lost the leading zero.
    assert {value.split(" ", 1)[0].lstrip("0") for (value,) in rows} == {"532"}
    assert warehouse.query("select count(*) from stg_unmapped where what = 'refused'") == [(0,)]


def test_every_month_proves_itself(warehouse: Warehouse) -> None:
    hospital = warehouse.hospitals()[0]
    assert len(warehouse.periods(hospital)) == 36 and not warehouse.missing(hospital)
    assert warehouse.query("select count(*), count(*) filter (where ok) from mart_allocation_check") == [
        (180, 180)
    ]


def test_operation_values_mean_what_was_reported(warehouse: Warehouse, meant: dict[str, pa.Table]) -> None:
    expected: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in (
        meant["operation_value"].select(["period", "metric", "numerator", "denominator", "value"]).to_pylist()
    ):
        held = expected[row["period"], row["metric"]]
        held[0] += row["value"] if row["numerator"] is None else row["numerator"]
        held[1] += row["denominator"] or 0
    found = warehouse.query(
        "select period, metric, sum(numerator), coalesce(sum(denominator), 0) from stg_operation_value group by all"
    )
    assert {(p, m): [a, b] for p, m, a, b in found} == dict(expected)
    assert warehouse.query("select distinct stated from stg_operation_value order by 1") == [
        ("sums",),
        ("value",),
    ]
