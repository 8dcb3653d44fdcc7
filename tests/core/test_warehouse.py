"""The warehouse: documented views, months on demand, scenarios beside the actual, and questions people type."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest

from core.engine import EngineError
from core.scenario import Scenario
from core.warehouse import QueryRefused, documented, open_warehouse, user_query
from tests.small import GOLDEN_FULL, D, FakeStore, fill, ledger

PROMISED = {
    "stg_cost": "hospital period dept_code dept_name dept_class item_code item_name item_class fund_source amount"
    " _batch _file _sheet _row",
    "stg_income": "hospital period order_dept exec_dept patient_type charge_class amount _batch _file _sheet _row",
    "stg_workload": "hospital period dept_code visits bed_days _row",
    "stg_staff": "hospital period dept_code headcount _row",
    "stg_area": "hospital period dept_code area _row",
    "stg_budget": "hospital period dept_code item_class amount version _row",
    "stg_unmapped": "extract period what value amount _file _row",
    "mart_full_cost": "hospital period scope dept_code item_class direct indirect amount",
    "mart_cost_lineage": "hospital period scope dept_code item_class origin_code path amount",
    "mart_department_month": "hospital period dept_code income_ordered direct_medical full_medical visits budget_cost",
    "mart_direct_cost": "hospital period scope dept_code item_class amount",
    "mart_unit_cost": "hospital period scope kind dept_code cost volume unit_cost",
    "mart_income": "hospital period order_dept exec_dept patient_type charge_class amount",
    "mart_budget_execution": "hospital period dept_code dept_name direction item_class budget actual cumulative"
    " cumulative_budget annual rate time_progress deviation period_deviation year_end",
    "mart_allocation_flow": "hospital period step source_code target_code item_class layer driver amount",
    "mart_allocation_step": "hospital period step dept_code before received given after",
    "mart_allocation_check": "hospital period name ok difference place",
    "mart_fallback": "hospital period step dept_code wanted used planned amount",
}


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return fill(FakeStore(tmp_path), 202501, 202502)


def test_promised_views_and_columns_on_an_empty_and_a_full_warehouse(
    store: FakeStore, tmp_path: Path
) -> None:
    assert set(PROMISED) <= set(documented())
    full = open_warehouse(store)
    full.ensure("H1", 202501)
    empty = open_warehouse(FakeStore(tmp_path / "none"))
    assert empty.hospitals() == () and empty.periods("H1") == () and not empty.ensure("H1", 202501)
    for name in documented():
        columns = f"select column_name, column_type from (describe {name})"
        assert empty.query(columns) == full.query(columns), name
        assert empty.query(f"select count(*) from {name}") == [(0,)]
        kinds = dict(full.query(columns))
        assert set(PROMISED.get(name, "").split()) <= set(kinds), name
        assert "DOUBLE" not in kinds.values(), name
    assert (
        dict(full.query("select column_name, column_type from (describe mart_full_cost)"))["amount"]
        == "DECIMAL(18,2)"
    )


def test_a_board_computes_only_the_month_it_asks_for(store: FakeStore) -> None:
    opened = open_warehouse(store)
    assert opened.missing("H1") == (202501, 202502)
    assert opened.query("select count(*) from mart_full_cost") == [(0,)]
    assert opened.ensure("H1", 202502) and not opened.ensure("H1", 209901)
    assert opened.query("select distinct period from mart_full_cost") == [(202502,)]
    assert opened.missing("H1") == (202501,)
    # results written by somebody else are taken in
    other = type(opened)(opened.staging)
    opened.ensure("H1", 202501)
    other.reload()
    assert other.missing("H1") == ()


def test_marts_by_hand(store: FakeStore) -> None:
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    assert (
        dict(
            opened.query(
                "select dept_code, sum(amount) from mart_full_cost where scope = 'medical' group by 1"
            )
        )
        == GOLDEN_FULL
    )
    month = {r["dept_code"]: r for r in opened.rows("select * from mart_department_month")}
    ward = month["0401"]
    assert (ward["income_ordered"], ward["income_executed"], ward["income_drugs"]) == (
        D("284000.00"),
        D("270000.00"),
        D("90000.00"),
    )
    assert (ward["direct_medical"], ward["full_medical"], ward["budget_cost"]) == (
        D("200000.00"),
        D("344940.29"),
        D("190000.00"),
    )
    assert (ward["bed_days"], ward["open_bed_days"], ward["visits"], ward["headcount"]) == (
        400,
        620,
        None,
        D("60.0000"),
    )
    assert month["0101"]["direct_business"] is None and month["0101"]["direct_medical"] == D("100000.01")
    assert opened.query("select sum(amount) from mart_income where exec_class = 'technical'") == [
        (D("30000.00"),)
    ]
    # published: step 2 moves X>C + A>X>C + X>T>C + A>X>T>C, step 3 T>C + A>T>C + X>T>C + A>X>T>C
    flow = opened.query("select step, driver, sum(amount) from mart_allocation_flow group by all order by 1")
    assert flow == [
        (1, "headcount", D("150000.01")), (2, "internal_service", D("38021.39")), (3, "ordered_income", D("187085.55"))
    ]  # fmt: skip
    assert opened.query("select sum(before + received - given - after) from mart_allocation_step") == [
        (D("0.00"),)
    ]
    assert opened.query("select bool_and(ok), count(*) from mart_allocation_check") == [(True, 5)]
    assert opened.query("select count(*) from mart_fallback") == [(0,)]
    lineage = "select sum(amount) from mart_cost_lineage where scope = 'medical' and dept_code = '0401' and path = 'A>C'"
    assert opened.query(lineage) == [(D("48128.35"),)]
    income = opened.query("select sum(amount) from mart_direct_cost where scope = 'business'")
    assert income == [(D("640000.00"),)]


def test_missing_drivers_are_listed_as_fallbacks(store: FakeStore) -> None:
    store.put("staff_count", [], periods=[202501])
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    found = opened.rows(
        "select dept_code, wanted, used, planned from mart_fallback where step = 1 order by 1"
    )
    assert found == [
        {"dept_code": code, "wanted": "headcount", "used": "direct_cost", "planned": False}
        for code in ("0101", "0102")
    ]


def test_a_scenario_stands_beside_the_actual(store: FakeStore) -> None:
    actual = open_warehouse(store)
    actual.ensure("H1", 202501)
    what_if = open_warehouse(store, None, Scenario("try", drivers={"technical": "workload"}))
    what_if.ensure("H1", 202502)
    total = "select period, sum(amount) from mart_full_cost where scope = 'medical' and dept_code = '0401' group by 1 order by 1"
    assert actual.query(total) == [(202501, D("344940.29")), (202502, D("344940.29"))]
    changed = what_if.query(total)
    assert changed[0] == (202501, D("344940.29")) and changed[1][1] != D("344940.29")
    assert what_if.query("select sum(amount) from stg_cost") == actual.query(
        "select sum(amount) from stg_cost"
    )
    everything = (
        "select period, sum(amount) from mart_cost_lineage where scope = 'medical' group by 1 order by 1"
    )
    assert what_if.query(everything) == actual.query(everything)
    assert open_warehouse(store, None, Scenario("other name", drivers={"technical": "workload"})) is what_if


def test_snapshots_stay_open_side_by_side_and_corrections_show(store: FakeStore) -> None:
    first = open_warehouse(store)
    first.ensure("H1", 202501)
    store.put("ledger_cost", [*ledger(), {**ledger()[5], "voucher": "late", "amount": D("0.05")}])
    second = open_warehouse(store)
    second.ensure("H1", 202501)
    total = "select sum(amount) from mart_full_cost where scope = 'medical' and period = 202501"
    assert first.query(total) == [(D("790000.01"),)]
    assert second.query(total) == [(D("790000.06"),)]


def test_threads_get_their_own_rows(store: FakeStore) -> None:
    opened = open_warehouse(store)
    wrong: list[str] = []

    def ask(code: str, expected: Decimal) -> None:
        for _ in range(15):
            opened.ensure("H1", 202501)
            found = opened.query(
                "select sum(amount) from mart_full_cost where scope = 'medical' and dept_code = ? and period = 202501",
                (code,),
            )
            if found != [(expected,)]:
                wrong.append(f"{code}: {found}")

    threads = [threading.Thread(target=ask, args=item) for item in [*GOLDEN_FULL.items()] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_frames_are_for_drawing_and_arrow_keeps_decimals(store: FakeStore) -> None:
    opened = open_warehouse(store)
    assert str(opened.arrow("select amount from stg_cost").schema.field("amount").type) == "decimal128(18, 2)"
    assert len(opened.frame("select * from stg_cost")) == 16


@pytest.mark.parametrize(
    "sql",
    [
        "drop table stg_dept", "insert into stg_dept select * from stg_dept", "select 1; select 2", "set threads = 1",
        "copy (select 1) to '/tmp/costward_stolen.csv'", "attach '/tmp/x.db'", "select * from read_text('/etc/passwd')",
        "select * from nothing_there", "selec 1", "", "pragma version", "call pragma_version()",
    ],
)  # fmt: skip
def test_typed_questions_cannot_change_or_reach_anything(sql: str, store: FakeStore) -> None:
    with pytest.raises(QueryRefused):
        user_query(store, None, sql)
    assert not Path("/tmp/costward_stolen.csv").exists()


def test_typed_questions_are_answered(store: FakeStore) -> None:
    open_warehouse(store).ensure("H1", 202501)
    found = user_query(
        store,
        None,
        "with a as (select * from mart_full_cost) select scope, sum(amount) as total from a group by 1;",
    )
    assert {r["scope"]: r["total"] for r in found.to_pylist()}["medical"] == D("790000.01")
    assert user_query(store, None, "select * from stg_cost", limit=3).num_rows == 3
    with pytest.raises(QueryRefused, match="maximum execution time"):
        user_query(store, None, "select count(*) from range(100000000000)", timeout_ms=200)


def test_a_broken_question_is_an_engine_error(store: FakeStore) -> None:
    with pytest.raises(EngineError):
        open_warehouse(store).query("select nothing from stg_cost")
