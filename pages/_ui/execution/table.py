"""The table of execution: by department with sub-totals, by item, or each department's items; downloads; drill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.budget.execution import Execution, Line, Part, Sums, sums
from core.export import Sheet, table_workbook
from pages._ui import explain, format, frame, tables
from pages._ui.boards import words as boards
from pages._ui.execution import words
from pages._ui.execution.panels import segment
from pages._ui.execution.why import why
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

BY = ("dept", "item", "cell")
_MONEY = ("annual", "planned", "spent", "gap", "hurts", "year_end")
_SHARES = ("deviation", "rate", "ahead", "year_end_rate")


def draw(page: Page, found: Execution) -> None:
    """The table with its sub-totals and total below, always in sight."""
    title = t("execution.table")
    shown = str(st.session_state.get("by", BY[0]))
    unit = _unit(found, shown if shown in BY else BY[0])
    note = t("execution.table_note", time=_share(found.time), unit=unit.label)
    with frame.panel(title, note, key="lines"):
        by = segment("by", BY, "execution.by_")
        parts, fine = _parts(found, by), _unit(found, by)

        def rows() -> list[dict[str, Any]]:
            return [_row(found, part) for part in parts]

        total = {"name": t("table.total"), **_figures(found, found.total)}
        below = _classes(page, found) if by != "item" else []
        click = tables.table(
            rows,
            _columns(fine, by),
            key=f"lines_{by}",
            actions=("explain",),
            download=f"budget-execution-{page.period}",
            workbook=lambda: _workbook(page, found, [*rows(), *below, total]),
            alt=title,
            memo=(*page.key, found.direction, found.basis, found.item, by),
        )
        tables.table(below, _columns(fine, "sums"), key=f"sums_{by}", total=total, alt=t("cockpit.sums"))
        if click:
            dept, item = click.row["code"] or None, click.row["item_code"] or None
            explain.show(why(page, found, click.row["sums"], "gap", dept=dept, item=item))


def _parts(found: Execution, by: str) -> Sequence[Any]:
    rows: dict[str, Sequence[Any]] = {"dept": found.depts, "item": found.items, "cell": found.cells}
    return rows[by]


def _unit(found: Execution, by: str) -> Unit:
    """The unit of the rows shown."""
    return format.money_unit([part.sums.spent for part in _parts(found, by)])


def _columns(unit: Unit, by: str) -> list[tables.Col]:
    short = boards.brief(unit)
    lead = {
        "dept": [tables.Col("name", t("execution.col_dept"), width=112), tables.Col("class", t("cockpit.col_class"), width=70)],
        "item": [tables.Col("name", t("execution.col_item"), width=200)],
        "cell": [tables.Col("name", t("execution.col_dept"), width=120), tables.Col("item", t("execution.col_item"), width=90)],
        "sums": [tables.Col("name", t("cockpit.col_class"), width=200)],
    }[by]  # fmt: skip
    money = [
        tables.Col(name, t(f"execution.col_{name}"), "money", short, width=80, bare=True) for name in _MONEY
    ]
    share = format.percent()
    return [
        *lead, *money[:4],
        tables.Col("deviation", t("execution.col_deviation"), "number", share, width=66, bare=True),
        tables.Col("rate", t("execution.col_rate"), "bar", share, width=92, most=1, bare=True),
        tables.Col("ahead", t("execution.col_ahead"), "number", format.points(), width=72, bare=True),
        tables.Col("year_end", t("execution.col_year_end"), "money", short, width=84, bare=True, help=t("execution.help_year_end")),
        tables.Col("year_end_rate", t("execution.col_year_end_rate"), "number", share, width=78, bare=True,
                   help=t("execution.help_year_end")),
    ]  # fmt: skip


def _figures(found: Execution, one: Sums) -> dict[str, Any]:
    ahead = None if one.rate is None or found.time is None else one.rate - found.time
    return {
        "annual": one.annual, "planned": one.planned, "spent": one.spent, "gap": one.gap, "hurts": one.hurts,
        "deviation": one.period_deviation, "rate": one.rate, "ahead": ahead, "year_end": one.year_end,
        "year_end_rate": one.year_end_rate, "sums": one,
    }  # fmt: skip


def _row(found: Execution, part: Part) -> dict[str, Any]:
    item = words.item(part.item, found.direction) if part.item else ""
    return {
        "code": part.dept.code if part.dept else "",
        "item_code": part.item,
        "name": words.dept(part.dept) if part.dept else item,
        "class": words.dept_class(part.dept.dept_class) if part.dept else "",
        "item": item,
        **_figures(found, part.sums),
    }


def _classes(page: Page, found: Execution) -> list[dict[str, Any]]:
    """Sub-totals by class, in their order; cost without a department last."""
    groups: dict[str, list[Sums]] = {}
    for part in found.depts:
        if part.dept:
            groups.setdefault(part.dept.dept_class, []).append(part.sums)
    order = [*page.board.classes(), *sorted(set(groups) - set(page.board.classes()))]
    return [
        {"name": t("cockpit.subtotal", name=words.dept_class(name)), **_figures(found, _added(groups[name], found))}
        for name in order
        if name in groups
    ]  # fmt: skip


def _added(parts: Sequence[Sums], found: Execution) -> Sums:
    lines = [
        Line(
            found.period,
            "",
            "",
            s.budget,
            s.actual,
            s.planned,
            s.spent,
            s.annual,
            s.year_end,
            s.covered or None,
        )
        for s in parts
    ]
    return sums(lines, found.direction)


def _share(value: Any) -> str:
    return format.percent().text(value, unit=True)


def _workbook(page: Page, found: Execution, rows: Sequence[dict[str, Any]]) -> bytes:
    names = ("name", "class", "item", *_MONEY[:5], *_SHARES[:3], "year_end", "year_end_rate")
    heads = {"name": "dept", "class": "class"}
    kinds = [
        "text" if n in ("name", "class", "item") else "ratio" if n in _SHARES else "money" for n in names
    ]
    notes = [
        t("execution.table"), page.board.hospital_name, format.period(page.period),
        t(f"execution.{found.direction}"), t(f"execution.basis_{found.basis}"), t("execution.note_scope"),
        t("meta.snapshot", id=page.snapshot),
    ]  # fmt: skip
    bold = frozenset(index for index, row in enumerate(rows) if "code" not in row)
    titles = [t(f"execution.col_{heads.get(name, name)}") for name in names]
    sheet = Sheet(
        t("execution.table"), titles, [[row.get(n) for n in names] for row in rows], kinds, notes, bold
    )
    return table_workbook([sheet])
