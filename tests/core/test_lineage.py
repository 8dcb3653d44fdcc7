"""From a full cost down to the ledger row and back, on the small hospital whose lineage table is published."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.lineage import explain, explain_full_cost, where_used
from core.scenario import Scenario
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, fill, ledger


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return open_warehouse(fill(FakeStore(tmp_path_factory.mktemp("small")), 202501))


def test_full_cost_by_origin_and_path_as_published(warehouse: Warehouse) -> None:
    found = explain_full_cost(warehouse, "H1", 202501, "0401", "medical", "staff")
    assert found.value == D("344940.29")
    paths: dict[str, Decimal] = {}
    for origin in found.origins:
        paths[origin.path] = paths.get(origin.path, D("0")) + origin.amount
    assert paths == {
        "C": D("200000.00"), "A>C": D("48128.35"), "X>C": D("7500.00"), "T>C": D("65333.34"),
        "A>X>C": D("2005.35"), "A>T>C": D("13101.59"), "X>T>C": D("7000.00"), "A>X>T>C": D("1871.66"),
    }  # fmt: skip
    assert sum(term.value or 0 for term in found.terms) == found.value
    assert found.formula.zh.startswith("全成本中的人员经费 =")


def test_an_origin_opens_down_to_file_sheet_and_row(warehouse: Warehouse) -> None:
    found = explain_full_cost(warehouse, "H1", 202501, "0401", "medical", "staff", origin="0101")
    # From A1 to C1 in the published table: 4 340 464 fen of 10 000 001
    assert found.value == found.rows_amount == D("43404.64")
    (row,) = found.rows
    assert (row.file, row.sheet, row.row, row.amount, row.part) == (
        "book.xlsx", "Sheet1", 2, D("100000.01"), D("43404.64"),
    )  # fmt: skip
    assert [crumb.kind for crumb in found.crumbs] == ["hospital", "period", "scope", "dept", "item", "origin"]


def test_parts_of_many_rows_add_up_with_red_entries(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    lines = [line for line in ledger() if line["dept_code"] != "0101"]
    split = [("0.03", "a"), ("-33.33", "b"), ("60000.31", "c"), ("40033.00", "d")]
    for amount, voucher in split:
        lines.append({**ledger()[0], "amount": D(amount), "voucher": voucher})
    store.put("ledger_cost", lines)
    opened = open_warehouse(store)
    found = explain_full_cost(opened, "H1", 202501, "0402", "medical", origin="0101")
    assert found.rows_total == 4
    assert found.rows_amount == found.value == sum(row.part or 0 for row in found.rows)
    assert next(row.part for row in found.rows if row.detail == "b") < 0


def test_where_a_ledger_row_went(warehouse: Warehouse) -> None:
    place = warehouse.rows("select _batch, _sheet, _row, _col from stg_cost where dept_code = '0102'")[0]
    usage = where_used(
        warehouse, "H1", 202501, place["_batch"], place["_sheet"], place["_row"], place["_col"]
    )
    by_dept: dict[str, Decimal] = {}
    for used in usage.used:
        by_dept[used.dept_code] = by_dept.get(used.dept_code, D("0")) + used.amount
    # From A2 in the published table
    assert by_dept == {"0401": D("21702.31"), "0402": D("15998.22"), "0403": D("12299.47")}
    with pytest.raises(LookupError):
        where_used(warehouse, "H1", 202501, place["_batch"], "Sheet1", 999)


def test_any_measure_shows_its_sums_and_rows(warehouse: Warehouse) -> None:
    found = explain(warehouse, "H1", 202501, "drug_share", leaf="income")
    assert [(term.name, term.value) for term in found.terms] == [
        ("income_drugs", D("210000.00")), ("income", D("900000.00")),
    ]  # fmt: skip
    assert (found.rows_total, found.rows_amount) == (14, D("900000.00"))
    drugs = explain(warehouse, "H1", 202501, "drug_share", limit=2)
    assert drugs.rows_amount == D("210000.00")
    assert {row.what for row in drugs.rows} == {"drugs"}
    assert [note.code for note in drugs.notes] == ["first_rows"]
    ward = explain(warehouse, "H1", 202501, "bed_occupancy", dept="0401", leaf="open_bed_days")
    assert (ward.value, ward.rows_amount) == (D("400") / D("620"), D("620.0000"))
    assert explain(warehouse, "H1", 202501, "area").rows_total == 8
    with pytest.raises(KeyError):
        explain(warehouse, "H1", 202501, "drug_share", leaf="cost")


def test_every_sum_opens_to_rows_that_add_up_to_it(warehouse: Warehouse) -> None:
    for name in ("cost", "cost_staff", "cost_admin", "income_executed", "income_outpatient", "income_laboratory",
                 "budget_cost", "visits", "discharges", "headcount"):  # fmt: skip
        found = explain(warehouse, "H1", 202501, name)
        assert found.rows_amount == found.value, name


def test_missing_parts_are_said(warehouse: Warehouse) -> None:
    found = explain(warehouse, "H1", 202501, "surplus", dept="0101")
    assert found.value is None
    assert ("missing", "income") in [(note.code, note.params.get("name")) for note in found.notes]


def test_a_what_if_explains_its_own_allocation(warehouse: Warehouse) -> None:
    scenario = Scenario(drivers={"technical": "workload"})
    changed = open_warehouse(warehouse.store, warehouse.snapshot, scenario)
    found = explain_full_cost(changed, "H1", 202501, "0401", "medical", "staff", origin="0301")
    assert found.value == found.rows_amount != D("37333.33")


def test_several_departments_together_open_down_to_their_rows(warehouse: Warehouse) -> None:
    # The two administrative departments of the published table booked 100,000.01 and 50,000.00.
    both = explain(warehouse, "H1", 202501, "cost", "medical", frozenset({"0101", "0102"}))
    assert both.value == both.rows_amount == D("150000.01")
    assert {row.dept_code for row in both.rows} == {"0101", "0102"} and both.rows_total == 2
    full = explain(warehouse, "H1", 202501, "full_cost", "medical", frozenset({"0401", "0402"}))
    each = [explain(warehouse, "H1", 202501, "full_cost", "medical", one).value for one in ("0401", "0402")]
    assert full.value == sum(one or 0 for one in each) == sum(o.amount for o in full.origins)
    assert explain(warehouse, "H1", 202501, "cost", "medical", frozenset()).rows == ()
