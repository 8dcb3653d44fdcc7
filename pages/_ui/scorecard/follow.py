"""What is done about missed indicators, followed from the period they were missed in into every later one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from core.indicators import actions as core
from core.indicators.appraisal import AppraisalError, Record, frozen
from core.indicators.card import HOSPITAL
from pages._ui import format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import panels, words
from pages._ui.scorecard.appraisal import book
from pages._ui.text import lang, t
from pages._ui.upload.people import actor, now


def panel(page: Page, records: tuple[Record, ...]) -> None:
    """Actions with their cause, owner and date; the score they began with beside the one of this period."""
    held = core.actions(book(), page.hospital, page.period)
    today = now().date()
    # The result of an action is read off the same cycle it was opened in: a month against a month, a year against a year.
    scores = {
        (span, one.dept_code, line.indicator): line.score
        for span in {one.span for one in held}
        for one in frozen(book(), page.hospital, span, page.period)
        for line in one.lines
    }
    with frame.panel(t("appraisal.actions"), t("appraisal.actions_note"), key="actions"):
        names = panels.names()
        rows = [
            {"month": t("appraisal.of_cycle", month=format.period(one.period, "axis"), cycle=t(f"appraisal.cycle_{one.span}")), "dept": words.whose(page, one.dept_code),
             "name": names[one.indicator], "cause": one.cause, "what": one.what, "owner": one.owner, "due": format.day(one.due),
             "scores": _scores(one, scores.get((one.span, one.dept_code, one.indicator))), "result": one.result,
             "state": t("appraisal.overdue") if one.overdue(today) else t(f"appraisal.state_{one.state}")}
            for one in held
        ]  # fmt: skip
        cols = [tables.Col(name, t(f"appraisal.col_{name}"), width=width) for name, width in (
            ("month", 96), ("dept", 100), ("name", 140), ("cause", 110), ("what", 130), ("owner", 84), ("due", 86), ("state", 66),
            ("scores", 92), ("result", 100))]  # fmt: skip
        if rows:
            tables.table(
                rows, cols, key="actions", download=f"actions-{page.period}", alt=t("appraisal.actions")
            )
        else:
            st.caption(t("appraisal.actions_none" if records else "appraisal.actions_first"))
        left, right = st.columns(2)
        with left:
            _open(page, records)
        with right:
            _settle(page, held)


def _scores(one: core.Action, now_scored: Decimal | None) -> str:
    return f"{words.points(one.score)} → {words.points(now_scored)}"


def _open(page: Page, records: tuple[Record, ...]) -> None:
    found = sorted(
        ((one, line) for one in records for line in one.missed()), key=lambda pair: pair[1].score or 0
    )
    missed = {(one.dept_code, line.indicator): (one, line) for one, line in found}
    if not missed:
        return
    whole = t("scorecard.whole")
    shown = {
        key: f"{whole if key[0] == HOSPITAL else one.dept_name} · {key[1]} {line.label[lang()]} · {words.points(line.score)}"
        for key, (one, line) in missed.items()
    }
    with st.form("act", border=True):
        st.markdown(f"**{t('appraisal.act')}**")
        key = st.selectbox(t("appraisal.which"), list(missed), format_func=lambda k: shown.get(k, k))
        cause = st.text_input(t("appraisal.col_cause"), key="act_cause")
        what = st.text_input(t("appraisal.col_what"), key="act_what")
        owner = st.text_input(t("appraisal.col_owner"), key="act_owner")
        due = st.date_input(t("appraisal.col_due"), value=now().date() + timedelta(days=90))
        if st.form_submit_button(t("appraisal.save"), type="primary"):
            try:
                core.act(
                    book(),
                    page.hospital,
                    missed[key][0],
                    key[1],
                    what,
                    owner,
                    due,
                    by=actor(),
                    at=now(),
                    cause=cause,
                )
            except AppraisalError:
                st.warning(t("appraisal.act_needs"))
            else:
                st.rerun()


def _settle(page: Page, held: tuple[core.Action, ...]) -> None:
    waiting = {one.number: one for one in held if one.state == core.OPEN}
    if not waiting:
        return
    shown = {
        one.number: f"{words.whose(page, one.dept_code)} · {one.indicator} · {one.what} ({format.period(one.period, 'axis')})"
        for one in waiting.values()
    }
    states = {one: t(f"appraisal.state_{one}") for one in (core.DONE, core.DROPPED)}
    with st.form("settle", border=True):
        st.markdown(f"**{t('appraisal.settle')}**")
        number = st.selectbox(t("appraisal.which"), list(waiting), format_func=lambda n: shown.get(n, n))
        state = st.radio(
            t("appraisal.col_state"), list(states), format_func=lambda s: states.get(s, s), horizontal=True
        )
        result = st.text_input(t("appraisal.col_result"), key="settle_result")
        if st.form_submit_button(t("appraisal.save")):
            try:
                core.settle(book(), page.hospital, waiting[number], state, result, by=actor(), at=now())
            except AppraisalError:
                st.warning(t("appraisal.settle_needs"))
            else:
                st.rerun()
