"""One call forecasts one series or many: what it finds, what it says about itself, and what never happens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast import Forecast, ForecastError, forecast, month
from core.forecast import result as codes
from core.forecast import settings as chosen

SEASON = np.array([8.0, -3, 1, 0, 2, -1, 4, -6, 0, -2, -5, 2])


def made(
    months: int, level: float = 100, trend: float = 0.5, noise: float = 1.0, seed: int = 1
) -> np.ndarray:
    """A series with a level, a trend, a season and noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(months)
    return level + trend * t + SEASON[t % 12] + noise * rng.normal(size=months)


def hospital(count: int, months: int = 60) -> np.ndarray:
    return np.array([made(months, 100 + 10 * i, 0.1 * i, 2.0, i) for i in range(count)])


def everything(found: Forecast) -> list[np.ndarray]:
    return [found.mean, found.naive, *found.lower.values(), *found.upper.values(), *found.candidates.values()]


def test_a_season_and_a_trend_are_found() -> None:
    series = made(72, noise=0.5)
    truth = made(84, noise=0.0)[72:]
    found = forecast(series[:72], 12, start=202001)
    assert np.abs(found.mean - truth).mean() < 1.0
    assert np.abs(found.naive - truth).mean() > 5.0  # half a year of trend behind
    assert found.periods[0] == 202601 and found.periods[-1] == 202612
    assert found.better_than_naive() is True
    assert found.reasons == ((),)


def test_noise_is_not_taken_for_a_season() -> None:
    """The shrinkage takes a season that is not there away without a test for it."""
    noise = 100 + 5 * np.random.default_rng(3).normal(size=(40, 48))
    found = forecast(noise, 12)
    assert found.mean.std(axis=1).mean() < 0.3 * found.naive.std(axis=1).mean()


def test_arrays_have_the_shape_of_what_was_given() -> None:
    one = forecast(made(48), 7)
    assert one.mean.shape == (7,) and one.lower[80].shape == (7,) and len(one) == 1
    many = forecast([made(48), made(30), made(14)], 7)
    assert many.mean.shape == (3, 7) and len(many) == 3
    assert np.array_equal(many.of(0).mean, many.mean[0])
    assert forecast(hospital(2), 3, levels=(50, 90)).upper[90].shape == (2, 3)


def test_bands_contain_the_mean_and_each_other() -> None:
    found = forecast(hospital(4), 18)
    for wide, narrow in ((95, 80),):
        assert (found.lower[wide] <= found.lower[narrow]).all()
        assert (found.upper[wide] >= found.upper[narrow]).all()
    assert (found.lower[80] <= found.mean).all() and (found.mean <= found.upper[80]).all()
    widths = found.upper[80] - found.lower[80]
    assert (np.diff(widths, axis=1) >= -1e-9).all()  # never narrower further ahead


def wandering(count: int, months: int, seed: int = 7) -> np.ndarray:
    """A family of simulated series that differ in noise, growth, season and how far the level wanders."""
    rng = np.random.default_rng(seed)
    t = np.arange(months)
    rows = []
    for _ in range(count):
        noise, drift = rng.uniform(0.01, 0.1), rng.uniform(0.0, 0.02)
        season = rng.uniform(0, 0.2) * np.sin(2 * np.pi * (t + rng.integers(12)) / 12)
        level = np.cumsum(drift * rng.normal(size=months)) + rng.uniform(-0.003, 0.006) * t
        rows.append(100 * np.exp(level + season + noise * rng.normal(size=months)))
    return np.array(rows)


@pytest.mark.parametrize(("horizon", "months"), [(12, 60), (36, 60)])
def test_the_bands_cover_what_they_promise(horizon: int, months: int) -> None:
    series = wandering(120, months + horizon)
    found = forecast(series[:, :months], horizon, explain=False)
    truth = series[:, months:]
    share = {k: ((truth >= found.lower[k]) & (truth <= found.upper[k])).mean() for k in (80, 95)}
    assert abs(share[80] - 0.8) < 0.06 and abs(share[95] - 0.95) < 0.04
    assert 0.74 < found.pooled[80] < 0.9 and found.pooled[95] > 0.9


def test_a_series_alone_has_the_forecast_and_the_bands_it_has_in_a_batch() -> None:
    """Nothing is learnt across series unless it is asked for; histories of different lengths stand in one panel."""
    many = [
        *hospital(6),
        made(30, noise=3.0),
        made(14),
        made(110, noise=2.0, seed=9),
        np.r_[made(26), np.nan],
    ]
    for horizon in (12, 36):
        batch = forecast(many, horizon)
        for at, row in enumerate(many):
            alone = forecast(row, horizon)
            pairs = zip(everything(alone), everything(batch.of(at)), strict=True)
            assert all(np.allclose(one, other, rtol=1e-6) for one, other in pairs)


def test_siblings_correct_by_at_most_two_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    many = wandering(16, 60)
    plain = forecast(many, 12)
    assert np.array_equal(plain.mean, plain.candidates["combined"])
    monkeypatch.setattr(chosen, "STRENGTH", 20.0)
    apart = np.abs(forecast(many, 12, siblings=True).mean / plain.mean - 1)
    assert 0.01 < apart.max() <= 0.02


@pytest.mark.parametrize("ago", [8, 14, 30])
def test_a_lasting_step_is_followed(ago: int) -> None:
    """A third less since `ago` months: the forecast stays there instead of carrying the fall on or half of it."""
    rng = np.random.default_rng(ago)
    t = np.arange(72)
    usual = 100 + SEASON[t % 12] + 2 * rng.normal(size=72)
    series = usual * np.where(t >= 72 - ago, 0.67, 1.0)
    found = forecast(series, 36)
    truth = 0.67 * (100 + SEASON[np.arange(72, 108) % 12])
    assert codes.LEVELLED in found.reasons[0]
    assert np.abs(found.mean / truth - 1).mean() < 0.05


def test_one_wild_month_in_the_past_hardly_matters() -> None:
    series = made(60, noise=2.0)
    wild = series.copy()
    wild[40] *= 10
    found, usual = forecast(wild, 12), forecast(series, 12)
    assert np.abs(found.mean / usual.mean - 1).max() < 0.1
    assert codes.CALMED in found.reasons[0] and codes.CALMED not in usual.reasons[0]


def test_the_same_call_gives_the_same_numbers() -> None:
    first, second = (forecast(hospital(3), 12) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(everything(first), everything(second), strict=True))


def test_fen_and_yuan_give_the_same_forecast() -> None:
    series = made(60)
    assert np.allclose(forecast(series * 100, 12).mean, forecast(series, 12).mean * 100, rtol=1e-9)


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        ([], codes.NO_DATA),
        ([None] * 15, codes.NO_DATA),
        ([3.0, 4.0], codes.TOO_SHORT),
        (list(range(1, 10)), codes.TOO_SHORT),
        (list(made(18)), codes.NO_SEASON),
        ([7.0] * 40, codes.CONSTANT),
        ([*made(20), None, None, *made(20)], codes.GAPS),
        ([*made(40), None], codes.OPEN_END),
        (list(made(200)), codes.CUT),
        ([5.0, 6.0, 5.0], codes.NO_BACKTEST),
    ],
)
def test_what_is_lacking_is_said(series: list[float | None], reason: str) -> None:
    found = forecast(series, 12)
    assert reason in found.reasons[0]
    assert all(np.isfinite(part).all() for part in everything(found))


def test_under_a_year_the_last_value_or_a_damped_trend() -> None:
    assert forecast([5.0, 9.0, 7.0], 3).mean.tolist() == [7.0, 7.0, 7.0]
    rising = forecast(list(range(10, 20)), 3)
    assert (rising.mean > 19).all() and rising.mean[2] < 22
    assert np.allclose(rising.mean, (rising.candidates["naive"] + rising.candidates["damped"]) / 2)


def test_worse_than_naive_is_said() -> None:
    """A pattern that repeats exactly every twelve months is its own best forecast."""
    same = np.tile(np.array([1.0, 5, 2, 80, 3, 9, 4, 1, 7, 2, 60, 3]), 4) * np.repeat([1, 2, 1, 2], 12)
    found = forecast(same, 12)
    naive, mine = found.errors["naive"], found.errors["mean"]
    assert (codes.WORSE in found.reasons[0]) == bool(mine > naive)
    assert codes.WORSE in found.reasons[0]


def test_a_missing_month_is_filled_in_its_season() -> None:
    series = made(60, noise=0.0, trend=0.0)
    holes = [None if at in (24, 36, 47) else value for at, value in enumerate(series)]
    assert np.abs(forecast(holes, 12).mean - forecast(series, 12).mean).max() < 1.5


def test_negative_values_and_zeros_are_allowed() -> None:
    rng = np.random.default_rng(5)
    below = forecast(rng.normal(size=48) * 10, 12)
    assert (below.lower[95] < 0).all()
    empty = forecast([0.0, 0, 0, 0, 6, 0] * 8, 12)
    assert (empty.lower[95] >= 0).all()  # what was never negative does not become so


def test_a_marked_step_brings_the_past_to_the_new_level() -> None:
    """Volume purchasing cuts the price by 30 % from July 2024."""
    rng = np.random.default_rng(2)
    series = np.r_[np.full(36, 100.0), np.full(4, 70.0)] + rng.normal(size=40)
    plain, marked = forecast(series, 12), forecast(series, 12, start=202107, steps={"price": 202407})
    assert np.abs(marked.mean - 70).max() < 3 < np.abs(plain.mean - 70).max()
    assert marked.effects["price"] == pytest.approx(-0.30, abs=0.02) and marked.ratio == 1


def test_refusals_name_the_argument() -> None:
    with pytest.raises(ForecastError, match="1 to 36"):
        forecast(made(48), 37)
    with pytest.raises(ForecastError, match="percentage"):
        forecast(made(48), 12, levels=(0,))
    with pytest.raises(ForecastError, match=r"workdays needs 60 known values$"):
        forecast(made(48), 12, regressors={"workdays": [1.0] * 48}, calendar=("workdays",))
    with pytest.raises(ForecastError, match="visits needs 60 known values, or the 48"):
        forecast(made(48), 12, regressors={"visits": [1.0] * 50})
    with pytest.raises(ForecastError, match="signed"):
        forecast([made(48)], 12, signed=[True, False])
    with pytest.raises(ForecastError, match="start"):
        forecast(made(48), 12, steps={"price": 202401})


def test_months_count_on_over_the_year() -> None:
    assert [month(202411, later) for later in range(4)] == [202411, 202412, 202501, 202502]


numbers = st.one_of(
    st.none(),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.sampled_from([0.0, 1.0, -1.0, float("nan"), float("inf")]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(numbers, max_size=60), min_size=1, max_size=3), st.integers(1, 36))
def test_nothing_makes_it_fail(series: list[list[float | None]], horizon: int) -> None:
    found = forecast(series, horizon)
    assert found.mean.shape == (len(series), horizon)
    assert all(np.isfinite(part).all() for part in everything(found))
    assert (found.lower[95] <= found.upper[95]).all()
