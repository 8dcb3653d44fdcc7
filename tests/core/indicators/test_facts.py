"""mart_indicator_fact: budget versions in their order, registers without events, people counted once, care settings."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.indicators.define import indicators
from core.indicators.rows import fact_rows, puts
from core.warehouse import Warehouse, open_warehouse
from tests.core.indicators.test_values import value
from tests.small import D, FakeStore, dictionary

ITEMS = [{"item_code": c, "item_name": c, "item_class": "staff"} for c in ("s1", "s2", "s3")]


def planned(tmp_path: Path, lines: Iterable[tuple[str, str, str]], in_force: str = "") -> Warehouse:
    """Department 0401, January 2025: (item, version, yuan)."""
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    store.put("cost_item", ITEMS)
    store.put("budget", [{"period": 202501, "dept_code": "0401", "item_code": item, "version": version, "amount": D(yuan)}
                         for item, version, yuan in lines])  # fmt: skip
    if in_force:
        store.record("settings", key="budget", json=json.dumps({"in_force": {"2025": in_force}}), by="x")
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    return opened


def adjusted(warehouse: Warehouse) -> tuple[Any, Any, Any]:
    """(changed, original, rate)"""
    facts = dict(warehouse.query("select fact, amount from mart_indicator_fact where dept_code = '*'"))
    return facts["budget_changed"], facts["budget_original"], value(warehouse, "F41", 202501, "month")[0]


@pytest.mark.parametrize(("lines", "in_force", "expected"), [
    # s1 stays at 100, s2 goes from 50 to 70: 20 of 150
    ((("s1", "v0", "100"), ("s2", "v0", "50"), ("s2", "v1", "70")), "", (20, 150, "0.13333333")),
    # the original was put in force: the other is a draft
    ((("s1", "v0", "100"), ("s2", "v0", "50"), ("s2", "v1", "70")), "v0", (0, 150, "0")),
    # 100 -> 130 -> 120, in the order of the versions and not of their letters: 30 + 10
    ((("s1", "年初预算", "100"), ("s1", "中期调整", "130"), ("s1", "第2次调整", "120")), "", (40, 100, "0.4")),
    # an item that an adjustment adds was nothing before
    ((("s1", "v0", "100"), ("s3", "v1", "25")), "", (25, 100, "0.25")),
    # v1 in force does without s2, which falls away; v2 is a draft
    ((("s1", "v0", "100"), ("s2", "v0", "50"), ("s1", "v1", "100"), ("s2", "v2", "9")), "v1", (50, 150, "0.33333333")),
])  # fmt: skip
def test_every_adjustment_of_an_item_counts_up_to_the_version_in_force(
    tmp_path: Path, lines: tuple[tuple[str, str, str], ...], in_force: str, expected: tuple[Any, ...]
) -> None:
    warehouse = planned(tmp_path, lines, in_force)
    assert adjusted(warehouse) == (expected[0], expected[1], D(expected[2]))
    rows = fact_rows(warehouse, "H1", (202501,), "budget_original", None, 9)
    assert rows.amount == expected[1]
    kept = fact_rows(warehouse, "H1", (202501,), "budget_changed", ["0401"], 9).rows
    drafts = (
        "select count(*) from stg_budget_version where version_order > coalesce(chosen_order, version_order)"
    )
    assert warehouse.query(drafts) == [(0,)]
    assert ("v1" in {row.detail for row in kept}) == (
        in_force == "v1" or (not in_force and lines[-1][1] == "v1")
    )


def test_a_register_that_is_kept_says_zero_where_nothing_happened(tmp_path: Path) -> None:
    """January: one complaint in the register, nobody fell. February: only a survey from elsewhere, which registers nothing."""
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    store.put(
        "event",
        [
            {
                "period": 202501,
                "event_no": "1",
                "dept_code": "0402",
                "kind": "complaint",
                "happened_on": date(2025, 1, 3),
            }
        ],
    )
    store.put("event", [{"period": 202502, "event_no": "2", "dept_code": "0402", "kind": "satisfaction", "points": D("90"),
                         "happened_on": date(2025, 2, 3)}], source="survey")  # fmt: skip
    for period in (202501, 202502):
        store.put("workload_op", [{"period": period, "dept_code": "0402", "visits": 1000}])
        store.put("workload_ip", [{"period": period, "dept_code": d, "discharges": 50, "bed_days": 400, "open_beds": D("20")}
                                  for d in ("0401", "0403")])  # fmt: skip
    warehouse = open_warehouse(store)
    for period in (202501, 202502):
        warehouse.ensure("H1", period)
    assert value(warehouse, "C20", 202501, "month") == (0, None, None)
    assert value(warehouse, "C20", 202501, "month", "0401") == (0, None, None)
    assert value(warehouse, "C19", 202501, "month") == (0, None, None)
    assert value(warehouse, "C04", 202501, "month") == (
        D("9.09090909"),
        None,
        None,
    )  # 1 of 1 000 visits + 100 discharges
    assert value(warehouse, "C04", 202501, "month", "0403") == (0, None, None)
    assert value(warehouse, "C20", 202502, "month") == (None, "missing", "operation_value")


def test_a_figure_reported_by_hand_is_no_zero_of_the_register(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    store.put(
        "event",
        [
            {
                "period": 202501,
                "event_no": "1",
                "dept_code": "0402",
                "kind": "complaint",
                "happened_on": date(2025, 1, 3),
            }
        ],
    )
    store.put(
        "operation_value",
        [{"period": 202501, "metric": "compensation", "numerator": D("5000")}],
        source="ops",
    )
    assert value(open_warehouse(store), "C19", 202501, "month") == (5000, None, None)


def staffed(
    tmp_path: Path, courses: Iterable[tuple[int, str, str]], post: str | None = "护士长"
) -> Warehouse:
    """Ten people of 0401 and two of 0402 all year; (month, person, topic) in courses."""
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    people = [(f"{n:02d}", "0401" if n <= 10 else "0402") for n in range(1, 13)]
    for period in (202503, 202506, 202509, 202512):
        store.put("employee", [{"period": period, "emp_code": code, "dept_code": dept, "category": "护理", "post": post}
                               for code, dept in people])  # fmt: skip
    by_month: dict[int, list[dict[str, Any]]] = {}
    for number, (period, code, topic) in enumerate(courses):
        by_month.setdefault(period, []).append(
            {"period": period, "emp_code": code, "dept_code": "0401", "course": f"{topic}{number}", "topic": topic,
             "held_on": date(period // 100, period % 100, 5), "hours": D("2")})  # fmt: skip
    for lines in by_month.values():
        store.put("train", lines)
    return open_warehouse(store)


def test_people_trained_are_counted_once_in_a_quarter_a_half_and_a_year(tmp_path: Path) -> None:
    """01 to 06 are trained in the first quarter, 04 to 09 in the third, 01 again in the fourth: 9 of 12 people in the year."""
    courses = [(202503, f"{n:02d}", "成本管控") for n in range(1, 7)]
    courses += [(202508, f"{n:02d}", "成本管控") for n in range(4, 10)] + [(202511, "01", "成本管控")]
    warehouse = staffed(tmp_path, courses)
    assert value(warehouse, "L01", 202503, "quarter")[0] == D("0.5")
    assert value(warehouse, "L01", 202509, "ytd")[0] == D("0.75")
    assert value(warehouse, "L01", 202512, "half")[0] == D("0.58333333")  # 04 to 09, and 01: 7 of 12
    assert value(warehouse, "L01", 202512, "year")[0] == D("0.75")
    assert value(warehouse, "L01", 202512, "year", "0401")[0] == D("0.9")
    assert value(warehouse, "L01", 202512, "year", "0402") == (
        0,
        None,
        None,
    )  # nobody of 0402 was in a course
    assert value(warehouse, "L02", 202512, "year")[0] == D("2.16666667")  # 26 hours, 12 people
    top, bottom = puts(warehouse, "H1", indicators()["L01"].caliber(), "*", "year", 202512)
    assert (top.amount, bottom.amount) == (9, 12)


def test_a_roster_with_posts_and_no_cost_officer_is_no_coverage(tmp_path: Path) -> None:
    warehouse = staffed(tmp_path, [])
    assert value(warehouse, "L10", 202503, "month") == (0, None, None)
    assert value(warehouse, "L10", 202503, "month", "0401") == (0, None, None)
    without = staffed(tmp_path / "x", [], post=None)
    assert value(without, "L10", 202503, "month") == (None, "missing", "operation_value")


def test_full_cost_by_kind_of_patient_says_when_departments_are_not_marked(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    store.put(
        "dept",
        [{"dept_code": "0401", "dept_name": "骨科", "dept_class": "clinical", "care_setting": "inpatient"}],
    )
    store.put("cost_item", ITEMS)
    store.put(
        "ledger_cost",
        [{"period": 202501, "dept_code": "0401", "item_code": "s1", "fund_source": "own", "amount": D("9")}],
    )
    store.put("workload_ip", [{"period": 202501, "dept_code": "0401", "bed_days": 3, "discharges": 1}])
    warehouse = open_warehouse(store)
    warehouse.ensure("H1", 202501)
    assert value(warehouse, "F36", 202501, "month") == (None, "setting", "dept")
    assert value(warehouse, "F37", 202501, "month") == (3, None, None)
