"""Execution of a small hospital by hand; versions, adjustment rate and the expected year-end."""

import json
from pathlib import Path

import pytest

from core.budget.execution import execution
from core.budget.history import history
from core.budget.versions import adjustments, versions
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, fill, income

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


def test_a_department_that_ordered_nothing_in_a_loaded_month_has_no_gap(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501, 202502)
    store.put("income", [line for line in income(202502) if line["order_code"] != "0402"], periods=[202502])
    plan = {
        "period": 202500,
        "dept_code": "0402",
        "item_name": "药品收入",
        "direction": "income",
        "amount": D("480000.00"),
    }
    store.put("budget", [plan], source="income")
    opened = open_warehouse(store)
    for period in (202501, 202502):
        opened.ensure("H1", period)
    for choice in ({"dept": "0402"}, {"dept": "0402", "item": "drugs"}, {"item": "herbs"}):
        found = execution(opened, "H1", 202502, "income", **choice)
        assert found.missing == () and found.landing is not None
    assert history(opened, "H1", "income", frozenset(["0402"]), "drugs") == {202501: D("30000.00"), 202502: 0}
    found = execution(opened, "H1", 202502, "income", dept="0402", item="drugs")
    assert (found.total.spent, found.total.planned) == (D("30000.00"), D("80000.00"))


def test_a_budget_of_three_months_is_held_against_these_months_only(tmp_path: Path) -> None:
    opened = open_warehouse(fill(FakeStore(tmp_path), 202501, 202502, 202503))
    for period in (202501, 202502, 202503):
        opened.ensure("H1", period)
    found = execution(opened, "H1", 202503)
    assert (found.partial, found.empty, found.total.covered) == (True, False, 3)
    assert (found.total.annual, found.total.rate, found.ahead) == (None, None, None)
    # 190,000 and 160,000 a month were planned; six departments spent 3 x 440,000.01 that nobody planned
    assert (found.total.planned, found.total.unplanned) == (D("1050000.00"), D("1320000.03"))
    assert found.landing is not None and found.landing.rate is None


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


def test_two_lines_of_one_item_are_both_the_original(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    line = {"period": 202501, "dept_code": "0401", "item_code": "6001"}
    store.put("budget", [{**line, "amount": D(a), "version": "v0"} for a in ("600000.00", "400000.00")])
    other = {**line, "dept_code": "0402", "amount": D("110000.00"), "version": "v0"}
    store.put("budget", [other], source="b")
    store.put("budget", [{**other, "amount": D("119900.00"), "version": "v1"}], source="c")
    found = adjustments(open_warehouse(store), "H1", 2025)
    assert (found.original, found.adjusted) == (D("1110000.00"), D("1119900.00"))
    assert found.rate == D("9900.00") / D("1110000.00") and found.share == D("0.5")


def test_a_breakdown_in_force_is_adjusted_from_the_budget_it_replaced(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501)
    store.put("budget", [], periods=[202501])
    names = (("6001", "基本工资"), ("6003", "绩效奖金"))
    store.put("cost_item", [{"item_code": c, "item_name": n, "item_class": "staff"} for c, n in names])
    line = {"period": 202501, "dept_code": "0401"}
    first = [
        {**line, "item_name": i, "amount": D(a)} for i, a in (("基本工资", "120.00"), ("绩效奖金", "60.00"))
    ]
    store.put("budget", first)
    target = [
        {**line, "item_name": i, "version": "目标", "amount": D(a)}
        for i, a in (("人员经费", "189.00"), ("药品费", "0"))
    ]
    store.put("budget", target, source="目标 V1")
    store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": "目标"}}))
    found = adjustments(open_warehouse(store), "H1", 2025)
    assert (found.original, found.adjusted, found.rate) == (D("180.00"), D("189.00"), D("0.05"))
