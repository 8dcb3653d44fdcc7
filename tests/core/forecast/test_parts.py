"""Outliers, adding up, uses: figures by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast import forecast
from core.forecast.hierarchy import minimum_trace, reconcile
from core.forecast.outliers import excluded, outliers, shifts
from core.forecast.regression import equation
from core.forecast.uses import accuracy, landing, purchase, ratio, sum_band, what_if, yuan


def steady(months: int = 36) -> list[float]:
    t = np.arange(months)
    return list(100 + 10 * np.sin(t * np.pi / 6) + np.random.default_rng(0).normal(size=months))


@pytest.mark.parametrize(
    ("times", "kind"),
    [(10, "ten_times"), (0.1, "tenth"), (-1, "sign"), (2, "double"), (0, "empty"), (1.5, "unusual")],
)
@pytest.mark.parametrize("at", [3, 20, 35])
def test_a_mis_keyed_month_is_found_and_named(times: float, kind: str, at: int) -> None:
    series = steady()
    series[at] *= times
    found = outliers(series)
    assert [(one.at, one.kind) for one in found] == [(at, kind)]
    assert found[0].usual == pytest.approx(steady()[at], rel=0.1)


def test_a_season_is_no_outlier_and_a_december_bonus_neither() -> None:
    series = steady(48)
    assert outliers(series) == ()
    for december in (11, 23, 35, 47):
        series[december] *= 1.6
    assert outliers(series) == ()


def test_a_lasting_step_is_a_shift_and_a_trend_is_none() -> None:
    series = [value * (0.7 if at >= 24 else 1) for at, value in enumerate(steady())]
    (found,) = shifts(series)
    assert found.at == 24 and found.kind == "shift"
    assert shifts([100 * 1.02**at for at in range(48)]) == ()
    assert shifts(steady()) == ()


def test_an_excluded_month_is_missing_and_nothing_else_changes() -> None:
    assert excluded([1.0, 2.0, 3.0], {1}) == [1.0, None, 3.0]
    series = steady()
    wrong = [value * (10 if at in (34, 35) else 1) for at, value in enumerate(series)]
    clean = forecast(excluded(wrong, {34, 35}), 6).mean
    assert np.abs(clean - forecast(series, 6).mean).max() < 5
    assert (
        forecast(wrong, 6).mean > 2 * clean
    ).all()  # two months that moved together are a new level until then


def test_the_gap_is_shared_out_by_variance() -> None:
    """100 against 40 + 50 with variances 1, 1, 3: of the gap of 10 the total gives 2, the parts take 2 and 6."""
    total, parts = reconcile(
        np.array([100.0]), np.array([[40.0], [50.0]]), np.array(1.0), np.array([1.0, 3.0])
    )
    assert total.tolist() == [98.0]
    assert parts.tolist() == [[42.0], [56.0]]


def test_a_part_does_not_fall_below_zero() -> None:
    total, parts = reconcile(np.array([10.0]), np.array([[2.0], [40.0]]), np.array(0.0), np.array([9.0, 1.0]))
    assert parts.tolist() == [[0.0], [10.0]] and total.tolist() == [10.0]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 10_000))
def test_parts_always_add_up_and_agree_with_the_matrix_formula(n: int, horizon: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts, variance = 50 + 10 * rng.random((n, horizon)), 0.5 + rng.random(n)
    total = parts.sum(axis=0) * (1 + 0.1 * rng.normal(size=horizon))
    top, below = reconcile(total, parts, np.array(2.0), variance)
    assert np.allclose(below.sum(axis=0), top)
    summing = np.vstack([np.ones(n), np.eye(n)])
    matrix = minimum_trace(np.vstack([total, parts]), summing, np.r_[2.0, variance])
    if (below > 0).all():
        assert np.allclose(matrix, np.vstack([top, below]))


def test_the_equation_is_the_line_it_was_made_from() -> None:
    months = np.array([5.0, -5, 0, 2, -2, 0, 1, -1, 3, -3, 4, -4])
    t = np.arange(36)
    visits = np.tile([10.0, 14, 9, 12, 11], 10)[:42]
    series = 200 + 3 * t + months[t % 12] + 0.5 * (visits[:36] - visits[:36].mean())
    found = equation(series, 6, {"visits": visits})
    assert found is not None
    assert found.trend == pytest.approx(3.0) and found.level == pytest.approx(200 + 3 * 35)
    assert found.months == pytest.approx(tuple(months), abs=1e-4)
    assert found.drivers["visits"] == pytest.approx(0.5)
    assert found.r2 == pytest.approx(1.0)
    truth = 200 + 3 * np.arange(36, 42) + months[:6] + 0.5 * (visits[36:] - visits[:36].mean())
    assert found.mean == pytest.approx(truth, rel=1e-6)
    assert found.contributions["trend"].tolist() == pytest.approx([3, 6, 9, 12, 15, 18])


def test_a_young_series_gets_a_line_without_months_and_a_very_young_one_nothing() -> None:
    young = equation(np.arange(10.0), 2)
    assert young is not None and young.mean.tolist() == pytest.approx([10.0, 11.0])
    assert set(young.months) == {0.0}
    assert equation(np.arange(5.0), 2) is None


def test_what_if_by_hand() -> None:
    """Volume +10 % with 60 % of the cost variable, prices +5 %: 100 x 1.06 x 1.05 = 111.30."""
    assert what_if(np.array([100.0]), 0.10, 0.05, 0.6).tolist() == pytest.approx([111.3])


def test_the_year_lands_on_what_is_booked_and_what_is_to_come() -> None:
    history = {202200 + 100 * y + m: Decimal(1000) for y in range(3) for m in range(1, 13)}
    history |= {202501: Decimal(1000), 202502: Decimal(1000), 202503: Decimal("1000.50")}
    found = landing(history, 202503)
    assert found.booked == Decimal("3000.50") and found.months_ahead == 9
    assert abs(found.total - Decimal(12000)) < 20
    assert found.low <= found.total <= found.high
    assert found.total == found.booked + found.ahead
    full = landing(history, 202412)
    assert (full.total, full.low, full.months_ahead) == (Decimal(12000), Decimal(12000), 0)
    assert landing({}, 202503).reasons == ("no_data",)


def test_the_band_of_a_sum_lies_between_independent_and_parallel_errors() -> None:
    found = forecast(steady(48), 3)
    low, high = sum_band(found)
    above = found.upper[80] - found.mean
    assert float(np.sqrt((above**2).sum())) < high - found.mean.sum() < above.sum()
    assert low < found.mean.sum()


def test_what_to_order() -> None:
    found = forecast([30.0] * 36, 6)
    one = purchase(found, 40.0)
    assert one.demand == pytest.approx(90.0) and one.cover == pytest.approx(4 / 3)
    assert one.order == pytest.approx(one.safe_demand - 40.0) and 50.0 < one.order < 56.0
    assert purchase(found, 40.0, lead=0.5).demand == pytest.approx(105.0)
    assert purchase(found, 1000.0).order == 0.0
    assert purchase(forecast([0.0] * 36, 6), 5.0).cover is None


def test_the_forecast_of_a_ratio_is_the_ratio_of_forecasts() -> None:
    drugs, income = np.array(steady(48)), 3 * np.array(steady(48)) + np.random.default_rng(1).normal(size=48)
    top, bottom = forecast(drugs, 6), forecast(income, 6)
    found = ratio(top, bottom, list(drugs / income))
    assert np.array_equal(found.mean, top.mean / bottom.mean)
    assert (found.lower[80] < found.mean).all() and (found.mean < found.upper[80]).all()
    assert float(found.upper[80][0] - found.lower[80][0]) < 0.05


def test_forecast_value_added_by_hand() -> None:
    """Actual 100, 200; said 110, 190; naive 130, 190; adjusted the first to 104: WAPE 20/300, 40/300, 14/300."""
    money = [Decimal(x) for x in (100, 200, 110, 190, 130, 190)]
    found = accuracy(money[:2], money[2:4], money[4:], [Decimal(104), None])
    assert found.accuracy == 1 - Decimal(20) / 300 and found.naive_accuracy == 1 - Decimal(40) / 300
    assert found.value_added == pytest.approx((Decimal(40) - Decimal(14)) / 300)
    assert found.bias == 0
    assert accuracy([None], [Decimal(1)], [Decimal(1)]).accuracy is None


def test_yuan_and_fen() -> None:
    assert yuan(1234.565) == Decimal("1234.57") and yuan(-0.001) == 0
