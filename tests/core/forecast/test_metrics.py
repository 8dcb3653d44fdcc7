"""The yardstick first: our errors reproduce figures that were printed before they judge anything."""

from __future__ import annotations

import numpy as np
import pytest

from core.forecast.metrics import coverage, mae, mape, mase, rmse
from core.forecast.panel import mase_scale

# Quarterly beer production of Australia, megalitres, 1992 Q1 to 2010 Q2 (Australian Bureau of Statistics).
BEER = [
    443, 410, 420, 532, 433, 421, 410, 512, 449, 381, 423, 531, 426, 408, 416, 520, 409, 398, 398, 507, 432, 398, 406,
    526, 428, 397, 403, 517, 435, 383, 424, 521, 421, 402, 414, 500, 451, 380, 416, 492, 428, 408, 406, 506, 435, 380,
    421, 490, 435, 390, 412, 454, 416, 403, 408, 482, 438, 386, 405, 491, 427, 383, 394, 473, 420, 390, 410, 488, 415,
    398, 419, 488, 414, 374,
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        ("mean", (38.45, 34.83, 8.28, 2.44)),
        ("naive", (62.69, 57.40, 14.18, 4.01)),
        ("seasonal naive", (14.31, 13.40, 3.17, 0.94)),
    ],
)
def test_the_table_of_the_textbook(method: str, printed: tuple[float, ...]) -> None:
    """Hyndman and Athanasopoulos, Forecasting: Principles and Practice (2nd edition), section 3.4: RMSE, MAE, MAPE, MASE."""
    past, truth = BEER[:64], BEER[64:]
    said = {
        "mean": [float(np.mean(past))] * 10,
        "naive": [past[-1]] * 10,
        "seasonal naive": (past[-4:] * 3)[:10],
    }[method]
    found = rmse(truth, said), mae(truth, said), mape(truth, said), mase(past, truth, said, season=4)
    assert [round(value, 2) for value in found] == list(printed)


def test_the_scale_inside_the_forecast_is_the_scale_of_the_metric() -> None:
    values = np.array([[3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]])
    # |9-3| |7-1| |9-4| |3-1| = 6 + 6 + 5 + 2 = 19, four pairs
    assert mase_scale(values, np.array([16]))[0] == 19 / 4
    assert mase(values[0], [10.0], [14.75]) == 1.0


def test_errors_by_hand() -> None:
    assert mae([1, 2, 3], [2, 2, 5]) == 1.0
    assert rmse([0, 0], [3, 4]) == pytest.approx(np.sqrt(12.5))
    assert mape([10, 20], [11, 18]) == pytest.approx(10.0)
    assert coverage([1, 2, 3, 4], [0, 3, 0, 0], [2, 4, 3, 3]) == 0.5
