"""stg_event, stg_energy, stg_suggestion, stg_follow_up: their lines, and that they go before what is reported by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.warehouse import Warehouse, open_warehouse
from tests.core.intake.sheets_made import only, read, workbook
from tests.small import D, FakeStore, dictionary

AT = {"period": 202501}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    day = date(2025, 1, 9)
    store.put("event", [
        AT | {"event_no": str(n), "happened_on": day, "dept_code": "0401", "kind": kind} | more
        for n, (kind, more) in enumerate([
            ("satisfaction", {"points": D("90")}), ("satisfaction", {"points": D("40"), "full_points": D("50")}),
            ("complaint", {}), ("fall", {}), ("adverse", {}), ("compensation", {"compensation": D("3000.00")}),
        ])
    ])  # fmt: skip
    store.put("energy", [AT | {"meter": "A1", "electricity": D("800"), "amount": D("600.00")},
                         AT | {"meter": "B2", "dept_code": "0401", "electricity": D("200"), "amount": D("150.00")}])  # fmt: skip
    store.put("suggestion", [AT | {"suggestion_no": str(n), "made_on": day, "dept_code": "0401", "adopted": n < 2,
                                   "saving": D("100.00")} for n in range(5)])  # fmt: skip
    store.put("follow_up", [AT | {"case_no": str(n), "discharged_on": day, "dept_code": "0401", "window": "follow_up_30",
                                  "done": n > 0} for n in range(4)])  # fmt: skip
    store.put("operation_value", [
        AT | {"metric": metric, "numerator": D("1"), "denominator": D("1")}
        for metric in ("satisfaction", "complaints", "suggestions", "energy_cost", "follow_up_30", "follow_up_7")
    ])  # fmt: skip
    return open_warehouse(store)


def facts(warehouse: Warehouse, level: str = "hospital") -> dict[str, Any]:
    return dict(warehouse.query("select fact, amount from mart_indicator_fact where level = ?", [level]))


def test_lines_of_systems_are_counted_and_added(warehouse: Warehouse) -> None:
    found = facts(warehouse)
    assert (found["satisfaction"], found["satisfaction/of"]) == (130, 150)
    assert (found["complaints"], found["falls"], found["adverse_events"], found["compensation"]) == (
        1,
        1,
        2,
        3000,
    )
    assert (found["suggestions"], found["suggestions/of"], found["suggestion_savings"]) == (2, 5, 200)
    assert (found["follow_up_30"], found["follow_up_30/of"]) == (3, 4)


def test_lines_behind_a_metric_add_up_to_it_and_say_where_they_stand(warehouse: Warehouse) -> None:
    lines = warehouse.query(
        "select extract, what, detail, amount, _file, _row from stg_metric where metric = 'adverse_events' order by _row"
    )
    assert lines == [("event", "fall", "3", 1, "book.xlsx", 5), ("event", "adverse", "4", 1, "book.xlsx", 6)]
    summed = "select metric || side, sum(amount) from stg_metric group by all"
    found = facts(warehouse)
    assert all(found[fact] == amount for fact, amount in warehouse.query(summed))


def test_they_go_before_what_is_reported_by_hand_metric_by_metric(warehouse: Warehouse) -> None:
    assert facts(warehouse)["follow_up_7"] == 1  # no system holds this window, so the report stands


def test_a_line_without_a_department_counts_for_the_hospital(warehouse: Warehouse) -> None:
    assert warehouse.query("select dept_code, amount from stg_energy order by amount") == [
        ("0401", 150),
        (None, 600),
    ]
    assert facts(warehouse)["electricity"] == 1000 and facts(warehouse, "department")["electricity"] in (
        200,
        800,
    )


def test_views_keep_every_line(warehouse: Warehouse) -> None:
    for view, count in (("stg_event", 6), ("stg_energy", 2), ("stg_suggestion", 5), ("stg_follow_up", 4)):
        assert warehouse.query(f"select count(*) from {view}") == [(count,)]


@pytest.mark.parametrize(
    ("extract", "rows"),
    [
        ("event", [["投诉与不良事件登记"], ["事件编号", "发生日期", "科室", "事件类型", "得分"], ["1", "2025-01-09", "骨科", "投诉", None]]),
        ("energy", [["2025年1月能耗表"], ["表号", "科室", "用电量", "能耗金额"], ["A1", "骨科", 800, 600]]),
        ("suggestion", [["金点子汇总"], ["建议编号", "提出日期", "科室", "建议内容", "是否采纳", "节约额"],
                        ["1", "2025-01-09", "骨科", "关灯", "是", 100]]),
        ("follow_up", [["出院随访记录"], ["病案号", "出院日期", "科室", "随访窗口", "是否完成随访"],
                       ["1", "2025-01-09", "骨科", "30天", "是"]]),
    ],
)  # fmt: skip
def test_their_sheets_are_recognised(tmp_path: Path, extract: str, rows: list[list[Any]]) -> None:
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.extract, part.status, part.rows_accepted, part.periods) == (extract, "ready", 1, [202501])
