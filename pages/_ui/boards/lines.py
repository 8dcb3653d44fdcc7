"""The table of departments: direct and full cost, share, change, thirteen months; sub-totals by class and the total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from core.export import Sheet, table_workbook
from core.figures.cockpit import Cockpit, Line
from core.figures.common import UNMAPPED
from pages._ui import format, frame, tables
from pages._ui.boards import words
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

DEPARTMENT = "pages/cost/department.py"


def lines(page: Page, found: Cockpit, unit: Unit, waiting: tuple[int, ...] = ()) -> None:
    """Every department, and below, always in sight, the sub-totals by class and the total."""
    names = {**page.board.classes(), UNMAPPED: t("cockpit.unmapped_class")}

    def rows() -> list[dict[str, Any]]:
        return [
            _line(words.dept(line.dept), names.get(line.dept.dept_class, ""), line) for line in found.lines
        ]

    sums = [
        _line(t("cockpit.subtotal", name=names.get(line.dept.dept_class, "")), "", line)
        for line in found.classes
    ]
    total = _line(t("table.total"), "", found.total)
    # A full bar is the largest department, so that the others can be told apart.
    most = max((line.share for line in found.lines if line.share is not None), default=None)
    note = t(
        "cockpit.table_note",
        base=words.base(page.compare),
        count=len(found.lines),
        total=format.show(found.total.direct, unit),
    )
    with frame.panel(t("cockpit.table"), note, key="lines"):
        click = tables.table(
            rows,
            _columns(unit, most),
            key="lines",
            actions=("open",),
            download=f"cockpit-{page.period}",
            workbook=lambda: _workbook(page, [*rows(), *sums, total]),
            alt=t("cockpit.table"),
            memo=(*page.key, waiting),
        )
        tables.table(
            sums, _columns(unit, Decimal(1), sums=True), key="sums", total=total, alt=t("cockpit.sums")
        )
        if click:
            open_department(click.row["code"])


def _columns(unit: Unit, most: Decimal | None, *, sums: bool = False) -> list[tables.Col]:
    """Columns of both tables; the sums have no class and no menu, so the columns between them stand in line."""
    short = words.brief(unit)
    names = [
        tables.Col("dept", t("cockpit.col_dept"), width=140),
        tables.Col("class", t("cockpit.col_class"), width=76),
    ]
    return [
        *([tables.Col("dept", t("cockpit.col_class"), width=216)] if sums else names),
        tables.Col("direct", t("cockpit.col_direct"), "money", short, width=112),
        tables.Col("full", t("cockpit.col_full"), "money", short, help=t("cockpit.full_help"), width=112),
        tables.Col("share", t("cockpit.col_share"), "bar", format.percent(), width=116, most=most),
        tables.Col("change", t("cockpit.col_change"), "money", short, width=104),
        tables.Col("ratio", t("cockpit.col_ratio"), "number", format.percent(), width=92),
        tables.Col("series", t("cockpit.col_series"), "trend", width=212 if sums else 120),
    ]


def _line(name: str, kind: str, line: Line) -> dict[str, Any]:
    return {
        "code": line.dept.code,
        "dept": name,
        "class": kind,
        "direct": line.direct,
        "full": line.full,
        "share": line.share,
        "change": line.against.difference,
        "ratio": line.against.ratio,
        "series": [float(value) for value in words.unbroken(line.series)] or None,
    }


def _workbook(page: Page, rows: Sequence[dict[str, Any]]) -> bytes:
    names = ("dept", "class", "direct", "full", "share", "change", "ratio")
    heads = [t(f"cockpit.col_{name}") for name in names]
    kinds = ["text", "text", "money", "money", "ratio", "money", "ratio"]
    notes = [
        t("cockpit.table"), page.board.hospital_name, format.period(page.period), words.scope(page.scope),
        t(f"compare.{page.compare}"), t("meta.snapshot", id=page.snapshot),
    ]  # fmt: skip
    bold = frozenset(index for index, row in enumerate(rows) if not row["code"])
    sheet = Sheet(t("cockpit.table"), heads, [[row[n] for n in names] for row in rows], kinds, notes, bold)
    return table_workbook([sheet])


def open_department(code: str, period: str = "") -> None:
    """Go to the department's page, optionally in another month."""
    if code == UNMAPPED:
        st.switch_page("pages/data/quality.py")
    st.switch_page(DEPARTMENT, query_params={"dept": code, **({"period": period} if period else {})})
