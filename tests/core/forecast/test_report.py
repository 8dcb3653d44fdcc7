"""What a forecast says about itself: steps that were tried, reasons, length of history, series that change sign."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.forecast import forecast
from core.forecast import result as codes
from core.forecast.hierarchy import reconcile
from core.forecast.panel import panel


def drifting(months: int, seed: int = 1) -> np.ndarray:
    return 100 * np.exp(np.cumsum(0.02 * np.random.default_rng(seed).normal(size=months)))


def test_steps_that_nobody_could_try_are_said() -> None:
    """36 months of history, 36 ahead: an origin with two years behind it has one year to look at."""
    found = forecast(drifting(36), 36)
    assert codes.UNTRIED in found.reasons[0] and found.last_tried == 12
    near, year, later, last = found.tried()
    assert [(one.first, one.last) for one in (near, year, later, last)] == list(codes.STEP_GROUPS)
    assert near.origins >= year.origins > 0 and near.months == 3 * near.origins
    assert near.error is not None and near.error > 0 and set(near.coverage) == {80, 95}
    for one in (later, last):
        assert (one.origins, one.months, one.error, one.naive, dict(one.coverage)) == (0, 0, None, None, {})


def test_groups_add_up_to_what_the_tracks_hold() -> None:
    found = forecast(drifting(84), 24)
    assert codes.UNTRIED not in found.reasons[0] and found.last_tried == 24
    for one in found.tried():
        span = slice(one.first - 1, one.last)
        apart = np.concatenate([np.abs(track.said - track.truth)[span] for track in found.tracks[0]])
        assert one.months == np.isfinite(apart).sum()
        naive = np.concatenate([np.abs(track.naive - track.truth)[span] for track in found.tracks[0]])
        assert one.error is not None and one.naive is not None
        assert one.error / one.naive == pytest.approx(np.nanmean(apart) / np.nanmean(naive), rel=0.3)
    shares = [(one.months, one.coverage[80]) for one in found.tried()]
    whole = sum(months * share for months, share in shares) / sum(months for months, _ in shares)
    assert found.coverage[80] == pytest.approx(whole)


def test_every_series_of_a_batch_says_its_own() -> None:
    many = forecast([drifting(36), drifting(96), drifting(8)], 36)
    assert many.last_tried.tolist() == [12, 36, 0] and many.months.tolist() == [36, 96, 8]
    for row in range(3):
        assert many.of(row).tried() == many.tried(row)
    assert [one.origins for one in many.tried(2)] == [0, 0, 0, 0]
    assert codes.NO_BACKTEST in many.reasons[2] and codes.UNTRIED not in many.reasons[2]


@pytest.mark.parametrize(
    ("series", "code"),
    [
        (np.full(60, 50000.0), codes.CONSTANT),
        (np.full(60, 0.1) * 3, codes.CONSTANT),
        (np.tile(np.arange(1.0, 13), 5), codes.REPEATS),
        (np.tile(np.array([8.0, -3, 1, 0, 2, -1, 4, -6, 0, -2, -5, 2]) + 20, 4), codes.REPEATS),
        (np.zeros(40), codes.CONSTANT),
    ],
)
def test_where_nothing_varies_nothing_is_worse(series: np.ndarray, code: str) -> None:
    found = forecast(series, 12)
    assert code in codes.NOTHING_VARIES and code in found.reasons[0]
    assert codes.WORSE not in found.reasons[0] and found.better_than_naive() is False
    assert found.errors["naive"] == 0.0
    assert np.abs(found.mean - found.naive).max() <= 0.01 * max(series.max(), 1)
    if code == codes.CONSTANT:
        assert found.errors["mean"] == 0.0  # not 3e-16
        assert series[0] == 0 or found.wape["mean"] == found.bias["mean"] == 0.0


def test_rounding_is_no_difference() -> None:
    """Errors that differ in the fifteenth digit: neither is better."""
    found = forecast(drifting(48), 12)
    near = replace(found, errors={"mean": found.errors["mean"], "naive": found.errors["mean"] * (1 + 1e-12)})
    assert near.better_than_naive() is False


def test_the_length_of_history_counts_months_with_a_value() -> None:
    """Three years with a figure every quarter are twelve months of history, not thirty-six."""
    series = drifting(36)
    quarterly = np.where(np.arange(36) % 3 == 0, series, np.nan)
    found = forecast(quarterly, 12)
    assert found.months == 12 and codes.NO_SEASON in found.reasons[0]
    sparse = np.where(np.arange(36) % 4 == 0, series, np.nan)
    few = forecast(sparse, 12)
    assert few.months == 9 and codes.TOO_SHORT in few.reasons[0]
    assert np.allclose(few.naive, series[32])  # the last value, as under a year
    assert np.allclose(few.mean, (few.candidates["naive"] + few.candidates["damped"]) / 2)
    assert forecast([None, None, *series], 12).months == 36
    assert forecast([], 12).months == 0


def falling(seed: int) -> np.ndarray:
    return np.linspace(120, 6, 48) + 2 * np.random.default_rng(seed).normal(size=48)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_balance_can_be_forecast_below_zero_before_it_has_been_there(seed: int) -> None:
    """A surplus that falls from 120 to 6 in four years is a deficit of some 24 a year later."""
    series = falling(seed)
    found = forecast(series, 12, signed=True)
    assert found.ratio == 0
    assert found.mean[-1] < -10 and found.lower[80][-1] < found.mean[-1] < found.upper[80][-1] < 20
    assert found.upper[80][-1] - found.lower[80][-1] > 4
    cost = forecast(series, 12)  # a cost stays what it was
    assert cost.mean.min() >= 0 and cost.lower[95].min() >= 0 and cost.ratio == 1


def test_signed_is_said_series_by_series() -> None:
    both = forecast([falling(0), falling(0)], 12, signed=[True, False])
    assert both.mean[0, -1] < 0 <= both.mean[1, -1] and both.ratio.tolist() == [0, 1]
    assert np.allclose(both.mean[0], forecast(falling(0), 12, signed=True).mean)
    then = panel([falling(0), falling(0)], np.array([True, False])).before(6)
    assert then.ratio.tolist() == [False, True] and then.floor.tolist() == [-np.inf, 0.0]


def test_parts_of_a_balance_may_change_sign() -> None:
    total, parts = np.array([-4.0]), np.array([[3.0], [5.0]])
    weights = np.array(1e-9), np.array([1.0, 1.0])
    assert reconcile(total, parts, *weights)[1].min() == 0
    _, free = reconcile(total, parts, *weights, signed=True)
    assert np.allclose(free, [[-3.0], [-1.0]], atol=1e-6)
