"""The compilation helper: a method and its figures per item, what each method gives, and the rolling year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.budget.compile import Rolling, rolling
from core.budget.landing import months_ahead
from core.budget.proposal import LEAST, METHODS, MONTHS, Assumption, Cell, Proposal, defaults
from core.figures.common import cube, shift
from pages._ui import charts, format, frame, tables
from pages._ui.boards import words as boards
from pages._ui.frame import Page
from pages._ui.targets import work
from pages._ui.text import t

NIL = Decimal(0)


def draw(page: Page, year: int) -> None:
    """Assumptions, what each method gives, the details and the rolling year."""
    with frame.panel(t("targets.assumptions"), t("targets.assumptions_note"), key="assumptions"):
        given = _assumptions(year)
        growth = st.number_input(
            t("targets.growth"), value=None, min_value=-50.0, max_value=100.0, step=0.5, key=f"targets_growth_{year}",
            placeholder=t("targets.observed"), help=t("targets.growth_help"), width=220,
        )  # fmt: skip
    rate = None if growth is None else Decimal(repr(growth)) / 100
    with work.trying():
        found = work.proposed(page, year, tuple(sorted(given.items())), rate)
        with frame.panel(t("targets.figures"), t("targets.figures_note", last=year - 1), key="figures"):
            _figures(page, year, found)
            if found.compared is not None and found.compared < MONTHS:
                short = "few" if found.compared < LEAST else "some"
                st.caption(t(f"targets.growth_{short}", count=found.compared, last=year - 1, before=year - 2))
        with frame.panel(t("targets.details"), t("targets.details_note"), key="details"):
            _details(found)
    with frame.panel(t("targets.rolling"), t("targets.rolling_note"), key="rolling"):
        _rolling(page)


def _assumptions(year: int) -> dict[str, Assumption]:
    held = defaults()
    rows = [
        {"item": boards.item(name), "method": one.method, "alpha": float(one.alpha), "variable": float(one.variable) * 100,
         "price": float(one.price) * 100, "saving": float(one.saving) * 100}
        for name, one in held.items()
    ]  # fmt: skip
    make = st.column_config
    percent = {"min_value": -100.0, "max_value": 100.0, "step": 0.5, "format": "%.1f", "width": 120}
    given: Any = st.data_editor(
        pd.DataFrame(rows),
        key=f"targets_assumptions_{year}",
        hide_index=True,
        disabled=["item"],
        alt=t("targets.assumptions"),
        column_config={
            "item": make.TextColumn(t("execution.col_item"), width=160),
            "method": make.SelectboxColumn(
                t("targets.col_method"), options=list(METHODS), required=True, width=110,
                format_func=lambda one: t(f"targets.method_{one}"),
            ),
            "alpha": make.NumberColumn("α", min_value=0.0, max_value=1.0, step=0.1, format="%.1f", width=56,
                                       help=t("targets.alpha_help")),
            "variable": make.NumberColumn(t("targets.col_variable"), min_value=0.0, max_value=100.0, step=5.0,
                                          format="%.0f", width=72, help=t("targets.variable_help")),
            "price": make.NumberColumn(t("targets.col_price"), **percent),
            "saving": make.NumberColumn(t("targets.col_saving"), **{**percent, "min_value": 0.0}),
        },
    )  # fmt: skip
    made = {}
    for name, row in zip(held, given.to_dict("records"), strict=True):
        ratios = [Decimal(repr(float(row[key] or 0))) / 100 for key in ("variable", "price", "saving")]
        made[name] = Assumption(row["method"], Decimal(repr(float(row["alpha"] or 0))), *ratios)
    return made


_SIDES = ("last", "incremental", "zero", "combined", "flexible", "chosen")


def _figures(page: Page, year: int, found: Proposal) -> None:
    items: dict[str, list[Cell]] = {}
    for cell in found.cells:
        items.setdefault(cell.item, []).append(cell)
    rows = [_sums(boards.item(name), cells) for name, cells in items.items()]
    total = _sums(t("table.total"), list(found.cells))
    unit = boards.brief(format.money_unit([total["chosen"]]))
    cols = [tables.Col("name", t("execution.col_item"), width=160)]
    cols += [tables.Col(side, t(f"targets.side_{side}"), "money", unit, width=112) for side in _SIDES]
    cols.append(tables.Col("change", t("targets.col_change_plain"), "number", format.percent(), width=80))
    tables.table(
        rows, cols, key="proposal", total=total, alt=t("targets.figures"), download=f"budget-proposal-{year}"
    )
    if st.button(t("targets.take"), type="primary", icon=":material/edit_note:", key="targets_take"):
        work.keep(page, year, found.tree, "helper")
        st.toast(t("targets.taken"), icon=":material/edit_note:")
        st.rerun()


def _sums(name: str, cells: list[Cell]) -> dict[str, Any]:
    sums: dict[str, Any] = {"name": name}
    for side in _SIDES:
        known = [value for value in (getattr(cell, side) for cell in cells) if value is not None]
        sums[side] = sum(known, NIL) if known else None
    sums["change"] = sums["chosen"] / sums["last"] - 1 if sums["last"] else None
    return sums


def _details(found: Proposal) -> None:
    unit = boards.brief(format.money_unit([cell.chosen for cell in found.cells]))
    rows = [
        {"dept": cell.dept.name, "item": boards.item(cell.item), "growth": cell.growth,
         **{side: getattr(cell, side) for side in _SIDES},
         "change": cell.chosen / cell.last - 1 if cell.last else None}
        for cell in sorted(found.cells, key=lambda cell: -cell.chosen)
    ]  # fmt: skip
    cols = [
        tables.Col("dept", t("execution.col_dept"), width=124),
        tables.Col("item", t("execution.col_item"), width=110),
        tables.Col("growth", t("targets.col_growth"), "number", format.percent(), width=84),
        *(tables.Col(side, t(f"targets.side_{side}"), "money", unit, width=88) for side in _SIDES),
        tables.Col("change", t("targets.col_change_plain"), "number", format.percent(), width=80),
    ]
    tables.table(
        rows,
        cols,
        key="details",
        alt=t("targets.details"),
        height=330,
        download=f"budget-details-{found.year}",
    )


def _rolling(page: Page) -> None:
    """From the start of the running quarter: closed months as they were, then the forecast, twelve in all."""
    cells = cube(work.warehouse(page), page.hospital, "medical")
    history = {p: a for p in sorted(cells.cells) if (a := cells.amount(p)) is not None}
    last = max(page.board.periods)
    first = last // 100 * 100 + (last % 100 - 1) // 3 * 3 + 1
    found = rolling(history, months_ahead(history, last), first)
    unit = format.money_unit([amount for _, amount, _ in found.months])
    st.markdown(
        t(
            "targets.rolling_said",
            first=format.period(first),
            last=format.period(shift(first, 11)),
            total=format.money(found.total),
            closed=sum(closed for *_, closed in found.months),
        )
    )
    charts.trend(_rolled(found), unit=unit, alt=t("targets.rolling"), height=240)


def _rolled(found: Rolling) -> list[dict[str, Any]]:
    rows = []
    before: Decimal | None = None
    for period, amount, closed in found.months:
        rows.append(
            {"period": period, "actual": amount if closed else None, "forecast": None if closed else amount}
        )
        if not closed and before is not None:
            rows[-2]["forecast"] = before
            before = None
        elif closed:
            before = amount
    return rows
