"""The months of an indicator: run chart with limits and the line of targets, and what people wrote beside a month."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.indicators.define import Caliber, Indicator
from core.indicators.notes import LONGEST, Note, NoteError, note, notes, withdraw
from core.journal import journal
from core.xmr import xmr
from pages._ui import board, charts, format, frame
from pages._ui.frame import Page
from pages._ui.scorecard import figures, panels, words
from pages._ui.text import t
from pages._ui.upload.people import actor, now, who

MONTHS = 36


def panel(page: Page, one: Indicator, caliber: Caliber) -> None:
    """Is the change real, and what is aimed at? Flags are notes; the list and a field for a new one below."""
    dept = panels.dept_of(page)
    points = [p for p in figures.series(page, one.code, caliber.name, dept) if p.period <= page.period][
        -MONTHS:
    ]
    judged = xmr([p.value for p in points])
    held = notes(journal(board.store()), page.hospital, one.code, dept)
    said: dict[int, str] = {}
    for each in reversed(held):
        said[each.period] = (
            t("scorecard.note_join").join((said[each.period], each.text))
            if each.period in said
            else each.text
        )
    rows = [
        {"period": p.period, "value": j.value, "mean": j.mean, "low": j.low, "high": j.high, "rule": j.rule,
         "target": p.target, "mark": said.get(p.period, "")}
        for p, j in zip(points, judged, strict=True) if j.value is not None and j.mean is not None
    ]  # fmt: skip
    better = one.better if one.better in ("lower", "higher") else "none"
    with frame.panel(t("scorecard.months"), t("scorecard.months_note"), key="months"):
        if rows:
            charts.run_chart(
                rows, unit=words.unit_of(one, caliber), alt=t("scorecard.months"), better=better, height=300
            )
        elif plain := [
            {"period": p.period, "actual": p.value, "budget": p.target} for p in points if p.value is not None
        ]:
            charts.trend(
                plain,
                unit=words.unit_of(one, caliber),
                alt=t("scorecard.months"),
                names={"budget": t("scorecard.col_target")},
            )
            st.caption(t("scorecard.trend_few"))
        else:
            st.caption(t("scorecard.trend_none"))
        if one.better == "range" and points and points[-1].low is not None:
            st.caption(t("scorecard.range_now", low=words.unit_of(one, caliber).text(points[-1].low),
                         high=words.unit_of(one, caliber).text(points[-1].high, unit=True)))  # fmt: skip
        _notes(page, one, dept, held, [p.period for p in points])


def _notes(page: Page, one: Indicator, dept: str, held: tuple[Note, ...], months: list[int]) -> None:
    with st.expander(t("scorecard.notes", count=len(held)), icon=":material/flag:", expanded=False):
        if months:
            _write(page, one, dept, months)
        for each in held:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    f"**{format.period(each.period)}** {each.text}  :gray[{who(each.by)} · {format.stamp(each.at)}]",
                    width="stretch",
                )
                with st.popover(t("scorecard.note_withdraw"), type="tertiary"):
                    why = st.text_input(t("scorecard.note_why"), key=f"note_why_{each.seq}")
                    if st.button(t("scorecard.note_withdraw"), key=f"note_gone_{each.seq}"):
                        _do(partial(withdraw, journal(board.store()), page.hospital, each, why))


def _write(page: Page, one: Indicator, dept: str, months: list[int]) -> None:
    said = {month: format.period(month) for month in reversed(months)}
    with (
        st.form("note", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        month = st.selectbox(
            t("scorecard.col_month"),
            list(said),
            key="note_month",
            format_func=lambda m: said.get(m, str(m)),
            width=150,
        )
        text = st.text_input(t("scorecard.note_text"), key="note_text", max_chars=LONGEST)
        sent = st.form_submit_button(t("scorecard.note_add"), icon=":material/add:")
    if sent:
        _do(partial(note, journal(board.store()), page.hospital, one.code, dept, int(month), text))


def _do(act: Callable[..., Any]) -> None:
    try:
        act(by=actor(), at=now())
    except NoteError as problem:
        st.warning(t(f"scorecard.note_{problem.code}"))
    else:
        st.rerun()
