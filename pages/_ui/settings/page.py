"""The settings page: one section at a time, chosen in the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.batch import history
from core.settings import get_settings
from pages._ui import frame, url
from pages._ui.alerts import people
from pages._ui.settings import allocation, departments, hospital, names
from pages._ui.text import t
from pages._ui.upload import history as past
from pages._ui.upload import work

SECTIONS = ("departments", "aliases", "headings", "allocation", "people", "hospital", "changes")


def draw(page: frame.Page) -> None:
    """Draw the chosen section."""
    code = page.hospital or work.desk().hospital
    snapshot = work.snapshot()
    settings = get_settings(work.store(), snapshot, code)
    words = {name: t(f"settings.{name}.title") for name in SECTIONS}
    url.seed("part", SECTIONS, SECTIONS[0])
    st.segmented_control(
        t("settings.part"), SECTIONS, format_func=words.__getitem__, key="part", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    chosen = st.session_state["part"]
    url.publish("part", chosen, SECTIONS[0])
    draws: Mapping[str, Callable[[], None]] = {
        "departments": lambda: departments.show(code, snapshot),
        "aliases": lambda: names.aliases(code, settings, snapshot),
        "headings": lambda: names.headings(code, settings),
        "allocation": lambda: allocation.show(code, snapshot),
        "people": lambda: people.show(code, settings),
        "hospital": lambda: hospital.show(code, settings),
        "changes": lambda: past.show(
            [one for one in history(work.store(), snapshot, code) if one.action == "settings"],
            work.undo,
            work.after_undo,
        ),
    }
    with frame.panel(words[chosen], t(f"settings.{chosen}.note")):
        draws[chosen]()
