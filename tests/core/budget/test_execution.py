"""Execution of a small hospital by hand; versions, adjustment rate and the expected year-end."""

from pathlib import Path

import pytest

from core.budget.execution import execution
from core.budget.versions import adjustments, versions
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, fill

STAFF = {"item_code": "6001", "version": "年初预算"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Two months; 0401 spends 200,000 a month of a budget of 180,000, 0402 150,000 of 175,000; 790,000 in all."""
    store = fill(FakeStore(tmp_path), 202501, 202502)
    store.put("budget", [], periods=[202501, 202502])
    lines = [
        {"period": 202500, "dept_code": d, **STAFF, "amount": D(a)}
        for d, a in (("0401", "2160000.00"), ("0402", "2100000.00"))
    ]
    store.put("budget", lines, source="cost")
    income = {
        "period": 202500,
        "dept_code": "0402",
        "item_name": "药品收入",
        "direction": "income",
        "version": "年初预算",
    }
    store.put("budget", [{**income, "amount": D("480000.00")}], source="income")
    changed = {"period": 202500, "dept_code": "0401", "item_code": "6001", "version": "年中调整"}
    store.put("budget", [{**changed, "amount": D("2400000.00")}], source="adjusted")
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    opened.ensure("H1", 202502)
    return opened


def test_sums_by_department_and_what_hurts(warehouse: Warehouse) -> None:
    found = execution(warehouse, "H1", 202502)
    assert (found.total.annual, found.total.planned) == (D("4500000.00"), D("750000.00"))
    # the other six departments spend without a budget: 2 x (790,000 - 350,000 + 0.01)
    assert (found.total.spent, found.total.unplanned) == (D("1580000.02"), D("880000.02"))
    by = {part.dept.code: part.sums for part in found.depts if part.dept}
    assert (by["0401"].gap, by["0402"].gap, by["0402"].hurts) == (0, D("-50000.00"), 0)
    assert by["0402"].rate == D("300000.00") / D("2100000.00")
    assert by["0101"].rate is None and by["0101"].spent == D("200000.02")
    one = execution(warehouse, "H1", 202502, dept="0402")
    assert one.total.annual == D("2100000.00") and one.time == D(2) / 12
    assert one.ahead == one.total.rate - D(2) / 12 if one.total.rate else False
    assert one.heat[("0402", 202501)] == D("-25000.00") / D("175000.00")
    assert [period for period, _ in one.months] == [202501, 202502]
    assert execution(warehouse, "H1", 202502, item="drugs").empty
    assert execution(warehouse, "H1", 202502, dept_class="admin").empty


def test_income_below_its_budget_hurts(warehouse: Warehouse) -> None:
    found = execution(warehouse, "H1", 202502, "income", item="drugs")
    # 30,000 a month came in at 0402 of 40,000 planned
    by = {part.dept.code: part.sums for part in found.depts if part.dept}
    assert (by["0402"].gap, by["0402"].hurts) == (D("-20000.00"), D("20000.00"))
    assert found.depts[0].dept is not None and found.depts[0].dept.code == "0402"


def test_a_gap_in_the_year_is_named(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202502)
    store.put("budget", [{"period": 202500, "dept_code": "0401", **STAFF, "amount": D("12.00")}])
    opened = open_warehouse(store)
    opened.ensure("H1", 202502)
    found = execution(opened, "H1", 202502)
    assert found.missing == (202501,) and found.total.spent is None and found.landing is None


def test_versions_and_the_adjustment_rate(warehouse: Warehouse) -> None:
    assert [(v.name, v.cost, v.income, v.in_force < v.lines) for v in versions(warehouse, "H1", 2025)] == [
        ("年初预算", D("4260000.00"), D("480000.00"), True),
        ("年中调整", D("2400000.00"), 0, False),
    ]
    found = adjustments(warehouse, "H1", 2025)
    assert (found.original, found.adjusted) == (D("4260000.00"), D("4500000.00"))
    assert found.rate == D("240000.00") / D("4260000.00") and found.share == D("0.5")
    assert [(line.dept, line.difference) for line in found.lines] == [("0401", D("240000.00"))]
    assert adjustments(warehouse, "H1", 2025, "income").rate is None
