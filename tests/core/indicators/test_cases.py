"""Each indicator by a case that finance can read (indicator_cases.yaml): the rows go in, the value must come out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.catalog import load_yaml
from core.indicators.define import indicators
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore

CASES: dict[str, Any] = load_yaml(Path(__file__).parent / "indicator_cases.yaml")


def build(store: FakeStore) -> FakeStore:
    """The small hospital of the case file, with everything the cases report."""
    made = CASES["hospital"]
    store.put("dept", [dict(zip(("dept_code", "dept_name", "dept_class", "care_setting"), one, strict=True))
                       for one in made["departments"]])  # fmt: skip
    store.put("cost_item", [{"item_code": c, "item_name": c, "item_class": c}
                            for c in ("staff", "materials", "drugs", "depreciation")])  # fmt: skip
    for period in (202401, 202501):
        at = {"period": period}
        store.put("ledger_cost", [
            at | {"dept_code": dept, "item_code": item, "fund_source": "own", "amount": Decimal(yuan)}
            for dept, items in made["cost"][period].items() for item, yuan in items.items()
        ])  # fmt: skip
        store.put("income", [
            at | {"order_code": dept, "exec_code": dept, "charge_class": item, "amount": Decimal(yuan),
                  "patient_type": "inpatient" if dept == "0401" else "outpatient"}
            for dept, items in made["income"][period].items() for item, yuan in items.items()
        ])  # fmt: skip
        names = ("discharges", "bed_days", "discharged_days", "open_bed_days")
        *counts, beds = made["ward"][period]
        store.put("workload_op", [at | {"dept_code": "0402", "visits": made["visits"][period]}])
        store.put("workload_ip", [at | {"dept_code": "0401", **dict(zip(names, counts, strict=True)),
                                        "open_beds": Decimal(beds)}])  # fmt: skip
        store.put("staff_count", [
            at | dict(zip(("headcount", "doctors", "nurses"), map(Decimal, people), strict=True)) | {"dept_code": dept}
            for dept, people in made["staff"].items()
        ])  # fmt: skip
    store.put("budget", [
        {"period": 202501, "dept_code": dept, "item_code": "staff", "version": version, "amount": Decimal(yuan)}
        for dept, plan in made["budget"][202501].items() for version, yuan in zip(("v0", "v1"), plan, strict=True)
    ])  # fmt: skip
    store.put("operation_value", list(_reported()), source="ops")
    for case in CASES["cases"]:
        if "slots" in case:
            good, bad = case["slots"]
            store.record("slots", extract="income", period=202501, source="HIS", rows=good, refused_rows=bad)
    return store


def _reported() -> Iterator[dict[str, Any]]:
    for case in CASES["cases"]:
        for period, key in ((202501, "rows"), (202401, "before")):
            for metric, numbers in case.get(key, {}).items():
                yield _line(period, metric, "", numbers)
        for metric, objects in case.get("objects", {}).items():
            for name, numbers in objects.items():
                yield _line(202501, metric, name, numbers)


def _line(period: int, metric: str, name: str, numbers: list[int]) -> dict[str, Any]:
    top, bottom = (*map(Decimal, numbers), None)[:2]
    return {"period": period, "metric": metric, "object_name": name, "numerator": top, "denominator": bottom}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    opened = open_warehouse(build(FakeStore(tmp_path_factory.mktemp("cases"))))
    for period in (202401, 202501):
        opened.ensure("H1", period)
    return opened


@pytest.fixture(scope="module")
def values(warehouse: Warehouse) -> Mapping[tuple[str, str], tuple[Decimal | None, str | None]]:
    rows = warehouse.query(
        "select indicator, caliber, value, reason from mart_indicator where dept_code = '*' and period = 202501 "
        "and span = 'month'"
    )
    return {(code, caliber): (value, reason) for code, caliber, value, reason in rows}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: f"{c['code']} {c.get('caliber', '')}".strip())
def test_the_value_is_what_the_case_says(
    case: Mapping[str, Any], values: Mapping[tuple[str, str], tuple[Decimal | None, str | None]]
) -> None:
    value, reason = values[case["code"], case.get("caliber", "main")]
    assert (value, reason) == (D(case["value"]), None), case["says"]


def test_every_indicator_and_caliber_has_a_case() -> None:
    listed = [(case["code"], case.get("caliber", "main")) for case in CASES["cases"]]
    assert sorted(listed) == sorted((one.code, c.name) for one in indicators().values() for c in one.calibers)


def test_a_second_hospital_month_without_a_year_before_has_no_growth(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select indicator, value, reason from mart_indicator where dept_code = '*' and period = 202401 "
        "and span = 'month' and indicator in ('F32', 'F33', 'P36') and caliber = 'main' order by 1"
    )
    assert rows == [("F32", None, "before"), ("F33", None, "before"), ("P36", None, "before")]
