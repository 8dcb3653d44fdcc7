"""What the frame has to know about the open data: hospital, months, scopes, departments, snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from core.catalog import catalog
from pages._ui import url
from pages._ui.text import lang, t


@dataclass(frozen=True, slots=True)
class Dept:
    """One department of the dictionary."""

    code: str
    name: str
    dept_class: str


@dataclass(frozen=True, slots=True)
class Board:
    """Facts about one hospital at one snapshot.

    Attributes:
        periods: months with data, oldest first (yyyymm).
        newest: id of the newest snapshot; differs from `snapshot` when the page is stale.
        missing: what is incomplete, ready words.
    """

    hospital: str = ""
    hospital_name: str = ""
    hospitals: Mapping[str, str] = field(default_factory=dict)
    snapshot: str = ""
    newest: str = ""
    as_of: datetime | None = None
    periods: Sequence[int] = ()
    departments: Sequence[Dept] = ()
    missing: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Nothing imported yet."""
        return not self.periods

    def scopes(self) -> Mapping[str, str]:
        """Scope -> label, in the catalog's order."""
        return catalog().labels("scopes", lang())

    def classes(self) -> Mapping[str, str]:
        """Department class -> short label."""
        return {term.name: term.brief(lang()) for term in catalog().terms["dept_classes"]}


def current() -> Board:
    """The board of the session's hospital. Replaced by the store's facts once data can be stored."""
    return Board()


def choose_hospital() -> None:
    """Draw the switch between hospitals (in the sidebar) when there are several."""
    hospitals = current().hospitals
    if len(hospitals) < 2:
        return
    default = next(iter(hospitals))
    url.seed("hospital", list(hospitals), default)
    with st.sidebar:
        st.selectbox(
            t("app.hospital"),
            list(hospitals),
            format_func=lambda code: hospitals.get(code, code),
            key="hospital",
            persist_state="session",
            label_visibility="collapsed",
        )
    url.publish("hospital", st.session_state["hospital"], default)
