"""The appraisal page: sign off a period, league table, completion with reasons, actions, phases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.indicators import appraisal as core
from core.indicators.card import HOSPITAL
from core.indicators.define import perspectives
from core.journal import Journal, journal
from pages._ui import board, cards, format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, league, panels, record, words
from pages._ui.text import lang, t
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
        open_months = figures.uncomputed(page, cycle)
        if open_months:
            said = t("state.and").join(format.period(month) for month in open_months)
            st.markdown(f":orange[:material/warning:] {t('appraisal.not_computed', months=said)}")
        if st.button(t("appraisal.freeze"), type="primary", key="freeze", disabled=bool(open_months)):
            made = [figures.card(page, cycle, HOSPITAL), *figures.everyone(page, cycle)]
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
        ranked = [one for one in listed if one.total is not None]
        league.thin(
            len([one for one in ranked if one.thin]), ranked[0].dept_name if ranked and ranked[0].thin else ""
        )
        if lost := len(listed) - len(ranked):
            st.caption(t("appraisal.without_score", count=lost))
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
            tables.Col("share", t("scorecard.col_coverage"), width=96),
        ]
        click = tables.table(
            [_row(place, one) for place, one in enumerate(listed, 1)], cols, key="frozen", actions=("detail",),
            download=f"appraisal-{page.period}", alt=t("scorecard.league"),
        )  # fmt: skip
        if click:
            record.show(page, listed[int(click.row["rank"]) - 1])


def _row(place: int, one: core.Record) -> dict[str, Any]:
    return {
        "rank": place, "name": one.dept_name, "total": one.total, "light": panels.status_of(one.total), "share": words.coverage(one.coverage, one.thin),
        "missed": len(one.missed()), **one.sides,
    }  # fmt: skip


def reasons_panel(records: tuple[core.Record, ...]) -> None:
    """Why lines have no score: the reason, how many lines, and which indicators."""
    done = core.completion(records)
    with frame.panel(t("appraisal.reasons"), t("appraisal.reasons_note"), key="reasons"):
        if not done.reasons:
            st.caption(t("appraisal.reasons_none"))
            return
        lines = [line for one in records for line in one.lines if line.score is None and line.counts]
        rows = []
        for reason, count in done.reasons.items():
            which = dict.fromkeys(line.label[lang()] for line in lines if (line.reason or "") == reason)
            rows.append(
                {
                    "why": words.frozen_reason(reason) or t("scorecard.no_score"),
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
