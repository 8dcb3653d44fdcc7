"""Histories as hospitals have them: departments that book once a year, come late or close; years with holes."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.forecast.uses import sum_spread
from core.forecasting import Target, answer, family, parts
from core.forecasting.known import CALENDAR, VOLUME, regressors
from core.forecasting.targets import Past, complete
from tests.fixtures.pasts import given, months

AT = datetime(2025, 7, 3, 9, 0, tzinfo=UTC)


def season(at: int, base: float) -> float:
    return round(base * (1 + 0.1 * math.sin(at * math.pi / 6)) * (1 + 0.01 * ((at * 7919) % 5 - 2)), 2)


def wavy(count: int, base: float = 1000.0) -> list[float]:
    return [season(at, base) for at in range(count)]


def december(count: int, first: int = 0, value: float | None = 0.0) -> list[float | None]:
    """6,000 every December, else `value`, from a January on."""
    return [6000.0 if (first + at) % 12 == 11 else value for at in range(count)]


class Kept:
    """A journal in memory."""

    def __init__(self, **data: Any) -> None:
        self.rows: dict[str, dict[str, Any]] = data.get("rows", {})

    def latest(self, kind: str, _hospital: str) -> dict[str, Any]:
        return self.rows.get(kind, {})


def entry(period: int, value: str | None = None) -> Any:
    from core.journal import Entry

    data = {"period": period, "value": value, "reason": "核对", "off": False}
    return Entry(1, "", "H1", "", data, "王会计", AT)


# --- departments that close, book once a year, come late


@pytest.mark.parametrize("nothing", [0.0, None])
def test_departments_that_book_each_december_are_not_closed(
    nothing: float | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """June: half a year without a booking, as every year. The whole year's forecast stands in December."""
    rows = december(42, 0, nothing)
    table = {("cost_other", code): months(202201, rows) for code in ("A", "B", "C")}
    whole = december(42)
    for alone in (True, False):  # alone they are all there is, so nobody could be closed anyhow
        if not alone:
            table["cost_other", "D"] = months(202201, [100.0] * 42)
        both = [3 * (v or 0.0) + (0.0 if alone else 100.0) for v in whole]
        table["cost_other", ""] = months(202201, both)
        found = family(given(monkeypatch, tmp_path / str(alone), table), "H1", "cost_other", 12)
        assert found is not None and not any(found.closed(code) for code in "ABC")
        assert found.periods[5] == 202512
        rest = Decimal(0 if alone else 100)
        assert found.total[5] - rest == pytest.approx(Decimal(18000), rel=Decimal("0.08"))
        assert sum(found.total) - 12 * rest == pytest.approx(Decimal(18000), rel=Decimal("0.08"))


def test_closed_is_quiet_for_longer_than_ever_or_for_a_year_and_never_everybody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closing = [*wavy(32), *([0.0] * 4)]
    quarterly = [900.0 if at % 3 == 0 else 0.0 for at in range(36)]
    gone = [*wavy(24), *([None] * 12)]
    table = {
        ("cost_other", "open"): months(202201, wavy(36)),
        ("cost_other", "closed"): months(202201, closing),
        ("cost_other", "quarterly"): months(202201, quarterly),
        ("cost_other", "gone"): months(202201, gone),
        ("cost_other", "late"): months(202201, wavy(35)),
    }
    found = family(given(monkeypatch, tmp_path, table), "H1", "cost_other", 6)
    assert found is not None
    assert [code for _, code in table if found.closed(code)] == ["closed", "gone"]
    late = next(one for one in found.members if one.dept == "late")
    assert late.ahead > 5000 and "open_end" in late.reasons
    alone = {key: value for key, value in table.items() if key[1] == "closed"}
    only = family(given(monkeypatch, tmp_path / "only", alone), "H1", "cost_other", 6)
    assert only is not None and not only.closed("closed")


def test_a_late_department_is_forecast_after_the_hospitals_month_and_stays_in_the_sum(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {
        ("cost_other", "A"): months(202201, wavy(36)),
        ("cost_other", "B"): months(202201, wavy(35, 500)),
    }
    found = answer(given(monkeypatch, tmp_path, table), "H1", Target("cost_other", "B"), 6)
    assert (found.ends, found.last, found.points[0].period) == (202411, 202412, 202501)
    assert found.family is not None and not found.closed
    assert [p.base for p in found.points] == list(found.family.months("B")[0])  # type: ignore[index]
    assert found.past.values[-1] is None and found.past.periods[-1] == 202412


def test_a_closed_department_says_so_and_is_forecast_at_nil(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {
        ("cost_other", "A"): months(202201, wavy(36)),
        ("cost_other", "B"): months(202201, wavy(20, 500)),
    }
    found = answer(given(monkeypatch, tmp_path, table), "H1", Target("cost_other", "B"), 6)
    assert found.closed and found.ends == 202308 and found.points[0].period == 202501
    assert all(p.mean == p.low95 == p.high95 == 0 for p in found.points)


def test_months_without_a_booking_are_nil_only_where_most_of_them_are() -> None:
    rare = Past(tuple(range(202401, 202406)), (Decimal(5), None, None, None, Decimal(5)))
    assert complete(rare, 202407, True).values == (5, 0, 0, 0, 5, 0, 0)
    assert complete(rare, 202407).values == (5, None, None, None, 5, None, None)


# --- the year


def test_missing_and_excluded_months_of_the_year_count_with_their_usual_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Some 1,000 a month; February is missing and April was typed as 9,000: the year is still near 12,000."""
    values: list[Any] = wavy(30)
    whole = given(monkeypatch, tmp_path / "whole", {("it_spend", ""): months(202301, values)})
    plain = answer(whole, "H1", Target("it_spend"), 6).year_end
    values[25], values[27] = None, 9000.0
    book = Kept(rows={"forecast_exclusion": {"it_spend||medical|202504": entry(202504)}})
    warehouse = given(monkeypatch, tmp_path / "holes", {("it_spend", ""): months(202301, values)})
    found = answer(warehouse, "H1", Target("it_spend"), 6, journal=book)  # type: ignore[arg-type]
    end = found.year_end
    assert plain is not None and end is not None and not plain.usual
    assert set(end.usual) == {202502, 202504} and end.months == 12
    assert end.booked == sum(Decimal(str(values[at])) for at in (24, 26, 28, 29))
    assert abs(end.whole / plain.whole - 1) < Decimal("0.02")
    assert float(end.high - end.low) > 1.05 * sum(sum_spread(found.statistics))


def test_a_history_that_begins_in_mid_year_is_part_of_a_year(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {("it_spend", ""): months(202505, wavy(4))}
    found = answer(given(monkeypatch, tmp_path, table), "H1", Target("it_spend"), 4)
    assert found.year_end is not None and found.year_end.months == 8 and found.years == []


def test_headcount_is_a_level_and_its_months_do_not_add_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {("headcount", "A"): months(202301, [500 + at % 2 for at in range(30)])}
    end = answer(given(monkeypatch, tmp_path, table), "H1", Target("headcount"), 6).year_end
    assert end is not None and 490 < end.whole < 510 and end.low <= end.whole <= end.high


def test_a_step_marked_for_a_ratio_moves_its_forecast(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Drugs at half their share for the last two months: until somebody says that it lasts, it may be an accident."""
    rng = np.random.default_rng(7)
    below = [round(value * (1 + 0.03 * rng.normal()), 2) for value in wavy(36, 100_000)]
    top = [round(value * (0.4 if at < 34 else 0.2), 2) for at, value in enumerate(below)]
    table = {("income_drugs", ""): months(202201, top), ("income", ""): months(202201, below)}
    warehouse, target = given(monkeypatch, tmp_path, table), Target("drug_share")
    plain = answer(warehouse, "H1", target, 6)
    book: Any = Kept(rows={"forecast_step": {"drug_share||medical|202411": entry(202411)}})
    told = answer(warehouse, "H1", target, 6, journal=book)
    apart = [abs(sum(p.mean for p in one.points) / 6 - Decimal("0.2")) for one in (plain, told)]
    assert apart[1] < Decimal("0.01") < apart[0]
    assert all(0 <= p.low95 <= p.high95 <= 1 for one in (plain, told) for p in one.points)


# --- what-if


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("visits", "1.2"), ("headcount", "1"), ("electricity", "1.1"), ("drg_balance", "1"), ("cost_depreciation", "1"),
        ("it_spend", "1.3"), ("income", "1.56"), ("cost_staff", "1.43"), ("energy_cost", "1.43"),
    ],
)  # fmt: skip
def test_a_what_if_moves_what_follows_it_and_nothing_else(
    name: str, factor: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Volume +20 %, price +30 %: half of staff cost follows volume, prices move no visits and no kWh."""
    table = {(name, ""): months(202301, wavy(30, 100_000)), (name, "A"): months(202301, wavy(30, 100_000))}
    warehouse = given(monkeypatch, tmp_path, table)
    found = answer(warehouse, "H1", Target(name), 3, volume=Decimal("0.2"), price=Decimal("0.3"))
    for point in found.points:
        assert point.mean == (point.base * Decimal(factor)).quantize(point.mean)


def test_a_loss_does_not_grow_with_prices_and_has_no_floor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {("drg_balance", ""): months(202301, [40 - at for at in range(36)])}
    found = answer(given(monkeypatch, tmp_path, table), "H1", Target("drg_balance"), 12)
    assert found.points[-1].low95 < 0 and found.points[-1].mean < 0


def test_a_scenario_is_never_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = {("income", ""): months(202301, wavy(30)), ("income", "A"): months(202301, wavy(30))}
    found = answer(given(monkeypatch, tmp_path, table), "H1", Target("income"), 3, price=Decimal("0.3"))
    assert [row["final"] for row in found.kept] == [point.base for point in found.points]
    assert found.points[0].final != found.points[0].base


# --- volumes that arrive before the ledger


def test_volumes_stand_in_their_own_month_when_they_arrive_before_the_ledger(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ledger to December, visits to February: those two are taken as they came, March on is their forecast."""
    visits = wavy(38, 10_000)
    table = {("cost", ""): months(202201, wavy(36)), ("visits", ""): months(202201, visits)}
    warehouse = given(monkeypatch, tmp_path, table)
    past = Past(*zip(*months(202201, wavy(36)).items(), strict=True))
    made = regressors(warehouse, "H1", Target("cost"), {"": past}, (202201, 202412), 6, (CALENDAR, VOLUME))
    row = made["visits"][0]
    assert row[:38].tolist() == visits
    assert np.abs(row[38:] / [season(at, 10_000) for at in range(38, 42)] - 1).max() < 0.06


# --- adjustments, parts


def test_adjusted_departments_are_held_against_the_hospital(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {("income", code): months(202301, wavy(30)) for code in "AB"}
    book = Kept(rows={"forecast_adjustment": {"income|A|medical|202508": entry(202508, "5000.00")}})
    found = family(given(monkeypatch, tmp_path, table), "H1", "income", 6, journal=book)  # type: ignore[arg-type]
    assert found is not None
    before = found.months("A")[0][1]  # type: ignore[index]
    assert found.final == sum(found.total) and found.parts_final - found.final == Decimal(5000) - before


def test_an_adjustment_that_cannot_be_read_changes_nothing_and_can_be_taken_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = {("income", "A"): months(202301, wavy(30))}
    rows = {
        f"income||medical|{p}": entry(p, v) for p, v in ((202507, "1E+40"), (202508, "x"), (202509, "NaN"))
    }
    warehouse = given(monkeypatch, tmp_path, table)
    book: Any = Kept(rows={"forecast_adjustment": rows})
    found = answer(warehouse, "H1", Target("income"), 6, journal=book)
    assert [point.final for point in found.points] == [point.mean for point in found.points]
    assert set(found.decided.adjusted) == {202507, 202508, 202509}


def test_parts_are_what_their_own_pages_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outpatient, inpatient = wavy(30, 700), wavy(30, 300)
    both = [round(a + b, 2) for a, b in zip(outpatient, inpatient, strict=True)]
    table = {
        ("income", "A"): months(202301, both),
        ("income_outpatient", "A"): months(202301, outpatient),
        ("income_inpatient", "A"): months(202301, inpatient),
    }
    warehouse = given(monkeypatch, tmp_path, table)
    made = parts(warehouse, "H1", Target("income"), 6)
    assert [one.measure for one in made] == ["income_outpatient", "income_inpatient"]
    for one in made:
        found = answer(warehouse, "H1", Target(one.measure), 6)
        assert one.ahead == sum(point.base for point in found.points)
    assert made[0].year_before == sum(Decimal(str(v)) for v in outpatient[18:24])
    assert parts(warehouse, "H1", Target("visits"), 6) == ()
