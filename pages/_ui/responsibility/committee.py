"""The board of the supervision committee: open by stage, overdue, ageing, by department and source."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.responsibility.supervision import Count, Overview, overview
from pages._ui import cards, charts, format, frame, tables
from pages._ui.cards import Card
from pages._ui.frame import Page
from pages._ui.responsibility import opened, words
from pages._ui.responsibility.tracing import row
from pages._ui.text import t


def show(page: Page) -> None:
    """The whole view."""
    found, today = opened.traces(page), opened.today()
    made = overview(found, today)
    if not found:
        page.message(t("responsibility.trace_none"))
        return
    page.message(_said(made))
    depts = format.count()
    cards.row(
        [
            Card(t("responsibility.card_open"), made.open, depts, "lower"),
            Card(t("responsibility.card_overdue"), made.overdue, depts, "lower"),
            Card(t("responsibility.card_on_time"), made.on_time, format.percent(), "higher",
                 reason=t("responsibility.nothing_closed"), help=t("responsibility.help_on_time")),
            Card(t("responsibility.card_days"), made.days, format.number(t("unit.days"), 0), "lower",
                 reason=t("responsibility.nothing_closed"), help=t("responsibility.help_days")),
            Card(t("responsibility.card_returned"), made.returned, depts, "lower", help=t("responsibility.help_returned")),
        ],
        "committee_cards",
    )  # fmt: skip
    left, middle, right = st.columns(3, gap="small")
    with left:
        _bars("stages", {words.said("stages", name): count for name, count in made.stages.items()})
    with middle:
        _bars("ages", {words.said("ages", name): count for name, count in made.ages.items()})
    with right:
        _bars("sources", {words.said("sources", name): count for name, count in made.sources.items()})
    _depts(made)
    late = sorted((one for one in found if one.overdue(today)), key=lambda one: (one.due, one.key))
    with frame.panel(
        t("responsibility.late_list"), t("responsibility.late_note", count=len(late)), key="late"
    ):
        if not late:
            st.caption(t("responsibility.none_late"))
            return
        tables.table(
            [row(one, today) for one in late],
            [
                tables.Col("key", t("responsibility.col_key"), width=92),
                tables.Col("title", t("responsibility.col_title"), width=260),
                tables.Col("source", t("responsibility.col_source"), width=90),
                tables.Col("dept", t("rewards.col_dept"), width=130),
                tables.Col("person", t("responsibility.col_person"), width=90),
                tables.Col("stage", t("responsibility.col_stage"), width=140),
                tables.Col("due", t("responsibility.col_due"), width=100),
                tables.Col("age", t("responsibility.col_age"), "number", format.number("", 0), width=70),
            ],
            key="late_rows",
            alt=t("responsibility.late_list"),
            download=f"overdue-{page.hospital}",
        )


def _said(made: Overview) -> str:
    said = t(
        "responsibility.board_message",
        total=made.total,
        open=made.open,
        overdue=made.overdue,
        closed=made.closed,
    )
    worst = next(((code, count) for code, count in made.depts.items() if count.overdue), None)
    if worst:
        name = made.names.get(worst[0]) or t("responsibility.dept_unknown")
        said += t("responsibility.board_worst", dept=name, overdue=worst[1].overdue, open=worst[1].open)
    return said


def _bars(name: str, counts: Mapping[str, Count]) -> None:
    """Stacked: on time and overdue; a word beside the colour."""
    with frame.panel(t(f"responsibility.by_{name}"), key=f"by_{name}"):
        rows = [
            {"label": label, "part": part, "value": value}
            for label, count in counts.items()
            if count.open
            for part, value in (
                (t("responsibility.part_in_time"), count.open - count.overdue), (t("responsibility.part_overdue"), count.overdue)
            )
        ]  # fmt: skip
        if not any(count.open for count in counts.values()):
            st.caption(t("responsibility.traces_none"))
            return
        charts.composition(
            rows, unit=format.count(), alt=t(f"responsibility.by_{name}"), share=False, row_height=36
        )


def _depts(made: Overview) -> None:
    rows = [
        {
            "dept": made.names.get(code) or t("responsibility.dept_unknown"),
            "open": count.open,
            "overdue": count.overdue,
            "share": count.overdue / count.open if count.open else None,
        }
        for code, count in made.depts.items()
    ]
    with frame.panel(t("responsibility.by_depts"), key="by_depts"):
        if not rows:
            st.caption(t("responsibility.traces_none"))
            return
        tables.table(
            rows,
            [
                tables.Col("dept", t("rewards.col_dept"), width=200),
                tables.Col("open", t("responsibility.card_open"), "number", format.count(), width=110),
                tables.Col("overdue", t("responsibility.card_overdue"), "number", format.count(), width=110),
                tables.Col(
                    "share", t("responsibility.col_share"), "bar", format.percent(0), width=180, most=1
                ),
            ],
            key="dept_rows",
            alt=t("responsibility.by_depts"),
        )
