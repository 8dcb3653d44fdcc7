"""Figures of a page, computed once per snapshot and choice, shared by all sessions (they are never changed)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.derived import refresh
from core.figures import cockpit as core_cockpit
from core.figures import department as core_department
from core.figures.changes import Changes
from core.figures.heat import Heat
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache, format
from pages._ui.frame import COMPARE, Page
from pages._ui.text import lang, t


def warehouse(page: Page) -> Warehouse:
    """The open warehouse of the page's snapshot."""
    return _warehouse(page.snapshot)


def _warehouse(snapshot: str) -> Warehouse:
    return open_warehouse(board.store(), board.store().snapshot(snapshot))


def waiting(page: Page) -> tuple[int, ...]:
    """Say which months have data and no allocation yet, with a button that computes them; the months."""
    opened = warehouse(page)
    months = opened.missing(page.hospital)
    if not months:
        return ()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":orange[:material/pending:] {t('cockpit.waiting', count=len(months))}", width="content")
        if st.button(t("cockpit.compute"), type="tertiary", key="compute_months"):
            bar = st.progress(0.0, text=t("cockpit.computing"))
            refresh(
                board.store(),
                opened.snapshot,
                lambda done, total, _: bar.progress(done / max(total, 1), text=t("cockpit.computing")),
                [page.hospital],
            )
            opened.reload()
            st.rerun()
    return months


@cache.resource(max_entries=64)
def _cockpit(
    snapshot: str,
    hospital: str,
    period: int,
    scope: str,
    dept_class: str | None,
    dept: str | None,
    compare: str,
    waiting: tuple[int, ...],
) -> core_cockpit.Cockpit:
    return core_cockpit.cockpit(_warehouse(snapshot), hospital, period, scope, dept_class, dept, compare)


def cockpit(page: Page, waiting: tuple[int, ...] = ()) -> core_cockpit.Cockpit:
    """The cockpit's figures."""
    found: core_cockpit.Cockpit = _cockpit(*page.key, waiting)
    return found


def ahead() -> None:
    """The figures of the page a visitor sees first: the newest month of the first hospital."""
    box = _warehouse(board.store().snapshot().id)
    for hospital in box.hospitals()[:1]:
        months = box.periods(hospital)
        if months and not box.missing(hospital):
            _cockpit(box.snapshot.id, hospital, max(months), "medical", None, None, COMPARE, ())


@cache.resource(max_entries=64)
def _focus(
    snapshot: str,
    hospital: str,
    period: int,
    scope: str,
    dept_class: str | None,
    dept: str | None,
    compare: str,
    waiting: tuple[int, ...],
    item: str,
) -> tuple[Changes, Heat]:
    return core_cockpit.focus(_warehouse(snapshot), hospital, period, scope, dept_class, dept, compare, item)


def focus(page: Page, item: str) -> tuple[Changes, Heat]:
    """Changes and heat table of one cost item."""
    waiting = _warehouse(page.snapshot).missing(page.hospital)
    found: tuple[Changes, Heat] = _focus(*page.key, waiting, item)
    return found


@cache.resource(max_entries=64)
def _department(
    snapshot: str, hospital: str, period: int, scope: str, code: str, compare: str, waiting: tuple[int, ...]
) -> core_department.Department:
    return core_department.department(_warehouse(snapshot), hospital, period, scope, code, compare)


def department(page: Page, waiting: tuple[int, ...] = ()) -> core_department.Department:
    """The figures of the department chosen on the page."""
    found: core_department.Department = _department(
        page.snapshot, page.hospital, page.period, page.scope, page.dept or "", page.compare, waiting
    )
    return found


def lacks(page: Page, extracts: Sequence[str], covered: tuple[int, int] | None = None) -> None:
    """Name the tables that the page's month does not have, and say where its ledger covers few departments."""
    month, said = format.period(page.period), []
    if extracts:
        names = t("state.and").join(catalog().extracts[name].label.of(lang()) for name in extracts)
        said.append(t("cockpit.lacks", month=month, names=names))
    if covered:
        said.append(t("cockpit.covered", month=month, now=covered[0], before=covered[1]))
    if said:
        page.partial(said)


def needs() -> dict[str, Any]:
    """Words for the empty state: the tables this page draws on."""
    wanted = ("dept", "ledger_cost", "income", "workload_op", "workload_ip", "staff_count")
    return {"needs": [catalog().extracts[name].label.of(lang()) for name in wanted]}
