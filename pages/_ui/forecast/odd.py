"""Months that do not fit: shown, opened down to the row of the sheet, excluded by a person with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.forecasting import Answer, Target
from core.forecasting.decisions import Decision
from core.forecasting.rows import fact_rows
from core.forecasting.subjects import choices
from pages._ui import explain, format, tables
from pages._ui.boards import opened
from pages._ui.boards.why import Why, drawer_rows, why
from pages._ui.forecast import words
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import lang, t


def listed(page: Page, found: Answer, unit: Unit) -> list[int]:
    """The table of odd months, and those excluded besides; the months for the form."""
    odd = {period: one for period, one, _ in found.odd}
    known = dict(zip(found.past.periods, found.past.values, strict=True))
    months = [*odd, *(period for period in found.decided.excluded if period not in odd)]
    rows = [
        {
            "period": period, "month": format.period(period), "value": known.get(period),
            "usual": odd[period].usual if period in odd else None,
            "kind": t(f"forecast.kind_{odd[period].kind}") if period in odd else "",
            "state": _state(found.decided.excluded.get(period)),
        }
        for period in months
    ]  # fmt: skip
    if not rows:
        st.markdown(t("forecast.nothing_odd"))
        return months
    click = tables.table(
        rows,
        [
            tables.Col("month", t("forecast.month"), width=104),
            tables.Col("value", t("role.actual"), "number", unit, width=100),
            tables.Col("usual", t("forecast.usual"), "number", unit, width=100),
            tables.Col("kind", t("forecast.kind"), width=120),
            tables.Col("state", t("forecast.state")),
        ],
        key="odd_table",
        alt=t("forecast.odd_title"),
        actions=("detail",),
    )
    if click:
        explain.show(rows_of(page, found.target, int(click.row["period"])))
    return months


def rows_of(page: Page, target: Target, period: int) -> Callable[[], Why]:
    """The drawer of one month of the history: the rows of the sheets it is made of."""
    there = replace(page, period=period)
    if target.measure not in choices()["facts"]:
        return why(there, target.measure, target.dept or None)

    def make() -> Why:
        found = fact_rows(opened.warehouse(page), page.hospital, target, period)
        one = target.subject
        unit = words.plain_unit(one)
        rows: list[dict[str, Any]] = [
            {**row, "extract": catalog().extracts[source.extract].label.of(lang())}
            for row, source in zip(drawer_rows(found.rows), found.rows, strict=True)
        ]
        figures = [(one.label.of(lang()), found.amount, unit)] if not one.is_ratio else []
        return Why(
            f"{one.label.of(lang())} · {format.period(period)}",
            [page.board.hospital_name or page.hospital, format.period(period), words.whose(page, target)],
            "",
            figures,
            rows,
            [
                tables.Col("extract", t("forecast.extract"), width=110),
                tables.Col("dept", t("forecast.dept"), width=110),
                tables.Col("what", t("forecast.what"), width=110),
                tables.Col("amount", t("role.actual"), "number", format.number("", 2)),
            ],
            found.total,
        )

    return make


def _state(decision: Decision | None) -> str:
    if decision is None:
        return t("forecast.undecided")
    return t("forecast.excluded_because", reason=decision.reason)
