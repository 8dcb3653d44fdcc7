"""The sentence, the remarks and the cards."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import streamlit as st

from core.catalog import catalog
from core.forecast import month
from core.forecast.result import TOO_SHORT
from core.forecasting import Answer
from core.forecasting.subjects import Subject, choices, subject
from core.forecasting.year import YearEnd
from pages._ui import cards, format, lacking
from pages._ui.forecast import choose, words
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import lang, t


def year_before(found: Answer) -> Decimal | None:
    """The same months a year before (those of the first twelve to come); None where one of them is not known."""
    known = dict(zip(found.past.periods, found.past.values, strict=True))
    before = [known.get(month(point.period, -12)) for point in found.points[:12]]
    there = [value for value in before if value is not None]
    return sum(there, Decimal(0)) if before and len(there) == len(before) else None


def total(found: Answer) -> Decimal:
    """The months to come together; of a level, which does not add up over months, their mean."""
    return words.together(found, (point.final for point in found.points))


def change(found: Answer) -> Decimal | None:
    """The first twelve of them beside the same months a year before."""
    before = year_before(found)
    first = sum((point.final for point in found.points[:12]), Decimal(0))
    return (first - before) / abs(before) if before else None


def against_naive(found: Answer) -> float | None:
    """Rolling-origin error beside the naive one: -0.2 is a fifth smaller; None where that says nothing."""
    if words.beside(found) not in (words.BETTER, words.WORSE_THAN):
        return None
    mine, naive = (float(found.statistics.errors[key]) for key in ("mean", "naive"))
    return mine / naive - 1


def message(page: Page, found: Answer, choice: Choice) -> None:
    """What will happen, and how far it can be trusted."""
    who, what = words.whose(page, found.target), words.name(found.target)
    if not found.points or not found.past.known:
        page.message(t("forecast.nothing", who=who, what=what))
        _lacking(found)
        return
    short = TOO_SHORT in (found.statistics.reasons or ((),))[0]
    head = t("forecast.short_first", count=words.length(found)) if short else ""
    if found.closed:
        page.message(t("forecast.closed", who=who, what=what, month=format.period(found.ends)))
        return
    page.message(head + _says(found, who, what) + words.trust(found))
    if choice.scenario:
        st.info(
            t(
                "forecast.whatif_on",
                changes=t("state.and").join(choose.changes(choice)),
            ),
            icon=":material/science:",
        )
    remarks = [*_late(found), *words.reasons(found)]
    for remark in remarks:
        st.markdown(f":orange[:material/info:] {remark}")


def _says(found: Answer, who: str, what: str) -> str:
    """What is expected: next month of a ratio, level and mean of what does not add up, sums of the rest."""
    one, span = found.target.subject, len(found.points)
    if one.is_ratio:
        unit = words.plain_unit(one, found.points[0].final)
        return t("forecast.says_ratio", who=who, what=what, month=format.period(found.points[0].period),
                 value=unit.text(found.points[0].final, unit=True))  # fmt: skip
    value, share = _amount(found, total(found)), change(found)
    key = "forecast.moved" if span <= 12 else "forecast.moved_first"
    moved = t(key, change=format.change(share, format.percent())) if share is not None else ""
    if not one.nature.sums:
        end = found.points[-1]
        return t("forecast.says_level", who=who, what=what, month=format.period(end.period),
                 value=_amount(found, end.final), mean=value, count=span, moved=moved)  # fmt: skip
    if span > 12 and found.years:
        listed = [
            t("forecast.in_year", year=year, value=_amount(found, amount)) for year, amount in found.years
        ]
        moved += t("forecast.of_which", years=t("state.and").join(listed))
    return t("forecast.says", who=who, what=what, count=span, value=value, moved=moved)


def _late(found: Answer) -> list[str]:
    """A department whose figures end before the hospital's, and one that books now and then."""
    said = []
    if behind := words.behind(found):
        said.append(t("forecast.behind", count=behind, month=format.period(found.last)))
    if words.late(found):
        said.append(t("forecast.ends", month=format.period(found.ends), last=format.period(found.last)))
    if found.sparse:
        said.append(t("forecast.sparse"))
    return said


def _amount(found: Answer, value: Decimal) -> str:
    if found.target.money:
        return format.money(value)
    return words.plain_unit(found.target.subject).text(value, unit=True)


def _lacking(found: Answer) -> None:
    """Which tables would bring it, with their templates."""
    one = found.target.subject
    names = [lacking.name(extract) for extract in one.needs]
    glue = t("forecast.lacking_or") if one.fact or one.name in choices()["facts"] else t("state.and")
    with st.container(border=True):
        st.markdown(t("forecast.lacking", names=glue.join(names)))
        if "operation_value" in one.needs:
            st.caption(t("forecast.lacking_metric", what=_metric(one)))
        lacking.offer(one.needs, "forecast")


def _metric(one: Subject) -> str:
    """The metric's name as the workbook of operation values spells it."""
    metric = (one.fact or subject(one.top).fact).partition("/")[0]
    return catalog().term("operation_metrics", metric).label.of(lang())


def cards_row(found: Answer, unit: Unit) -> None:
    """Next month, the months together, the year, the error, the coverage."""
    if not found.points:
        return
    one = found.target.subject
    first, plain = found.points[0], words.plain_unit(one, found.points[0].final)
    made = [
        cards.Card(
            t("forecast.card_next", month=format.period(first.period)), first.final, plain,
            trend=[v for v in found.past.values[-12:] if v is not None] + [first.final],
            help=t("forecast.band", level=80, low=unit.text(first.low80), high=unit.text(first.high80, unit=True)),
        )
    ]  # fmt: skip
    if not found.target.is_ratio:
        share = change(found)
        key = "forecast.card_sum" if one.nature.sums else "forecast.card_mean"
        made.append(
            cards.Card(
                t(key, count=len(found.points)), total(found), plain, one.better,
                [cards.Comparison(t("compare.last_year"), share, format.percent())]
                if share is not None and len(found.points) <= 12 else [],
            )
        )  # fmt: skip
    if found.year_end:
        made.append(_year(found, found.year_end, unit, plain))
    if not found.closed:
        made += _tried(found)
    cards.row(made, "forecast_cards")


def _year(found: Answer, end: YearEnd, unit: Unit, plain: Unit) -> cards.Card:
    """The year, or the part of it that the history covers; what was missing is named with what counts for it."""
    band = {"low": unit.text(end.low), "high": unit.text(end.high, unit=True)}
    if not found.target.subject.nature.sums:
        said = t("forecast.card_level_help", newest=unit.text(end.booked, unit=True), **band)
        return cards.Card(t("forecast.card_level", year=end.year), end.whole, plain, help=said)
    said = t("forecast.card_year_help", booked=unit.text(end.booked, unit=True), **band)
    part = end.months < 12
    if part:
        said += t("forecast.card_part_help", count=end.months)
    if end.usual:
        said += t("forecast.card_usual_help", months=words.month_list(end.usual),
                  value=unit.text(sum(end.usual.values(), Decimal(0)), unit=True))  # fmt: skip
    label = t("forecast.card_part" if part else "forecast.card_year", year=end.year, count=end.months)
    note = t("forecast.card_usual", count=len(end.usual)) if end.usual else ""
    return cards.Card(f"{label}{note}", end.whole, plain, help=said)


def _tried(found: Answer) -> list[cards.Card]:
    """How the tries in the past did."""
    beside, wape = against_naive(found), float(found.statistics.wape["mean"])
    right = None if not np.isfinite(wape) else 1 - wape
    against = t("forecast.beside_month" if words.young(found) else "forecast.beside_naive")
    covered = float(np.atleast_1d(found.statistics.coverage[80])[0])
    return [
        cards.Card(
            t("forecast.card_accuracy"), right, format.percent(),
            reason=t("forecast.untried_short" if words.beside(found) == words.UNTRIED else "forecast.tried_nil"),
            comparisons=[] if beside is None else [
                cards.Comparison(against, beside, format.percent(0), good=beside < 0)
            ],
            help=t("forecast.card_accuracy_help"),
        ),
        cards.Card(
            t("forecast.card_cover"), None if not np.isfinite(covered) else covered, format.percent(0),
            reason=t("forecast.untried_short"), help=t("forecast.card_cover_help"),
        ),
    ]  # fmt: skip
