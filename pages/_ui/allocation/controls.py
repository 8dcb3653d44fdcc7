"""The what-if row: a method and a driver per step. The choice lives in the URL; nothing stored changes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.derived import policy_of
from core.figures.allocation import GIVERS
from core.figures.compare import METHODS
from core.glossary import definition
from core.scenario import EMPTY, Scenario
from core.warehouse import open_warehouse
from pages._ui import board, cache, url
from pages._ui.frame import Page
from pages._ui.text import lang, t

KEYS = ("method", *(f"step_{name}" for name in GIVERS))
CURRENT = "current"
OFFERED = {
    "admin": ("headcount", "area", "workload", "income", "direct_cost"),
    "auxiliary": ("internal_service", "workload", "income", "area", "headcount"),
    "technical": ("ordered_income", "workload", "income", "headcount"),
}


@cache.data
def _policy(snapshot: str, hospital: str) -> tuple[str, dict[str, str]]:
    """Method and first driver per class as the hospital has set them."""
    opened = open_warehouse(board.store(), board.store().snapshot(snapshot))
    policy = policy_of(opened.staging, hospital)
    return policy.method, {name: getattr(policy, name).drivers[0] for name in GIVERS}


def word(section: str, name: str) -> str:
    """Label of a method, driver, step or identity in the session's language."""
    return definition(section, name).label.of(lang())


def method_name(page: Page, scenario: Scenario) -> str:
    """Label of the method in force."""
    return word("methods", scenario.method or _policy(page.snapshot, page.hospital)[0])


def whatif(page: Page) -> Scenario:
    """Draw the controls; the scenario chosen, EMPTY when everything is as the hospital has set it."""
    method, drivers = _policy(page.snapshot, page.hospital)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = {"method": _choice("method", {name: word("methods", name) for name in METHODS}, method)}
        for name in GIVERS:
            offered = {
                driver: word("drivers", driver) for driver in dict.fromkeys((drivers[name], *OFFERED[name]))
            }
            chosen[name] = _choice(f"step_{name}", offered, drivers[name])
        changed = {name: value for name, value in chosen.items() if value != CURRENT}
        if changed:
            st.button(t("allocation.whatif_clear"), icon=":material/undo:", on_click=_clear, type="tertiary")
    if not changed:
        return EMPTY
    said = [word("methods", changed["method"])] if "method" in changed else []
    said += [
        f"{t(f'allocation.step_{name}')} {word('drivers', changed[name])}"
        for name in GIVERS
        if name in changed
    ]
    st.info(t("allocation.whatif_on", what=" · ".join(said)), icon=":material/science:")
    given = {name: (changed[name],) for name in GIVERS if name in changed}
    return Scenario(method=changed.get("method", ""), drivers=tuple(given.items()))


def _choice(key: str, offered: Mapping[str, str], now: str) -> str:
    options = [CURRENT, *(name for name in offered if name != now)]
    url.seed(key, options, CURRENT)
    value: str = st.selectbox(
        t(f"allocation.{key}"),
        options,
        key=key,
        format_func=lambda name: (
            t("allocation.current", name=offered[now]) if name == CURRENT else offered[name]
        ),
        width=232,
        persist_state="session",
    )
    url.publish(key, value, CURRENT)
    return value


def _clear() -> None:
    for key in KEYS:
        st.session_state[key] = CURRENT
