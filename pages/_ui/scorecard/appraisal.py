"""The appraisal page: sign off a period, league table, completion with reasons, actions, phases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.catalog import catalog
from core.indicators import appraisal as core
from core.indicators.card import HOSPITAL
from core.indicators.define import perspectives
from core.indicators.rollout import Rollout, phases, set_rollout
from core.journal import Journal, journal
from pages._ui import board, cards, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import label, lang, t
from pages._ui.upload.people import actor, who


def book() -> Journal:
    """The journal of the open store."""
    return journal(board.store())


def cycles(period: int) -> tuple[str, ...]:
    """Appraisal cycles that end with this month."""
    return tuple(one for one in panels.spans(period) if one in core.CYCLES)


def message(page: Page, cycle: str, records: tuple[core.Record, ...]) -> None:
    """What was reached, or that nobody has signed off yet."""
    if not records:
        page.message(
            t("appraisal.not_yet", month=format.period(page.period), cycle=t(f"scorecard.span_{cycle}"))
        )
        return
    done = core.completion(records)
    share = format.percent(1).text(done.rate, unit=True)
    first = records[0]
    page.message(t("appraisal.said", count=len(records), scored=done.scored, reached=done.reached, share=share,
                   by=who(first.by), at=format.stamp(first.at)))  # fmt: skip


def sign_off(page: Page, cycle: str, records: tuple[core.Record, ...]) -> None:
    """Freeze the period as it stands; a second time with a reason."""
    own = figures.decided(page)[1]
    with st.expander(t("appraisal.sign"), expanded=not records, icon=":material/verified:"):
        st.caption(t("appraisal.sign_note"))
        why = st.text_input(t("appraisal.why"), key="why") if records else ""
        if st.button(t("appraisal.freeze"), type="primary", key="freeze"):
            made = [figures.card(page, cycle, HOSPITAL), *figures.league(page, cycle)]
            try:
                core.freeze(book(), made, own, page.snapshot, by=actor(), at=datetime.now(UTC), why=why)
            except core.AppraisalError:
                st.warning(t("appraisal.need_reason"))
            else:
                st.rerun()


def cards_row(records: tuple[core.Record, ...]) -> None:
    """Hospital total, lines scored, reached, without data."""
    done = core.completion(records)
    whole = next((one for one in records if one.dept_code == HOSPITAL), None)
    cards.row(
        [
            cards.Card(
                t("scorecard.total"),
                whole.total if whole else None,
                panels.POINTS,
                "higher",
                reason=t("scorecard.no_score"),
            ),
            cards.Card(
                t("appraisal.rate"), done.rate, format.percent(1), "higher", reason=t("scorecard.no_score")
            ),
            cards.Card(t("appraisal.scored"), done.scored, format.count(), "none"),
            cards.Card(t("appraisal.unscored"), done.lines - done.scored, format.count(), "none"),
        ],
        "appraised",
    )


def league_panel(page: Page, records: tuple[core.Record, ...]) -> None:
    """The table as signed off."""
    with frame.panel(t("scorecard.league"), t("appraisal.league_note"), key="frozen"):
        rows = [
            {"rank": place, "name": t("scorecard.whole") if one.dept_code == HOSPITAL else one.dept_name, "total": one.total,
             "light": panels.status_of(one.total), "share": one.coverage, "missed": len(one.missed()), **one.sides}
            for place, one in enumerate(records, 1)
        ]  # fmt: skip
        cols = [
            tables.Col("name", t("scorecard.col_dept"), width=170),
            tables.Col("total", t("scorecard.total"), "bar", panels.POINTS, width=130, most=120),
            tables.Col("light", t("scorecard.col_light"), width=86),
            *(
                tables.Col(name, label(one.label), "number", panels.POINTS, width=100)
                for name, one in perspectives().items()
            ),
            tables.Col("missed", t("appraisal.missed"), "number", format.count(), width=96),
            tables.Col("share", t("scorecard.col_coverage"), "number", format.percent(0), width=96),
        ]
        tables.table(rows, cols, key="frozen", download=f"appraisal-{page.period}", alt=t("scorecard.league"))


def reasons_panel(records: tuple[core.Record, ...]) -> None:
    """Why lines have no score, by count."""
    done = core.completion(records)
    with frame.panel(t("appraisal.reasons"), key="reasons"):
        if not done.reasons:
            st.caption(t("appraisal.reasons_none"))
            return
        rows = []
        for reason, count in done.reasons.items():
            code, _, extract = reason.partition(" ")
            named = catalog().extracts[extract].label.of(lang()) if extract else ""
            rows.append(
                {
                    "why": t(f"scorecard.reason_{code}", extract=named) if code else t("scorecard.no_score"),
                    "count": count,
                }
            )
        cols = [
            tables.Col("why", t("scorecard.col_why"), width=320),
            tables.Col("count", t("appraisal.count"), "number", format.count()),
        ]
        tables.table(rows, cols, key="reasons", alt=t("appraisal.reasons"))


def actions_panel(page: Page, records: tuple[core.Record, ...]) -> None:
    """PDCA: what is done about missed indicators; open ones of earlier periods stay in sight."""
    held = core.actions(book(), page.hospital, page.period)
    today = datetime.now(UTC).date()
    with frame.panel(t("appraisal.actions"), t("appraisal.actions_note"), key="actions"):
        names = panels.names()
        rows = [
            {"number": one.number, "month": format.period(one.period), "dept": one.dept_code, "name": names[one.indicator], "what": one.what,
             "owner": one.owner, "due": format.day(one.due), "result": one.result,
             "state": t("appraisal.overdue") if one.overdue(today) else t(f"appraisal.state_{one.state}")}
            for one in held
        ]  # fmt: skip
        cols = [tables.Col(name, t(f"appraisal.col_{name}"), width=width) for name, width in (
            ("month", 100), ("dept", 80), ("name", 190), ("what", 220), ("owner", 110), ("due", 100), ("state", 86), ("result", 160))]  # fmt: skip
        if rows:
            tables.table(
                rows, cols, key="actions", download=f"actions-{page.period}", alt=t("appraisal.actions")
            )
        else:
            st.caption(t("appraisal.actions_none"))
        left, right = st.columns(2)
        with left:
            _open(page, records)
        with right:
            _settle(page, held)


def _open(page: Page, records: tuple[core.Record, ...]) -> None:
    missed = {(one.dept_code, line.indicator): (one, line) for one in records for line in one.missed()}
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
        what, owner = st.text_input(t("appraisal.col_what")), st.text_input(t("appraisal.col_owner"))
        due = st.date_input(t("appraisal.col_due"), value=datetime.now(UTC).date() + timedelta(days=90))
        if st.form_submit_button(t("appraisal.save"), type="primary"):
            record = missed[key][0]
            try:
                core.act(
                    book(),
                    page.hospital,
                    record,
                    key[1],
                    what,
                    owner,
                    due,
                    by=actor(),
                    at=datetime.now(UTC),
                )
            except core.AppraisalError:
                st.warning(t("appraisal.act_needs"))
            else:
                st.rerun()


def _settle(page: Page, held: tuple[core.Action, ...]) -> None:
    waiting = {one.number: one for one in held if one.state == core.OPEN}
    if not waiting:
        return
    shown = {one.number: f"{one.indicator} · {one.what}" for one in waiting.values()}
    states = {one: t(f"appraisal.state_{one}") for one in (core.DONE, core.DROPPED)}
    with st.form("settle", border=True):
        st.markdown(f"**{t('appraisal.settle')}**")
        number = st.selectbox(t("appraisal.which"), list(waiting), format_func=lambda n: shown.get(n, n))
        state = st.radio(
            t("appraisal.col_state"), list(states), format_func=lambda s: states.get(s, s), horizontal=True
        )
        result = st.text_input(t("appraisal.col_result"))
        if st.form_submit_button(t("appraisal.save")):
            try:
                core.settle(
                    book(),
                    page.hospital,
                    waiting[number],
                    state,
                    result,
                    by=actor(),
                    at=datetime.now(UTC),
                )
            except core.AppraisalError:
                st.warning(t("appraisal.settle_needs"))
            else:
                st.rerun()


def phases_panel(page: Page) -> None:
    """The four phases with their steps, and the pilot departments."""
    held = figures.decided(page)[2]
    with (
        frame.panel(t("appraisal.phases"), t("appraisal.phases_note"), key="phases"),
        st.form("phases", border=False),
    ):
        done: list[str] = []
        for column, one in zip(st.columns(len(phases())), phases(), strict=True):
            with column:
                made, steps = held.share(one)
                st.progress(made / steps, text=f"{label(one.label)} {made}/{steps}")
                for place, step in enumerate(one.steps):
                    key = f"{one.name}:{place}"
                    if st.checkbox(label(step), value=key in held.done, key=f"step_{key}"):
                        done.append(key)
        depts = {one.code: one.name for one in page.board.departments}
        pilots = st.multiselect(
            t("appraisal.pilots"),
            list(depts),
            default=[code for code in held.pilots if code in depts],
            format_func=lambda c: depts[c],
        )
        if st.form_submit_button(t("appraisal.save")):
            set_rollout(
                board.store(),
                page.hospital,
                Rollout(tuple(done), tuple(pilots)),
                actor=actor(),
                at=datetime.now(UTC),
            )
            board.follow()
            st.rerun()
