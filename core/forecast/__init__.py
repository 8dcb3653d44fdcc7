"""Forecasts of monthly series: one series or thousands in one call, with bands, backtest and explanation.

    found = forecast(history, 12, start=202201)        1-D, 2-D or a list of series that end with the same month
    found.mean, found.lower[80], found.upper[95], found.naive, found.candidates["damped"]
    found.errors["mean"], found.errors["naive"]         rolling-origin MASE, never in-sample
    found.coverage[80], found.reasons, found.equations[0].contributions

How: wild months are calmed and steps levelled before anything is learnt (steady.py), the season is shrunk
(season.py), nine simple models are averaged with weights that lean on each series' own rolling-origin errors
(candidates.py, smoothing.py, arima.py, lags.py, origins.py), a series' own lag is half believed (drift.py), bands come
from its own errors on a shape measured elsewhere (intervals.py). Nothing is learnt from the other series of a call, so
one series alone is forecast as in a batch; `siblings=True` asks for a correction that they teach each other
(pooled.py). Under 12 months only the last value or a damped trend is given, under 24 no season; `reasons` says so.
settings.py lists everything that was chosen, and on what.

    outliers.py    months that do not fit, found and shown; a person excludes them, with a reason
    hierarchy.py   departments add up to the hospital
    uses.py        year-end landing, what-if on volume and price, purchase suggestion, ratio of forecasts, accuracy

The only door to scikit-learn.
"""

from core.forecast.engine import LEVELS, ForecastError, forecast, month
from core.forecast.result import Forecast, Track

__all__ = ["LEVELS", "Forecast", "ForecastError", "Track", "forecast", "month"]
