"""The life of an alert: raised once for a cause, answered by people, closed by corrected data, back when it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from core.alerts import kept
from core.alerts.inbox import NotNow, act, comment, inbox
from core.alerts.late import decide_late
from core.alerts.life import KIND, Run, Status, event, fold
from core.alerts.response import response
from core.alerts.tending import Tended, decide, tend
from core.journal import journal
from core.settings import Settings
from core.store import Store
from core.warehouse import open_warehouse
from tests.readings import clock
from tests.small import FakeStore, H, fill, ledger

NOW = clock(0)
STAFF = "a04|0401|staff|202501"
SETTINGS = Settings(H)


def months(store: FakeStore, *periods: int) -> FakeStore:
    """0401 has 200,000 of staff cost a month against a budget of 190,000."""
    fill(store, *periods)
    ready(store)
    return store


def ready(store: FakeStore) -> None:
    warehouse = open_warehouse(store)  # type: ignore[arg-type]
    for period in warehouse.periods(H):
        warehouse.ensure(H, period)


def spend(store: FakeStore, period: int, amount: str) -> None:
    """Correct what 0401 spent in a month."""
    rows = [{**row, "amount": D(amount)} if row["dept_code"] == "0401" else row for row in ledger(period)]
    store.put("ledger_cost", rows)
    ready(store)


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return months(FakeStore(tmp_path / "data"), 202501, 202502, 202503)


def go(store: FakeStore, step: int) -> Tended:
    return tend(store, H, at=clock(step))  # type: ignore[arg-type]


class Life:
    """A journal, and the rules finding what a test says they find. Months 202501 to 202506 are there."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.step = 0

    def found(self, *runs: Run, months: Sequence[int] | None = range(202501, 202507), fresh: int = 202502,
              settings: Settings = SETTINGS) -> list[tuple[str, str]]:  # fmt: skip
        """(event, key) of what is written."""
        self.step += 1
        with journal(self.store).changing(H) as writer:
            drafts = decide(runs, fold(writer.entries(KIND)), months, fresh, settings, "s")
            writer.add(drafts, by="CostWard", at=clock(self.step))
        return [(data["event"], key) for _, key, data in drafts]

    def act(self, to: str, note: str = "", key: str = STAFF) -> None:
        self.step += 1
        act(self.store, H, [key], to, actor="li", at=clock(self.step), note=note)

    def status(self, key: str = STAFF) -> Status:
        return fold(journal(self.store).entries(KIND, H))[key]


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path / "data")


def run(since: int = 202501, until: int = 202503, **more: Any) -> Run:
    base = Run(
        "a04", "0401", "骨科病区", "staff", "staff", since, until, "notice", D(3), D(3), D(3), (None,) * 5
    )
    return replace(base, **more)


# -- the whole way, over a small hospital ----------------------------------------------------------------------------


def test_the_same_cause_fires_once_and_corrected_data_close_it(store: FakeStore) -> None:
    with ThreadPoolExecutor(3) as pool:
        first = [one for one in pool.map(lambda step: go(store, step), range(3)) if one.raised]
    assert len(first) == 1 and STAFF in first[0].raised, "three at once raise it once"
    version = journal(store).version()  # type: ignore[arg-type]
    store.record("settings", key="profile", json='{"beds": 3}')
    assert go(store, 4) == Tended() and journal(store).version() == version  # type: ignore[arg-type]
    held = fold(journal(store).entries(KIND, H))[STAFF]  # type: ignore[arg-type]
    assert (held.state, held.run.since, held.run.until) == ("new", 202501, 202503)
    assert held.run.terms[:4] == (D("200000"), D("190000"), D("600000"), D("570000"))
    spend(store, 202503, "180000")
    assert STAFF in go(store, 5).closed
    spend(store, 202503, "200000")
    back = go(store, 6)
    assert STAFF in back.reopened and STAFF not in back.raised
    events = [e.data["event"] for e in journal(store).entries(KIND, H, STAFF)]  # type: ignore[arg-type]
    assert events == ["raised", "closed", "reopened"]


def test_months_not_computed_yet_close_nothing_and_withdrawn_ones_do(store: FakeStore) -> None:
    go(store, 1)
    store.put("ledger_cost", [{**row, "amount": D("1")} for row in ledger(202503)])
    assert go(store, 2).closed == (), "the month's results are still to come"
    for table in ("ledger_cost", "income", "staff_count", "internal_service", "workload_op", "workload_ip"):
        store.put(table, [], periods=[202503])
    go(store, 3)
    held = fold(journal(store).entries(KIND, H))[STAFF]  # type: ignore[arg-type]
    assert (held.state, held.why) == ("done", "withdrawn")


# -- what is written, given what is found -------------------------------------------------------------------------


def test_raised_once_then_changed_only_when_something_changed(life: Life) -> None:
    assert life.found(run()) == [("raised", STAFF)]
    assert life.found(run()) == []
    assert life.found(run(actual=D(4))) == [("changed", STAFF)]
    held = life.status()
    assert (held.state, held.raised, held.run.actual) == ("new", clock(1), D(4))
    assert held.due == clock(1) + timedelta(hours=168)
    assert not held.overdue(held.due) and held.overdue(held.due + timedelta(seconds=1))


def test_closed_with_a_trace_and_back_visibly(life: Life) -> None:
    life.found(run())
    assert life.found() == [("closed", STAFF)] and life.found() == []
    held = life.status()
    assert (held.state, held.why, held.ended, held.by, held.answered) == (
        "done",
        "corrected",
        clock(2),
        "",
        None,
    )
    assert life.found(run()) == [("reopened", STAFF)]
    held = life.status()
    assert (held.state, held.reopened, held.why, held.raised) == ("new", 1, "back", clock(4))


def test_a_run_that_was_cut_keeps_its_cause(life: Life) -> None:
    life.found(run(202501, 202506))
    parts = [run(202501, 202502), run(202504, 202506)]
    assert life.found(*parts, fresh=202505) == [("changed", STAFF)]
    assert (life.status().run.since, life.status().run.until) == (202504, 202506)
    assert life.found(*parts, fresh=202502) == [("raised", f"{STAFF}|2")], (
        "the older part is a cause of its own"
    )


def test_the_next_month_goes_on_or_reopens(life: Life) -> None:
    life.found(run())
    life.act("taken")
    assert life.found(run(until=202504)) == [("changed", STAFF)]
    assert (life.status().state, life.status().answered) == ("taken", clock(2))
    life.act("done", "已与采购核对")
    assert life.found(run(until=202504)) == [], "the same months again are the same cause"
    assert (life.status().state, life.status().by, life.status().why) == ("done", "li", "已与采购核对")
    assert life.found(run(until=202505)) == [("reopened", STAFF)] and life.status().why == "again"
    life.act("false_alarm", "预算漏报")
    assert life.found(run(until=202506)) == [("changed", STAFF)] and life.status().state == "false_alarm"


def test_done_then_corrected_comes_back_and_a_false_alarm_does_not(life: Life) -> None:
    life.found(run())
    life.act("done")
    assert life.found() == [("gone", STAFF)] and life.status().by == "li" and life.found() == []
    assert life.found(run()) == [("reopened", STAFF)]
    life.act("false_alarm")
    assert life.found() == [("gone", STAFF)]
    assert life.found(run()) == [("changed", STAFF)] and life.status().state == "false_alarm"


@pytest.mark.parametrize(
    ("limit", "months", "why"),
    [("4", (202501, 202502, 202503), "limit"), ("3", (202501, 202502, 202503), "corrected"), ("3", (202501,), "withdrawn")],
)  # fmt: skip
def test_why_it_closed(life: Life, limit: str, months: tuple[int, ...], why: str) -> None:
    life.found(run())
    said = {"parameters": {"alert_streak": [{"from": 202501, "value": limit, "by": "li", "why": "x"}]}}
    assert life.found(months=months, settings=Settings(H, other=said)) == [("closed", STAFF)]
    assert life.status().why == why


def test_nothing_closes_while_months_are_missing(life: Life) -> None:
    life.found(run())
    assert life.found(months=None) == [] and life.status().state == "new"


def test_older_months_are_for_looking_back(life: Life) -> None:
    assert life.found(run(), fresh=202504) == []
    assert life.found(run(), fresh=202503) == [("raised", STAFF)]


def test_people_answer_only_from_where_it_stands(life: Life) -> None:
    life.found(run())
    life.act("done")
    with pytest.raises(NotNow) as told:
        life.act("taken")
    assert told.value.state == "done"
    with pytest.raises(KeyError):
        life.act("done", key="nothing")
    with pytest.raises(ValueError, match="allowed"):
        life.act("vanished")
    life.act("new", "again")
    comment(life.store, H, STAFF, " 请看合同 ", actor="wang", at=clock(9))
    held = life.status()
    assert [(e.data["event"], e.by) for e in held.history] == [
        ("raised", "CostWard"), ("state", "li"), ("state", "li"), ("comment", "wang"),
    ]  # fmt: skip
    assert held.history[-1].data["note"] == "请看合同" and held.state == "new"
    with pytest.raises(ValueError, match="empty"):
        comment(life.store, H, STAFF, "  ", actor="wang", at=clock(9))
    with pytest.raises(KeyError):
        comment(life.store, H, "nothing", "x", actor="wang", at=clock(9))


def test_the_inbox_and_the_view_show_the_same(store: FakeStore) -> None:
    before = inbox(store, store.snapshot(), H)  # type: ignore[arg-type]
    assert before.waiting and before.by_key[STAFF].state == "new" and before.open == 0, (
        "found, not in the journal yet"
    )
    go(store, 1)
    box = inbox(store, store.snapshot(), H)  # type: ignore[arg-type]
    assert not box.waiting and box.open == len([a for a in box.alerts if a.open]) > 0
    assert inbox(store, store.snapshot(), H) is box, "asked once"  # type: ignore[arg-type]
    warehouse = open_warehouse(store)  # type: ignore[arg-type]
    sql = 'select rule, period, object, actual, "limit", deviation, level, state, owner from mart_alert where alert = ?'
    assert warehouse.query(sql, (STAFF,)) == [
        (
            "A04",
            202503,
            "骨科病区 · 人员经费",
            D("3"),
            D("3"),
            D("0"),
            "notice",
            "new",
            "科主任（未指定人员）",
        )
    ]
    act(store, H, [STAFF], "taken", actor="li", at=clock(2))  # type: ignore[arg-type]
    assert warehouse.query("select state from mart_alert where alert = ?", (STAFF,)) == [("taken",)]


def test_what_was_found_is_read_back_and_survives_a_damaged_copy(store: FakeStore) -> None:
    warehouse = open_warehouse(store)  # type: ignore[arg-type]
    mark, found = kept.found(warehouse, H)
    kept._held.clear()
    assert kept.found(warehouse, H)[1].rows.equals(found.rows)
    place = next(store.root.glob(f"derived/*/alerts/{mark}"))
    (place / "found.parquet").write_bytes(b"not parquet")
    kept._held.clear()
    assert kept.found(warehouse, H)[1].rows.equals(found.rows)


# -- A18 and P31 ---------------------------------------------------------------------------------------------------


def standing(hours: float, state: str = "new", key: str = "x", answered: float | None = None) -> Status:
    run = Run(
        "a04", "0401", "骨科病区", "staff", "staff", 202501, 202503, "notice", D(3), D(3), D(3), (None,) * 5
    )
    raised = NOW - timedelta(hours=hours)
    return Status(key, run, state, raised, None if answered is None else raised + timedelta(hours=answered))


def test_a18_after_an_hour_and_after_a_day_and_gone_when_taken() -> None:
    settings = Settings(H)
    assert decide_late({"x": standing(1)}, settings, NOW, "s") == [], "one hour exactly is in time"
    ((_, key, data),) = decide_late({"x": standing(1.01), "y": standing(0.5, key="y")}, settings, NOW, "s")
    assert data["event"] == "raised" and data["run"]["level"] == "notice" and data["run"]["terms"][0] == "1"
    ((_, _, data),) = decide_late({"x": standing(24.5), "y": standing(3, key="y")}, settings, NOW, "s")
    assert (data["run"]["level"], data["run"]["actual"], data["run"]["limit"]) == ("warning", "24.50", "24")
    assert data["run"]["object"] == "role:dept_head" and data["run"]["terms"][0] == "2"
    late = Status(
        key,
        Run(
            "a18",
            "",
            "",
            "role:dept_head",
            "",
            202601,
            202601,
            "notice",
            D(2),
            D(1),
            D(1),
            (D(1),) + (None,) * 4,
        ),
    )
    assert decide_late({"x": standing(3), key: late}, settings, NOW, "s") == [], "nothing new to say"
    ((_, _, data),) = decide_late({"x": standing(3, "taken"), key: late}, settings, NOW, "s")
    assert (data["event"], data["why"]) == ("closed", "taken")
    ((_, _, data),) = decide_late({"x": standing(3), key: replace(late, state="done")}, settings, NOW, "s")
    assert data["event"] == "reopened"


def test_a18_is_raised_by_tending_and_closed_when_somebody_takes_it(store: FakeStore) -> None:
    first = go(store, 0)
    assert go(store, 60) == Tended(), "an hour exactly is in time"
    late = go(store, 61)
    assert {key.split("|")[0] for key in late.raised} == {"a18"}
    assert go(store, 70) == Tended(), "said once"
    act(store, H, first.raised, "taken", actor="li", at=clock(71))  # type: ignore[arg-type]
    assert set(go(store, 72).closed) == set(late.raised)


def test_response_share_within_an_hour_and_a_day_and_median() -> None:
    """Answered after 0.5, 2 and 30 hours; one waits for 5 hours, one for half an hour, one closed itself."""
    all_of = [
        standing(100, "taken", answered=0.5), standing(100, "done", answered=2), standing(100, "done", answered=30),
        standing(5), standing(0.5), standing(100, "done"),
    ]  # fmt: skip
    told = response(all_of, NOW)
    assert (told.raised, told.answered, told.by_itself, told.open) == (6, 3, 1, 3)
    assert told.within_hour == D(1) / D(4), "half an hour of waiting cannot tell yet"
    assert told.within_day == D(2) / D(3) and told.median == D(2)
    assert told.mean == D("32.5") / 3
    assert response([], NOW) == type(told)()
    assert response(all_of, NOW, start=NOW - timedelta(hours=6)).raised == 2


def test_a_rule_that_was_taken_out_leaves_no_alert_behind(life: Life) -> None:
    _, key, data = event("raised", "old", run(), "s")
    data["run"]["name"] = "a99"
    journal(life.store).add(
        H, [(KIND, key, data), (KIND, key, {"event": "comment", "note": "x"})], by="a", at=clock(1)
    )
    assert fold(journal(life.store).entries(KIND, H)) == {}
