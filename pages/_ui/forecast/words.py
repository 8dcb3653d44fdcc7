"""Units, names and reasons of the forecast page."""

from __future__ import annotations

from decimal import Decimal

from core.forecasting import Answer, Target
from core.forecasting.targets import choices
from core.measures import Measure, measure
from pages._ui import format
from pages._ui.boards.words import unit as measure_unit
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import has, lang, t

MODELS = ("mean", "combined", "naive", "naive_growth", "regression", "damped", "smoothing", "theta", "growth", "trend", "lags", "recent", "level")  # fmt: skip


def unit(found: Answer) -> Unit:
    """One unit for the page's months."""
    one = measure(found.target.measure)
    if one.unit == "money":
        return format.money_unit([*found.past.values, *(point.high95 for point in found.points)])
    values = [value for value in found.past.values if value is not None]
    return measure_unit(one, max(values, key=abs, default=Decimal(0)))


def plain_unit(one: Measure) -> Unit:
    """How a measure that is no money is written."""
    return measure_unit(one)


def name(target: Target) -> str:
    """The measure's label."""
    return measure(target.measure).label.of(lang())


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
    """Why the forecast is less than it could be, as sentences."""
    codes = found.statistics.reasons[0] if found.statistics.reasons else ()
    return [t(f"forecast.reason_{code}", count=found.past.known) for code in codes]
