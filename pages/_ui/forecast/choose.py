"""Measure, horizon, drivers and what-if. Codes in the URL; nothing stored changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from core.forecasting.answer import CALENDAR, VOLUME
from core.forecasting.subjects import FLOW, choices, offered, subject
from core.forecasting.targets import Target
from pages._ui import url
from pages._ui.frame import Page
from pages._ui.text import lang, t

PARTS = "parts"
VIEWS = ("models", "why", "decide", "departments", PARTS, "months")
PERCENT = tuple(str(step) for step in range(-30, 31, 5))
DRIVER_SETS = {"calendar": (CALENDAR,), "both": (CALENDAR, VOLUME), "none": ()}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for."""

    target: Target
    horizon: int
    drivers: tuple[str, ...]
    volume: Decimal
    price: Decimal

    @property
    def scenario(self) -> bool:
        """Whether a what-if is on."""
        return bool(self.volume or self.price)


def row(page: Page) -> Choice:
    """Draw the row of choices."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = _select("measure", offered(), "cost", 228, lambda code: subject(code).label.of(lang()))
        _usual_horizon(name)
        horizon = _select(
            "ahead",
            [str(one) for one in choices()["horizons"]],
            str(subject(name).ahead),
            118,
            lambda code: t("forecast.ahead_months", count=code),
        )
        target = Target(name, page.dept or "", page.scope)
        nature = target.subject.nature
        drivers, asked = "", {"volume": "", "price": ""}
        if not target.is_ratio:
            drivers = _select(
                "drivers", list(DRIVER_SETS), "calendar", 222, lambda code: t(f"forecast.drivers_{code}")
            )
        for what, moves in (("volume", bool(nature.volume)), ("price", nature.price)):
            if moves:
                asked[what] = _select(what, PERCENT, "0", 118, _percent)
        if any(value not in ("", "0") for value in asked.values()):
            st.button(t("forecast.whatif_clear"), icon=":material/undo:", type="tertiary", on_click=_clear)
    if why := unasked(target):
        st.caption(why)
    volume, price = asked["volume"], asked["price"]
    return Choice(
        target,
        int(horizon),
        DRIVER_SETS.get(drivers, ()),
        Decimal(volume or 0) / 100,
        Decimal(price or 0) / 100,
    )


def unasked(target: Target) -> str:
    """Why a what-if is not offered for this figure; '' where both are."""
    one, nature = target.subject, target.subject.nature
    if nature.volume and nature.price:
        return ""
    if one.is_ratio:
        parts = [subject(part) for part in (one.top, one.bottom)]
        asked = [part.label.of(lang()) for part in parts if part.nature.volume or part.nature.price]
        return t("forecast.whatif_not_ratio", parts=t("state.and").join(asked))
    if nature.kind != FLOW:
        return t(f"forecast.whatif_not_{nature.kind}")
    kind = "price" if nature.volume else "volume" if nature.price else "fixed"
    return t(f"forecast.whatif_not_{kind}", what=one.label.of(lang()))


def changes(choice: Choice) -> list[str]:
    """What the what-if changes, in words."""
    given = {"volume": choice.volume, "price": choice.price}
    return [t(f"forecast.changed_{what}", share=f"{value:+.0%}") for what, value in given.items() if value]


def view(choice: Choice) -> str:
    """Which of the panels below the picture is open; parts only of what has some."""
    views = [name for name in VIEWS if name != PARTS or choice.target.measure in choices()["parts"]]
    if st.session_state.get("look") not in (None, *views):
        st.session_state["look"] = VIEWS[0]
    url.seed("look", views, VIEWS[0])
    names = {name: t(f"forecast.view_{name}") for name in views}
    st.segmented_control(
        t("forecast.view"), views, key="look", format_func=lambda name: names.get(name, name),
        required=True, label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    url.publish("look", st.session_state["look"], VIEWS[0])
    return str(st.session_state["look"])


def _select(key: str, options: Sequence[str], default: str, width: int, words: Callable[[str], str]) -> str:
    url.seed(key, list(options), default)
    names = {code: words(code) for code in options}
    value: str = st.selectbox(
        t(f"forecast.{key}"), list(options), key=key, format_func=lambda code: names.get(code, code), width=width,
        persist_state="session",
    )  # fmt: skip
    url.publish(key, value, default)
    return value


def _usual_horizon(name: str) -> None:
    """Another subject begins with its own usual horizon: three years for IT, one for the rest."""
    before = st.session_state.get("_forecast_subject")
    st.session_state["_forecast_subject"] = name
    if before is not None and subject(before).ahead != subject(name).ahead:
        st.session_state["ahead"] = str(subject(name).ahead)


def _percent(code: str) -> str:
    return t("forecast.unchanged") if code == "0" else f"{int(code):+d}%"


def _clear() -> None:
    for what in ("volume", "price"):
        if what in st.session_state:
            st.session_state[what] = "0"
