"""A ratio of forecasts says of itself what its own months say: tries, limits, reasons."""

from __future__ import annotations

import numpy as np
import pytest

from core.forecast import forecast
from core.forecast.ratios import ratio
from core.forecast.uses import landing


def income(count: int = 48) -> np.ndarray:
    rng = np.random.default_rng(3)
    return 1000 * (1 + 0.1 * np.sin(np.arange(count) * np.pi / 6)) * (1 + 0.02 * rng.normal(size=count))


def share(count: int = 48) -> np.ndarray:
    return 0.3 + 0.05 * np.random.default_rng(4).random(count)


def made(top: np.ndarray, bottom: np.ndarray, horizon: int = 12, **options: object):  # type: ignore[no-untyped-def]
    past = list(options.get("times", 1.0) * top / bottom)  # type: ignore[operator]
    return ratio(forecast(top, horizon), forecast(bottom, horizon), past, **options)  # type: ignore[arg-type]


def test_tries_are_the_ratios_own() -> None:
    below = income()
    found = made(share() * below, below, times=100.0)
    assert len(found.tracks[0]) == int(found.origins) >= 2
    for track in found.tracks[0]:
        reach = min(track.cut, 12)
        came = 100 * share()[48 - track.cut : 48 - track.cut + reach]
        assert track.truth[:reach] == pytest.approx(came) and np.isnan(track.truth[reach:]).all()
    apart = [np.abs(one.said - one.truth)[np.isfinite(one.truth)].mean() for one in found.tracks[0]]
    assert float(found.errors["mean"]) > 0 and max(apart) < 10
    groups = found.tried()
    assert [(one.first, one.last) for one in groups] == [(1, 3), (4, 12)]
    known = np.array([np.isfinite(one.truth) for one in found.tracks[0]])
    assert [one.months for one in groups] == [known[:, :3].sum(), known[:, 3:].sum()]
    assert int(found.months) == 48 and int(found.last_tried) == 12


def test_a_share_stays_between_nothing_and_all() -> None:
    """A ratio near 0 that jumps has bands below 0, one near 1 bands above: both are cut at what a share can be."""
    rng = np.random.default_rng(0)
    below, low = income(), np.abs(rng.normal(size=48)) * 0.02
    free, held = made(low * below, below), made(low * below, below, limits=(0.0, 1.0))
    assert (free.lower[95] < 0).any() and (held.lower[95] >= 0).all()
    high = made((1 - low) * below, below, limits=(0.0, 1.0))
    assert (high.upper[95] <= 1).all() and (high.mean <= 1).all()
    assert (made(1.2 * below, below, limits=(0.0, 1.0)).mean == 1.0).all()  # parts booked a month apart


def test_reasons_are_those_of_the_ratio() -> None:
    """A denominator that never changes makes no constant ratio; two that move together make one."""
    steady = np.full(48, 500.0)
    assert "constant" not in made(share() * steady, steady).reasons[0]
    moving = income()
    assert "constant" in made(0.4 * moving, moving).reasons[0]
    short = made((share() * income())[:10], income()[:10], 3)
    assert "too_short" in short.reasons[0] and "constant" not in short.reasons[0]
    assert "untried_steps" in made((share() * income())[:30], income()[:30], 24).reasons[0]


def test_a_step_in_the_numerator_moves_the_forecast() -> None:
    below, at = income(), 46
    top = 0.4 * below
    top[at:] *= 0.5
    plain = ratio(forecast(top, 6, start=202101), forecast(below, 6, start=202101), list(top / below))
    steps = {"202411": 202411}
    told = ratio(
        forecast(top, 6, start=202101, steps=steps),
        forecast(below, 6, start=202101, steps=steps),
        list(top / below),
    )
    assert abs(told.mean.mean() - 0.2) < abs(plain.mean.mean() - 0.2)


def test_the_year_counts_missing_months_with_their_usual_value() -> None:
    from decimal import Decimal

    rows = {202200 + 100 * y + m: Decimal(1000 + m % 2) for y in range(3) for m in range(1, 13)}
    known = rows | {202500 + m: Decimal(1000) for m in (1, 2, 4)}
    found = landing(known, 202504)
    assert found.missing == (202503,) and abs(found.filled - 1000) < 5 and found.months == 12
    assert abs(found.total - Decimal(12000)) < 60 and found.booked == 3000
    late = landing({202505: Decimal(100), 202506: Decimal(110)}, 202506)
    assert late.months == 8
