"""Tracing: steps in their order, due dates, overdue, the hotline, what becomes a red line, the committee's board."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.parameters import parameters
from core.responsibility import supervision, tracing
from core.responsibility.words import ResponsibilityError
from core.store import Store

H = "H1"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def rates(name: str) -> Decimal | None:
    return parameters()[name].values[-1].value


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def raised(store: Store, on: int = 0, **given: Any) -> str:
    whole = {"source": "violation", "title": "超适应症用药", "period": 202602, **given}
    return tracing.raise_trace(store, H, rates=rates, by="医保办", at=day(on), **whole).key


def act(store: Store, key: str, event: str, on: int, **given: Any) -> tracing.Trace:
    tracing.act(store, H, key, event, rates=rates, by="李主任", at=day(on), **given)
    return one(store, key)


def one(store: Store, key: str) -> tracing.Trace:
    return next(t for t in tracing.traces(store, H) if t.key == key)


def test_the_whole_way_with_its_dates(store: Store) -> None:
    key = raised(store)
    assert key == "2026-0001"
    first = one(store, key)
    assert (first.stage, first.due) == ("to_dept", date(2026, 3, 4))  # two days to name the department
    named = act(store, key, "dept", 1, dept="0401", dept_name="骨科病区")
    assert (named.stage, named.due, named.dept_name) == ("to_person", date(2026, 3, 6), "骨科病区")
    person = act(store, key, "person", 2, person="张医生")
    assert (person.stage, person.due) == ("to_fix", date(2026, 4, 3))
    fixed = act(store, key, "rectified", 10, note="已退回违规费用，组织培训")
    assert (fixed.stage, fixed.due) == ("to_check", date(2026, 3, 19))
    back = act(store, key, "failed", 11, note="培训记录不全", due=day(20).date())
    assert (back.stage, back.due, back.returned) == ("to_fix", date(2026, 3, 22), 1)
    act(store, key, "rectified", 12, note="补充记录")
    done = act(store, key, "passed", 13)
    assert (done.stage, done.open, done.due, done.age(day(99).date())) == ("closed", False, None, 13)
    assert [e.data["event"] for e in done.history] == [
        "raised", "dept", "person", "rectified", "failed", "rectified", "passed",
    ]  # fmt: skip
    assert done.broken == () and not done.late


def test_with_a_department_it_waits_for_the_person(store: Store) -> None:
    assert one(store, raised(store, dept="0401", dept_name="骨科病区")).stage == "to_person"


def test_overdue_begins_the_day_after(store: Store) -> None:
    found = one(store, raised(store))
    assert not found.overdue(date(2026, 3, 4)) and found.overdue(date(2026, 3, 5))
    late = act(store, found.key, "dept", 5, dept="0401")
    assert late.late and not late.overdue(day(5).date())


@pytest.mark.parametrize("event", ["person", "rectified", "passed", "failed"])
def test_steps_out_of_their_order_are_refused(store: Store, event: str) -> None:
    key = raised(store)
    with pytest.raises(ResponsibilityError) as refused:
        act(store, key, event, 1, person="x", note="x")
    assert "待落实科室" in refused.value.text("zh") and refused.value.code == "trace_stage"
    assert len(one(store, key).history) == 1


def test_what_a_step_needs(store: Store) -> None:
    key = raised(store)
    for event, given in (("dept", {}), ("dismissed", {"note": " "})):
        with pytest.raises(ResponsibilityError) as refused:
            act(store, key, event, 1, **given)
        assert refused.value.code == "trace_missing"
    act(store, key, "dept", 1, dept="0401")
    with pytest.raises(ResponsibilityError, match="in the past"):
        act(store, key, "person", 2, person="张医生", due=day(1).date())
    with pytest.raises(ResponsibilityError, match="no such tracing"):
        tracing.act(store, H, "2026-9999", "note", rates=rates, by="x", at=START, note="x")
    with pytest.raises(ResponsibilityError, match="Please give: matter"):
        raised(store, title=" ")


def test_one_cause_one_tracing(store: Store) -> None:
    key = raised(store, source="alert", ref="a02:0401:202602")
    with pytest.raises(ResponsibilityError, match="has the tracing 2026-0001 already"):
        raised(store, source="alert", ref="a02:0401:202602")
    act(store, key, "dismissed", 1, note="误报")
    assert raised(store, 2, source="alert", ref="a02:0401:202602") == "2026-0002"


def test_the_hotline_keeps_the_matter_and_no_reporter(store: Store) -> None:
    found = one(store, raised(store, source="hotline", title="耗材重复计费", detail="举报热线 3 月 2 日"))
    assert set(found.history[0].data) & {"reporter", "phone", "contact"} == set()
    assert found.source == "hotline"


def test_sanctions_stand_beside_the_steps(store: Store) -> None:
    key = raised(store, dept="0401", dept_name="骨科病区")
    act(store, key, "person", 1, person="张医生")
    act(store, key, "sanction", 2, sanction="recover", amount=1_250_000)
    found = act(store, key, "sanction", 2, sanction="suspend", person="张医生", note="三个月")
    assert [dict(s) for s in found.sanctions] == [
        {"kind": "recover", "person": "张医生", "amount": 1_250_000},
        {"kind": "suspend", "person": "张医生", "amount": None},
    ]
    assert found.stage == "to_fix"  # a sanction is no step


def test_violations_count_once_they_reach_a_person(store: Store) -> None:
    key = raised(store, dept="0401")
    months = (202601, 202602, 202603)
    assert tracing.violations(tracing.traces(store, H), months) == {}
    act(store, key, "person", 1, person="张医生")
    assert tracing.violations(tracing.traces(store, H), months) == {"0401": 1}
    assert tracing.violations(tracing.traces(store, H), (202604,)) == {}
    act(store, key, "dismissed", 2, note="申诉成立")
    assert tracing.violations(tracing.traces(store, H), months) == {}
    alert = raised(store, source="alert", dept="0402")
    act(store, alert, "person", 1, person="王医生")
    assert tracing.violations(tracing.traces(store, H), months) == {}


def test_numbers_count_within_the_year(store: Store) -> None:
    raised(store)
    assert raised(store, 1) == "2026-0002"
    assert raised(store, 400) == "2027-0001"


def test_the_committees_board(store: Store) -> None:
    late = raised(store, 0)  # to_dept since day 0, due day 2
    raised(store, 30, source="hotline", dept="0401", dept_name="骨科病区")  # to_person, due day 33
    quick = raised(store, 10, dept="0402", dept_name="心内科病区")
    act(store, quick, "person", 11, person="王医生")
    act(store, quick, "rectified", 12, note="改")
    act(store, quick, "passed", 14)
    slow = raised(store, 10, dept="0402")
    act(store, slow, "person", 20, person="王医生")  # seven days late
    act(store, slow, "rectified", 21, note="改")
    act(store, slow, "passed", 22)
    wrong = raised(store, 10, source="hotline")
    act(store, wrong, "dismissed", 11, note="查无此事")
    board = supervision.overview(tracing.traces(store, H), day(32).date())
    assert (board.total, board.open, board.overdue, board.closed, board.dismissed) == (5, 2, 1, 2, 1)
    assert board.stages["to_dept"] == supervision.Count(1, 1) and board.stages[
        "to_person"
    ] == supervision.Count(1, 0)
    assert board.ages["quarter"] == supervision.Count(1, 1) and board.ages["week"] == supervision.Count(1, 0)
    assert list(board.depts) == ["", "0401"]  # the overdue one first
    assert board.sources == {"hotline": supervision.Count(1, 0), "violation": supervision.Count(1, 1)}
    assert (board.on_time, board.days) == (Decimal("0.5"), Decimal("8"))
    assert sum(c.open for c in board.ages.values()) == sum(c.open for c in board.depts.values()) == board.open
    assert late == "2026-0001"


@pytest.mark.parametrize(
    ("days", "band"), [(0, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "quarter"), (91, "older")]
)
def test_bands_of_age(days: int, band: str) -> None:
    assert supervision.age_band(days) == band


def test_an_empty_board_says_nothing_it_does_not_know() -> None:
    board = supervision.overview((), date(2026, 1, 1))
    assert (board.total, board.on_time, board.days) == (0, None, None)
