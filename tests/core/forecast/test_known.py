"""Regressors: what a calendar knows ahead, and what has to be forecast itself; effects as a person reads them."""

from __future__ import annotations

import numpy as np
import pytest

from core.forecast import forecast


def test_a_calendar_helps_and_an_idle_regressor_does_nothing() -> None:
    rng = np.random.default_rng(4)
    days = 20 + np.round(2 * rng.normal(size=72))
    series = 3 * days + 0.3 * rng.normal(size=72)
    found = forecast(series[:60], 12, regressors={"days": days}, calendar=("days", "unused"))
    plain = forecast(series[:60], 12)
    assert np.abs(found.mean - series[60:]).mean() < 0.3 * np.abs(plain.mean - series[60:]).mean()
    assert found.errors["mean"] < 0.5 * plain.errors["mean"]
    assert np.allclose(found.naive, series[48:60], rtol=1e-12)  # naive stays what it says: last year's months
    assert found.errors["naive"] == plain.errors["naive"]
    idle = forecast(series[:60], 12, regressors={"noise": rng.normal(size=72)}, calendar=("noise",))
    assert np.abs(idle.mean / plain.mean - 1).max() < 0.05


def volumes(count: int = 40, months: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Visits that wander by 3 % a month, and a cost of three yuan a visit."""
    rng = np.random.default_rng(1)
    visits = 1000 * np.exp(np.cumsum(0.03 * rng.normal(size=(count, months)), axis=1))
    return visits, 3 * visits + 30 * rng.normal(size=visits.shape)


def test_the_backtest_does_not_know_the_visits_to_come() -> None:
    """Error and coverage that are shown are those that come: not one percent where seven come."""
    visits, cost = volumes()
    ahead = forecast(visits[:, :48], 12).mean
    found = forecast(cost[:, :48], 12, regressors={"visits": np.hstack([visits[:, :48], ahead])})
    came = cost[:, 48:]
    error = np.abs(found.mean - came).sum() / came.sum()
    assert error > 0.05 and abs(np.mean(found.wape["mean"]) - error) < 0.015
    covered = ((came >= found.lower[80]) & (came <= found.upper[80])).mean()
    assert covered > 0.7 and abs(found.pooled[80] - covered) < 0.08


def test_an_origin_cannot_see_later_months_of_an_uncertain_regressor() -> None:
    """Other visits in the newest months change nothing of what the older origins said."""
    visits, cost = (row[0, :48] for row in volumes(1))
    changed = visits.copy()
    changed[42:] *= 3.0
    one, other = (forecast(cost, 12, regressors={"visits": row}) for row in (visits, changed))
    pairs = [
        (a, b) for a, b in zip(one.tracks[0], other.tracks[0], strict=True) if a.cut >= 6 and a.cut == b.cut
    ]
    assert len(pairs) >= 3 and all(np.allclose(a.said, b.said, rtol=1e-12) for a, b in pairs)
    assert not np.allclose(one.mean, other.mean, rtol=0.01)
    certain = np.r_[visits, visits[-12:]], np.r_[changed, changed[-12:]]
    told = [forecast(cost, 12, regressors={"visits": row}, calendar=("visits",)).tracks[0] for row in certain]
    assert not np.allclose(told[0][-1].said, told[1][-1].said, rtol=0.01)  # what a calendar knows is seen


def test_an_uncertain_regressor_is_forecast_where_nothing_is_given() -> None:
    visits, cost = volumes(3, 48)
    open_end = forecast(cost, 12, regressors={"visits": visits})
    half = np.hstack([visits, np.full((3, 12), np.nan)])
    assert np.array_equal(forecast(cost, 12, regressors={"visits": half}).mean, open_end.mean)
    hole = half.copy()
    hole[:, 20] = np.nan
    assert np.abs(forecast(cost, 12, regressors={"visits": hole}).mean / open_end.mean - 1).max() < 0.02
    plan = np.hstack([visits, np.repeat(visits[:, -1:] * 1.5, 12, axis=1)])
    planned = forecast(cost, 12, regressors={"visits": plan})
    assert (planned.mean / open_end.mean).mean() == pytest.approx(1.5, abs=0.1)
    assert planned.errors["mean"] == pytest.approx(open_end.errors["mean"])  # a plan is no evidence


def test_a_series_alone_has_the_regressors_it_has_in_a_batch() -> None:
    visits, cost = volumes(4, 48)
    visits[1] = 0.0  # a department without visits
    batch = forecast(cost, 12, regressors={"visits": visits})
    for row in range(4):
        alone = forecast(cost[row], 12, regressors={"visits": visits[row]})
        assert np.allclose(alone.mean, batch.mean[row], rtol=1e-6)
        assert np.allclose(alone.lower[95], batch.lower[95][row], rtol=1e-6)


def test_a_price_cut_reads_as_the_percent_it_is() -> None:
    """Seventy percent of the price from July 2024 on is minus thirty percent, not its logarithm (-0.357)."""
    series = np.r_[np.full(36, 100.0), np.full(12, 70.0)] + np.random.default_rng(2).normal(size=48) / 10
    steps = {"price": 202407}
    found = forecast(series, 12, start=202107, steps=steps)
    assert found.effects["price"] == pytest.approx(-0.30, abs=0.005) and found.ratio == 1
    amount = forecast(series - 80, 12, start=202107, steps=steps)  # below zero: an amount, not a share
    assert amount.effects["price"] == pytest.approx(-30.0, abs=0.5) and amount.ratio == 0
