"""The three views of the page: try, every rule, records."""

from __future__ import annotations

import streamlit as st

from core.rewards.figures import Figures
from pages._ui import url
from pages._ui.rewards import words
from pages._ui.text import t

VIEWS = ("simulate", "rules", "records")


def choose() -> str:
    """The view, kept in the URL."""
    url.seed("show", VIEWS, VIEWS[0])
    st.segmented_control(
        t("rewards.show"), VIEWS, key="show", format_func=words.spoken(VIEWS, lambda code: t(f"rewards.show_{code}")), required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    chosen: str = st.session_state["show"]
    url.publish("show", chosen, VIEWS[0])
    return chosen


def no_budget(found: Figures) -> str:
    """Why nothing can be simulated."""
    return t("rewards.no_budget", span=words.span(found.span))


def tray_title() -> str:
    """Title of the sliders."""
    return t("rewards.tray")
