"""Forecasts of monthly series: one series or thousands in one call, with bands, backtest and explanation.

    found = forecast(history, 12, start=202201)        1-D, 2-D or a list of series that end with the same month
    found.mean, found.lower[80], found.upper[95], found.naive, found.candidates["damped"]
    found.errors["mean"], found.errors["naive"]         rolling-origin MASE, never in-sample
    found.coverage[80], found.reasons, found.equations[0].contributions
    found.tried(), found.last_tried, found.months       what was tried of which steps; months of history with a value

How: wild months are calmed and steps levelled before anything is learnt (steady.py), the season is shrunk
(season.py), nine simple models are averaged with weights that lean on each series' own rolling-origin errors
(candidates.py, smoothing.py, arima.py, lags.py, origins.py), a series' own lag is half believed (drift.py), bands come
from its own errors on a shape measured elsewhere (intervals.py). Nothing is learnt from the other series of a call, so
one series alone is forecast as in a batch; `siblings=True` asks for a correction that they teach each other
(pooled.py). Under 12 known months only the last value or a damped trend is given, under 24 no season; `reasons` says
so (report.py). settings.py lists everything that was chosen, and on what.

What is shown of the past was known then. An origin sees no later month: holes are filled anew (panel.py), regressors
that no calendar knows are forecast from their own past (known.py), weights, drift and band width come from earlier
origins and the months that had come by then (origins.py, intervals.py). Only today's forecast uses all of them.

    outliers.py    months that do not fit, found and shown; a person excludes them, with a reason
    hierarchy.py   departments add up to the hospital
    uses.py        year-end landing, what-if on volume and price, purchase suggestion, ratio of forecasts, accuracy

The only door to scikit-learn.
"""

from core.forecast.engine import LEVELS, ForecastError, forecast, month
from core.forecast.result import Forecast, Track

__all__ = ["LEVELS", "Forecast", "ForecastError", "Track", "forecast", "month"]
