"""What the frame has to know about the open data: hospital, months, scopes, departments, snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.catalog import catalog
from core.place import data_root
from core.settings import get_settings
from core.store import SnapshotGone, Store
from core.warehouse import open_warehouse
from pages._ui import cache, url
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


@lru_cache(maxsize=4)
def _store(root: Path) -> Store:
    return Store(root)


def store() -> Store:
    """The store of this process."""
    return _store(data_root())


@cache.data
def _facts(snapshot: str, hospital: str, language: str) -> Board:
    """What does not change within a snapshot. `hospital` '' is the first one."""
    opened = store().snapshot(snapshot)
    warehouse = open_warehouse(store(), opened)
    codes = warehouse.hospitals()
    if not codes:
        return Board(snapshot=opened.id, as_of=opened.at)
    code = hospital if hospital in codes else codes[0]
    names = {c: get_settings(store(), opened, c).profile.name(language, c) for c in codes}
    rows = warehouse.query(
        "select dept_code, dept_name, dept_class from stg_dept where hospital = ? order by dept_code", (code,)
    )
    return Board(
        hospital=code,
        hospital_name=names[code],
        hospitals=names,
        snapshot=opened.id,
        as_of=opened.at,
        periods=warehouse.periods(code),
        departments=[Dept(*row) for row in rows],
    )


def current(*, pinned: bool = False) -> Board:
    """The board of the session's hospital, cached per snapshot.

    Args:
        pinned: keep the snapshot a page was opened with until the page is left or the person asks for the newest, so
            that figures do not move under a discussion. Opening another page always takes the newest.
    """
    newest = store().snapshot()
    shown = newest.id
    if pinned:
        page = st.session_state.get("_url_page")
        held_page, held = st.session_state.get("_held", (None, ""))
        if held_page == page and held:
            shown = held
        st.session_state["_held"] = (page, shown)
    asked = url.peek("hospital") or ""
    try:
        found = _facts(shown, asked, lang())
    except SnapshotGone:
        follow()
        found = _facts(newest.id, asked, lang())
    return replace(found, newest=newest.id)


def follow() -> None:
    """Take the newest snapshot from now on."""
    st.session_state.pop("_held", None)


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
