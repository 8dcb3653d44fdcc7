"""The sentence, the remarks and the cards."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import streamlit as st

from core.forecasting import Answer
from core.measures import measure
from pages._ui import cards, format
from pages._ui.boards.words import unit as measure_unit
from pages._ui.forecast import words
from pages._ui.forecast.choose import Choice
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t


def year_before(found: Answer) -> Decimal | None:
    """The same months a year before, as far as the history holds them all."""
    span = min(len(found.points), 12)
    part = found.past.values[-12:][:span]
    known = [value for value in part if value is not None]
    return sum(known, Decimal(0)) if len(known) == span == min(12, len(part)) or len(known) == span else None


def total(found: Answer) -> Decimal:
    """The months to come (at most twelve) together."""
    return sum((point.final for point in found.points[:12]), Decimal(0))


def change(found: Answer) -> Decimal | None:
    """Their sum beside the same months a year before."""
    before = year_before(found)
    return (total(found) - before) / abs(before) if before else None


def against_naive(found: Answer) -> float | None:
    """Rolling-origin error beside the naive one: -0.2 is a fifth smaller; None where nothing could be tried."""
    mine, naive = (float(found.statistics.errors[key]) for key in ("mean", "naive"))
    return mine / naive - 1 if np.isfinite(mine) and np.isfinite(naive) and naive > 0 else None


def message(page: Page, found: Answer, choice: Choice) -> None:
    """What will happen, and how far it can be trusted."""
    one = measure(found.target.measure)
    who, what = words.whose(page, found.target), words.name(found.target)
    if not found.points or not found.past.known:
        page.message(t("forecast.nothing", who=who, what=what))
        return
    span = min(len(found.points), 12)
    if found.target.is_ratio or one.unit in ("area",):
        unit = measure_unit(one, found.points[0].final)
        said = t("forecast.says_ratio", who=who, what=what, month=format.period(found.points[0].period),
                 value=unit.text(found.points[0].final, unit=True))  # fmt: skip
    else:
        value = (
            format.money(total(found))
            if found.target.money
            else measure_unit(one).text(total(found), unit=True)
        )
        share = change(found)
        moved = (
            t("forecast.moved", change=format.change(share, format.percent())) if share is not None else ""
        )
        said = t("forecast.says", who=who, what=what, count=span, value=value, moved=moved)
    page.message(said + _trust(found))
    if choice.scenario:
        st.info(
            t("forecast.whatif_on", volume=f"{choice.volume:+.0%}", price=f"{choice.price:+.0%}"),
            icon=":material/science:",
        )
    for reason in words.reasons(found):
        st.markdown(f":orange[:material/info:] {reason}")


def _trust(found: Answer) -> str:
    beside = against_naive(found)
    if beside is None:
        return t("forecast.untried")
    key = "forecast.better" if beside < 0 else "forecast.worse"
    return t(key, share=format.percent(0).text(abs(beside), unit=True))


def cards_row(found: Answer, unit: Unit) -> None:
    """Next month, the months together, the year, the error, the coverage."""
    if not found.points:
        return
    one = measure(found.target.measure)
    first, plain = found.points[0], measure_unit(one, found.points[0].final)
    made = [
        cards.Card(
            t("forecast.card_next", month=format.period(first.period)), first.final, plain,
            trend=[v for v in found.past.values[-12:] if v is not None] + [first.final],
            help=t("forecast.band", level=80, low=unit.text(first.low80), high=unit.text(first.high80, unit=True)),
        )
    ]  # fmt: skip
    if not found.target.is_ratio:
        share = change(found)
        made.append(
            cards.Card(
                t("forecast.card_sum", count=min(len(found.points), 12)), total(found), plain, one.better,
                [cards.Comparison(t("compare.last_year"), share, format.percent())] if share is not None else [],
            )
        )  # fmt: skip
    if found.year_end:
        year, booked, whole, low, high = found.year_end
        said = t("forecast.card_year_help", booked=unit.text(booked, unit=True), low=unit.text(low),
                 high=unit.text(high, unit=True))  # fmt: skip
        made.append(cards.Card(t("forecast.card_year", year=year), whole, plain, help=said))
    beside, wape = against_naive(found), float(found.statistics.wape["mean"])
    right = None if not np.isfinite(wape) else 1 - wape
    made.append(
        cards.Card(
            t("forecast.card_accuracy"), right, format.percent(), reason=t("forecast.untried_short"),
            comparisons=[] if beside is None else [
                cards.Comparison(t("forecast.beside_naive"), beside, format.percent(0), good=beside < 0)
            ],
            help=t("forecast.card_accuracy_help"),
        )
    )  # fmt: skip
    covered = float(np.atleast_1d(found.statistics.coverage[80])[0])
    made.append(
        cards.Card(
            t("forecast.card_cover"), None if not np.isfinite(covered) else covered, format.percent(0),
            reason=t("forecast.untried_short"), help=t("forecast.card_cover_help"),
        )
    )  # fmt: skip
    cards.row(made, "forecast_cards")
