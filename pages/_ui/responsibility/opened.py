"""Letters, progress and tracings as the page needs them; shared by all sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from core.journal import journal
from core.parameters import value
from core.people import owner
from core.responsibility import letters as kept
from core.responsibility import tracing
from core.responsibility.letters import Letter
from core.responsibility.progress import Progress, follow
from core.responsibility.targets import Target, proposals
from core.responsibility.tracing import Rates, Trace
from core.settings import Settings, get_settings
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache, lacking, url
from pages._ui.frame import Page
from pages._ui.rewards.words import spoken
from pages._ui.text import t
from pages._ui.upload.people import now

VIEWS = ("letters", "tracing", "committee")


def view() -> str:
    """The view, kept in the URL."""
    url.seed("view", VIEWS, VIEWS[0])
    st.segmented_control(
        t("responsibility.view"), VIEWS, key="view", format_func=spoken(VIEWS, lambda code: t(f"responsibility.view_{code}")), required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    chosen: str = st.session_state["view"]
    url.publish("view", chosen, VIEWS[0])
    return chosen


def _warehouse(snapshot: str) -> Warehouse:
    return open_warehouse(board.store(), board.store().snapshot(snapshot))


def settings(page: Page) -> Settings:
    """The hospital's settings in the page's snapshot."""
    return get_settings(board.store(), board.store().snapshot(page.snapshot), page.hospital)


def rates(page: Page) -> Rates:
    """Parameters that hold in the page's month."""
    own = settings(page)
    return lambda name: value(own, name, page.period)


@cache.resource(max_entries=16)
def _years(snapshot: str, hospital: str) -> tuple[int, ...]:
    rows = _warehouse(snapshot).query(
        "select distinct period // 100 from stg_budget where hospital = ? and in_force and direction = 'cost'",
        (hospital,),
    )
    return tuple(sorted((int(year) for (year,) in rows), reverse=True))


def years(page: Page) -> tuple[int, ...]:
    """Years that have a budget or letters, newest first."""
    lettered = {entry.data["year"] for entry in journal(board.store()).entries(kept.LETTER, page.hospital)}
    found: tuple[int, ...] = _years(page.snapshot, page.hospital)
    return tuple(sorted({*found, *lettered}, reverse=True))


@cache.resource(max_entries=16)
def _letters(root: str, hospital: str, year: int, version: int) -> tuple[Letter, ...]:
    return kept.letters(board.store(), hospital, year)


def letters(page: Page, year: int) -> tuple[Letter, ...]:
    """The letters of a year."""
    store = board.store()
    found: tuple[Letter, ...] = _letters(str(store.root), page.hospital, year, journal(store).version())
    return found


@cache.resource(max_entries=16)
def _proposed(snapshot: str, hospital: str, year: int, waiting: int) -> Mapping[str, Sequence[Target]]:
    own = get_settings(board.store(), board.store().snapshot(snapshot), hospital)
    return proposals(_warehouse(snapshot), own, hospital, year)


def proposed(page: Page, year: int) -> Mapping[str, Sequence[Target]]:
    """Targets of every department with a budget."""
    waiting = len(_warehouse(page.snapshot).missing(page.hospital))
    found: Mapping[str, Sequence[Target]] = _proposed(page.snapshot, page.hospital, year, waiting)
    return found


@cache.resource(max_entries=16)
def _followed(
    snapshot: str, hospital: str, period: int, year: int, watch: str, waiting: int, version: int
) -> Mapping[str, tuple[Progress, ...]]:
    wanted = {one.dept: one.targets for one in kept.letters(board.store(), hospital, year)}
    return follow(_warehouse(snapshot), hospital, wanted, period, Decimal(watch))


def followed(page: Page, year: int) -> Mapping[str, tuple[Progress, ...]]:
    """Progress of every letter up to the page's month; {} when the month is of another year."""
    if page.period // 100 != year:
        return {}
    watch = rates(page)("letter_watch") or Decimal(0)
    waiting = len(_warehouse(page.snapshot).missing(page.hospital))
    found: Mapping[str, tuple[Progress, ...]] = _followed(
        page.snapshot, page.hospital, page.period, year, str(watch), waiting, journal(board.store()).version()
    )
    return found


def people(page: Page, depts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Names to print on letters: head and cost officer of the department, director of the hospital."""
    own = settings(page)
    director = owner(own, "director", None)
    made = {}
    for code in depts:
        head, officer = owner(own, "dept_head", code), owner(own, "cost_officer", code)
        made[code] = {
            "head": head.name if head else "",
            "officer": officer.name if officer else "",
            "leader": director.name if director else "",
        }
    return made


@cache.resource(max_entries=16)
def _traces(root: str, hospital: str, version: int) -> tuple[Trace, ...]:
    return tracing.traces(board.store(), hospital)


def traces(page: Page) -> tuple[Trace, ...]:
    """Every matter, newest first."""
    store = board.store()
    found: tuple[Trace, ...] = _traces(str(store.root), page.hospital, journal(store).version())
    return found


def today() -> date:
    """The day overdue is counted from."""
    return moment().date()


def moment() -> datetime:
    """The moment of an act."""
    return now()


def needs() -> dict[str, Any]:
    """Words for the empty state: the tables this page draws on."""
    return lacking.needs(
        ("dept", "ledger_cost", "budget", "operation_value", "event"), ("ledger_cost", "budget")
    )
