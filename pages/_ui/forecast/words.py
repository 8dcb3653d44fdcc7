"""Units, names and reasons of the forecast page."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from core.forecast.result import NO_BACKTEST, TOO_SHORT, WORSE
from core.forecasting import Answer, Target
from core.forecasting.subjects import Subject, choices
from core.measures import measure, measures
from pages._ui import format
from pages._ui.boards.words import unit as measure_unit
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import has, lang, t

MODELS = ("mean", "combined", "naive", "naive_growth", "regression", "theta", "growth", "drifted", "damped", "smoothing", "airline", "stationary", "lags")  # fmt: skip

# What the message says already: worse than naive, too short to try anything.
SAID = (WORSE, TOO_SHORT, NO_BACKTEST)


def unit(found: Answer) -> Unit:
    """One unit for the page's months."""
    one = found.target.subject
    if one.unit == "money":
        return format.money_unit([*found.past.values, *(point.high95 for point in found.points)])
    values = [value for value in found.past.values if value is not None]
    return plain_unit(one, max(values, key=abs, default=Decimal(0)))


def plain_unit(one: Subject, value: Decimal | None = None) -> Unit:
    """How one figure of a subject is written."""
    if one.unit == "kwh":
        return format.number(t("scorecard.unit_kwh"))
    if one.name in measures():
        return measure_unit(measure(one.name), value)
    return format.yuan() if one.unit == "money" else format.percent()


def name(target: Target) -> str:
    """The subject's label."""
    return target.subject.label.of(lang())


def whose(page: Page, target: Target) -> str:
    """The department's name, or the whole hospital."""
    found = next((one.name for one in page.board.departments if one.code == target.dept), "")
    return found or t("forecast.whole")


def driver(code: str) -> str:
    """A regressor, a marked step (its month) or a part of the equation."""
    if has(f"forecast.part_{code}"):
        return t(f"forecast.part_{code}")
    if code in choices()["drivers"]:
        return measure(code).label.of(lang())
    return t("forecast.part_step", month=format.period(int(code))) if code.isdigit() else code


def reasons(found: Answer) -> list[str]:
    """Why the forecast is less than it could be, as sentences; the message itself says SAID."""
    codes = found.statistics.reasons[0] if found.statistics.reasons else ()
    return [t(f"forecast.reason_{code}", count=found.past.known) for code in codes if code not in SAID]


def verdict(found: Answer, name: str) -> str:
    """A model beside last year's months at the same rolling origins; '' where nothing could be tried."""
    error, naive = (float(found.statistics.errors[one]) for one in (name, "naive"))
    if name == "naive" or not (np.isfinite(error) and np.isfinite(naive)):
        return ""
    return t("forecast.worse_word") if error > naive else t("forecast.better_word")


def naive(found: Answer) -> str:
    """What the naive forecast repeats: '' for last year's months, under a year of history the last month."""
    return t("forecast.line_last") if found.past.known < 12 else ""


def fan_note(found: Answer) -> str:
    """What the bands and the thin line are."""
    return t("forecast.fan_note_short" if found.past.known < 12 else "forecast.fan_note")
