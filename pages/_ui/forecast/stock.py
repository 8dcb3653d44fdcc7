"""What to order: three months' demand of drugs or consumables against the stock at hand."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.forecast.uses import purchase, yuan
from core.forecasting import Answer
from pages._ui import format, frame
from pages._ui.forecast import decide
from pages._ui.format import Unit
from pages._ui.text import t

STOCKED = ("cost_drugs", "cost_materials")
MONTHS = 3
LEADS = ("0", "0.5", "1", "2")


def panel(found: Answer, unit: Unit) -> None:
    """Ask for the stock and the time of delivery; say demand, suggestion and how long the stock lasts."""
    if found.target.measure not in STOCKED or len(found.points) < MONTHS:
        return
    with frame.panel(t("forecast.stock_title"), t("forecast.stock_note"), key="stock"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(t("forecast.stock", unit=unit.label), key="forecast_stock", width=220)
            lead = st.selectbox(t("forecast.lead"), LEADS, key="forecast_lead", width=160)
        if not typed.strip():
            return
        stock = decide.amount(typed, unit)
        if stock is None or stock < 0:
            st.warning(t("forecast.no_amount"))
            return
        made = purchase(found.statistics, float(stock), months=MONTHS, lead=float(lead or 0))
        st.markdown(
            t("forecast.order", demand=format.money(yuan(made.demand)), order=format.money(yuan(made.order)),
              cover="0" if made.cover is None else f"{Decimal(repr(round(made.cover, 1)))}")
        )  # fmt: skip
