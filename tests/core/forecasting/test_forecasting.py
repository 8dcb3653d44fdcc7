"""The hospital's own forecasts: history from the marts, decisions beside the statistics, parts that add up."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from core.forecast import forecast
from core.forecasting import Target, accuracy_by_month, answer, family, held, history
from core.forecasting import decisions as decide
from core.forecasting.kept import from_json, stored, to_json
from core.forecasting.rows import fact_rows
from core.forecasting.subjects import choices
from core.forecasting.targets import past_of, variable_share
from core.journal import journal
from core.measures import measures
from core.store import Store
from core.warehouse import Warehouse, open_warehouse
from tests.fixtures.forecast_store import MONTHS, WRONG, amount, long_store

AT = datetime(2025, 7, 3, 9, 0, tzinfo=UTC)
WARD = Target("cost_drugs", "0402")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("forecast")
    return long_store(folder / "data")


@pytest.fixture
def warehouse(store: Store) -> Warehouse:
    return open_warehouse(store)


def test_history_is_what_the_marts_hold(warehouse: Warehouse) -> None:
    past = history(warehouse, "H1", Target("cost_drugs", "0403"))
    assert past.periods == MONTHS
    assert past.values == tuple(amount(at, 150_000) for at in range(30))
    whole = history(warehouse, "H1", Target("cost"))
    assert whole.values[0] == amount(0, 200_000) + amount(0, 150_000) + amount(0, 60_000) + 1000
    assert len(history(warehouse, "H1", Target("visits"))) == 0


def test_months_that_are_missing_stay_missing() -> None:
    past = past_of({202412: Decimal(1), 202501: None, 202502: Decimal(3), 202503: None})
    assert past.periods == (202412, 202501, 202502) and past.values == (1, None, 3) and past.known == 2


def test_every_measure_offered_is_defined_and_its_volume_share_known() -> None:
    assert set(choices()["measures"]) <= set(measures())
    assert variable_share(Target("cost_drugs")) == 1
    assert variable_share(Target("cost_depreciation")) == 0
    assert variable_share(Target("cost_staff")) == Decimal("0.5")
    assert variable_share(Target("income")) == 1


def test_an_answer_has_every_month_with_money_in_fen(warehouse: Warehouse) -> None:
    found = answer(warehouse, "H1", Target("cost_drugs", "0403"), 6)
    assert [point.period for point in found.points] == [202507, 202508, 202509, 202510, 202511, 202512]
    for at, point in enumerate(found.points):
        assert point.low95 <= point.low80 <= point.mean <= point.high80 <= point.high95
        assert point.mean == point.mean.quantize(Decimal("0.01"))
        assert abs(point.mean / amount(30 + at, 150_000) - 1) < Decimal("0.12")
    assert found.year_end is not None
    year, booked, whole, low, high, usual, months = found.year_end
    assert months == 12 and not usual
    assert (year, booked) == (2025, sum(amount(at, 150_000) for at in range(24, 30)))
    assert whole == booked + sum(point.mean for point in found.points) and low < whole < high


def test_a_mis_keyed_month_is_shown_and_weighs_less_until_a_person_excludes_it(
    store: Store, warehouse: Warehouse
) -> None:
    before = answer(warehouse, "H1", WARD, 12, journal=journal(store))
    assert [(period, one.kind) for period, one, _ in before.odd] == [(WRONG, "ten_times")]
    with pytest.raises(decide.ReasonMissing):
        decide.decide(journal(store), "H1", WARD, decide.EXCLUSION, WRONG, reason=" ", by="王会计", at=AT)
    decide.decide(
        journal(store), "H1", WARD, decide.EXCLUSION, WRONG, reason="多写一个零", by="王会计", at=AT
    )
    after = answer(warehouse, "H1", WARD, 12, journal=journal(store))
    assert after.decided.excluded[WRONG].reason == "多写一个零" and after.odd[0][2] is not None
    august = after.points[1]
    assert august.period == 202508 and abs(august.mean / amount(31, 200_000) - 1) < Decimal("0.12")
    assert "calmed" in before.statistics.reasons[0] and "calmed" not in after.statistics.reasons[0]
    assert abs(before.points[1].mean / august.mean - 1) < Decimal("0.5")  # one wild August makes no Augusts
    assert after.past.values == before.past.values  # the history is not touched
    decide.decide(
        journal(store), "H1", WARD, decide.EXCLUSION, WRONG, reason="核对无误", by="李主任", at=AT, off=True
    )
    assert answer(warehouse, "H1", WARD, 12, journal=journal(store)).points == before.points


def test_a_month_excluded_in_a_ward_is_put_right_in_the_total_too(store: Store, warehouse: Warehouse) -> None:
    whole = Target("cost_drugs")
    before = answer(warehouse, "H1", whole, 3, journal=journal(store)).points[1].own
    decide.decide(
        journal(store), "H1", WARD, decide.EXCLUSION, WRONG, reason="多写一个零", by="王会计", at=AT
    )
    after = answer(warehouse, "H1", whole, 3, journal=journal(store))
    truth = amount(31, 200_000) + amount(31, 150_000)
    assert abs(after.points[1].own / truth - 1) < Decimal("0.12") and before != after.points[1].own
    assert after.past.values == history(warehouse, "H1", whole).values and not after.decided.excluded
    decide.decide(
        journal(store), "H1", WARD, decide.EXCLUSION, WRONG, reason="核对无误", by="李主任", at=AT, off=True
    )
    assert answer(warehouse, "H1", whole, 3, journal=journal(store)).points[1].own == before


def test_a_step_marked_for_the_hospital_holds_for_its_departments(store: Store, warehouse: Warehouse) -> None:
    ward = Target("cost_drugs", "0403")
    decide.decide(
        journal(store), "H1", Target("cost_drugs"), decide.STEP, 202501, reason="集采", by="王会计", at=AT
    )
    found = answer(warehouse, "H1", ward, 3, journal=journal(store))
    assert [one.reason for one in found.inherited] == ["集采"] and not found.decided.steps
    assert "202501" in found.statistics.effects
    (line,) = found.statistics.equations
    assert line is not None and "202501" in line.drivers
    assert [point.own for point in found.points] == list(found.family.months("0403")[1])  # type: ignore[union-attr, index]
    decide.decide(
        journal(store), "H1", Target("cost_drugs"), decide.STEP, 202501, reason="误标", by="王会计", at=AT, off=True
    )  # fmt: skip


def test_what_no_measure_holds_is_forecast_from_the_facts_of_indicators(warehouse: Warehouse) -> None:
    spend = Target("it_spend")
    past = history(warehouse, "H1", spend)
    assert past.periods == MONTHS and past.values == tuple(amount(at, 50_000) for at in range(30))
    found = answer(warehouse, "H1", spend, spend.subject.ahead)
    assert len(found.points) == 36 and found.family is None and found.year_end is not None
    assert abs(found.points[0].mean / amount(30, 50_000) - 1) < Decimal("0.12")
    # a rate reported alone has no yuan to forecast; energy was never reported
    assert len(history(warehouse, "H1", Target("drg_balance"))) == 0
    assert len(history(warehouse, "H1", Target("energy_cost"))) == 0
    rows = fact_rows(warehouse, "H1", Target("stock_issued"), 202506).rows
    assert [(row.file, row.row, row.amount) for row in rows] == [("运营指标.xlsx", 3, amount(29, 90_000))]


def test_an_adjustment_stands_beside_the_statistical_forecast(store: Store, warehouse: Warehouse) -> None:
    target = Target("cost_staff", "0401")
    plain = answer(warehouse, "H1", target, 3, journal=journal(store))
    decide.decide(journal(store), "H1", target, decide.ADJUSTMENT, 202508, reason="新增两名医师", by="王会计", at=AT,
                  value=Decimal("90000.00"))  # fmt: skip
    found = answer(warehouse, "H1", target, 3, journal=journal(store))
    assert [point.mean for point in found.points] == [point.mean for point in plain.points]
    assert [point.final for point in found.points] == [
        plain.points[0].mean,
        Decimal("90000.00"),
        plain.points[2].mean,
    ]
    assert found.points[1].adjusted is not None and found.points[1].adjusted.by == "王会计"


def test_what_if_changes_what_is_shown_and_nothing_else(warehouse: Warehouse) -> None:
    target = Target("cost_staff", "0401")
    plain = answer(warehouse, "H1", target, 3)
    found = answer(warehouse, "H1", target, 3, volume=Decimal("0.10"), price=Decimal("0.02"))
    ratio = found.points[0].mean / plain.points[0].mean
    assert abs(ratio - Decimal("1.05") * Decimal("1.02")) < Decimal(
        "0.00001"
    )  # half of staff cost follows volume
    assert [point.base for point in found.points] == [point.base for point in plain.points]


def test_the_forecast_of_a_share_is_drugs_over_income(warehouse: Warehouse) -> None:
    found = answer(warehouse, "H1", Target("drug_share", "0402"), 4)
    assert found.past.values[0] == amount(0, 240_000) / (amount(0, 240_000) + amount(0, 300_000))
    for point in found.points:
        assert abs(point.mean - Decimal("0.4444")) < Decimal("0.01")
        assert point.low80 <= point.mean <= point.high80
    assert found.year_end is None


def test_departments_add_up_to_the_hospital_to_the_fen(warehouse: Warehouse) -> None:
    found = family(warehouse, "H1", "cost", 12)
    assert found is not None
    by = {member.dept: member for member in found.members}
    assert set(by) == {"0301", "0401", "0402", "0403"}
    assert by["0301"].ahead == 0 and by["0301"].reasons == (
        "closed",
    )  # its last 1,000 yuan were ten months ago
    for dept in ("", "0401", "0402", "0403"):
        alone = answer(warehouse, "H1", Target("cost", dept), 12)
        assert tuple(point.mean for point in alone.points) == (by[dept].months if dept else found.total)
        assert tuple(point.own for point in alone.points) == (by[dept].own if dept else found.own)
    assert found.gap == found.taken + sum(member.ahead - member.alone for member in found.members)
    for at, total in enumerate(found.total):
        assert total == sum((member.months[at] for member in found.members), Decimal(0))
    last = next(member for member in found.members if member.dept == "0403")
    assert last.year_before == sum(amount(at, 150_000) for at in range(18, 30))


def test_a_forecast_is_stored_and_read_back_as_it_was(store: Store, warehouse: Warehouse) -> None:
    rng = np.random.default_rng(0)
    made = forecast(100 + rng.normal(size=40), 6, start=202201, regressors={"visits": list(range(46))})
    read = from_json(to_json(made))
    assert np.array_equal(read.mean, made.mean) and np.array_equal(read.lower[80], made.lower[80])
    assert read.reasons == made.reasons and read.periods == made.periods and read.single
    assert read.equations[0] is not None and made.equations[0] is not None
    assert np.allclose(read.equations[0].mean, made.equations[0].mean)
    assert len(read.tracks[0]) == len(made.tracks[0]) and read.errors["naive"] == made.errors["naive"]
    folder = Path(store.root) / "derived" / "forecast"
    answer(warehouse, "H1", Target("cost_drugs", "0403"), 5)
    count = len(list(folder.rglob("*.json")))
    assert answer(warehouse, "H1", Target("cost_drugs", "0403"), 5).points
    assert count and len(list(folder.rglob("*.json"))) == count
    assert not stored(store, "0" * 24)


def test_a_kept_forecast_is_held_against_what_came(store: Store, warehouse: Warehouse) -> None:
    """Kept after April: said 100 and 120 for May and June; the actuals are in the ledger."""
    target = Target("cost_drugs", "0403")
    past = history(warehouse, "H1", target)
    came = past.values[-2:]
    rows = [
        {"period": 202505, "mean": Decimal(100_000), "naive": Decimal(90_000), "final": Decimal(110_000)},
        {"period": 202506, "mean": Decimal(120_000), "naive": Decimal(90_000), "final": Decimal(120_000)},
        {"period": 202507, "mean": Decimal(130_000), "naive": Decimal(90_000), "final": Decimal(130_000)},
    ]
    decide.keep(journal(store), "H1", target, rows, 202504, by="王会计", at=AT)
    (found,) = held(journal(store), "H1", target, past)
    assert (found.after, found.months, found.accuracy.months) == (202504, 3, 2)
    wrong = abs(came[0] - 100_000) + abs(came[1] - 120_000)
    assert found.accuracy.accuracy == 1 - wrong / (came[0] + came[1])
    less = abs(came[0] - 90_000) + abs(came[1] - 90_000) - abs(came[0] - 110_000) - abs(came[1] - 120_000)
    assert found.accuracy.value_added == pytest.approx(less / (came[0] + came[1]))


def test_accuracy_of_a_month_is_that_of_the_newest_forecast_kept_before_it(
    store: Store, warehouse: Warehouse
) -> None:
    """May was forecast after March and again after April: the later word counts; other hospitals and people do not."""
    target = Target("cost_staff", "0401")
    may = amount(28, 60_000)
    book = journal(store)
    row = {"period": 202505, "mean": Decimal(60_000), "naive": Decimal(50_000), "final": Decimal(65_000)}
    ahead = {**row, "period": 202507}
    decide.keep(book, "H1", target, [row, ahead], 202504, by="王会计", at=AT)
    decide.keep(book, "H1", target, [{**row, "final": Decimal(1)}], 202503, by="王会计", at=AT)
    decide.keep(book, "H1", Target("headcount", "0401"), [row], 202504, by="王会计", at=AT)
    decide.keep(book, "H2", target, [row], 202504, by="王会计", at=AT)
    decide.keep(book, "H1", Target("cost_staff"), [row], 202504, by="王会计", at=AT)
    found = {(one.period, one.dept): one for one in accuracy_by_month(warehouse, book, "H1")}
    mine = found[202505, "0401"]
    assert (mine.forecasts, mine.actual) == (1, may)
    assert mine.right == may - abs(may - 65_000) and mine.naive_right == may - abs(may - 50_000)
    assert found[202505, "*"].right == mine.right and (202507, "0401") not in found
