"""Measures against figures worked out by hand on the small hospital."""

from decimal import Decimal

import pytest

from core.measures import (
    Reason,
    budget_leaves,
    budget_of,
    by_department,
    loaded,
    measure,
    measures,
    reason,
    values,
)
from core.warehouse import Warehouse, open_warehouse
from tests.small import FakeStore, fill

MONTHS = (202501, 202502)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = fill(FakeStore(tmp_path_factory.mktemp("small")), *MONTHS)
    opened = open_warehouse(store)
    for period in MONTHS:
        opened.ensure("H1", period)
    return opened


def test_hospital_figures_by_hand(warehouse: Warehouse) -> None:
    names = [
        "income",
        "cost",
        "surplus",
        "drug_share",
        "cost_per_100",
        "materials_per_100",
        "visit_cost",
        "bed_day_cost",
    ]
    found = values(warehouse, "H1", MONTHS, names)[202501]
    # 30,000 ordered from the technical departments and 870,000 from the clinical ones
    assert found["income"] == Decimal("900000.00")
    assert found["cost"] == Decimal("790000.01")
    assert found["surplus"] == Decimal("109999.99")
    assert found["drug_share"] == Decimal(210000) / Decimal(900000)
    assert found["cost_per_100"] == Decimal("790000.01") * 100 / Decimal("900000.00")
    assert found["materials_per_100"] == 0
    assert found["visit_cost"] == Decimal("254161.32") / 1000
    assert found["bed_day_cost"] == (Decimal("344940.29") + Decimal("190898.40")) / 700


def test_scopes_and_departments(warehouse: Warehouse) -> None:
    business = values(warehouse, "H1", [202501], ["cost", "full_cost"], "business")[202501]
    assert business == {"cost": Decimal("640000.00"), "full_cost": Decimal("640000.00")}
    found = by_department(
        warehouse, "H1", [202501], ["income", "cost", "full_cost", "visit_cost", "unmapped_cost"]
    )
    assert found["0402"]["full_cost"] == Decimal("254161.32")
    assert found["0402"]["visit_cost"] == Decimal("254161.32") / 1000
    assert found["0401"]["visit_cost"] is None  # a ward has no visits: missing, never 0
    assert found["0101"]["cost"] == Decimal("100000.01")
    both = by_department(warehouse, "H1", MONTHS, ["income", "drug_share"])
    assert both["0401"] == {"income": Decimal("568000.00"), "drug_share": Decimal(180000) / Decimal(568000)}


def test_plans_follow_the_formula(warehouse: Warehouse) -> None:
    assert budget_leaves(["surplus"]) == ("budget_income", "budget_cost")
    sums = values(warehouse, "H1", [202501], ["budget_cost", "budget_income"])[202501]
    assert sums == {"budget_cost": Decimal("350000.00"), "budget_income": None}
    assert budget_of("cost", sums) == Decimal("350000.00")
    assert budget_of("surplus", sums) is None
    assert budget_of("surplus", {**sums, "budget_income": Decimal(400000)}) == Decimal("50000.00")


def test_months_without_data_are_missing_not_zero(warehouse: Warehouse) -> None:
    found = values(warehouse, "H1", [202412], ["income", "cost", "drug_share"])
    assert found == {202412: {"income": None, "cost": None, "drug_share": None}}


def test_formula_text_is_made_from_the_definition() -> None:
    assert measure("drug_share").formula("en") == "Drug share = Drug income ÷ Medical income"
    assert measure("drug_share").formula("zh") == "药占比 = 药品收入 ÷ 医疗收入"
    assert measure("cost_per_100").formula("en").endswith("= Cost ÷ Medical income × 100")
    assert measure("surplus").leaves() == ("income", "cost")


def test_every_measure_has_a_formula_and_existing_columns(warehouse: Warehouse) -> None:
    for name, one in measures().items():
        assert one.formula("zh") and one.formula("en")
        assert set(values(warehouse, "H1", [202501], [name])[202501]) == {name}


def test_shares_by_hand(warehouse: Warehouse) -> None:
    names = [
        "drug_share_no_herbs",
        "drugs_materials_share",
        "materials_share",
        "admin_rate",
        "visit_cost_net",
    ]
    found = values(warehouse, "H1", MONTHS, names)[202501]
    # drugs 90,000 + 30,000 + 80,000; herbs 10,000; consumables 60,000; income 900,000
    assert found["drug_share_no_herbs"] == Decimal(200000) / Decimal(890000)
    assert found["drugs_materials_share"] == Decimal(270000) / Decimal(900000)
    assert found["materials_share"] == Decimal(60000) / Decimal(900000)
    assert found["admin_rate"] == Decimal("150000.01") / Decimal("790000.01")
    assert found["visit_cost_net"] == Decimal("254161.32") / 1000


def test_what_a_scope_leaves_out_is_missing_with_its_reason(warehouse: Warehouse) -> None:
    found = values(warehouse, "H1", [202501], ["admin_rate", "budget_cost", "cost"], "business")[202501]
    assert found["admin_rate"] is None and found["budget_cost"] is None
    assert reason("admin_rate", found, "business") == Reason("scope", "cost_admin")


def test_reasons_name_what_is_missing(warehouse: Warehouse) -> None:
    held = loaded(warehouse, "H1", [202501, 202412])
    assert held[202412] == frozenset()
    assert {"income", "ledger_cost", "workload_op", "staff_count", "area"} <= held[202501]
    names = ("full_outpatient", "visits", "income", "income_drugs", "income_herbs")
    ward = values(warehouse, "H1", [202501], names, depts=["0401"])[202501]
    assert reason("visit_cost", ward, loaded=held[202501]) == Reason("not_here", "workload_op")
    assert reason("visit_cost", ward) == Reason("missing", "workload_op")
    assert reason("drug_share", {**ward, "income": Decimal(0)}) == Reason("zero", "income")
    assert reason("drug_share", ward) is None
