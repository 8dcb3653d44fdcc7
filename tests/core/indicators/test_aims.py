"""Single targets: edited with a reason, every change kept with who, when, why, old and new; tried before they are kept."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.indicators import aims
from core.indicators.card import Line
from core.indicators.line import Basis, aligned, chosen
from core.indicators.targets import Target, TargetError, applying, set_targets, smart, targets
from core.settings import Settings, get_settings, set_value
from core.store import Store
from tests.small import D

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
AIM = Target("C01", 202501, D("85"), D("90"), due=202512, owner="quality")


def line(code: str = "C01", value: str = "88", caliber: str = "main", **more: object) -> Line:
    held = {"baseline": None, "target": None, "low": None, "high": None, **more}
    return Line("*", "*", "hospital", code, caliber, None, None, None, None, D(value), score=None, status="none",
                reason=None, reason_of=None, **held)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    set_targets(made, "H1", [AIM, replace(AIM, indicator="C02")], actor="王会计", at=AT)
    return made


def put(store: Store, target: Target, why: str = "省里下达") -> None:
    aims.put(store, "H1", target, why=why, actor="李院长", at=AT)


def settings(store: Store) -> Settings:
    return get_settings(store, store.snapshot(), "H1")


def test_one_target_changes_and_the_others_stay(store: Store) -> None:
    put(store, replace(AIM, target=D("92")))
    held = {one.indicator: one.target for one in targets(settings(store))}
    assert held == {"C01": 92, "C02": 90}


def test_the_history_says_who_when_why_old_and_new(store: Store) -> None:
    put(store, replace(AIM, target=D("92"), owner="nursing"))
    first, *rest = aims.history(store, store.snapshot(), "H1")
    assert (first.by, first.at, first.why) == ("李院长", AT, "省里下达")
    assert first.fields() == (("target", D("90"), D("92")), ("owner", "quality", "nursing"))
    assert [(one.by, one.before) for one in rest] == [("王会计", None), ("王会计", None)]


def test_a_changed_target_needs_a_reason_and_a_new_one_does_not(store: Store) -> None:
    with pytest.raises(TargetError, match="needs a reason"):
        put(store, replace(AIM, target=D("92")), why=" ")
    put(store, replace(AIM, dept="0401"), why="")
    assert len(targets(settings(store))) == 3


def test_a_later_target_holds_from_its_month_and_an_empty_one_takes_it_back(store: Store) -> None:
    put(store, replace(AIM, since=202507, target=D("95")))
    held = settings(store)
    found = [aims.held(held, "C01", "*", period) for period in (202412, 202506, 202507)]
    assert [one and one.target for one in found] == [None, 90, 95]
    put(store, Target("C01", 202507), why="暂缓")
    assert aims.held(settings(store), "C01", "*", 202508) is None
    assert aims.held(settings(store), "C01", "*", 202506) == AIM
    with pytest.raises(TargetError, match="no target to take back"):
        put(store, Target("C05", 202501))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(AIM, due=202413), "month"),
        (replace(AIM, due=202412), "due"),
        (Target("P03", 202501, low=D("1")), "range"),
    ],
)
def test_what_cannot_be_kept_says_which_sentence(store: Store, wrong: Target, code: str) -> None:
    with pytest.raises(TargetError) as refused:
        put(store, wrong)
    assert refused.value.code == code


def test_smart_names_exactly_what_is_missing() -> None:
    assert smart(AIM) == ()
    assert smart(replace(AIM, baseline=None, owner="")) == ("baseline", "owner")
    assert smart(AIM, measured=False) == ("measured",)
    assert replace(AIM, baseline=None).unscored == "baseline" and AIM.unscored == ""


def test_a_target_moved_to_another_caliber_from_the_same_month_still_holds(store: Store) -> None:
    """F03 moves from its main caliber to `service`, both since 202501: the first is taken back, the second is in force."""
    put(store, Target("F03", 202501, D("20"), D("15")))
    put(store, Target("F03", 202501, caliber="main"), why="换口径")
    put(store, Target("F03", 202501, D("72"), D("65"), caliber="service"), why="换口径")
    held = aims.held(settings(store), "F03", "*", 202503)
    assert held is not None and (held.caliber, held.target) == ("service", 65)


def test_a_target_worse_than_its_baseline_is_a_limit_and_needs_a_reason(store: Store) -> None:
    with pytest.raises(TargetError) as refused:
        put(store, Target("C07", 202501, D("0.02"), D("0.04")), why=" ")
    assert refused.value.code == "contrary" and "lower is better" in str(refused.value)
    with pytest.raises(TargetError):
        put(store, Target("C05", 202501, D("60"), D("120")), why="")
    put(store, Target("C08", 202501, D("30"), D("30")), why="")  # to keep what is reached is a target
    limit = Target("C05", 202501, D("60"), D("70"))
    put(store, limit, why="门诊改造期间不超过70分钟")
    met, missed = (
        aligned(basis(line("C05", minutes), aims={}).tried(limit))[0].score for minutes in ("65", "71")
    )
    assert (met, missed) == (100, 0)


def test_a_contrary_target_kept_before_does_not_stop_other_changes(tmp_path: Path) -> None:
    made = Store(tmp_path)
    old = Target("C07", 202501, D("0.02"), D("0.04"))
    set_value(made, "H1", "targets", [old.data()], actor="x", at=AT)
    put(made, AIM)
    assert len(targets(settings(made))) == 2 and old.contrary


def test_a_departments_own_target_goes_before_its_class_whatever_the_caliber() -> None:
    """The class is held to consumables on the main caliber; 0402 to those of services: its card scores the latter."""
    kept = [
        Target("F03", 202401, D("20"), D("15"), dept="*clinical"),
        Target("F03", 202401, D("72"), D("65"), dept="0402", caliber="service"),
    ]
    rows = [
        line("F03", "18", baseline=D("20"), target=D("15")),
        line("F03", "68.5", "service", baseline=D("72"), target=D("65")),
    ]
    found = applying(kept, "0402", "clinical", 202503)
    assert found["F03"].caliber == "service"
    assert [one.caliber for one in aligned(basis(*rows, aims=found))] == ["service"]
    assert applying(kept, "0403", "clinical", 202503)["F03"].caliber == "main"


def basis(*rows: Line, aims: dict[str, Target], span: str = "month") -> Basis:
    return Basis("H1", 202503, span, "0402", "骨科病区", "clinical", rows, aims, {})


def test_a_target_is_tried_on_the_lines_without_being_kept() -> None:
    (found,) = aligned(basis(line(), line("C07", "0.03"), aims={}).tried(AIM))
    assert (found.indicator, found.score, found.status) == ("C01", 84, "yellow")


def test_a_target_of_a_sum_is_tried_by_its_share_of_the_year() -> None:
    aim = Target("L04", 202501, D("1200000"), D("1800000"))
    (month,) = aligned(basis(line("L04", "150000"), aims={}).tried(aim))
    assert (month.target, month.score) == (150000, 100)
    (so_far,) = aligned(basis(line("L04", "375000"), aims={}, span="ytd").tried(aim))
    assert (so_far.baseline, so_far.score) == (300000, 80)
    (two,) = aligned(basis(line("L04", "250000", months=2, of_months=3), aims={}, span="ytd").tried(aim))
    assert (two.baseline, two.score) == (200000, 80)  # two of the three months were reported


def test_a_target_for_another_caliber_takes_the_place_of_the_first() -> None:
    held = [line("F03", "18", baseline=D("20"), target=D("15")), line("F03", "68.5", "service")]
    assert [one.caliber for one in chosen(held)] == ["main"]
    first = Target("F03", 202501, D("20"), D("15"))
    moved = basis(*held, aims={"F03": first}).tried(
        Target("F03", 202501, D("72"), D("65"), caliber="service")
    )
    assert [(one.caliber, one.score) for one in aligned(moved)] == [("service", 80)]
