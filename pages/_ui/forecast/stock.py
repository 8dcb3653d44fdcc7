"""What to order: three months' demand against the stock at hand, with a safety stock from the forecast's interval."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import streamlit as st

from core.forecast.uses import purchase, yuan
from core.forecasting import Answer
from core.forecasting.subjects import choices
from pages._ui import cards, format, frame
from pages._ui.forecast import decide, figures
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

MONTHS = 3
LEADS = ("0", "0.5", "1", "2", "3")
LEVELS = (80, 95)


def panel(page: Page, found: Answer, unit: Unit) -> None:
    """Ask for stock, time of delivery and certainty; say demand, safety stock, order and how long the stock lasts."""
    stocked = choices()["stocked"]
    if found.target.measure not in stocked or len(found.points) < MONTHS:
        return
    key = f"forecast_stock_{found.target.key}"
    known = figures.stock(page, found.target, stocked[found.target.measure])
    with frame.panel(t("forecast.stock_title"), t("forecast.stock_note"), key="stock"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(
                t("forecast.stock", unit=unit.label), key=key, width=200,
                value=_typed(known[1], unit) if known else "", placeholder=t("forecast.stock_type"),
            )  # fmt: skip
            leads = [one for one in LEADS if MONTHS + float(one) <= len(found.points)]
            lead = st.selectbox(t("forecast.lead"), leads, key=f"{key}_lead", width=150)
            names = {one: t("forecast.stock_level_of", level=one) for one in LEVELS}
            level = st.selectbox(
                t("forecast.stock_level"), LEVELS, key=f"{key}_level", width=170,
                format_func=lambda one: names.get(one, str(one)),
            )  # fmt: skip
        if known:
            st.caption(t("forecast.stock_from", month=format.period(known[0])))
        if not typed.strip():
            st.caption(t("forecast.stock_ask"))
            return
        stock = decide.amount(typed, unit)
        if stock is None or stock < 0:
            st.warning(t("forecast.no_amount"))
            return
        _said(found, stock, float(lead or 0), int(level or LEVELS[0]))


def _typed(value: Decimal, unit: Unit) -> str:
    """A figure as a person would type it, without losing a fen."""
    exact = unit.exact(value)
    return "" if exact is None else f"{exact.normalize():f}"


def _said(found: Answer, stock: Decimal, lead: float, level: int) -> None:
    """The suggestion from the months as they stand on the page: reconciled, adjusted, under the scenario."""
    finals = np.array([float(point.final) for point in found.points])
    highs = {80: [point.high80 for point in found.points], 95: [point.high95 for point in found.points]}
    means = [float(point.mean) for point in found.points]
    above = np.array([max(float(high) - mean, 0.0) for high, mean in zip(highs[level], means, strict=True)])
    made = purchase(
        replace(found.statistics, mean=finals, upper={level: finals + above}), float(stock), months=MONTHS,
        lead=lead, level=level,
    )  # fmt: skip
    cover = None if made.cover is None else Decimal(repr(round(made.cover, 1)))
    money = format.yuan()
    cards.row(
        [
            cards.Card(t("forecast.stock_demand", months=f"{MONTHS + lead:g}"), yuan(made.demand), money),
            cards.Card(t("forecast.stock_safety"), yuan(made.safe_demand - made.demand), money,
                       help=t("forecast.stock_safety_help", level=level)),
            cards.Card(t("forecast.stock_hand"), stock, money),
            cards.Card(t("forecast.stock_cover"), cover, format.number(t("forecast.months_unit"), 1)),
            cards.Card(t("forecast.stock_order"), yuan(made.order), money, help=t("forecast.stock_formula")),
        ],
        "stock_cards",
    )  # fmt: skip
    st.caption(t("forecast.stock_formula"))
