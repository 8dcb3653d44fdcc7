"""The appraisal page: sign off a period, league table, completion with reasons, actions, phases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.indicators import appraisal as core
from core.indicators.card import HOSPITAL
from core.indicators.define import perspectives
from core.indicators.rollout import Rollout, phases, set_rollout
from core.journal import Journal, journal
from pages._ui import board, cards, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, record
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
            t("appraisal.not_yet", month=format.period(page.period), cycle=t(f"appraisal.cycle_{cycle}"))
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
    """Departments as signed off, the hospital below them; a row opens its record."""
    whole = next((one for one in records if one.dept_code == HOSPITAL), None)
    listed = [one for one in records if one.dept_code != HOSPITAL]
    with frame.panel(t("scorecard.league"), t("appraisal.league_note"), key="frozen"):
        if whole and st.button(
            t("appraisal.open_whole"), key="open_whole", type="tertiary", icon=":material/verified:"
        ):
            record.show(page, whole)
        cols = [
            tables.Col("rank", t("scorecard.col_rank"), "number", format.count(), width=50),
            tables.Col("name", t("scorecard.col_dept"), width=130),
            tables.Col("total", t("scorecard.total"), "bar", panels.POINTS, width=112, most=120),
            tables.Col("light", t("scorecard.col_light"), width=72),
            *(
                tables.Col(name, t(f"scorecard.side_{name}"), "number", panels.POINTS, width=84)
                for name in perspectives()
            ),
            tables.Col("missed", t("appraisal.missed"), "number", format.count(), width=76),
            tables.Col("share", t("scorecard.col_coverage"), "number", format.percent(0), width=86),
        ]
        click = tables.table(
            [_row(place, one) for place, one in enumerate(listed, 1)], cols, key="frozen", actions=("detail",),
            download=f"appraisal-{page.period}", alt=t("scorecard.league"),
        )  # fmt: skip
        if click:
            record.show(page, listed[int(click.row["rank"]) - 1])


def _row(place: int, one: core.Record) -> dict[str, Any]:
    return {
        "rank": place, "name": one.dept_name, "total": one.total, "light": panels.status_of(one.total), "share": one.coverage,
        "missed": len(one.missed()), **one.sides,
    }  # fmt: skip


def reasons_panel(records: tuple[core.Record, ...]) -> None:
    """Why lines have no score: the reason, how many lines, and which indicators."""
    done = core.completion(records)
    with frame.panel(t("appraisal.reasons"), t("appraisal.reasons_note"), key="reasons"):
        if not done.reasons:
            st.caption(t("appraisal.reasons_none"))
            return
        lines = [line for one in records for line in one.lines if line.score is None]
        rows = []
        for reason, count in done.reasons.items():
            code, _, extract = reason.partition(" ")
            named = catalog().extracts[extract].label.of(lang()) if extract else ""
            which = dict.fromkeys(line.label[lang()] for line in lines if (line.reason or "") == reason)
            rows.append(
                {
                    "why": t(f"scorecard.reason_{code}", extract=named) if code else t("scorecard.no_score"),
                    "count": count,
                    "which": t("state.and").join(which),
                }
            )
        cols = [
            tables.Col("why", t("scorecard.col_why"), width=240),
            tables.Col("count", t("appraisal.count"), "number", format.count(), width=70),
            tables.Col("which", t("scorecard.col_name"), width=420),
        ]
        tables.table(rows, cols, key="reasons", alt=t("appraisal.reasons"))


def phases_panel(page: Page) -> None:
    """The four phases with their steps, and the pilot departments."""
    held = figures.decided(page)[2]
    with (
        frame.panel(t("appraisal.phases"), t("appraisal.phases_note"), key="phases"),
        st.form("phases", border=False),
    ):
        done: list[str] = []
        for column, one in zip([*st.columns(2), *st.columns(2)], phases(), strict=True):
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
