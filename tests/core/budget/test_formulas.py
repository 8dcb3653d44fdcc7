"""Compilation and execution by hand, with the figures the sources print."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.budget import compile as made
from core.budget import progress

D = Decimal


def test_incremental_moves_the_variable_part_with_volume() -> None:
    # 1,000,000 x (1 + 10 % x 60 %) x (1 + 2 %) x (1 - 5 %) = 1,027,140
    found = made.incremental(D(1000000), D("0.10"), D("0.6"), D("0.02"), D("0.05"))
    assert found == D("1027140.00")
    assert made.incremental(D(1000000), D("0.10"), D(0)) == D("1000000.00")
    assert made.incremental(None, D("0.1")) is None
    # without a volume only a fixed item can be planned
    assert made.incremental(D(5), None) is None and made.incremental(D(5), None, D(0)) == D("5.00")
    with pytest.raises(made.BudgetError, match="share"):
        made.incremental(D(1), D(0), D("1.1"))


def test_zero_based_adds_activities() -> None:
    lines = [made.Activity("a", D(1200), D("2.5"), D("3.333")), made.Activity("b", D(10), D(1), D("0.005"))]
    assert [line.amount for line in lines] == [D("9999.00"), D("0.05")]
    assert made.zero_based(lines) == D("9999.05") and made.zero_based([]) is None
    with pytest.raises(made.BudgetError, match="below_zero"):
        made.zero_based([made.Activity("a", D(-1), D(1), D(1))])


def test_combined_weighs_the_two() -> None:
    assert made.combined(D("0.5"), D(100), D(200)) == D("150.00")
    assert made.combined(D(1), D(100), None) == D("100.00") and made.combined(D(0), None, D(7)) == D("7.00")
    assert made.combined(D("0.3"), None, D(7)) is None
    with pytest.raises(made.BudgetError, match="alpha"):
        made.combined(D(2), D(1), D(1))


def test_flexible_takes_the_volume_out() -> None:
    fixed, unit = made.split_by_volume(D(1000000), D("0.6"), D(50000))
    assert (fixed, unit) == (D("400000.00"), D(12)) and unit is not None
    at_volume = made.flexible(fixed, unit, D(55000))
    assert at_volume == D("1060000.00")
    found = made.Volume(D(1000000), at_volume, D(1050000))
    assert (found.by_volume, found.by_spending) == (D("60000.00"), D("-10000.00"))
    assert made.flexible(fixed, unit, None) is None
    assert made.split_by_volume(D(10), D("0.5"), None) == (D("5.00"), None)


@pytest.mark.parametrize("budget", ["100.01", "0.01", "33.33"])
def test_flexible_at_the_planned_volume_is_the_budget(budget: str) -> None:
    fixed, unit = made.split_by_volume(D(budget), D("0.5"), D(300))
    assert unit is not None and made.flexible(fixed, unit, D(300)) == D(budget)


def test_rolling_drops_the_closed_quarter_and_adds_one() -> None:
    actual = {202500 + m: D(m) for m in range(1, 13)} | {202601: D(20), 202602: D(20), 202603: D(20)}
    ahead = made.seasonal_naive(actual, 202604, 12)
    found = made.rolling(actual, ahead, 202601)
    assert [closed for *_, closed in found.months] == [True] * 3 + [False] * 9
    assert found.total == D(60) + sum(map(D, range(4, 13)))
    later = made.rolling(actual, ahead, 202604)
    assert later.months[0][:2] == (202604, D(4)) and later.months[-1][:2] == (202703, D(20))
    assert made.rolling(actual, {}, 202604).total is None


def test_time_progress_on_three_bases() -> None:
    assert progress.by_months(202503) == D("0.25")
    assert progress.by_days(202503) == D(90) / 365 and progress.by_days(202403) == D(91) / 366
    assert progress.by_days(202503, date(2025, 3, 15)) == D(74) / 365
    assert progress.by_days(202512) == 1
    # two whole years, 10 % and 20 % spent by March; the third is not whole
    history = {202300 + m: D(10) if m == 3 else D(0) if m < 3 else D(10) for m in range(1, 13)}
    history |= {
        202400 + m: D(0) if m < 3 else D(20) if m == 3 else (D(80) if m == 12 else D(0)) for m in range(1, 13)
    }
    history |= {202501: D(999)}
    assert progress.by_season(history, 202503) == (D("0.1") + D("0.2")) / 2
    assert progress.by_season({202501: D(1)}, 202503) is None
    assert progress.time_progress("season", 202403, history) == D("0.1")


def test_execution_against_time() -> None:
    rate = progress.execution_rate(D("2600000"), D("10000000"))
    assert rate == D("0.26") and progress.deviation(rate, D("0.25")) == D("0.01")
    assert progress.execution_rate(D(1), D(0)) is None and progress.deviation(None, D(1)) is None
    assert progress.period_deviation(D(118), D(100)) == D("0.18")  # drug purchase 18 % over budget
    assert progress.period_deviation(D(130), D(100)) == D("0.3")  # theatre electricity 30 % over
    assert progress.year_end(D(30), [D(10)] * 9) == D(120) and progress.year_end(D(30), [None]) is None
    assert (progress.saving(D(90), D(100)), progress.overspend(D(90), D(100))) == (D(10), D(0))
    assert (progress.unfavourable("cost", D(90), D(100)), progress.unfavourable("income", D(90), D(100))) == (
        0,
        10,
    )
    assert progress.saving(None, D(1)) is None


def test_printed_changes() -> None:
    # AMI 32,000 to 25,000 yuan is -21.9 %; drugs of coronary disease 3,500 to 2,800 is -20 %
    assert round(progress.period_deviation(D(25000), D(32000)) or D(0), 3) == D("-0.219")
    assert progress.period_deviation(D(2800), D(3500)) == D("-0.2")


def test_adjustment_rate_falls_from_35_to_8_percent() -> None:
    before = [(D(1000000), D(1250000)), (D(1000000), D(900000)), (D(2000000), D(950000))]
    assert progress.adjustment_rate(before) == D("0.35") and progress.adjusted_share(before) == 1
    after = [(D(1000000), D(1200000)), (D(1000000), D(1000000)), (D(2000000), D(1880000))]
    assert progress.adjustment_rate(after) == D("0.08")
    assert progress.adjusted_share(after) == D(2) / 3 and progress.adjustment_rate([]) is None


@given(st.integers(0, 10**12), st.integers(0, 100), st.integers(0, 10**12))
def test_combined_lies_between_its_parts(zero: int, percent: int, increment: int) -> None:
    low, high = sorted((D(zero), D(increment)))
    found = made.combined(D(percent) / 100, D(zero), D(increment))
    assert found is not None and low <= found <= high
