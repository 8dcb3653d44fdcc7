"""Indicators the program measures itself: alerts answered, forecasts kept, rewards recorded, each line a record."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.alerts.life import KIND, Run, event
from core.derived import refresh
from core.forecasting import Target, decisions
from core.importing import Desk
from core.indicators.own import own_lines, take_in
from core.indicators.rows import fact_rows
from core.journal import journal
from core.store import Store
from core.warehouse import Warehouse, open_warehouse
from tests.pages.small import HOSPITAL, copied, read, small_store
from tests.pages.small import bring as bring_in
from tests.small import D

AT = datetime(2025, 4, 5, 8, 0, tzinfo=UTC)


def run(until: int, dept: str = "0402") -> Run:
    terms = (D("200000"), D("190000"), D("600000"), D("570000"), None)
    return Run("a04", dept, "骨科病区", "staff", "staff", until, until, "notice", D(3), D(3), D(3), terms)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return copied(recorded, tmp_path / "data")


def recorded(root: Path, work: Path) -> Store:
    """Two alerts of March answered after 2 and 5 hours, one that waits; a forecast of March's cost; a report by hand."""
    store = small_store(root)
    by_hand = {202502: [{"metric": "alert_response", "numerator": D(24), "denominator": D(1)}],
               202503: [{"metric": "alert_response", "numerator": D(90), "denominator": D(10)}]}  # fmt: skip
    bring_in(
        store,
        work,
        read(work, "手工填报", "operation_value", by_hand),
        6,
        sources={"operation_value": "ops"},
    )
    book = journal(store)
    for key, dept, hours in (("a", "0402", 2), ("b", "0403", 5), ("c", "0402", None)):
        book.add(HOSPITAL, [event("raised", key, run(202503, dept), "s")], by="CostWard", at=AT)
        if hours:
            answer = (KIND, key, {"event": "state", "to": "taken", "note": ""})
            book.add(HOSPITAL, [answer], by="李主任", at=AT + timedelta(hours=hours))
    rows = [{"period": 202503, "mean": D(600000), "naive": D(500000), "final": D(600000)}]
    decisions.keep(book, HOSPITAL, Target("cost"), rows, 202502, by="王会计", at=AT)
    refresh(store, workers=0)
    return store


def opened(store: Store) -> Warehouse:
    found = open_warehouse(store, store.snapshot())
    for period in (202502, 202503):
        found.ensure(HOSPITAL, period)
    return found


def value(store: Store, code: str, period: int, dept: str = "*") -> Decimal | None:
    rows = opened(store).query(
        "select value from mart_indicator_value where indicator = ? and period = ? and dept_code = ? and span = 'month' "
        "and caliber = 'main'",
        [code, period, dept],
    )
    return rows[0][0] if rows else None


def taken(store: Store) -> bool:
    return take_in(Desk(store, HOSPITAL), at=AT, actor="t") is not None


def test_answered_alerts_are_hours_and_waiting_ones_are_not_over_yet(store: Store) -> None:
    lines = [one for one in own_lines(opened(store), HOSPITAL) if one.metric == "alert_response"]
    assert [(one.period, one.dept, one.object, one.numerator) for one in lines] == [
        (202503, "0402", "a", D("2.00")), (202503, "0403", "b", D("5.00")),
    ]  # fmt: skip
    assert lines[0].note == "2025-04-05 08:00 → 2025-04-05 10:00 李主任"


def test_they_reach_the_scorecard_before_what_was_reported_by_hand(store: Store) -> None:
    assert value(store, "P31", 202503) == 9
    assert taken(store)
    assert (value(store, "P31", 202503), value(store, "P31", 202503, "0403")) == (D("3.5"), 5)
    assert value(store, "P31", 202502) == 24, "no record of February, so the report stands"


def test_the_figure_leads_down_to_the_records(store: Store) -> None:
    taken(store)
    found = fact_rows(opened(store), HOSPITAL, (202503,), "alert_response", None, 9)
    assert [(row.dept_code, row.amount, row.detail[-3:]) for row in found.rows] == [
        ("0403", 5, "李主任"),
        ("0402", 2, "李主任"),
    ]
    assert {row.file for row in found.rows} == {"系统自己的记录.xlsx"}


def test_a_kept_forecast_gives_the_accuracy_of_its_month(store: Store) -> None:
    """Cost of March is 632 345.61; 600 000 was said: 1 - 32 345.61 / 632 345.61, within what is mapped."""
    taken(store)
    ((actual,),) = opened(store).query(
        "select sum(direct_medical) from mart_department_month where period = 202503"
    )
    expected = 1 - abs(actual - 600000) / actual
    assert value(store, "L22", 202503) == pytest.approx(expected, abs=Decimal("1e-7"))


def test_taking_in_again_changes_nothing_and_a_new_answer_is_taken(store: Store) -> None:
    assert taken(store) and not taken(store)
    journal(store).add(
        HOSPITAL,
        [(KIND, "c", {"event": "state", "to": "taken", "note": ""})],
        by="x",
        at=AT + timedelta(hours=5),
    )
    assert taken(store) and value(store, "P31", 202503) == 4
