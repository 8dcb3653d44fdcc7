"""Measures against figures worked out by hand on the small hospital."""

from decimal import Decimal

import pytest

from core.measures import budget_leaves, budget_of, by_department, measure, measures, values
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
