"""The oncology case of the scheme as rows of extracts: baseline 2020, a month between, targets reached; golden scores."""

import json
from typing import Any

import pytest

from core.indicators.card import card
from core.indicators.define import indicators
from core.indicators.targets import strategies
from core.settings import Settings
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore

# What the case prints: drug share 38 -> 30 %, stay 12 -> 9 days, satisfaction 85 -> 90 points, consumables 72 -> 65 yuan,
# refusals 4 -> 2 %, readmissions 8 -> 5 %, pathways 75 -> 90 %, stock 30 -> 10 days; in the months of the case:
MONTHS: dict[int, dict[str, str]] = {
    202012: {"F01": "38", "P01": "12", "C01": "85", "F03": "72", "C07": "4", "C13": "8", "P05": "75", "P19": "30"},
    202306: {"F01": "33", "P01": "10.5", "C01": "92", "F03": "68.5", "C07": "3", "C13": "6.5", "P05": "84", "P19": "20"},
    202512: {"F01": "30", "P01": "9", "C01": "90", "F03": "65", "C07": "2", "C13": "5", "P05": "90", "P19": "10"},
}  # fmt: skip
METRICS = {"C01": "satisfaction", "C07": "claims_refused", "C13": "readmissions", "P05": "pathway_entry"}
HELD = Settings("H1", other={"targets": [one.data() for one in strategies()[0].targets]})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = FakeStore(tmp_path_factory.mktemp("case"))
    store.put(
        "dept",
        [
            {
                "dept_code": "0401",
                "dept_name": "肿瘤内科",
                "dept_class": "clinical",
                "care_setting": "inpatient",
            }
        ],
    )
    store.put("cost_item", [{"item_code": "m", "item_name": "m", "item_class": "materials"}])
    for period, case in MONTHS.items():
        at = {"period": period, "dept_code": "0401"}
        # of 100 000 yuan of income, 40 000 are medical services; consumables are counted against these
        drugs, materials = 1000 * D(case["F01"]), 400 * D(case["F03"])
        store.put("income", [
            {"period": period, "order_code": "0401", "exec_code": "0401", "charge_class": kind, "amount": yuan}
            for kind, yuan in (("drugs", drugs), ("surgery", D("40000")), ("other", D("60000") - drugs))
        ])  # fmt: skip
        store.put("ledger_cost", [at | {"item_code": "m", "fund_source": "own", "amount": materials}])
        store.put("workload_ip", [at | {"discharges": 10, "discharged_days": 10 * D(case["P01"])}])
        rows: list[dict[str, Any]] = [
            {"period": period, "metric": name, "numerator": D(case[code]), "denominator": D("100")}
            for code, name in METRICS.items()
        ]
        days = 31 if period != 202306 else 30
        rows += [
            {
                "period": period,
                "metric": "stock_turnover",
                "numerator": D(days),
                "denominator": D(case["P19"]),
            }
        ]
        store.put("operation_value", rows, source="ops")
    store.record(
        "settings", key="targets", json=json.dumps([one.data() for one in strategies()[0].targets]), by="x"
    )
    opened = open_warehouse(store)
    for period in MONTHS:
        opened.ensure("H1", period)
    return opened


def scores(warehouse: Warehouse, period: int) -> dict[str, Any]:
    found = card(warehouse, HELD, "H1", period)
    return {line.indicator: line.score for line in found.lines() if line.indicator in MONTHS[period]}


def test_the_baseline_of_2020_scores_60_and_the_targets_100(warehouse: Warehouse) -> None:
    assert scores(warehouse, 202012) == dict.fromkeys(MONTHS[202012], 60)
    assert scores(warehouse, 202512) == dict.fromkeys(MONTHS[202512], 100)


def test_the_months_between_give_the_golden_scores(warehouse: Warehouse) -> None:
    """38 -> 30 at 33 is 85; 12 -> 9 at 10.5 is 80; 85 -> 90 at 92 is 116 (domain 2.1)."""
    found = scores(warehouse, 202306)
    assert (found["F01"], found["P01"], found["C01"]) == (85, 80, 116)
    assert (found["F03"], found["C07"], found["C13"], found["P05"], found["P19"]) == (80, 80, 80, 84, 80)


def test_consumables_of_the_case_are_held_against_medical_service_income(warehouse: Warehouse) -> None:
    lines = {line.indicator: line for line in card(warehouse, HELD, "H1", 202306).lines()}
    assert (lines["F03"].caliber, lines["F03"].value) == ("service", D("68.5"))
    assert indicators()["F03"].formula("zh", "service").endswith("卫生材料费 ÷ 医疗服务收入 × 100")
    main = warehouse.query(
        "select value, score from mart_indicator where indicator = 'F03' and caliber = 'main' and period = 202306 "
        "and span = 'month' and dept_code = '*'"
    )
    assert main == [(D("27.4"), None)]
