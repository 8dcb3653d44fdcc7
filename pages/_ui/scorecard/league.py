"""Departments among each other: the league table, and where one of them stands."""

from __future__ import annotations

import streamlit as st

from core.indicators.define import perspectives
from pages._ui import format, frame, tables
from pages._ui.frame import Page
from pages._ui.scorecard import figures, words
from pages._ui.scorecard.panels import POINTS
from pages._ui.text import label, t


def league_panel(page: Page, span: str) -> None:
    """Departments by their total; a click opens a department's card."""
    found = figures.league(page, span)
    with frame.panel(t("scorecard.league"), t("scorecard.league_note", count=len(found)), key="league"):
        if not found:
            st.caption(t("scorecard.league_none"))
            return
        rows = [
            {"rank": place, "code": one.dept_code, "name": one.dept_name, "total": one.total, "light": words.light(one.status),
             "share": one.coverage, **{side.perspective: side.score for side in one.sides}}
            for place, one in enumerate(found, 1)
        ]  # fmt: skip
        cols = [
            tables.Col("rank", t("scorecard.col_rank"), "number", format.count(), width=52),
            tables.Col("name", t("scorecard.col_dept"), width=140),
            tables.Col("total", t("scorecard.total"), "bar", POINTS, width=120, most=120),
            tables.Col("light", t("scorecard.col_light"), width=80),
            *(
                tables.Col(name, label(one.label), "number", POINTS, width=94)
                for name, one in perspectives().items()
            ),
            tables.Col("share", t("scorecard.col_coverage"), "number", format.percent(0), width=90),
        ]
        click = tables.table(
            rows,
            cols,
            key="league",
            actions=("detail",),
            download=f"league-{page.period}",
            alt=t("scorecard.league"),
        )
        if click:
            st.query_params["dept"] = str(click.row["code"])
            st.rerun()
