"""stg_operation_value: what a workbook of operation values says, as numerator, denominator and where they come from."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.staging import open_staging
from tests.small import D, FakeStore, fill


def value(metric: str, dept: str = "", **more: Any) -> dict[str, Any]:
    return {"period": 202501, "dept_code": dept, "metric": metric} | {
        key: D(item) if key in ("numerator", "denominator", "value") else item for key, item in more.items()
    }


def opened(tmp_path: Path, *rows: dict[str, Any]) -> Any:
    store = fill(FakeStore(tmp_path), 202501)
    store.put("operation_value", rows, source="ops", file="ops.xlsx")
    return open_staging(store, store.snapshot())


COLUMNS = "dept_code, metric, numerator, denominator, stated"


@pytest.mark.parametrize(
    ("given", "numerator", "denominator", "stated"),
    [
        ({"metric": "claims_refused", "numerator": "120", "denominator": "1000"}, "120", "1000", "sums"),
        ({"metric": "claims_refused", "value": "85.3"}, "85.3", "100", "percent"),
        ({"metric": "claims_refused", "value": "0.853"}, "0.853", "1", "fraction"),
        ({"metric": "claims_refused", "value": "0.8", "unit": "%"}, "0.8", "100", "percent"),
        ({"metric": "specimens_lost", "value": "0.5"}, "0.5", "100", "percent"),
        ({"metric": "specimens_lost", "value": "0.03"}, "0.03", "1", "fraction"),
        ({"metric": "low_risk_deaths", "value": "0.02"}, "0.02", "100", "percent"),
        ({"metric": "satisfaction", "value": "86"}, "86", "100", "value"),
        ({"metric": "satisfaction", "numerator": "4300", "denominator": "5000"}, "4300", "5000", "sums"),
        ({"metric": "emr_level", "value": "6"}, "6", "1", "value"),
        ({"metric": "lab_turnaround", "value": "1.5"}, "1.5", "1", "value"),
        ({"metric": "medication_errors", "value": "2.4"}, "2.4", "10000", "value"),
        ({"metric": "complaints", "numerator": "7"}, "7", None, "value"),
        ({"metric": "energy_cost", "value": "12.5", "unit": "万元"}, "125000", None, "value"),
        ({"metric": "energy_cost", "value": "12.5"}, "12.5", None, "value"),
    ],
)
def test_what_a_value_means(
    tmp_path: Path, given: dict[str, str], numerator: str, denominator: str | None, stated: str
) -> None:
    staging = opened(tmp_path, value(**given))
    rows = staging.query("select numerator, denominator, stated from stg_operation_value")
    assert rows == [(D(numerator), denominator and D(denominator), stated)]


def test_one_value_above_one_makes_a_files_values_percentages(tmp_path: Path) -> None:
    staging = opened(
        tmp_path, value("claims_refused", "0401", value="0.8"), value("claims_refused", "0402", value="12")
    )
    rows = staging.query(f"select {COLUMNS} from stg_operation_value order by 1")
    assert rows == [
        ("0401", "claims_refused", D("0.8"), Decimal(100), "percent"),
        ("0402", "claims_refused", D("12"), Decimal(100), "percent"),
    ]


def test_blank_or_the_word_for_all_is_the_hospital_and_a_strange_department_stays_visible(
    tmp_path: Path,
) -> None:
    staging = opened(
        tmp_path,
        value("complaints", value="7"),
        value("complaints", dept_name="全院", value="8"),
        value("complaints", dept_name="海外部", value="9"),
        value("complaints", "0401", value="3"),
    )
    rows = staging.query("select dept_code, dept_class, numerator from stg_operation_value order by _row")
    assert rows == [
        ("*", "hospital", 7),
        ("*", "hospital", 8),
        (None, "unmapped", 9),
        ("0401", "clinical", 3),
    ]
    unmapped = "select what, value from stg_unmapped where extract = 'operation_value'"
    assert staging.query(unmapped) == [("dept", " 海外部")]


def test_an_object_is_found_by_its_code_else_by_its_name(tmp_path: Path) -> None:
    staging = opened(
        tmp_path,
        value("device_health", object_code="CT-2", object_name="双源CT", value="86"),
        value("device_health", object_name="PET-CT", value="92"),
    )
    rows = staging.query("select object_code, object_name from stg_operation_value order by _row")
    assert rows == [("CT-2", "双源CT"), ("PET-CT", "PET-CT")]
