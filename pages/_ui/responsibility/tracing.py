"""The list of matters, and registering one: from an alert, a violation, the hotline, an inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.alerts.inbox import Alert, inbox
from core.alerts.wording import short, subject
from core.responsibility import tracing as kept
from core.responsibility.supervision import overview
from core.responsibility.tracing import Trace
from core.responsibility.words import words as listed
from pages._ui import board, cards, format, frame, states, tables, url
from pages._ui.cards import Card
from pages._ui.frame import Page
from pages._ui.responsibility import opened, steps, words
from pages._ui.rewards.words import spoken
from pages._ui.text import lang, t
from pages._ui.upload.people import actor

ONLY = ("open", "overdue", "all")


def show(page: Page) -> None:
    """The whole view."""
    found, today = opened.traces(page), opened.today()
    made = overview(found, today)
    if found:
        page.message(
            t("responsibility.trace_message", total=made.total, open=made.open, overdue=made.overdue, closed=made.closed,
              dept=made.stages["to_dept"].open, person=made.stages["to_person"].open, fix=made.stages["to_fix"].open,
              check=made.stages["to_check"].open)
        )  # fmt: skip
        names = [kept.TO_DEPT, kept.TO_PERSON, kept.TO_FIX, kept.TO_CHECK]
        cards.row(
            [
                *(Card(words.said("stages", name), made.stages[name].open, format.count(),
                       help=t("responsibility.help_overdue", count=made.stages[name].overdue)) for name in names),
                Card(t("responsibility.card_overdue"), made.overdue, format.count(), "lower"),
            ],
            "trace_cards",
        )  # fmt: skip
    else:
        page.message(t("responsibility.trace_none"))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("responsibility.raise"), type="primary", icon=":material/add:", key="raise_trace"):
            register(page)
        if found:
            only = _only()
    if found:
        _table(page, [one for one in found if _wanted(one, only, today)], today)


def _only() -> str:
    url.seed("only", ONLY, ONLY[0])
    st.segmented_control(
        t("responsibility.only"), ONLY, key="only", format_func=spoken(ONLY, lambda code: t(f"responsibility.only_{code}")), required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    url.publish("only", st.session_state["only"], ONLY[0])
    return str(st.session_state["only"])


def _wanted(one: Trace, only: str, today: date) -> bool:
    return only == "all" or (one.overdue(today) if only == "overdue" else one.open)


def _table(page: Page, found: Sequence[Trace], today: date) -> None:
    with frame.panel(t("responsibility.traces"), t("responsibility.traces_note"), key="traces"):
        if not found:
            st.caption(t("responsibility.traces_none"))
            return
        rows = [row(one, today) for one in sorted(found, key=lambda one: (one.due or date.max, one.key))]
        click = tables.table(
            rows,
            [
                tables.Col("key", t("responsibility.col_key"), width=92),
                tables.Col("title", t("responsibility.col_title"), width=220),
                tables.Col("source", t("responsibility.col_source"), width=84),
                tables.Col("dept", t("rewards.col_dept"), width=120),
                tables.Col("person", t("responsibility.col_person"), width=84),
                tables.Col("stage", t("responsibility.col_stage"), width=132),
                tables.Col("due", t("responsibility.col_due"), width=96),
                tables.Col("age", t("responsibility.col_age"), "number", format.number("", 0), width=66),
            ],
            key="trace_rows",
            actions=("step",),
            alt=t("responsibility.traces"),
            download=f"tracings-{page.hospital}",
        )
    if click:
        steps.open_trace(page, next(one for one in found if one.key == click.row["key"]))


def row(one: Trace, today: date) -> dict[str, Any]:
    """A matter as a table shows it."""
    return {
        "key": one.key,
        "title": one.title,
        "source": words.said("sources", one.source),
        "dept": one.dept_name,
        "person": one.person,
        "stage": words.stage(one, today),
        "due": one.due.isoformat() if one.due else "",
        "age": one.age(today),
        "amount": one.amount,
    }


def _alerts(page: Page) -> Mapping[str, Alert]:
    """Open alerts that have no tracing yet."""
    traced = {one.ref for one in opened.traces(page) if one.stage != kept.DISMISSED}
    box = inbox(board.store(), board.store().snapshot(page.snapshot), page.hospital)
    return {one.key: one for one in box.alerts if one.open and one.key not in traced}


def register(page: Page) -> None:
    """The dialog that registers a matter."""

    @st.dialog(t("responsibility.raise"), width="medium", icon=":material/add:")
    def ask() -> None:
        with states.guard():
            names = {one.code: one.name for one in page.board.departments}
            source = st.selectbox(
                t("responsibility.col_source"), list(listed("sources")), key="raise_source",
                format_func=spoken(listed("sources"), lambda name: words.said("sources", name)),
            )  # fmt: skip
            alert = _choose_alert(page) if source == "alert" else None
            title = st.text_input(
                t("responsibility.col_title"), f"{subject(alert.run, lang())} {short(alert.run, lang())}" if alert else "",
                key=f"raise_title_{alert.key if alert else source}", max_chars=120,
            )  # fmt: skip
            if source == "hotline":
                st.caption(t("responsibility.hotline_note"))
            detail = st.text_area(t("responsibility.detail"), key="raise_detail", max_chars=1000, height=84)
            left, right = st.columns(2)
            codes = ["", *names]
            held = alert.run.dept if alert and alert.run.dept in names else ""
            dept = left.selectbox(
                t("responsibility.dept_known"), codes, index=codes.index(held), key=f"raise_dept_{alert.key if alert else ''}",
                format_func=spoken(codes, lambda code: names.get(code, t("responsibility.dept_unknown"))), filter_mode="contains",
            )  # fmt: skip
            months = [str(month) for month in reversed(page.board.periods)]
            month = right.selectbox(
                t("responsibility.period"),
                months,
                key="raise_period",
                format_func=spoken(months, lambda code: format.period(int(code))),
            )
            amount = left.text_input(t("responsibility.amount"), key="raise_amount")
            if st.button(t("responsibility.raise_do"), type="primary", key="raise_do"):
                entry = kept.raise_trace(
                    board.store(), page.hospital, source=source or "inspection", title=title or "", rates=opened.rates(page),
                    by=actor(), at=opened.moment(), ref=alert.key if alert else "", detail=detail or "", period=int(month or 0),
                    amount=words.fen(amount or ""), dept=dept or "", dept_name=names.get(dept or "", ""),
                )  # fmt: skip
                st.toast(t("responsibility.raised", key=entry.key), icon=":material/add:")
                st.rerun()

    ask()


def _choose_alert(page: Page) -> Alert | None:
    alerts = _alerts(page)
    if not alerts:
        st.caption(t("responsibility.no_alerts"))
        return None
    chosen = st.selectbox(
        t("responsibility.alert"), list(alerts), key="raise_alert", filter_mode="contains",
        format_func=spoken(alerts, lambda key: f"{alerts[key].rule} {subject(alerts[key].run, lang())} {short(alerts[key].run, lang())}"),
    )  # fmt: skip
    return alerts.get(chosen or "")
