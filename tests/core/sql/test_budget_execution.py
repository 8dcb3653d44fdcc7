"""mart_budget_execution and the version in force: figures by hand on a small hospital."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.quality import checks
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, fill

CELL = {"dept_code": "0401", "item_code": "6001"}


def opened(store: FakeStore, *periods: int) -> Warehouse:
    warehouse = open_warehouse(store)
    for period in periods:
        warehouse.ensure("H1", period)
    return warehouse


def row(warehouse: Warehouse, period: int, dept: str = "0401", item: str = "staff") -> dict[str, Any]:
    (found,) = warehouse.rows(
        "select * from mart_budget_execution where period = ? and dept_code = ? and item_class = ?",
        [period, dept, item],
    )
    return found


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    """0401 spends 200,000 a month; 2025 is planned by the year: 2,400,000.06 for 0401, nothing for 0402."""
    made = fill(FakeStore(tmp_path), 202412, 202501, 202502)
    made.put("budget", [], periods=[202412, 202501, 202502])
    made.put("budget", [{"period": 202500, **CELL, "amount": D("2400000.06")}])
    return made


def test_mart_budget_execution_to_date_by_hand(store: FakeStore) -> None:
    warehouse = opened(store, 202412, 202501, 202502)
    found = row(warehouse, 202502)
    assert (found["budget"], found["actual"]) == (D("200000.01"), D("200000.00"))
    assert (found["cumulative_budget"], found["cumulative"], found["annual"]) == (
        D("400000.01"), D("400000.00"), D("2400000.06")
    )  # fmt: skip
    assert (found["rate"], found["time_progress"]) == (D("0.16666666"), D("0.16666667"))
    assert abs(found["rate"] - found["time_progress"] - found["deviation"]) <= D("0.00000002")
    assert found["period_deviation"] == D("-0.00000002") and found["months"] == 2
    # 2024 holds December only, so the rest of the year goes on as it began
    assert (found["year_end"], found["year_end_basis"]) == (D("2400000.00"), "even")
    # a year without any budget has no rows; a department without one has no rate
    assert warehouse.query("select distinct period from mart_budget_execution order by 1") == [
        (202501,),
        (202502,),
    ]
    other = row(warehouse, 202502, "0402")
    assert (other["budget"], other["annual"], other["rate"], other["actual"]) == (
        None,
        None,
        None,
        D("150000.00"),
    )
    total = "select sum(actual) from mart_budget_execution where period = 202502"
    direct = "select sum(amount) from mart_direct_cost where scope = 'medical' and period = 202502"
    assert warehouse.query(total) == warehouse.query(direct)


def test_the_rest_of_the_year_is_that_of_the_year_before(tmp_path: Path) -> None:
    months = [202400 + month for month in range(1, 13)]
    store = fill(FakeStore(tmp_path), *months, 202501)
    store.put("budget", [], periods=[*months, 202501])
    store.put("budget", [{"period": 202500, **CELL, "amount": D("2000000.00")}])
    store.put(
        "ledger_cost",
        [{"period": 202412, **CELL, "fund_source": "own", "amount": D("300000.00")}],
    )
    found = row(opened(store, *months, 202501), 202501)
    # January 200,000, then eleven months of 2024: ten of 200,000 and a December of 300,000
    assert (found["year_end"], found["year_end_basis"]) == (D("2500000.00"), "last_year")
    assert found["year_end_rate"] == D("1.25")


def test_a_missing_month_makes_what_is_to_date_unknown(store: FakeStore) -> None:
    warehouse = opened(store, 202502)
    found = row(warehouse, 202502)
    assert (found["months"], found["cumulative"], found["rate"], found["year_end"]) == (1, None, None, None)
    assert found["cumulative_budget"] == D("400000.01") and found["month_rate"] == D("0.99999995")


def test_income_is_planned_by_charge_class_and_held_against_the_ordering_department(store: FakeStore) -> None:
    lines = [
        ("0402", "药品收入", "500000.00"),
        ("0402", "诊察费", "2400000.00"),
        ("0403", "医疗收入", "12.00"),
    ]
    store.put(
        "budget",
        [
            {
                "period": 202500,
                "dept_code": dept,
                "item_name": item,
                "direction": "income",
                "amount": D(amount),
            }
            for dept, item, amount in lines
        ],
        source="income",
    )
    warehouse = opened(store, 202501, 202502)
    drugs = row(warehouse, 202502, "0402", "drugs")
    assert (drugs["direction"], drugs["annual"], drugs["cumulative"]) == (
        "income",
        D("500000.00"),
        D("60000.00"),
    )
    assert drugs["rate"] == D("0.12")
    assert row(warehouse, 202502, "0402", "consultation")["cumulative"] == D("440000.00")
    # a plan without classes stands by itself; what came in stands by its class; the department's sums hold both
    assert row(warehouse, 202502, "0403", "all")["actual"] == 0
    sums = "select sum(annual), sum(actual) from mart_budget_execution where period = 202502 and direction = 'income'"
    assert warehouse.query(sums + " and dept_code = '0403'") == [(D("12.00"), D("346000.00"))]


VERSIONS = {"年初预算": "100.00", "年中调整": "90.00", "v2": "80.00", "v10": "70.00"}


@pytest.mark.parametrize(
    ("given", "chosen", "wanted"),
    [
        (["年初预算"], None, "100.00"),
        # by text the original would come last; it is an original whatever its letters
        (["年中调整", "年初预算"], None, "90.00"),
        (["v2", "v10", "年中调整"], None, "70.00"),
        (["年中调整", "年初预算"], {"2025": "年初预算"}, "100.00"),
        (["年中调整", "年初预算"], {"2024": "年初预算"}, "90.00"),
        # one the file does not know changes nothing
        (["年中调整", "年初预算"], {"2025": "v9"}, "90.00"),
    ],
)
def test_the_version_in_force(
    store: FakeStore, given: list[str], chosen: dict[str, str] | None, wanted: str
) -> None:
    for version in given:
        line = {"period": 202501, **CELL, "version": version, "amount": D(VERSIONS[version])}
        store.put("budget", [line], source=version)
    store.put("budget", [], periods=[202500])
    if chosen:
        store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": "v3"}}))
        store.record("settings", key="budget", json=json.dumps({"in_force": chosen}))
    sums = "select sum(amount) from stg_budget where in_force and period = 202501"
    assert opened(store).query(sums) == [(Decimal(wanted),)]


def test_versions_of_a_department_written_in_two_ways_do_not_add_up(store: FakeStore) -> None:
    store.put("budget", [], periods=[202500])
    for version, dept in (("v0", {"dept_code": "0401"}), ("v1", {"dept_name": "骨科病区"})):
        line = {"period": 202501, **dept, "item_name": "工资", "version": version, "amount": D("5.00")}
        store.put("budget", [line], source=version)
    found = opened(store).query("select version, amount from stg_budget where in_force")
    assert found == [("v1", D("5.00"))]


def test_the_chosen_version_makes_the_months_compute_again(store: FakeStore) -> None:
    warehouse = opened(store, 202501)
    assert 202501 not in warehouse.missing("H1")
    store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": "v1"}}))
    assert 202501 in open_warehouse(store).missing("H1")


def test_months_count_where_a_version_states_their_year_too(store: FakeStore) -> None:
    months = [{"period": 202500 + m, **CELL, "amount": D("200000.00")} for m in range(1, 13)]
    store.put("budget", months, source="months")
    sums = "select sum(amount) from stg_budget where in_force and dept_code = '0401'"
    assert opened(store).query(sums) == [(D("2400000.00"),)]


def months(warehouse: Warehouse, dept: str = "0401") -> list[Decimal]:
    """The budget in force of 2025, month by month."""
    asked = "select sum(amount) from stg_budget where in_force and dept_code = ? and period // 100 = 2025 group by period order by period"
    return [amount for (amount,) in warehouse.query(asked, [dept])]


def test_a_month_stated_beside_its_year_takes_its_amount_and_the_others_share_the_rest(
    store: FakeStore,
) -> None:
    store.put("budget", [], periods=[202500])
    store.put("budget", [{"period": 202500, **CELL, "amount": D("1200000.00")}])
    store.put("budget", [{"period": 202507, **CELL, "amount": D("110000.00")}], source="july")
    found = months(opened(store))
    # 1,090,000 over eleven months, to the fen
    assert found[6] == D("110000.00") and sum(found) == D("1200000.00")
    assert {month for at, month in enumerate(found) if at != 6} == {D("99090.90"), D("99090.91")}


def test_several_lines_of_a_year_share_what_the_months_leave(store: FakeStore) -> None:
    store.put("budget", [], periods=[202500])
    store.put("budget", [{"period": 202500, **CELL, "amount": D(a)} for a in ("0.10", "999.93", "0.00")])
    store.put(
        "budget",
        [{"period": 202503, **CELL, "amount": D("7.01")}, {"period": 202512, **CELL, "amount": D("3.00")}],
        source="m",
    )
    warehouse = opened(store)
    found = months(warehouse)
    assert (found[2], found[11], sum(found)) == (D("7.01"), D("3.00"), D("1000.03"))
    assert max(found[:2] + found[3:11]) - min(found[:2] + found[3:11]) <= D("0.03")
    lines = warehouse.query("select distinct year_line, month_lines from stg_budget where dept_code = '0401'")
    assert lines == [(D("1000.03"), D("10.01"))]


def test_months_beyond_their_year_leave_nothing_and_are_noted(store: FakeStore) -> None:
    store.put("budget", [], periods=[202500])
    store.put("budget", [{"period": 202500, **CELL, "amount": D("1200000.00")}])
    store.put("budget", [{"period": 202507, **CELL, "amount": D("1300000.00")}], source="july")
    warehouse = opened(store, 202501)
    assert sum(months(warehouse)) == D("1300000.00") and months(warehouse)[0] == 0
    (noted,) = checks(warehouse, "H1", 202501).shown
    assert (noted.kind, noted.code, noted.expected, noted.found, noted.difference) == (
        "budget", "0401", D("1200000"), D("1300000"), D("100000")
    )  # fmt: skip


def test_twelve_months_that_differ_from_their_year_are_noted(store: FakeStore) -> None:
    lines = [{"period": 202500 + m, **CELL, "amount": D("200000.00")} for m in range(1, 13)]
    store.put("budget", lines, source="months")
    (noted,) = checks(opened(store, 202501), "H1", 202501).shown
    assert (noted.expected, noted.found, noted.difference) == (D("2400000.06"), D("2400000"), D("-0.06"))


def test_a_budget_of_some_months_is_no_budget_of_the_year(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501, 202502, 202503)
    found = row(opened(store, 202501, 202502, 202503), 202503)
    # 190,000 a month, three months stated: 600,000 of 570,000 is no 105 % of the year
    assert (found["budget"], found["cumulative_budget"], found["cumulative"]) == (
        D("190000"),
        D("570000"),
        D("600000"),
    )
    assert (found["annual"], found["rate"], found["deviation"], found["covered"]) == (None, None, None, 3)
    assert found["period_deviation"] == D("0.05263158") and found["year_end_rate"] is None
    assert row(opened(store), 202503, "0403")["covered"] is None


def test_a_month_the_budget_does_not_cover_has_none(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501, 202502)
    store.put("budget", [], periods=[202501])
    warehouse = opened(store, 202501, 202502)
    assert (row(warehouse, 202501)["budget"], row(warehouse, 202501)["covered"]) == (None, 1)
    second = row(warehouse, 202502)
    assert (second["budget"], second["cumulative_budget"]) == (D("190000.00"), None)


def test_the_chosen_version_replaces_all_others_of_the_departments_it_names(store: FakeStore) -> None:
    """v0 by items; the chosen one by statutory item, 0402 with nothing: 1.8 m and 0, not 3.6 m and 0.6 m."""
    store.put("budget", [], periods=[202500])
    by_items = (("0401", "基本工资", "1200000"), ("0401", "绩效奖金", "600000"), ("0402", "基本工资", "600000"),
                ("0403", "基本工资", "70000"))  # fmt: skip
    store.put(
        "budget", [{"period": 202500, "dept_code": d, "item_name": i, "amount": D(a)} for d, i, a in by_items]
    )
    for month in range(1, 13):
        target = [{"period": 202500 + month, "dept_code": d, "item_name": "人员经费", "version": "目标", "amount": D(a)}
                  for d, a in (("0401", "150000"), ("0402", "0"))]  # fmt: skip
        store.put("budget", target, source="目标 V1")
    income = {
        "period": 202500,
        "dept_code": "0402",
        "item_name": "医疗收入",
        "direction": "income",
        "amount": D("12"),
    }
    store.put("budget", [income], source="income")
    store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": "目标"}}))
    sums = "select dept_code, direction, sum(amount) from stg_budget where in_force group by all order by all"
    wanted = [
        ("0401", "cost", D("1800000")),
        ("0402", "cost", D("0")),
        ("0402", "income", D("12")),
        ("0403", "cost", D("70000")),
    ]
    assert opened(store).query(sums) == wanted
    # a file that uses the name of the breakdown later on adds nothing to it
    store.put(
        "budget",
        [{"period": 202500, "dept_code": "0401", "item_name": "药品费", "version": "目标", "amount": D("5")}],
        source="x",
    )
    assert opened(store).query(sums) == wanted


def test_a_chosen_income_budget_replaces_one_without_classes(store: FakeStore) -> None:
    line = {"period": 202500, "dept_code": "0402", "direction": "income"}
    store.put("budget", [{**line, "item_name": "医疗收入", "amount": D("1000")}], source="all")
    classes = [
        {**line, "item_name": name, "version": "目标", "amount": D(a)}
        for name, a in (("药品收入", "300"), ("诊察费", "600"))
    ]
    store.put("budget", classes, source="目标 V1")
    store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": "目标"}}))
    assert opened(store).query(
        "select sum(amount) from stg_budget where in_force and direction = 'income'"
    ) == [(D("900"),)]


def test_an_imported_revision_of_some_items_leaves_the_others(store: FakeStore) -> None:
    store.put("budget", [], periods=[202500])
    first = [
        {"period": 202500, **CELL, "item_name": i, "item_code": "", "amount": D(a)}
        for i, a in (("基本工资", "12"), ("绩效奖金", "6"))
    ]
    store.put("budget", first)
    store.put("budget", [{**first[1], "version": "v1", "amount": D("7")}], source="v1")
    rows = opened(store).query(
        "select item_name, version, sum(amount) from stg_budget where in_force group by all order by all"
    )
    assert rows == [("基本工资", "v0", D("12")), ("绩效奖金", "v1", D("7"))]
