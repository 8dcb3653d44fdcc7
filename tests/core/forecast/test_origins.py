"""The backtest knows what was known: nothing of the judged months or later ones is in what is shown of it."""

from __future__ import annotations

import numpy as np
import pytest

from core.forecast import Forecast, forecast
from core.forecast import settings as chosen
from core.forecast.intervals import bands
from core.forecast.origins import so_far
from core.forecast.panel import mase_scale, panel


def wavy(months: int, seed: int = 3) -> np.ndarray:
    t = np.arange(months)
    return 100 + 0.4 * t + 9 * np.sin(t * np.pi / 6) + 3 * np.random.default_rng(seed).normal(size=months)


def said(found: Forecast) -> dict[int, np.ndarray]:
    return {one.cut: one.said for one in found.tracks[0]}


@pytest.mark.parametrize("horizon", [6, 12, 24])
def test_what_is_shown_of_an_origin_was_known_then(horizon: int) -> None:
    """Other newest months change nothing of what older origins are shown to have said: no weight, drift or floor."""
    series = wavy(84)
    changed = series.copy()
    changed[-6:] = [-300, 500, 20, 900, 1, 400]
    one, other = said(forecast(series, horizon)), said(forecast(changed, horizon))
    older = [cut for cut in one if cut >= 6]
    assert len(older) >= 5 and one.keys() == other.keys()
    for cut in older:
        assert np.allclose(one[cut], other[cut], rtol=1e-9), cut


def test_a_hole_is_filled_with_what_was_known_at_the_origin() -> None:
    """The month before an origin is missing: it is carried on from the past, not drawn towards what came."""
    series = wavy(60)
    series[47] = np.nan
    later = series.copy()
    later[48:] *= 2.0
    assert np.array_equal(panel([series]).before(12).values, panel([later]).before(12).values, equal_nan=True)
    assert panel([series]).values[0, 47] != panel([later]).values[0, 47]  # today both neighbours are known
    one, other = said(forecast(series, 12)), said(forecast(later, 12))
    assert np.allclose(one[12], other[12], rtol=1e-9)


def test_earlier_origins_count_as_far_as_their_months_had_come() -> None:
    """Origins 12, 6 and 3 months ago: the second knows six steps of the first, the third nine and three."""
    error = np.arange(1.0, 13.0)[None, :, None] * np.array([1.0, 10.0, 100.0])[:, None, None]
    total, count = so_far(error, np.zeros(3, np.intp), np.array([12, 6, 3]))
    assert count.tolist() == [0, 1, 2]
    assert total[:, 0].tolist() == [0, 3.5, 5 + 20]


def test_coverage_at_an_origin_uses_the_width_known_then() -> None:
    """The oldest origin had the usual width; that later errors were small says nothing about the band it was given."""
    error = np.array([[0.9] * 6, [0.1] * 6, [2.0] * 6])
    cut, rows = np.array([18, 12, 6]), np.zeros(3, np.intp)
    assert bands(error, rows, 1, (80,), cut=cut).inside[80].all(axis=1).tolist() == [True, True, False]
    small = np.array([[0.9] * 6, [0.1] * 6, [0.1] * 6])
    assert bands(small, rows, 1, (80,), cut=cut).coverage[80][0] == 1
    assert bands(small, rows, 1, (80,)).coverage[80][0] < 0.8  # as if the later origins had been known


def test_the_shown_coverage_is_that_of_the_tracks() -> None:
    series = np.r_[wavy(60), wavy(24, 9) + 30 * np.random.default_rng(1).normal(size=24)]
    found = forecast(series, 6)
    tracks = found.tracks[0]
    error = np.array(
        [
            (one.truth - one.said) / mase_scale(series[None, : 84 - one.cut], np.array([84 - one.cut]))
            for one in tracks
        ]
    )
    cut, rows = np.array([one.cut for one in tracks]), np.zeros(len(tracks), np.intp)
    assert found.coverage[80] == pytest.approx(bands(error, rows, 1, (80,), cut=cut).coverage[80][0])
    assert found.coverage[80] != pytest.approx(bands(error, rows, 1, (80,)).coverage[80][0])


def test_the_floor_of_an_origin_is_that_of_its_months() -> None:
    """A figure that has fallen below 0 since: when it had not, nothing below 0 was said."""
    series = np.linspace(150, -40, 72) + np.random.default_rng(2).normal(size=72)
    found = forecast(series, 24)
    positive = [one for one in found.tracks[0] if (series[: 72 - one.cut] >= 0).all()]
    assert len(positive) >= 3 and all((one.said >= 0).all() for one in positive)
    assert any((one.said == 0).any() for one in positive) and found.mean.max() < 0


def test_the_shown_error_is_that_of_weights_chosen_before() -> None:
    """Weights that have seen the judged months flatter: on noise the shown error is above theirs."""
    rng = np.random.default_rng(0)
    series = 100 + 10 * rng.normal(size=(60, 84))
    found = forecast(series, 12, explain=False)
    came = np.abs(forecast(series[:, :72], 12, explain=False).mean - series[:, 72:]).mean()
    shown = np.mean(found.wape["mean"]) * 100
    assert shown == pytest.approx(came, rel=0.1)


def test_young_origins_are_tried_with_the_young_method() -> None:
    """Ten months of history: five months ago there were five, so the last value was all that could be said."""
    series = np.array([10.0, 14, 9, 13, 12, 17, 11, 15, 12, 16])
    found = forecast(series, 3)
    for one in found.tracks[0]:
        known = 10 - one.cut
        last = series[known - 1]
        assert known >= 6 or np.allclose(one.said, last)
        assert known < 6 or abs(one.said[0] - last) < 4
    assert {10 - one.cut for one in found.tracks[0]} == {5, 7}


def test_siblings_learn_only_from_months_that_had_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "STRENGTH", 20.0)
    rng = np.random.default_rng(5)
    common = np.cumsum(0.02 * rng.normal(size=72))
    many = 100 * np.exp(common + 0.03 * rng.normal(size=(16, 72)))
    changed = many.copy()
    changed[:, -6:] *= 1.3
    one, other = (forecast(rows, 12, siblings=True, explain=True) for rows in (many, changed))
    for a, b in zip(one.tracks, other.tracks, strict=True):
        for x, y in zip(a, b, strict=True):
            assert x.cut < 6 or np.allclose(x.said, y.said, rtol=1e-6)
    assert not np.allclose(one.mean, other.mean, rtol=1e-3)
