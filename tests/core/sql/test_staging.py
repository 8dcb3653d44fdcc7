"""Staging views: what a row means, what it is resolved to, and that nothing is ever dropped."""

import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.catalog import catalog
from core.staging import Staging, open_staging
from core.staging.refs import loose
from core.staging.sql import MARTS, STAGING, views
from tests.small import HEADCOUNT, D, FakeStore, dictionary, fill, ledger


def opened(store: FakeStore) -> Staging:
    return open_staging(store, store.snapshot())


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return fill(FakeStore(tmp_path), 202501)


def line(code: str, name: str = "", amount: str = "1.00", **more: Any) -> dict[str, Any]:
    return {
        "period": 202501,
        "dept_code": code,
        "dept_name": name,
        "item_code": "6001",
        "amount": D(amount),
        **more,
    }


@pytest.mark.parametrize("name", STAGING)
def test_empty_views_have_their_columns(name: str, tmp_path: Path) -> None:
    empty, full = opened(FakeStore(tmp_path / "a")), opened(fill(FakeStore(tmp_path / "b")))
    described = f"select column_name, column_type from (describe {name})"
    assert empty.query(f"select count(*) from {name}") == [(0,)]
    assert empty.query(described) == full.query(described)


def test_every_view_is_listed_and_says_its_grain() -> None:
    listed = {*STAGING, *MARTS}
    assert listed == {name for name, view in views().items() if view.layer in ("staging", "marts")}
    assert all(view.grain.startswith("one ") for view in views().values())


def test_no_view_holds_money_as_float(store: FakeStore) -> None:
    staging = opened(store)
    for name in STAGING:
        kinds = dict(staging.query(f"select column_name, column_type from (describe {name})"))
        assert "DOUBLE" not in kinds.values() and "FLOAT" not in kinds.values(), name
        # what extracts state are counts and hours as well as yuan
        assert name.startswith("stg_metric") or kinds.get("amount", "DECIMAL(18,2)") == "DECIMAL(18,2)", name
        assert kinds.get("period", "INTEGER") == "INTEGER", name


def test_stg_dept_takes_the_setting_from_the_name_where_it_is_not_said(store: FakeStore) -> None:
    found = dict(opened(store).query("select dept_code, care_setting from stg_dept"))
    assert found["0401"] == found["0403"] == "inpatient"
    assert found["0402"] == "outpatient" and found["0101"] == "none"


@pytest.mark.parametrize(
    ("code", "name", "dept", "how"),
    [
        ("0401", "", "0401", "code"),
        ("401", "", "0401", "repaired"),
        ("401.0", "", "0401", "repaired"),
        ("", "骨科病区", "0401", "name"),
        ("", "骨科（病区）", "0401", "normalised"),
        (None, " 骨科 病区", "0401", "normalised"),
        ("", "老骨科", "0401", "normalised"),
        ("G7", "创伤组", "0402", "alias"),
        ("9999", "骨科病区", "0401", "name"),
        ("9999", "没有的科室", None, "unknown"),
        ("77", "", None, "unknown"),
    ],
)
def test_stg_dept_match_finds_departments_in_order(
    code: str | None, name: str, dept: str | None, how: str, tmp_path: Path
) -> None:
    store = FakeStore(tmp_path)
    rows = dictionary()
    rows[5]["former_names"] = "老骨科、骨一"
    # two codes that lose their zeros to the same text fit nobody
    rows += [{"dept_code": c, "dept_name": f"n{c}", "dept_class": "admin"} for c in ("077", "0077")]
    store.put("dept", rows)
    store.record("dept_alias", raw_code="G7", raw_name="创伤组", dept_code="0402", how="confirmed")
    store.put("ledger_cost", [line(code, name)])
    staging = opened(store)
    assert staging.query("select dept_code, how from stg_dept_match") == [(dept, how)]
    assert staging.query("select dept_code from stg_cost") == [(dept,)]


def test_stg_cost_keeps_what_is_unmapped_and_stg_unmapped_names_it(store: FakeStore) -> None:
    store.put(
        "ledger_cost",
        [*ledger(), line("X1", "外包", "12.34"), line("0401", item_code="zz", item_name="怪", amount="5.00")],
    )
    store.put("refused", [{"period": 202501, "extract": "ledger_cost", "sheet": "S", "row": 9, "col": "D", "value": "abc",
                           "reason": "amount_text", "amount": None}])  # fmt: skip
    staging = opened(store)
    assert staging.query(
        "select dept_class, dept_code_raw, dept_name, amount from stg_cost where dept_code is null"
    ) == [("unmapped", "X1", "外包", D("12.34"))]
    found = staging.query("select what, trim(value), amount, _row, reason from stg_unmapped order by what")
    assert found == [
        ("dept", "X1 外包", D("12.34"), 10, None),
        ("item", "zz 怪", D("5.00"), 11, None),
        ("refused", "abc", None, 9, "amount_text"),
    ]


def test_items_by_dictionary_by_word_and_by_nothing(store: FakeStore) -> None:
    lines = [
        line("0401", item_code="6001.0", item_name=""),
        line("0401", item_code="", item_name="西 药"),
        line("0401", item_code="", item_name="折旧费"),
        line("0401", item_code="5", item_name="提取医疗风险基金"),
        line("0401", item_code="qq", item_name="??"),
    ]
    store.put("ledger_cost", lines)
    found = opened(store).query("select item_class, item_code, item_classed from stg_cost order by _row")
    assert found == [
        ("staff", "6001", True), ("drugs", "6002", True), ("depreciation", "depreciation", True),
        ("risk_fund", "5", True), ("other", "qq", False),
    ]  # fmt: skip
    assert opened(store).query("select count(*) from stg_item_match where not classed") == [(1,)]
    assert opened(store).query("select how, count(*) from stg_item_key group by 1 order by 1")[0] == (
        "code",
        2,
    )
    assert opened(store).query("select item_class from stg_item order by item_code") == [
        ("staff",),
        ("drugs",),
    ]


def test_fund_sources_by_any_word_and_unknown_ones_said(store: FakeStore) -> None:
    words = ["own", "财政项目", "科教", None, "私房钱"]
    store.put("ledger_cost", [line("0401", fund_source=word) for word in words])
    staging = opened(store)
    assert [row[0] for row in staging.query("select fund_source from stg_cost order by _row")] == [
        "own", "fiscal", "science", "own", "own",
    ]  # fmt: skip
    assert staging.query("select what, value from stg_unmapped") == [("fund", "私房钱")]


def test_income_with_one_department_means_it_for_both(store: FakeStore) -> None:
    store.put("income", [
        {"period": 202501, "order_code": "0402", "charge_class": "西药费", "amount": D("3.00")},
        {"period": 202501, "order_code": "0401", "exec_code": "zz", "exec_name": "外检", "charge_class": "??", "amount": D("4.00")},
    ])  # fmt: skip
    found = opened(store).query(
        "select order_dept, exec_dept, exec_class, patient_type, charge_class, amount from stg_income order by _row"
    )
    assert found == [
        ("0402", "0402", "clinical", "outpatient", "drugs", D("3.00")),
        ("0401", None, "unmapped", "inpatient", "other", D("4.00")),
    ]


def test_charge_lines_and_income_detail_resolve_line_by_line(store: FakeStore) -> None:
    charge = {"period": 202501, "charge_id": "1", "order_code": "402", "exec_name": "检验科", "charge_class": "化验费",
              "quantity": D("2"), "unit_price": D("5.5"), "amount": D("11.00")}  # fmt: skip
    store.put("charge_line", [charge, {**charge, "charge_id": "2", "amount": D("-11.00")}])
    store.put("income_detail", [{"period": 202501, "order_code": "0401", "exec_code": "0301", "charge_code": "b1",
                                 "charge_class": "laboratory", "quantity": D("1"), "amount": D("7.00")}])  # fmt: skip
    staging = opened(store)
    columns = "order_dept, exec_dept, charge_class, patient_type"
    assert staging.query(f"select {columns}, sum(amount) from stg_charge group by all") == [
        ("0402", "0301", "laboratory", "outpatient", D("0.00"))
    ]
    assert staging.query(f"select {columns}, amount from stg_income_detail") == [
        ("0401", "0301", "laboratory", "inpatient", D("7.00"))
    ]


def test_workload_joins_both_files_and_computes_open_bed_days(store: FakeStore) -> None:
    found = opened(store).query(
        "select dept_code, extract, visits, discharges, open_bed_days from stg_workload order by dept_code"
    )
    assert found == [
        ("0401", "workload_ip", None, 42, 620),
        ("0402", "workload_op", 1000, None, None),
        ("0403", "workload_ip", None, 29, 372),
    ]


def test_stg_staff_adds_kinds_of_staff_where_no_total_is_given(store: FakeStore) -> None:
    store.put(
        "staff_count", [{"period": 202501, "dept_code": "0401", "doctors": D("5"), "nurses": D("12.5")}]
    )
    assert opened(store).query("select headcount from stg_staff") == [(D("17.5"),)]


def test_a_budget_for_a_year_is_spread_to_the_fen_and_the_last_version_counts(store: FakeStore) -> None:
    store.put("budget", [
        {"period": 202500, "dept_code": "0401", "item_name": "药品费", "amount": D("100.00"), "version": "v0"},
        {"period": 202500, "dept_code": "0401", "item_name": "药品费", "amount": D("1000.01"), "version": "v1"},
        {"period": 202500, "dept_code": "0402", "item_name": "药品费", "amount": D("-7.00"), "version": "v0"},
    ])  # fmt: skip
    staging = opened(store)
    assert staging.query("select sum(amount), min(amount), max(amount) from stg_budget where in_force and annual "
                         "and dept_code = '0401'") == [(D("1000.01"), D("83.33"), D("83.34"))]  # fmt: skip
    assert staging.query("select sum(amount) from stg_budget where dept_code = '0402' and annual") == [
        (D("-7.00"),)
    ]
    assert staging.query("select distinct period from stg_budget where annual order by 1")[-1] == (202512,)


def test_internal_services_parameters_and_steps(store: FakeStore) -> None:
    store.put("alloc_param", [
        {"period": 202501, "source_code": "201", "target_name": "骨科病区", "param_code": "01", "value": D("2.5")},
        {"period": 202501, "target_code": "0402", "item_code": "6001", "param_name": "面积系数", "value": D("1")},
    ])  # fmt: skip
    store.put(
        "alloc_step",
        [{"level": D("1"), "source_name": "院办", "item_name": "人员经费", "param_code": "wages"}],
    )
    staging = opened(store)
    assert staging.query("select source_dept, sum(quantity) from stg_internal_service group by 1") == [
        ("0201", D("1000.0000"))
    ]
    assert staging.query("select source_dept, any_source, target_dept, item_code, param from stg_alloc_param order by _row") == [
        ("0201", False, "0401", "", "01"), (None, True, "0402", "6001", "面积系数"),
    ]  # fmt: skip
    assert staging.query("select source_dept, level, item_class, param from stg_alloc_step") == [
        ("0101", D("1.0000"), "staff", "wages")
    ]
    assert staging.query("select count(*), sum(area) from stg_area") == [(8, D("804.0000"))]
    assert set(dict(staging.query("select how, count(*) from stg_dept_key group by 1"))) >= {
        "code",
        "name",
        "repaired",
    }
    assert len(HEADCOUNT) == 8


def test_nothing_is_dropped_whatever_the_ledger_says(tmp_path: Path) -> None:
    chance = random.Random(20250301)
    words = ["0401", "401", "401.0", "骨科病区", "骨科 病区", "", " ", "X", "0401 ", "|", None, "0", "检验科"]
    for turn in range(6):
        store = FakeStore(tmp_path / str(turn))
        store.put("dept", dictionary())
        rows: list[dict[str, Any]] = []
        for _ in range(200):
            fen = chance.randint(-(10**9), 10**12)
            rows.append({
                "period": chance.choice([202501, 202502]), "dept_code": chance.choice(words),
                "dept_name": chance.choice(words), "item_code": chance.choice(["6001", "", None, "z"]),
                "item_name": chance.choice(["人员经费", "", None, "折旧"]), "fund_source": chance.choice(["own", None, "?", "财政"]),
                "amount": Decimal(fen) / 100,
            })  # fmt: skip
        store.put("ledger_cost", rows)
        staging = opened(store)
        total = sum(row["amount"] for row in rows)
        assert staging.query("select count(*), sum(amount) from stg_cost") == [(200, total)]
        by_month = dict(staging.query("select period, sum(amount) from stg_cost group by 1"))
        assert by_month == {p: sum(r["amount"] for r in rows if r["period"] == p) for p in by_month}


def files_read(staging: Staging, sql: str) -> int:
    plan = staging.query(f"explain analyze {sql}")[0][1]
    return sum(int(count) for count in re.findall(r"Total Files Read: (\d+)", plan))


def test_one_month_opens_only_its_own_files(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), *range(202401, 202413))
    staging = opened(store)
    assert files_read(staging, "select sum(amount) from stg_cost where period = 202405") == 1
    assert (
        files_read(staging, "select sum(amount) from stg_income where hospital = 'H1' and period = 202405")
        == 1
    )
    assert files_read(staging, "select sum(amount) from stg_cost") == 12
    for table, columns in (("charge_line", {"charge_id": "1"}), ("income_detail", {"charge_code": "1"})):
        for period in range(202401, 202407):
            store.put(table, [{"period": period, "order_code": "401", "amount": D("1"), **columns}])
    staging = opened(store)
    # the lines, and their words once as ordering and once as executing department, each in two columns
    asked = "select order_dept, sum(amount) from {} where period = 202405 group by 1"
    assert files_read(staging, asked.format("stg_charge")) <= 5
    assert files_read(staging, asked.format("stg_income_detail")) <= 5
    assert staging.query("select count(*), min(dept_code) from stg_charge_match where raw_code <> ''") == [
        (6, "0401")
    ]
    assert staging.query("select count(*) from stg_income_detail_match where period = 202401") == [(2,)]


def test_replacing_and_undoing_show_at_once_and_old_snapshots_stay(store: FakeStore) -> None:
    before = store.snapshot()
    store.put("ledger_cost", [line("0401", amount="1.00")])
    after = store.snapshot()
    total = "select sum(amount) from stg_cost"
    assert open_staging(store, after).query(total) == [(D("1.00"),)]
    assert open_staging(store, before).query(total) == [(D("790000.01"),)]


def test_files_written_before_a_column_existed_read_as_null(store: FakeStore) -> None:
    store.put("ledger_cost", ledger(202502))
    old = next(f for f in store.files(store.snapshot(), "ledger_cost") if f.period == 202501)
    pq.write_table(pq.read_table(old.path, partitioning=None).drop_columns(["memo"]), old.path)
    staging = opened(store)
    assert staging.query("select count(*), sum(amount) from stg_cost") == [(16, D("1580000.02"))]


def test_two_files_of_one_batch_keep_their_own_names(store: FakeStore) -> None:
    (first,) = store.files(store.snapshot(), "ledger_cost")
    assert opened(store).query("select distinct _file, _source from stg_cost") == [(first.file, first.source)]
    store.put("ledger_cost", [line("0401")], source="second", file="二月.xlsx")
    found = opened(store).query("select _file, _source, count(*) from stg_cost group by all order by 3")
    assert found == [("二月.xlsx", "second", 1), ("book.xlsx", "ledger", 8)]


def test_hospitals_do_not_mix(store: FakeStore) -> None:
    store.put("dept", [{"dept_code": "0401", "dept_name": "Other", "dept_class": "admin"}], hospital="H 2/x")
    store.put("ledger_cost", [line("0401", amount="9.00")], hospital="H 2/x")
    staging = opened(store)
    assert staging.hospitals() == ("H 2/x", "H1")
    assert staging.query("select dept_class, amount from stg_cost where hospital = 'H 2/x'") == [
        ("admin", D("9.00"))
    ]
    assert staging.periods("H 2/x") == (202501,)


def test_every_choice_of_the_catalog_is_a_known_word(store: FakeStore) -> None:
    staging = opened(store)
    found = {
        (kind, alias): name for kind, alias, name in staging.query("select list, alias, name from ref_term")
    }
    for kind, terms in catalog().terms.items():
        for term in terms:
            assert found.get((kind, loose(term.label.zh))) == term.name or any(
                term.label.zh in other.aliases or term.label.zh == other.label.zh
                for other in terms
                if other != term
            )
    assert staging.query("select bare_code('0401.00'), loose_name('骨科（A 1）'), per_unit(10.00, 3)") == [
        ("401", "骨科a1", D("3.33"))
    ]
    assert staging.query(
        "select per_unit(-10.01::decimal(18,2), 2), per_unit(1.00, 0), dept_candidates('401', 'x')[3].key"
    ) == [(D("-5.01"), None, "401")]
