"""Versions of the year's budget, what was adjusted and the adjustment rate."""

from __future__ import annotations

import streamlit as st

from core.budget.execution import Execution
from pages._ui import format, frame, tables
from pages._ui.boards import words as boards
from pages._ui.execution import figures, words
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

GOAL = 0.08  # what the adjustment rate came down to, from 35 %, in the source


def draw(page: Page, found: Execution, unit: Unit) -> None:
    """Which versions there are, which is in force, and which lines were adjusted most."""
    listed, changed = figures.versions(page, found.direction)
    left, right = st.columns([2, 3], gap="small")
    with left, frame.panel(t("execution.versions"), unit.label, key="versions"):
        short = boards.brief(unit)
        rows = [
            {
                "name": one.name, "cost": one.cost or None, "income": one.income or None, "lines": one.lines,
                "state": t("execution.in_force") if one.in_force else t("execution.replaced"),
                "files": t("state.and").join(one.files),
            }
            for one in listed
        ]  # fmt: skip
        tables.table(
            rows,
            [
                tables.Col("name", t("execution.col_version"), width=120),
                tables.Col("state", t("execution.col_state"), "status", width=84),
                tables.Col("cost", t("execution.cost"), "money", short, width=96),
                tables.Col("income", t("execution.income"), "money", short, width=96),
                tables.Col("files", t("explain.file"), width=200),
            ],
            key="versions",
            alt=t("execution.versions"),
        )
        st.caption(t("execution.versions_note"))
    with right, frame.panel(t("execution.adjusted"), t("execution.adjusted_note"), key="adjusted"):
        if changed.rate is None:
            st.caption(t("execution.one_version"))
            return
        st.markdown(
            t(
                "execution.adjustment",
                rate=format.percent().text(changed.rate, unit=True),
                share=format.percent().text(changed.share, unit=True),
                before=format.money(changed.original),
                after=format.money(changed.adjusted),
                count=len(changed.lines),
                goal=format.percent(0).text(GOAL, unit=True),
            )
        )
        fine = boards.brief(format.money_unit([line.difference for line in changed.lines[:40]]))
        tables.table(
            [
                {
                    "dept": line.dept_name, "item": words.item(line.item, found.direction),
                    "original": line.original, "adjusted": line.adjusted, "difference": line.difference,
                }
                for line in changed.lines
            ],
            [
                tables.Col("dept", t("execution.col_dept"), width=150),
                tables.Col("item", t("execution.col_item"), width=120),
                tables.Col("original", t("execution.col_original"), "money", fine, width=110),
                tables.Col("adjusted", t("execution.col_adjusted"), "money", fine, width=110),
                tables.Col("difference", t("execution.col_difference"), "money", fine, width=110),
            ],
            key="adjusted",
            alt=t("execution.adjusted"),
            height=280,
            download=f"budget-adjustments-{page.period // 100}",
        )  # fmt: skip
