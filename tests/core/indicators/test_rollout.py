"""Introducing the scorecard: steps, dates, team, pilots that hold from a month on, problems people raised."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.indicators.rollout import (
    Pilots,
    Rollout,
    RolloutError,
    phases,
    problems,
    raise_problem,
    rollout,
    set_rollout,
    settle_problem,
    team_roles,
)  # fmt: skip
from core.journal import journal
from core.settings import get_settings, set_value
from core.store import Store

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def held(store: Store) -> Rollout:
    return rollout(get_settings(store, store.snapshot(), "H1"))


def test_phases_have_the_lengths_and_the_team_of_the_scheme() -> None:
    assert [(one.name, one.months) for one in phases()] == [
        ("prepare", (3, 6)), ("design", (6, 12)), ("pilot", (12, 18)), ("adjust", (0, 0)),
    ]  # fmt: skip
    assert list(team_roles()) == ["director", "finance", "medical_affairs", "nursing", "it", "logistics"]
    assert any("薪酬" in step.zh for step in phases()[2].steps)


def test_progress_dates_and_team_are_settings(tmp_path: Path) -> None:
    store = Store(tmp_path)
    dates = {"prepare": (date(2025, 1, 15), date(2025, 6, 14)), "design": (date(2025, 7, 1), None)}
    wanted = Rollout(("design:1", "prepare:0"), (), dates, {"director": "王院长", "it": " "})
    set_rollout(store, "H1", wanted, actor="director", at=AT)
    found = held(store)
    assert (found.share(phases()[0]), found.share(phases()[1])) == ((1, 3), (1, 4))
    assert found.team == {"director": "王院长"}
    assert [found.lasting(one, date(2026, 1, 5)) for one in phases()] == [4, 6, None, None]
    with pytest.raises(RolloutError, match="no step"):
        set_rollout(store, "H1", Rollout(("design:9",)), actor="director", at=AT)
    with pytest.raises(RolloutError, match="before it begins"):
        set_rollout(store, "H1", Rollout(dates={"pilot": (None, date(2026, 1, 1))}), actor="director", at=AT)


def test_pilots_hold_from_a_month_on_and_leave_the_months_before_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert Rollout().runs_in(202501)("0401")
    set_rollout(store, "H1", Rollout().piloting(202507, ["0508"]), actor="director", at=AT)
    set_rollout(store, "H1", held(store).piloting(202510, ["0508", "0401"]), actor="director", at=AT)
    found = held(store)
    assert [found.pilots_in(month) for month in (202506, 202507, 202509, 202510)] == [
        (), ("0508",), ("0508",), ("0401", "0508"),
    ]  # fmt: skip
    assert (
        found.runs_in(202510)("0401") and not found.runs_in(202509)("0401") and found.runs_in(202506)("0401")
    )
    over = found.piloting(202601, [])  # rolled out: every department from then on
    assert over.runs_in(202601)("0999") and not over.runs_in(202512)("0999")


def test_pilots_kept_before_they_had_a_month_hold_for_every_month(tmp_path: Path) -> None:
    store = Store(tmp_path)
    set_value(store, "H1", "scorecard_rollout", {"done": [], "pilots": ["0508"]}, actor="x", at=AT)
    assert held(store).pilots == (Pilots(0, ("0508",)),) and not held(store).runs_in(202001)("0401")


def test_problems_are_raised_and_settled_with_words(tmp_path: Path) -> None:
    kept = journal(Store(tmp_path))
    raise_problem(kept, "H1", "hard", "平均住院日9天达不到", dept="0508", indicator="P01", by="骨科", at=AT)
    raise_problem(kept, "H1", "data", "随访数据要手工抄", by="心内", at=AT)
    with pytest.raises(RolloutError):
        raise_problem(kept, "H1", "hard", " ", by="骨科", at=AT)
    settle_problem(kept, "H1", 1, "solved", "骨科改为 10.5 天", by="运营", at=AT)
    first, second = problems(kept, "H1")
    assert (first.number, first.state) == (2, "open")
    assert (second.state, second.result, second.by, second.indicator) == (
        "solved",
        "骨科改为 10.5 天",
        "骨科",
        "P01",
    )
    with pytest.raises(RolloutError, match="settled already"):
        settle_problem(kept, "H1", 1, "kept", "again", by="运营", at=AT)
