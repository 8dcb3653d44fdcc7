"""Units, names and reasons of the forecast page."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from core.forecast import month
from core.forecast.result import GAPS, NO_BACKTEST, OPEN_END, TOO_SHORT, WORSE
from core.forecasting import Answer, Target
from core.forecasting.subjects import Subject, choices
from core.measures import measure, measures
from pages._ui import format
from pages._ui.boards.words import unit as measure_unit
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import has, lang, t

MODELS = ("mean", "combined", "naive", "naive_growth", "regression", "theta", "growth", "drifted", "damped", "smoothing", "airline", "stationary", "lags")  # fmt: skip

# What the message says already: too short to try anything, and worse than naive where it is by more than ALIKE.
SAID = (WORSE, TOO_SHORT, NO_BACKTEST)
MONTHS_NAMED = 4
INVISIBLE = 0.0005  # of the figures: a ratio that moves by the rounding of its parts does not move
ALIKE = 0.005  # of the mean change against the same month a year before: errors closer than that are the same
UNTRIED, BETTER, WORSE_THAN, SAME, EXACT, NAIVE_EXACT = (
    "untried", "better", "worse", "same", "exact", "naive_exact",
)  # fmt: skip


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
    said = (*SAID, OPEN_END, GAPS) if late(found) else SAID
    return [_reason(found, code) for code in codes if code not in said]


def late(found: Answer) -> bool:
    """Whether a department's figures end before the hospital's; the page then says with which month."""
    return 0 < found.ends < found.last and not found.sparse


def behind(found: Answer) -> int:
    """How many departments have nothing yet for the hospital's newest month, which therefore falls short."""
    if found.family is None or found.target.dept:
        return 0
    return sum(OPEN_END in one.reasons for one in found.family.members)


def _reason(found: Answer, code: str) -> str:
    """A ratio's own words where there are some: its months are those of two series."""
    key = f"forecast.reason_{code}"
    own = found.target.is_ratio and has(f"{key}_ratio")
    reached = float(found.statistics.last_tried)
    after = month(found.last, int(reached) + 1) if np.isfinite(reached) else found.last
    return t(f"{key}_ratio" if own else key, count=length(found), tried=format.period(after))


def length(found: Answer) -> int:
    """Months of history as the forecast counts them: months with a value that counts."""
    months = float(found.statistics.months)
    return int(months) if np.isfinite(months) else found.past.known


def young(found: Answer) -> bool:
    """Under a year of history the naive forecast repeats the last month, there being no last year."""
    return length(found) < 12


def beside(found: Answer, name: str = "mean") -> str:
    """A model's error at the rolling origins beside that of the naive forecast, one of the codes above."""
    error, plain = (float(found.statistics.errors[one]) for one in (name, "naive"))
    if not (np.isfinite(error) and np.isfinite(plain)):
        return UNTRIED
    if _right(found, "naive"):
        return EXACT if _right(found, name) else NAIVE_EXACT
    return SAME if abs(error - plain) < ALIKE * max(1.0, plain) else BETTER if error < plain else WORSE_THAN


def _right(found: Answer, name: str) -> bool:
    """Whether a model's error is none that anybody could see: of the yearly change, or of the figures themselves."""
    error, share = float(found.statistics.errors[name]), float(found.statistics.wape.get(name, np.nan))
    return error < ALIKE or share < INVISIBLE


def verdict(found: Answer, name: str) -> str:
    """The same in a word; '' for the naive forecast itself and where nothing could be tried."""
    code = beside(found, name)
    if name == "naive" or code == UNTRIED:
        return ""
    words = {BETTER: "better_word", SAME: "same_word", EXACT: "same_word"}
    return t(f"forecast.{words.get(code, 'worse_word')}")


def column(found: Answer, name: str) -> str:
    """A column of the months; under a what-if the figures are its, not the statistical ones."""
    if name == "mean" and any(point.mean != point.base for point in found.points):
        return t("forecast.line_scenario")
    return t(f"forecast.col_{name}")


def model(found: Answer, name: str) -> str:
    """A model's name; of a ratio what is used is one forecast over another."""
    if name == "mean" and found.target.is_ratio:
        return t("forecast.model_ratio")
    return t("forecast.model_naive_last") if name == "naive" and young(found) else t(f"forecast.model_{name}")


def trust(found: Answer) -> str:
    """How far the forecast can be trusted, in a sentence."""
    code = beside(found)
    mine, plain = (float(found.statistics.errors[key]) for key in ("mean", "naive"))
    share = format.percent(0).text(abs(mine / plain - 1), unit=True) if code in (BETTER, WORSE_THAN) else ""
    repeated = t("forecast.repeat_month" if young(found) else "forecast.repeat_year")
    return t(f"forecast.{code}", share=share, naive=repeated, error=f"{mine:.2f}")


def together(found: Answer, months: Iterable[Decimal]) -> Decimal:
    """Months as one figure: their sum, or the mean of what does not add up over months."""
    given = list(months)
    whole = sum(given, Decimal(0))
    return whole if found.target.subject.nature.sums or not given else whole / len(given)


def naive(found: Answer) -> str:
    """What the naive forecast repeats: '' for last year's months, under a year of history the last month."""
    return t("forecast.line_last") if young(found) else ""


def fan_note(found: Answer) -> str:
    """What the bands and the thin line are."""
    return t("forecast.fan_note_short" if young(found) else "forecast.fan_note")


def month_list(periods: Iterable[int]) -> str:
    """Months by name, the first few of many."""
    given = list(periods)
    said = [format.period(period) for period in given[:MONTHS_NAMED]]
    more = [t("forecast.and_more", count=len(given) - MONTHS_NAMED)] if len(given) > MONTHS_NAMED else []
    return t("state.and").join([*said, *more])
